/** `spikefield vsd show` from the outside: the same recording from a MATLAB file of version 7.3 and from .npz, and what is refused. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { addVsdCommand } from '../../src/cli/vsd.ts';
import { readNpy } from '../../src/io/npy.ts';
import { writeNpz } from '../../src/io/npz.ts';
import { readNpz } from '../../src/io/npz-reader.ts';
import { writeMat73 } from '../io/write-mat73.ts';
import { ownFolder } from '../own-folder.ts';
import { called } from './spikefield.ts';

const folder = ownFolder();

const shipped = readNpz(
  fileURLToPath(new URL('../../examples/zerlaut2017-scan/recording.npz', import.meta.url)),
).arrays;
const [time, space] = [shipped.get('time')!, shipped.get('space')!];
const [rows, columns] = [space.data.length, time.data.length];
// A blanked position, as recordings have them at blood vessels.
const blank = 5;
const data = shipped
  .get('data')!
  .data.map((value, k) => (Math.floor(k / columns) === blank ? Number.NaN : value));
const npz = join(folder, 'recording.npz');
writeNpz(npz, { data: { data, shape: [rows, columns] }, time, space });

const fields = {
  stim1: { shape: [rows, columns], data },
  time: { shape: [1, columns], data: time.data },
  space: { shape: [1, rows], data: space.data },
} as const;

async function show(...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await called(addVsdCommand, 'vsd', 'show', ...args, '--json');
  return JSON.parse(stdout) as Record<string, unknown>;
}

test('a MATLAB file of version 7.3 is shown as the same recording in .npz is', async () => {
  const mat = join(folder, 'session.mat');
  await writeMat73(mat, 'matNL', [fields]);
  const expected = await show(npz, '--out', join(folder, 'npz'), '--no-figures');
  const found = await show(mat, '--out', join(folder, 'mat'));
  expect(found).toEqual({ ...expected, out: join(folder, 'mat') });
  expect((found.latencies as unknown[]).length).toBeGreaterThan(5);
  expect(found.speed_mm_s).toBeGreaterThan(10);
  const [one, other] = ['mat', 'npz'].map((name) => readNpy(join(folder, name, 'data.npy')));
  expect(one).toEqual(other);
  expect(existsSync(join(folder, 'mat', 'recording.png'))).toBe(true);
  expect(readFileSync(join(folder, 'mat', 'recording.svg'), 'utf8')).not.toContain('NaN');
});

test('of an array of structs the first is taken, and --field names another stimulus', async () => {
  const mat = join(folder, 'sessions.mat');
  const twice = { ...fields.stim1, data: data.map((value) => 2 * value) };
  const other = { ...fields, stim1: twice };
  await writeMat73(mat, 'matNL', [
    { ...fields, stim2: twice },
    { ...other, stim2: fields.stim1 },
  ]);
  const first = await show(mat, '--out', join(folder, 'first'), '--no-figures');
  const second = await show(mat, '--field', 'stim2', '--out', join(folder, 'second'), '--no-figures');
  expect(first.peak_time_ms).toBe(
    (await show(npz, '--out', join(folder, 'again'), '--no-figures')).peak_time_ms,
  );
  expect((second.largest as number) / (first.largest as number)).toBeCloseTo(2, 9);
});

test('what a MATLAB file of version 7.3 lacks, or has the wrong way round, is refused', async () => {
  const mat = join(folder, 'wrong.mat');
  await writeMat73(mat, 'other', [fields]);
  await expect(show(mat)).rejects.toThrow(/no struct matNL, but other/);
  const { stim1, time: times } = fields;
  await writeMat73(mat, 'matNL', [{ stim1, time: times }]);
  await expect(show(mat)).rejects.toThrow(/no field space, but stim1, time; it needs stim1 \(or --field\)/);
  await writeMat73(mat, 'matNL', [{ ...fields, stim1: { ...stim1, shape: [columns, rows] as const } }]);
  await expect(show(mat)).rejects.toThrow(/\[time, position\].*transpose it/);
});
