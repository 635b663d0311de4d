/**
 * Tables on disk: a run directory (see io/run-directory.ts) with one float32 .npy a quantity, `[mu, sigma]`, the two axes in
 * float64, and a manifest that holds the neuron's parameters, units and the recipe.
 */
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { readNpy } from '../io/npy.ts';
import { RunDirectory } from '../io/run-directory.ts';
import { MANIFEST_NAME, readRunManifest } from '../io/run-manifest.ts';
import { type EifDocument, type EifNeuron, eifNeuronFromObject } from '../models/eif.ts';
import { type CascadeTables, QUANTITY_NAMES, TABLE_QUANTITIES, type TableQuantity } from './tables.ts';

/** What the manifest says that the directory holds. */
const KIND = 'cascade-tables';

/**
 * Makes the directory, so that an output that cannot be written is known before anything is computed; `fillTables` ends it.
 * @throws OutputError where something is there already (unless `force`) or nothing can be written
 */
export function createTableDirectory(
  path: string,
  neuron: EifNeuron,
  { force = false, version }: { force?: boolean; version?: string } = {},
): RunDirectory {
  const manifest = {
    kind: KIND,
    ...(version === undefined ? {} : { spikefield: version }),
    neuron,
    axes: { rows: 'mu (mV/ms)', columns: 'sigma (mV/sqrt(ms))' },
    quantities: Object.fromEntries(QUANTITY_NAMES.map((name) => [name, TABLE_QUANTITIES[name]])),
  };
  return RunDirectory.create(path, { force, manifest });
}

/** Writes the arrays and the recipe into the directory and completes it. Throws OutputError. */
export function fillTables(directory: RunDirectory, { mu, sigma, values, recipe }: CascadeTables): void {
  directory.write('mu', mu);
  directory.write('sigma', sigma);
  for (const name of QUANTITY_NAMES) directory.write(name, values[name], [mu.length, sigma.length]);
  directory.finish({ recipe });
}

/** Both at once. Throws OutputError as `createTableDirectory`. */
export function writeTables(
  path: string,
  tables: CascadeTables,
  options: { force?: boolean; version?: string } = {},
): void {
  using directory = createTableDirectory(path, tables.neuron, options);
  fillTables(directory, tables);
}

/**
 * Reads tables that `writeTables` wrote.
 * @throws InputError where the directory holds none, is incomplete, or its arrays disagree with each other
 */
export function readTables(path: string): CascadeTables {
  const manifest = readRunManifest(path);
  const at = { file: join(path, MANIFEST_NAME) };
  if (manifest.kind !== KIND)
    throw new InputError('this run holds no tables; name a folder that spikefield tables build wrote', {
      at,
    });
  if (manifest.status !== 'complete')
    throw new InputError('the tables were not finished; build them again, with --force', { at });
  const mu = readAxis(path, 'mu');
  const sigma = readAxis(path, 'sigma');
  const values = Object.fromEntries(
    QUANTITY_NAMES.map((name) => [name, readQuantity(path, name, mu.length, sigma.length)]),
  ) as Record<TableQuantity, Float32Array>;
  const neuron = eifNeuronFromObject(manifest.neuron as EifDocument);
  return { neuron, mu, sigma, values, recipe: (manifest.recipe ?? {}) as Record<string, unknown> };
}

function readAxis(path: string, name: string): Float64Array {
  const file = join(path, `${name}.npy`);
  const { data, shape } = readNpy(file, 'f8');
  const step = (data[data.length - 1]! - data[0]!) / (data.length - 1);
  const even = data.every((value, index) => Math.abs(value - data[0]! - index * step) < 1e-6 * step);
  if (shape.length !== 1 || data.length < 2 || !(step > 0) || !even)
    throw new InputError(`the axis ${name} is not evenly spaced and ascending; build the tables again`, {
      at: { file },
    });
  return data;
}

function readQuantity(path: string, name: TableQuantity, mus: number, sigmas: number): Float32Array {
  const file = join(path, `${name}.npy`);
  const { data, shape } = readNpy(file, 'f4');
  if (shape.length !== 2 || shape[0] !== mus || shape[1] !== sigmas)
    throw new InputError(
      `the array is of shape (${shape.join(', ')}), but the axes have ${mus} and ${sigmas} values; build the tables again`,
      { at: { file } },
    );
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new InputError(
      `the value at row ${Math.floor(bad / sigmas)} and column ${bad % sigmas} is ${data[bad]}; build the tables again`,
      {
        at: { file },
      },
    );
  return data;
}
