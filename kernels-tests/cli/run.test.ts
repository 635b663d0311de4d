/** `spikefield run` through its command: what a dry run says, and where a profile goes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addRunCommand } from '../../src/cli/run.ts';
import { testDevice } from '../device.ts';
import { ownFolder } from '../own-folder.ts';
import { called } from './spikefield.ts';

const folder = ownFolder();

const small = ['populations.exc.size=80', 'populations.inh.size=20', 'duration=30'];

const run = (...args: string[]) =>
  called(addRunCommand, 'run', 'config1', ...small.flatMap((each) => ['--set', each]), ...args);

test('a dry run tells device buffers and the process apart', async () => {
  const { software } = (await testDevice()).adapter;
  const [text, json] = [await run('--dry-run'), await run('--dry-run', '--json')];
  const cost = JSON.parse(json.stdout);
  expect(cost.buffers_in_process).toBe(software);
  // Node alone takes more than this, and a network of 100 neurons adds little.
  expect(cost.process_bytes).toBeGreaterThan(process.memoryUsage().rss / 2);
  expect(cost.process_bytes).toBeLessThan(4e9);
  expect(cost.memory_bytes.total).toBeLessThan(cost.process_bytes / 10);
  const included = software ? 'these included' : 'these apart';
  expect(text.stdout).toMatch(
    new RegExp(
      `^memory: device buffers \\S+ [kM]B \\(.*\\), process in all about \\S+ [MG]B, ${included}$`,
      'm',
    ),
  );
});

test('a profile is printed to standard error and kept in the manifest', async () => {
  const out = join(folder, 'profiled');
  if (!(await testDevice()).features.has('timestamp-query')) {
    await expect(run('--profile', '--no-figures', '--out', out)).rejects.toThrow('has no timestamps');
    return;
  }
  const { stdout, stderr } = await run('--profile', '--json', '--no-figures', '--out', out);
  const { timing } = JSON.parse(stdout);
  expect(timing.kernels.length).toBeGreaterThan(1);
  const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
  expect(manifest.timing.kernels).toEqual(timing.kernels);
  for (const { kernel, dispatches } of timing.kernels)
    expect(stderr).toMatch(
      new RegExp(`^${kernel} +${dispatches} +\\d+\\.\\d{3} +\\d+\\.\\d +\\d+\\.\\d %$`, 'm'),
    );
  const plain = await run('--json', '--no-figures', '--out', join(folder, 'plain'));
  expect(JSON.parse(plain.stdout).timing).not.toHaveProperty('kernels');
  expect(plain.stderr).not.toContain('dispatches');
  expect(JSON.parse(plain.stdout).spikes).toBe(JSON.parse(stdout).spikes);
});
