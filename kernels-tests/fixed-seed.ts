/**
 * Property tests draw the same cases in every run, so that a red suite can be run again and stays red.
 * `SPIKEFIELD_PROPERTY_SEED=<integer>` draws others.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.SPIKEFIELD_PROPERTY_SEED ?? 2017) });
