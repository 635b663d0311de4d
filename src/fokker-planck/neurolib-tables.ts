/**
 * Tables in neurolib's layout: one HDF5 file (`quantities_cascade.h5`) with rates in kHz and the neuron's parameters beside them. A
 * table that was made for neurolib is used as it stands.
 */
import { InputError } from '../errors.ts';
import { type Hdf5Content, readHdf5 } from '../io/hdf5.ts';
import { EIF_PARAMETERS, type EifNeuron, type EifSymbol } from '../models/eif.ts';
import { readTables } from './table-file.ts';
import { type CascadeTables, QUANTITY_NAMES, type TableQuantity } from './tables.ts';

/** Where a quantity lies, and what makes it one of ours. */
const DATASETS: Readonly<Record<TableQuantity, { name: string; factor: number }>> = {
  r: { name: 'r_ss', factor: 1000 }, // kHz
  V: { name: 'V_mean_ss', factor: 1 },
  tau_mu: { name: 'tau_mu_exp', factor: 1 },
  tau_sigma: { name: 'tau_sigma_exp', factor: 1 },
  tau_mu_dosc: { name: 'tau_mu_dosc', factor: 1 },
  f0_mu_dosc: { name: 'f0_mu_dosc', factor: 1000 }, // kHz
};

/** Under which names of the group `params` a parameter of the neuron lies. */
const NEURON: Readonly<Record<EifSymbol, string>> = {
  ...{ C: 'C', gL: 'gL', EL: 'EL', VT: 'VT', DeltaT: 'deltaT', Vr: 'Vr', Vs: 'Vcut', Tref: 't_ref' },
};

const ENDING = /\.(h5|hdf5|hdf)$/i;

/**
 * Tables from a folder that `writeTables` wrote, or from a file in neurolib's layout where the path ends in .h5, .hdf5 or .hdf.
 * @throws InputError where there is none, or what it holds does not fit together
 */
export async function openTables(path: string): Promise<CascadeTables> {
  return ENDING.test(path) ? await readNeurolibTables(path) : readTables(path);
}

/**
 * Reads tables in neurolib's HDF5 layout; the neuron that they are made for is the one that the file names.
 * @throws InputError for a file that cannot be read, misses a quantity or a parameter, or whose arrays disagree
 */
export async function readNeurolibTables(path: string): Promise<CascadeTables> {
  const { arrays } = await readHdf5(path);
  const mu = axis(arrays, 'mu_vals', path);
  const sigma = axis(arrays, 'sigma_vals', path);
  const values = Object.fromEntries(
    QUANTITY_NAMES.map((quantity) => {
      const { name, factor } = DATASETS[quantity];
      const { shape, data } = found(arrays, name, path);
      if (shape.length !== 2 || shape[0] !== mu.length || shape[1] !== sigma.length)
        throw wrong(
          path,
          `${name} is of shape (${shape.join(', ')}), but mu_vals and sigma_vals have ${mu.length} and ${sigma.length} values; save the tables again`,
        );
      const bad = data.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0)
        throw wrong(
          path,
          `${name} is ${data[bad]} at row ${Math.floor(bad / sigma.length)} and column ${bad % sigma.length}; save the tables again`,
        );
      return [quantity, Float32Array.from(data, (value) => value * factor)];
    }),
  ) as Record<TableQuantity, Float32Array>;
  const parameters = EIF_PARAMETERS.map(({ symbol }) => {
    const { data } = found(arrays, `params/${NEURON[symbol]}`, path);
    if (data.length !== 1 || !Number.isFinite(data[0]))
      throw wrong(path, `params/${NEURON[symbol]} is not one finite number; save the tables again`);
    return [symbol, data[0]];
  });
  const neuron = { name: 'of the file', ...Object.fromEntries(parameters) } as EifNeuron;
  return { neuron, mu, sigma, values, recipe: { layout: 'neurolib' } };
}

function found(arrays: Hdf5Content['arrays'], name: string, path: string) {
  const array = arrays.get(`/${name}`);
  if (!array)
    throw wrong(
      path,
      `there is no ${name}; name a file in the layout of neurolib's quantities_cascade.h5, or a folder that spikefield tables build wrote`,
    );
  return array;
}

function axis(arrays: Hdf5Content['arrays'], name: string, path: string): Float64Array {
  const { data } = found(arrays, name, path);
  const step = (data[data.length - 1]! - data[0]!) / (data.length - 1);
  // Single precision of whoever made it is even enough.
  const even = data.every((value, index) => Math.abs(value - data[0]! - index * step) < 1e-3 * step);
  if (data.length < 2 || !(step > 0) || !even)
    throw wrong(path, `the axis ${name} is not evenly spaced and ascending; save the tables again`);
  return data;
}

function wrong(path: string, message: string): InputError {
  return new InputError(message, { at: { file: path } });
}
