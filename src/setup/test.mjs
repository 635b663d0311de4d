/**
 * `npm test`: every check there is, from nothing: types (tsc), lint (biome), tests (vitest). Stops at the first that
 * fails, with its exit code. The last line printed is the count of tests alone, `N passed, N failed, N skipped`, for
 * machines that read it. Arguments go to vitest: `npm test -- kernels-tests/io`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNode } from './child.mjs';
import { driver, launch } from './launch.mjs';
import { countTests } from './test-report.mjs';

const tools = {
  types: [
    'node_modules/typescript/bin/tsc',
    ...['--noEmit', '--incremental', '--tsBuildInfoFile', 'node_modules/.cache/spikefield/types.tsbuildinfo'],
  ],
  lint: ['node_modules/@biomejs/biome/bin/biome', 'check'],
};

let counts;
await launch(async (log) => {
  await driver();
  for (const [what, command] of Object.entries(tools)) {
    log(`Checking ${what} ...`);
    process.exitCode = await runNode(command);
    if (process.exitCode !== 0) return;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'spikefield-test-'));
  try {
    const report = join(scratch, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    process.exitCode = await runNode([
      'node_modules/vitest/vitest.mjs',
      'run',
      ...reporters,
      ...process.argv.slice(2),
    ]);
    counts = countTests(report, process.exitCode);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
// A check that failed before any test ran counts as one failure: a reader of this line must not take it for a success.
counts ??= { passed: 0, failed: 1, skipped: 0 };
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
