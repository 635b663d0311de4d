/**
 * A measured transfer function on the disk: `manifest.json`, one .npy file for each quantity, `table.csv`. While it is
 * measured, each block that is done is kept in a `partial-<n>.npy`, so that an interrupted measurement goes on where it
 * stopped; the manifest says incomplete until everything stands.
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError, OutputError } from '../errors.ts';
import { readNpy, writeNpy } from '../io/npy.ts';
import { attempt, type OpenOutput, openOutput, writeWhole } from '../io/output-file.ts';
import { makeFolder, sha256OfFile } from '../io/run-directory.ts';
import type { TransferGrid } from './grid.ts';
import type { TransferMeasurement } from './measure.ts';
import type { Subject } from './measure-program.ts';
import { type Quartet, QuartetStore, quartetSums } from './quartets.ts';
import { perRepeat, quantities, tableName, tableText } from './transfer-arrays.ts';
import {
  MANIFEST_NAME,
  readTransferManifest,
  TRANSFER_FORMAT,
  TRANSFER_VERSION,
  type TransferManifest,
} from './transfer-manifest.ts';

/** What a fit is kept in, in a folder of its own. */
export const FITTED_FILE = 'transfer-function.json';
const partialName = /^partial-(\d+)\.npy$/;
/** nu_e, nu_i and index of a quartet, then its sums. */
const partialColumns = 3 + quartetSums;

/** What a directory is for: with the same of these, an interrupted measurement can go on. */
export interface TransferRequest extends Subject {
  grid: TransferGrid;
  /** Of Spikefield. */
  version: string;
}

export interface TransferDirectoryOptions {
  /** Replace a measurement that is already there. */
  force?: boolean;
  /** How files are opened; for tests. */
  open?: OpenOutput;
}

export class TransferDirectory {
  readonly path: string;
  /** What an interrupted measurement left. */
  readonly store = new QuartetStore();
  private readonly request: TransferRequest;
  private readonly open: OpenOutput;
  private readonly created: string;
  private partials = 0;
  private ended = false;

  private constructor(path: string, request: TransferRequest, open: OpenOutput, created: string) {
    this.path = path;
    this.request = request;
    this.open = open;
    this.created = created;
  }

  /**
   * Makes the directory, or goes on with the interrupted measurement in it.
   * @throws OutputError where another measurement or other things are there, or where nothing can be written
   * @throws InputError where what an interrupted measurement left is damaged
   */
  static create(
    path: string,
    request: TransferRequest,
    options: TransferDirectoryOptions = {},
  ): TransferDirectory {
    const open = options.open ?? openOutput;
    const present = inspect(path);
    if (present && options.force) removeMeasurement(path);
    else if (present) {
      refuseOther(path, present, request);
      const directory = new TransferDirectory(path, request, open, present.created);
      directory.readPartials();
      return directory;
    }
    makeFolder(resolve(path));
    const directory = new TransferDirectory(path, request, open, new Date().toISOString());
    directory.saveManifest({ status: 'incomplete' });
    return directory;
  }

  /** Keeps a block that is done. Throws OutputError. */
  keep(quartets: readonly Quartet[], sums: readonly Float64Array[]): void {
    const rows = new Float64Array(quartets.length * partialColumns);
    quartets.forEach(({ nu_e, nu_i, index }, row) => {
      rows.set([nu_e, nu_i, index], row * partialColumns);
      rows.set(sums[row]!, row * partialColumns + 3);
    });
    const path = join(this.path, `partial-${this.partials++}.npy`);
    writeNpy(path, rows, [quartets.length, partialColumns], this.open);
  }

  /** Writes the arrays and the table, puts the manifest in its place as complete, and removes what was kept before. */
  finish(measurement: TransferMeasurement): void {
    const { shape, settings, adapter, spikes } = measurement;
    const arrays: TransferManifest['arrays'] = {};
    const write = (name: string, unit: string, data: Float64Array, size: number[], axes: string[]) => {
      const path = join(this.path, `${name}.npy`);
      writeNpy(path, data, size, this.open);
      const digest = attempt(path, () => ({ bytes: statSync(path).size, sha256: sha256OfFile(path) }));
      arrays[`${name}.npy`] = { unit, axes, dtype: 'f8', shape: size, ...digest };
    };
    for (const { name, unit } of quantities)
      write(name, unit, measurement[name], [...shape], ['nu_i', 'nu_e']);
    write(
      perRepeat.name,
      perRepeat.unit,
      measurement.rates,
      [...shape, settings.repeats],
      ['nu_i', 'nu_e', 'repeat'],
    );
    writeWhole(join(this.path, tableName), tableText(measurement), this.open);
    this.saveManifest({ status: 'complete', adapter: { ...adapter }, shape, spikes, arrays });
    this.ended = true;
    for (const name of partialsIn(this.path))
      attempt(name, () => rmSync(join(this.path, name), { force: true }));
  }

  /** Notes why the measurement stopped; what was kept stays. Never throws: something has already gone wrong. */
  abandon(reason: string): void {
    if (this.ended) return;
    this.ended = true;
    try {
      this.saveManifest({ status: 'incomplete', reason });
    } catch {}
  }

