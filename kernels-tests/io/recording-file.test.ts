/** Recordings in every format that is read; recording-files.json holds .mat files that scipy.io.savemat wrote. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import { writeNpy } from '../../src/io/npy.ts';
import { writeNpz } from '../../src/io/npz.ts';
import { writeParquet } from '../../src/io/parquet.ts';
import { readRecording } from '../../src/io/recording-file.ts';
import { ownFolder } from '../own-folder.ts';

const folder = ownFolder();
const at = (name: string) => join(folder, name);

const files = JSON.parse(readFileSync(new URL('recording-files.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;
for (const [name, text] of Object.entries(files))
  writeFileSync(at(`${name}.mat`), Buffer.from(text, 'base64'));

const data = Float64Array.from({ length: 20 }, (_, k) => (k === 7 ? Number.NaN : k / 1000));
const times = Float64Array.of(-20, -10, 0, 10, 20);
const positions = Float64Array.of(0, 0.8, 1.6, 2.4);
const expected = { data, times, positions, notes: [] };

test('.mat with a struct, and with an array of structs', async () => {
  expect(await readRecording(at('good.mat'))).toEqual(expected);
  expect(await readRecording(at('array.mat'))).toEqual(expected);
});

test('.npz, .npy with its axes, .csv', async () => {
  writeNpz(at('a.npz'), {
    data: { data, shape: [4, 5] },
    time: { data: times, shape: [5] },
    space: { data: positions, shape: [4] },
  });
  expect(await readRecording(at('a.npz'))).toEqual(expected);
  writeNpy(at('d.npy'), data, [4, 5]);
  writeNpy(at('t.npy'), times);
  writeNpy(at('x.npy'), positions);
  expect(await readRecording(at('d.npy'), { time: at('t.npy'), space: at('x.npy') })).toEqual(expected);
  await expect(readRecording(at('d.npy'))).rejects.toThrow(/--time <file>/);
  await expect(readRecording(at('a.npz'), { time: at('t.npy') })).rejects.toThrow(/leave them out/);
  const lines = Array.from(positions, (x, row) =>
    [x, ...Array.from(data.slice(5 * row, 5 * row + 5), (v) => (Number.isNaN(v) ? 0.007 : v))].join(','),
  );
  writeFileSync(at('a.csv'), [`,${times.join(',')}`, ...lines].join('\n'));
  expect(await readRecording(at('a.csv'))).toEqual({
    ...expected,
    data: data.map((v, k) => (k === 7 ? 0.007 : v)),
  });
});

test('seconds and metres are recognised, and said; what is neither is refused', async () => {
  const write = (name: string, time: Float64Array, space: Float64Array) => {
    writeNpz(at(name), {
      data: { data, shape: [4, 5] },
      time: { data: time, shape: [5] },
      space: { data: space, shape: [4] },
    });
    return readRecording(at(name));
  };
  const si = await write(
    'si.npz',
    times.map((t) => t / 1000),
    positions.map((x) => x / 1000),
  );
  expect(Array.from(si.times)).toEqual(Array.from(times));
  expect(si.positions[3]).toBeCloseTo(2.4, 12);
  expect(si.notes).toHaveLength(2);
  await expect(
    write(
      'km.npz',
      times,
      positions.map((x) => x * 1e4),
    ),
  ).rejects.toThrow(/neither m nor mm/);
  expect((await readRecording(at('km.npz'), { spaceUnit: 'mm' })).positions[3]).toBe(24000);
  await expect(write('down.npz', times.toReversed(), positions)).rejects.toThrow(/must be numbers that rise/);
  await expect(
    write(
      'nan.npz',
      times,
      positions.map((x, k) => (k === 2 ? Number.NaN : x)),
    ),
  ).rejects.toThrow(/space axis is NaN/);
});

test.each([
  ['transposed.mat', /\[time, position\].*transpose it/],
  ['no_space.mat', /no field space, but stim1, time/],
  ['no_struct.mat', /no struct matNL, but other/],
  ['complex.mat', /stim1 of matNL is not a matrix of real numbers/],
  ['absent.mat', /no such file/],
  ['readme.txt', /\.mat, \.npz, \.npy or \.csv/],
])('%s is refused', async (name, message) => {
  await expect(readRecording(at(name))).rejects.toThrow(message);
});

test('one sample, missing arrays and another stimulus are refused', async () => {
  writeNpz(at('one.npz'), {
    data: { data: data.slice(0, 4), shape: [4, 1] },
    time: { data: Float64Array.of(1), shape: [1] },
    space: { data: positions, shape: [4] },
  });
  await expect(readRecording(at('one.npz'))).rejects.toThrow(/1 time,/);
  writeNpz(at('bare.npz'), { data: { data, shape: [4, 5] } });
  await expect(readRecording(at('bare.npz'))).rejects.toThrow(/no array time and no space/);
  await expect(readRecording(at('good.mat'), { stimulus: 'stim2' })).rejects.toThrow(/no field stim2/);
});

test('a Parquet file holds its columns as doubles', async () => {
  writeParquet(at('t.parquet'), { a: [1, 2.5, -3], b: [Number.NaN, 0, 1e300] });
  const file = Uint8Array.from(readFileSync(at('t.parquet'))).buffer;
  expect(await parquetReadObjects({ file })).toEqual([
    { a: 1, b: Number.NaN },
    { a: 2.5, b: 0 },
    { a: -3, b: 1e300 },
  ]);
  expect(() => writeParquet(at('u.parquet'), { a: [1], b: [] })).toThrow(/equally many/);
});
