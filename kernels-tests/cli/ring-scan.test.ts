/** `spikefield ring scan` and `vsd show` from end to end: a scan, its shards merged, taken up again, and what is refused. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ringScanVerb } from '../../src/cli/ring-scan.ts';
import { spaceOption } from '../../src/cli/ring-scan-options.ts';
import type { Given } from '../../src/cli/verbs.ts';
import { readNpz } from '../../src/io/npz-reader.ts';
import { ownFolder } from '../own-folder.ts';
import { printedBy } from './spikefield.ts';

const folder = ownFolder();

const data = fileURLToPath(new URL('../../examples/zerlaut2017-scan/recording.npz', import.meta.url));
const vary = ['conduction_velocity=100:500:3', 'tau2=0.1s:180ms:2'];
const base: Given = { data, vary, asPublished: true, json: true };

async function scan(given: Given, what = ''): Promise<Record<string, unknown>> {
  const { stdout } = await printedBy(() => ringScanVerb.run(what, { ...base, ...given }, '0.0.0'));
  return JSON.parse(stdout) as Record<string, unknown>;
}

const table = (name: string) => readFileSync(join(folder, name, 'table.csv'), 'utf8');

test('a scan, its shards, and the scan once more', async () => {
  const out = join(folder, 'whole');
  const first = await scan({ out, batch: 4 });
  expect(first).toMatchObject({ points: 6, found: 0, evaluated: 6 });
  const lines = table('whole').trim().split('\n');
  expect(lines[0]).toBe('conduction_velocity,tau2,residual,peak_time,largest_response');
  expect(lines).toHaveLength(7);
  const residuals = lines.slice(1).map((line) => Number(line.split(',')[2]));
  expect((first.best as { residual: number }).residual).toBe(Math.min(...residuals));
  expect(new Set(residuals).size).toBe(6);
  expect(readNpz(join(out, 'best.npz')).arrays.get('deltaV')!.shape[1]).toBe(30);
  const shards = ['1/2', '2/2'];
  for (const [k, shard] of shards.entries())
    expect(await scan({ out: join(folder, `part${k}`), shard, batch: 2 })).toMatchObject({ evaluated: 3 });
  const from = shards.map((_, k) => join(folder, `part${k}`));
  await scan({ out: join(folder, 'merged'), from, figures: false }, 'merge');
  expect(table('merged')).toBe(table('whole'));
  expect(await scan({ out, figures: false, refine: 1 })).toMatchObject({ found: 6, evaluated: 0 });
  await expect(scan({ out, smooth: 1 })).rejects.toThrow(/another sweep/);
  await expect(scan({ out, shard: '1/2' })).rejects.toThrow(/holds shard 1\/1/);
  await expect(scan({ out: join(folder, 'm2'), from: [from[0]!] }, 'merge')).rejects.toThrow(/3 of 6 points/);
}, 60_000);

test('a scan in second order with adaptation is another scan, and goes on where a ring becomes unstable', async () => {
  const out = join(folder, 'second');
  const given: Given = {
    ...{ vary: 'exc_extent=0.7:5:2', stimExtent: '2mm' },
    ...{ asPublished: undefined, order: 2, adaptation: true },
  };
  const first = await scan({ ...given, out });
  expect(first).toMatchObject({ points: 2, evaluated: 2, unstable: 1, best: { exc_extent: 5 } });
  expect((first.notes as string[]).at(-1)).toMatch(
    /1 of 2 rings became unstable .* exc_extent 0.7: .*--order 1/,
  );
  const [, unstable, best] = table('second').trim().split('\n');
  expect(unstable).toBe('0.7,NaN,NaN,NaN');
  const { arrays } = readNpz(join(out, 'best.npz'));
  expect(arrays.get('Cee_Hz2')!.shape).toEqual(arrays.get('Fe_Hz')!.shape);
  expect(Math.max(...arrays.get('we_pA')!.data)).toBeGreaterThan(60);
  // What the table says is of the units that the best run has.
  expect(arrays.get('deltaV')!.data.includes(Number(best!.split(',')[3]))).toBe(true);
  const drawn = { ...given, figures: false };
  expect(await scan({ ...drawn, out })).toMatchObject({ found: 2, evaluated: 0, unstable: 1 });
  await expect(scan({ ...drawn, out, adaptation: undefined })).rejects.toThrow(/another sweep/);
  await expect(scan({ ...drawn, out, order: 1 })).rejects.toThrow(/another sweep/);
  await scan({ ...drawn, out: join(folder, 'cut'), batch: 1 });
  expect(table('cut')).toBe(table('second'));
  const none = { ...drawn, out: join(folder, 'none-stable'), vary: 'exc_extent=0.6:0.8:2' };
  await expect(scan(none)).rejects.toThrow(/2 of 2 rings became unstable/);
}, 60_000);

test('refused before anything runs', async () => {
  const out = join(folder, 'none');
  await expect(scan({ out, data: undefined })).rejects.toThrow(/--data/);
  await expect(scan({ out, vary: 'conduction_velocity=0:100:3' })).rejects.toThrow(/above 0 mm\/s/);
  await expect(scan({ out, vary: 'exc_extent=1:50:3' })).rejects.toThrow(/wider than the ring/);
  await expect(scan({ out, vary: 'tau1=50:5:3' })).rejects.toThrow(/above its beginning/);
  await expect(scan({ out, vary: 'tau1=5:50:1' })).rejects.toThrow(/count of --vary tau1/);
  await expect(scan({ out, vary: 'units=30:40' })).rejects.toThrow(/cannot vary units/);
  await expect(scan({ out, shard: '3/2' })).rejects.toThrow(/i\/n/);
  await expect(scan({ out }, 'merg')).rejects.toThrow(/takes nothing or merge/);
  await expect(scan({ out }, 'merge')).rejects.toThrow(/--from <folder>/);
  expect(await scan({ out, dryRun: true, vary: undefined, n: 5 })).toMatchObject({ points: 15_625 });
});

test("the paper's grid and other designs", () => {
  const paper = spaceOption({});
  expect(paper.count).toBe(15_625);
  expect(paper.point(1)).toEqual([50, 0.2, 1, 1, 50, 16.25]);
  expect(spaceOption({ design: 'latin', points: 12, seed: 1 }).count).toBe(12);
  expect(() => spaceOption({ design: 'latin' })).toThrow(/--points/);
  expect(() => spaceOption({ design: 'latin', points: 3, n: 4 })).toThrow(/leave --n/);
  expect(() => spaceOption({ points: 3 })).toThrow(/random or latin/);
});
