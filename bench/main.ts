/** `npm run bench -- <name>`: runs one of the benchmarks of this folder. */
import { benchmark } from './command-line.ts';

process.exitCode = await benchmark(process.argv.slice(2));
