/** .npz and netCDF-4 files, read back by other means than they were written by. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { type Dataset, File, ready } from 'h5wasm/node';
import { expect, test } from 'vitest';
import { InputError, OutputError } from '../../src/errors.ts';
import { type LabelledArrays, writeNetcdf } from '../../src/io/netcdf.ts';
import { readNpy } from '../../src/io/npy.ts';
import { writeNpz } from '../../src/io/npz.ts';
import { ownFolder } from '../own-folder.ts';

const folder = ownFolder();

test('an .npz holds a .npy for each array', () => {
  const path = join(folder, 'a.npz');
  const rates = { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] };
  writeNpz(path, { rates, times: { data: Float64Array.of(0.1, 0.2, 0.3), shape: [3] } });
  const members = unzipSync(readFileSync(path));
  expect(Object.keys(members).sort()).toEqual(['rates.npy', 'times.npy']);
  const npy = join(folder, 'rates.npy');
  writeFileSync(npy, members['rates.npy']!);
  expect(readNpy(npy, 'f4')).toMatchObject({ shape: [2, 3], data: rates.data });
  expect(() => writeNpz(path, { rates: { ...rates, shape: [5] } })).toThrow(InputError);
});

const arrays: LabelledArrays = {
  coordinates: {
    node: { values: Int32Array.of(0, 1), unit: '', description: 'node' },
    time: { values: Float64Array.of(1, 2, 3), unit: 'ms', description: 'time' },
  },
  variables: {
    rates_exc: {
      ...{ data: Float32Array.of(1, 2, 3, 4, 5, 6), dimensions: ['node', 'time'] },
      ...{ unit: 'Hz', description: 'rate' },
    },
  },
  attributes: { model: 'aln', dt_ms: 0.1 },
};

test('a netCDF-4 file has dimensions, coordinates and units', async () => {
  const path = join(folder, 'a.nc');
  await writeNetcdf(path, arrays);
  await ready;
  const file = new File(path, 'r');
  try {
    const rates = file.get('rates_exc') as Dataset;
    expect(rates.shape).toEqual([2, 3]);
    expect(rates.value).toEqual(arrays.variables.rates_exc!.data);
    expect(rates.attrs.units!.value).toBe('Hz');
    expect(rates.get_attached_scales(0)).toEqual(['/node']);
    expect(rates.get_attached_scales(1)).toEqual(['/time']);
    expect((file.get('time') as Dataset).value).toEqual(arrays.coordinates.time!.values);
    expect((file.get('node') as Dataset).attrs.units!.value).toBe('1');
    expect(file.attrs.dt_ms!.value).toBe(0.1);
  } finally {
    file.close();
  }
});

test('what cannot be written ends in a sentence and leaves nothing', async () => {
  await expect(writeNetcdf(join(folder, 'no', 'a.nc'), arrays)).rejects.toThrow(OutputError);
  const short = {
    ...arrays,
    coordinates: { ...arrays.coordinates, node: { ...arrays.coordinates.node!, values: Int32Array.of(0) } },
  };
  await expect(writeNetcdf(join(folder, 'b.nc'), short)).rejects.toThrow(
    'rates_exc has 6 elements, but its dimensions node, time have 3',
  );
  expect(readdirSync(folder).filter((name) => /^b|tmp$/.test(name))).toEqual([]);
});
