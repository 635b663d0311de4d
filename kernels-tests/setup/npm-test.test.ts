/** What `npm test` is made of: the counts that it prints last, and the tools that it runs as child processes. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { countTests } from '../../src/setup/test-report.mjs';
import { ownFolder } from '../own-folder.ts';

const folder = ownFolder();

function count(files: { status: string; assertionResults: { status: string }[] }[], exitCode: number) {
  const report = join(folder, 'report.json');
  writeFileSync(report, JSON.stringify({ testResults: files }));
  return countTests(report, exitCode);
}

const tests = (...statuses: string[]) => statuses.map((status) => ({ status }));

test('tests are counted over files; pending and to-do tests are skipped ones', () => {
  const files = [
    { status: 'passed', assertionResults: tests('passed', 'pending', 'todo', 'skipped') },
    { status: 'failed', assertionResults: tests('passed', 'failed', 'failed') },
  ];
  expect(count(files, 1)).toEqual({ passed: 2, failed: 2, skipped: 3 });
});

test('a file that does not load is a failure', () => {
  const files = [
    { status: 'passed', assertionResults: tests('passed') },
    { status: 'failed', assertionResults: [] },
  ];
  expect(count(files, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test('a failing exit code is never reported as success', () => {
  expect(count([{ status: 'passed', assertionResults: tests('passed') }], 1).failed).toBe(1);
  expect(countTests(join(folder, 'absent.json'), 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test("a tool's exit code and words come through, without Dawn's needless lines", () => {
  const child = fileURLToPath(new URL('../../src/setup/child.mjs', import.meta.url));
  const tool = join(folder, 'tool.mjs');
  writeFileSync(
    tool,
    `console.error('Warning: maxDynamicUniformBuffersPerPipelineLayout artificially reduced from 1000000 to 16 to fit dynamic offset allocation limit.');
console.error('Warning: something else');
console.log('out');
process.exitCode = 7;`,
  );
  const script = `const { runNode } = await import(${JSON.stringify(child)}); process.exitCode = await runNode([${JSON.stringify(tool)}]);`;
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(result.stderr).toBe('Warning: something else\n');
  expect(result.stdout).toBe('out\n');
  expect(result.status).toBe(7);
});