  private readPartials(): void {
    for (const name of partialsIn(this.path)) {
      const path = join(this.path, name);
      const { shape, data } = readNpy(path, 'f8');
      if (shape.length !== 2 || shape[1] !== partialColumns || !data.every(Number.isFinite)) {
        throw new InputError(
          'this part of an interrupted measurement is damaged; measure again with --force',
          {
            at: { file: path },
          },
        );
      }
      for (let row = 0; row < data.length; row += partialColumns) {
        const [nu_e, nu_i, index] = data.subarray(row, row + 3) as unknown as [number, number, number];
        this.store.set({ nu_e, nu_i, index }, data.slice(row + 3, row + partialColumns));
      }
      this.partials = Math.max(this.partials, Number(partialName.exec(name)![1]) + 1);
    }
  }

  private saveManifest(fields: Pick<TransferManifest, 'status'> & Partial<TransferManifest>): void {
    const { cell, input, settings, grid, version } = this.request;
    const value: TransferManifest = {
      format: TRANSFER_FORMAT,
      version: TRANSFER_VERSION,
      created: this.created,
      spikefield: version,
      adapter: null,
      ...{ cell, input, settings },
      grid: plainGrid(grid),
      shape: null,
      spikes: null,
      arrays: {},
      ...fields,
    };
    writeWhole(join(this.path, MANIFEST_NAME), `${JSON.stringify(value, null, 2)}\n`, this.open);
  }
}

/**
 * Writes a measurement into a directory of its own.
 * @param version of Spikefield
 * @throws OutputError where something is already there, or nothing can be written
 */
export function writeTransferData(
  path: string,
  measurement: TransferMeasurement,
  version: string,
  options: TransferDirectoryOptions = {},
): void {
  TransferDirectory.create(path, { ...measurement, version }, options).finish(measurement);
}

/** The measurement that stands at `path`; undefined for nothing or an empty folder, an OutputError for anything else. */
function inspect(path: string): TransferManifest | undefined {
  const stats = attempt(path, () => statSync(path, { throwIfNoEntry: false }));
  if (!stats) return undefined;
  if (!stats.isDirectory())
    throw new OutputError(`${path} is a file and not a folder; choose another output folder.`);
  const names = attempt(path, () => readdirSync(path));
  if (names.length === 0) return undefined;
  try {
    return readTransferManifest(path);
  } catch (error) {
    const why = existsSync(join(path, MANIFEST_NAME)) ? ` (${(error as Error).message})` : '';
    throw new OutputError(
      `${path} holds files that are not a measured transfer function${why}, and they are left alone; choose another output folder.`,
    );
  }
}

function refuseOther(path: string, present: TransferManifest, request: TransferRequest): void {
  if (present.status === 'complete') {
    throw new OutputError(
      `${path} already holds a measured transfer function; choose another output folder, or give --force to replace it.`,
    );
  }
  const parts = ['cell', 'input', 'settings', 'grid'] as const;
  const other = parts.find(
    (part) => JSON.stringify(sorted(present[part])) !== JSON.stringify(sorted(request[part])),
  );
  if (!other) return;
  const names = {
    cell: 'another cell',
    input: 'other synapses',
    settings: 'other settings',
    grid: 'another grid',
  };
  throw new OutputError(
    `${path} holds an interrupted measurement with ${names[other]}; choose another output folder, or give --force to replace it.`,
  );
}

/** The fields of an object in alphabetical order. */
function sorted(value: object): [string, unknown][] {
  return Object.entries(value)
    .map(([key, each]): [string, unknown] => [
      key,
      typeof each === 'object' && !Array.isArray(each) ? sorted(each) : each,
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function plainGrid(grid: TransferGrid): TransferManifest['grid'] {
  const nu_i = [...grid.nu_i];
  return grid.kind === 'rectangular' ? { ...grid, nu_e: [...grid.nu_e], nu_i } : { ...grid, nu_i };
}

function partialsIn(path: string): string[] {
  return attempt(path, () => readdirSync(path)).filter((name) => partialName.test(name));
}

/**
 * Deletes what a measurement writes, the manifest last; files that somebody else put there stay.
 * @throws OutputError where fits to it stand in the folder, which would then be taken for fits to what replaces it
 */
function removeMeasurement(path: string): void {
  const fits = attempt(path, () => readdirSync(path)).filter((name) =>
    existsSync(join(path, name, FITTED_FILE)),
  );
  if (fits.length > 0) {
    throw new OutputError(
      `${path} holds fits to the measurement that --force would replace (${fits.join(', ')}): move or delete them first, or choose another output folder.`,
    );
  }
  const arrays = [...quantities, perRepeat].map(({ name }) => `${name}.npy`);
  for (const name of [...arrays, tableName, ...partialsIn(path), MANIFEST_NAME]) {
    attempt(join(path, name), () => {
      rmSync(join(path, `${name}.tmp`), { force: true });
      rmSync(join(path, name), { force: true });
    });
  }
}
