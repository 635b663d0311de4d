/** `npm run bench -- network`: the benchmarks of bench/, on a driver that works. Arguments go to bench/main.ts. */
import { runNode } from './child.mjs';
import { driver, launch } from './launch.mjs';

await launch(async () => {
  await driver();
  process.exitCode = await runNode(['--import', 'tsx', 'bench/main.ts', ...process.argv.slice(2)]);
});
