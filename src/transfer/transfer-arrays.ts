/** The arrays of a measured transfer function in its directory, and their reader. */
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { readNpy } from '../io/npy.ts';
import { sha256OfFile } from '../io/run-directory.ts';
import type { TransferData } from './data.ts';
import { readTransferManifest } from './transfer-manifest.ts';

/** The arrays of a measurement: name, unit and whether a third axis counts repeats. */
export const quantities = [
  { name: 'nu_e', unit: 'Hz' },
  { name: 'nu_i', unit: 'Hz' },
  { name: 'rate', unit: 'Hz' },
  { name: 'rate_sd', unit: 'Hz' },
  { name: 'mu_V', unit: 'mV' },
  { name: 'sigma_V', unit: 'mV' },
  { name: 'tau_V', unit: 'ms' },
] as const;
export const perRepeat = { name: 'rates', unit: 'Hz' } as const;
export const tableName = 'table.csv';

/** The points as a table, one a line; units stand in the names of the columns. */
export function tableText(data: TransferData): string {
  const lines = [quantities.map(({ name, unit }) => `${name}_${unit}`).join(',')];
  for (let point = 0; point < data.nu_e.length; point++) {
    lines.push(quantities.map(({ name }) => String(data[name][point])).join(','));
  }
  return `${lines.join('\n')}\n`;
}

/**
 * A measured transfer function from its directory.
 * @throws InputError where there is none, it is not whole, of another version, or a file is truncated, changed or not finite
 */
export function readTransferData(directory: string): TransferData {
  const manifest = readTransferManifest(directory);
  const { cell, input, settings, shape, status, reason } = manifest;
  if (status !== 'complete' || shape === null) {
    throw new InputError(
      `the measurement is not complete${reason ? ` (${reason})` : ''}; give the same command again, and it goes on where it stopped`,
      { at: { file: directory } },
    );
  }
  const read = (name: string): Float64Array => {
    const file = join(directory, `${name}.npy`);
    const fail = (message: string) => new InputError(message, { at: { file } });
    const entry = manifest.arrays[`${name}.npy`];
    if (!entry) throw fail('the manifest does not list this array; measure the transfer function again');
    const { data, shape: found } = readNpy(file, 'f8');
    if (found.length !== 2 || found[0] !== shape[0] || found[1] !== shape[1]) {
      throw fail(
        `the array is of shape (${found.join(', ')}), and the measurement of (${shape.join(', ')}); measure again`,
      );
    }
    const broken = data.findIndex((value) => !Number.isFinite(value));
    if (broken >= 0) {
      throw fail(
        `the value in row ${Math.floor(broken / shape[1])}, column ${broken % shape[1]} is ${data[broken]}; measure the transfer function again`,
      );
    }
    if (sha256OfFile(file) !== entry.sha256) {
      throw fail(
        'the file is not the one that was measured (its SHA-256 is another); copy it again, or measure again',
      );
    }
    return data;
  };
  const arrays = Object.fromEntries(quantities.map(({ name }) => [name, read(name)])) as Record<
    (typeof quantities)[number]['name'],
    Float64Array
  >;
  return { cell, input, settings, shape, ...arrays };
}
