/** Spikefield as a user gets it: the command line, in a process of its own. */
import { join } from 'node:path';
import type { RunSummary } from '../../src/spiking/simulate.ts';
import { ChildFailure, runNode } from '../child.ts';
import type { Measurement } from './measurement.ts';

export interface SpikefieldRun {
  measurement: Measurement;
  adapter: RunSummary['adapter'];
  /** What the engine says of its own time: dispatches, and the share in which no kernel ran. */
  timing: RunSummary['timing'];
  populations: RunSummary['populations'];
}

export interface SpikefieldJob {
  network: string;
  overrides: readonly string[];
  duration_ms: number;
  /** Rates are taken from here on. */
  discard_ms: number;
  seed: number;
  /** Whether each kernel is timed, which makes the run slower. */
  profile?: boolean;
  /** A folder for the run directory, which is replaced by every run. */
  scratch: string;
  /** Ends it at once. */
  signal?: AbortSignal;
}

/** Runs `spikefield run` once. Throws ChildFailure with its own sentence where it fails. */
export async function runSpikefield(job: SpikefieldJob): Promise<SpikefieldRun> {
  const args = [
    ...['dist/cli/main.js', 'run', job.network, ...job.overrides.flatMap((each) => ['--set', each])],
    ...['--duration', `${job.duration_ms}ms`, '--discard', `${job.discard_ms}ms`, '--seed', String(job.seed)],
    ...['--json', '--no-figures', '--traces', '0', '--out', join(job.scratch, 'run'), '--force'],
    ...(job.profile ? ['--profile'] : []),
  ];
  const { wall_s, peak_rss_bytes, stdout } = await runNode(args, job.signal).catch((error: unknown) => {
    if (!(error instanceof ChildFailure)) throw error;
    throw new ChildFailure(
      `spikefield run ${job.network} failed: ${error.message.replace(/^spikefield: /, '')}`,
    );
  });
  const summary = JSON.parse(stdout) as RunSummary;
  const { build_s, compile_s, run_s } = summary.timing;
  const populations = Object.entries(summary.populations);
  const measurement = {
    wall_s_per_bio_s: (1000 * run_s) / job.duration_ms,
    run_s,
    build_s,
    startup_s: wall_s - build_s - compile_s - run_s,
    peak_rss_bytes,
    synapses: summary.synapses,
    spikes: summary.spikes,
    rates_hz: Object.fromEntries(populations.map(([name, { rate_hz }]) => [name, rate_hz])),
  };
  return { measurement, adapter: summary.adapter, timing: summary.timing, populations: summary.populations };
}

/**
 * Seconds in which the driver compiles the kernels, with nothing compiled before. Mesa keeps them in `job.scratch`, where the
 * runs that follow find them, as a user's find them in the home folder.
 */
export async function compileSpikefield(job: SpikefieldJob): Promise<number> {
  process.env.MESA_SHADER_CACHE_DIR = job.scratch;
  const { timing } = await runSpikefield({ ...job, duration_ms: 5, discard_ms: 0 });
  return timing.compile_s;
}
