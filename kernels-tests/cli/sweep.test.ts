/** `spikefield sweep` through its command: batches are said, and change no result. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sweepCommand } from '../../src/cli/sweep.ts';
import { ownFolder } from '../own-folder.ts';
import { printedBy } from './spikefield.ts';

const folder = ownFolder();

const small = ['populations.exc.size=80', 'populations.inh.size=20', 'duration=30', 'projections.*.delay=1'];

async function sweep(out: string, given: Record<string, string | boolean | string[]>): Promise<string> {
  const options = { set: small, vary: 'projections.*.weight=1nS:4nS:2', seeds: '2', figures: false };
  const all = { ...options, ...given, out: join(folder, out) };
  return (await printedBy(() => sweepCommand('config1', undefined, all, '0.0.0'))).stdout;
}

const table = (out: string) => readFileSync(join(folder, out, 'table.csv'), 'utf8');

test('side by side and one after another', async () => {
  const together = JSON.parse(await sweep('together', { json: true }));
  expect(together).toMatchObject({ runs: 4, evaluated: 4, batches: 1, largest_batch: 4 });
  const inTurn = JSON.parse(await sweep('in-turn', { json: true, batch: '1' }));
  expect(inTurn).toMatchObject({ evaluated: 4, batches: 4, largest_batch: 1 });
  expect(table('in-turn')).toBe(table('together'));
  expect(table('together').split('\n')[1]).toMatch(/\d/);
  const cut = await sweep('cut', { batch: '3' });
  expect(cut).toMatch(/^4 runs in .*, in 2 batches of up to 3\n/);
  expect(table('cut')).toBe(table('together'));
  // Gone on with: nothing is left to run.
  expect(await sweep('cut', {})).toMatch(/^0 runs in .* s; 4 were done before\n/);
});

test('shapes apart', async () => {
  const text = await sweep('delays', { vary: 'projections.*.delay=0.5ms:1ms:2' });
  expect(text).toMatch(/^4 runs in .*, in 2 batches of up to 2\n/);
});

test('a batch of nothing', async () => {
  await expect(sweep('none', { batch: '0' })).rejects.toThrow(/--batch/);
});
