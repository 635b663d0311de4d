/** `spikefield ring scan --refine`: a search beats its grid, whatever the batches and however often it was cut short, and what is refused. */
import { readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ringScanVerb } from '../../src/cli/ring-scan.ts';
import type { Given } from '../../src/cli/verbs.ts';
import { ownFolder } from '../own-folder.ts';
import { printedBy } from './spikefield.ts';

const folder = ownFolder();

const data = fileURLToPath(new URL('../../examples/zerlaut2017-scan/recording.npz', import.meta.url));
const vary = ['exc_extent=1:7:3', 'tau2=50:200:3'];
const base: Given = { data, vary, asPublished: true, json: true, figures: false };
const search: Given = { refine: 'search', generations: 5, population: 4, starts: 1 };

async function scan(given: Given): Promise<Record<string, unknown>> {
  const { stdout } = await printedBy(() => ringScanVerb.run('', { ...base, ...given }, '0.0.0'));
  return JSON.parse(stdout) as Record<string, unknown>;
}

test('a search is better than its grid, and the same after a cut and in other batches', async () => {
  const out = join(folder, 'a');
  const table = () => readFileSync(join(out, 'search.csv'), 'utf8');
  const first = await scan({ ...search, out });
  const residual = (name: string) => (first[name] as { residual: number }).residual;
  expect(residual('best')).toBeLessThan(residual('grid_best'));
  expect(first.refined).toMatchObject({ how: 'search', points: 20, found: 0 });
  const whole = table();
  expect(whole.trim().split('\n')).toHaveLength(21);
  const results = join(out, 'refine-search', 'results.bin');
  truncateSync(results, Math.floor(statSync(results).size / 2));
  const again = await scan({ ...search, out, batch: 3 });
  expect(again.best).toEqual(first.best);
  expect((again.refined as { found: number }).found).toBeGreaterThan(0);
  expect((again.refined as { found: number }).found).toBeLessThan(20);
  expect(table()).toBe(whole);
}, 60_000);

test('refused', async () => {
  const out = join(folder, 'none');
  await expect(scan({ out, refine: 'simplex' })).rejects.toThrow(/grid, search, or a whole number/);
  await expect(scan({ out, refine: 11 })).rejects.toThrow(/from 1 to 10/);
  await expect(scan({ out, refine: 'grid', generations: 3 })).rejects.toThrow(/belong to --refine search/);
  await expect(scan({ out, starts: 2 })).rejects.toThrow(/belong to --refine search/);
  await expect(scan({ ...search, out, population: 3 })).rejects.toThrow(/--population is 3/);
  await expect(scan({ ...search, out, shard: '1/2' })).rejects.toThrow(/needs the whole scan/);
  expect(await scan({ ...search, out, dryRun: true })).toMatchObject({ points: 9, of_refinement: 20 });
});
