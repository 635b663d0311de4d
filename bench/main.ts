/** `npm run bench -- <name>`: runs one of the benchmarks of this folder. */
import { pollQuietly } from '../src/gpu/quiet-polling.ts';
import { benchmark } from './command-line.ts';

pollQuietly();
process.exitCode = await benchmark(process.argv.slice(2));
