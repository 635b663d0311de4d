/**
 * Arrays that a network file keeps in files beside it: events, edges, sampled courses, initial values.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '../../errors.ts';
import { parseCsv, type Table } from './csv.ts';
import type { Path, Problems } from './problems.ts';

/** What `readNpy` of `io/npy.ts` gives: this folder knows no file formats but text, so readers are handed in. */
export interface NpyArray {
  shape: readonly number[];
  data: ArrayLike<number | bigint>;
}

/** Readers of binary files, as `arrayReaders` of `io/array-readers.ts`; files of a kind without a reader are refused. */
export interface ArrayReaders {
  readNpy?: ((path: string) => NpyArray) | undefined;
  /** Arrays by name. */
  readNpz?: ((path: string) => ReadonlyMap<string, NpyArray>) | undefined;
  /** A matrix that is read row by row, every value of which is at least `least`. */
  openRows?: ((path: string, range: { least?: number }) => RowSource) | undefined;
}

/** What `openNpyRows` of `io/npy-rows.ts` gives. */
export interface RowSource {
  rows: number;
  columns: number;
  least: number;
  greatest: number;
  dtype: string;
  sha256: string;
  row(index: number): ArrayLike<number>;
}

/** The rows of a file, or undefined where that is not possible and the problem was noted. */
export type OpenRows = (reference: string, range: { least?: number }, path: Path) => RowSource | undefined;

/** A column by its name, or by any of several names of which the first is the one that messages ask for. */
export type ColumnName = string | readonly string[];

export interface Columns {
  /** In the order wanted, all of the same length. */
  columns: readonly Float64Array[];
  /** What each of them is called in the file; undefined where the file has no names. */
  names: readonly string[] | undefined;
  /** Those that may be there, undefined where they are not; without names they follow the others. */
  optional: readonly (Float64Array | undefined)[];
  /** Line of each row, in text. */
  lines?: Uint32Array;
}

/**
 * The named columns of a file, or undefined where that is not possible and the problem was noted.
 *
 * @param reference path as the network file gives it
 * @param names what the columns are called, in the order wanted
 * @param path the field that refers to the file
 * @param optional names of further columns, which are taken where the file has them
 */
export type ReadColumns = (
  reference: string,
  names: readonly ColumnName[],
  path: Path,
  optional?: readonly ColumnName[],
) => Columns | undefined;

/** An opener of files relative to `folder`. */
export function rowOpener(folder: string, problems: Problems, { openRows }: ArrayReaders): OpenRows {
  return (reference, range, path) => {
    if (!/\.npy$/i.test(reference)) {
      problems.add(
        path,
        `is ${reference}, but an array over time must be a .npy file; save it with numpy.save`,
      );
      return undefined;
    }
    if (!openRows) throw new InputError(`${reference} needs a reader of rows; pass the option openRows.`);
    try {
      return openRows(resolve(folder, reference), range);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.add(path, `names a file that cannot be used: ${error.message.replace(/\.$/, '')}`);
      return undefined;
    }
  };
}

/** A reader of files relative to `folder`. */
export function columnReader(folder: string, problems: Problems, readers: ArrayReaders): ReadColumns {
  return (reference, names, path, optional = []) => {
    try {
      const table = readTable(resolve(folder, reference), reference, readers);
      return pickColumns(table, names, optional, reference);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.add(path, `names a file that cannot be used: ${error.message.replace(/\.$/, '')}`);
      return undefined;
    }
  };
}

function readTable(path: string, reference: string, { readNpy, readNpz }: ArrayReaders): Table {
  if (/\.npy$/i.test(path)) {
    if (!readNpy)
      throw new InputError(`${reference} needs a reader for .npy files; pass the option readNpy.`);
    return npyTable(readNpy(path), reference);
  }
  if (/\.npz$/i.test(path)) {
    if (!readNpz)
      throw new InputError(`${reference} needs a reader for .npz files; pass the option readNpz.`);
    return npzTable(readNpz(path), reference);
  }
  if (!/\.(csv|tsv|txt)$/i.test(path)) {
    throw new InputError(`${reference} is no .csv, .npy or .npz file; convert it to one of the three.`);
  }
  return parseCsv(readText(path, reference), reference);
}

function readText(path: string, reference: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const cause = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new InputError(`${reference} ${cause}; its path is taken from the folder of the network file.`);
  }
}

/** Rows of a one- or two-dimensional array in C order become lines of a table. */
function npyTable({ shape, data }: NpyArray, reference: string): Table {
  const [rows = 0, width = 1] = shape;
  if (shape.length < 1 || shape.length > 2 || rows * width !== data.length || data.length === 0) {
    throw new InputError(
      `${reference} has the shape (${shape.join(', ')}); save an array with one row per entry and one or two columns.`,
    );
  }
  const columns = Array.from({ length: width }, (_, column) =>
    Float64Array.from({ length: rows }, (_, row) => Number(data[row * width + column])),
  );
  refuseNonFinite(columns, reference);
  return { names: undefined, columns };
}

/** Each array of an archive is a column; which of them must be of one length is known when they are picked. */
function npzTable(arrays: ReadonlyMap<string, NpyArray>, reference: string): Table {
  const names = [...arrays.keys()];
  if (names.length === 0)
    throw new InputError(`${reference} holds no array of numbers; save it with numpy.savez.`);
  return { names, columns: [...arrays.values()].map(({ data }) => Float64Array.from(data, Number)) };
}

function refuseNonFinite(columns: readonly Float64Array[], reference: string): void {
  if (columns.every((values) => values.every(Number.isFinite))) return;
  throw new InputError(`${reference} has values that are NaN or infinite; replace them by numbers.`);
}

function pickColumns(
  table: Table,
  wanted: readonly ColumnName[],
  optional: readonly ColumnName[],
  reference: string,
): Columns {
  const { names: header, columns, lines } = table;
  const rest = lines ? { lines } : {};
  const first = (name: ColumnName) => (typeof name === 'string' ? name : name[0]!);
  const none = optional.map(() => undefined);
  if (columns.length === 1 && wanted.length === 1) return { columns, names: header, optional: none, ...rest };
  if (!header) {
    const more = columns.length - wanted.length;
    if (more >= 0 && more <= optional.length)
      return {
        columns: columns.slice(0, wanted.length),
        names: undefined,
        optional: optional.map((_, place) => columns[wanted.length + place]),
        ...rest,
      };
    const further = optional.length > 0 ? `, or also ${optional.map(first).join(' and ')}` : '';
    throw new InputError(
      `${reference} has ${columns.length} columns; give it ${wanted.length}, ${wanted.map(first).join(' and ')}${further}.`,
    );
  }
  const placeOf = (name: ColumnName) => {
    const known = typeof name === 'string' ? [name] : name;
    return header.findIndex((each) => known.includes(each));
  };
  const places = wanted.map((name) => {
    const place = placeOf(name);
    if (place >= 0) return place;
    throw new InputError(
      `${reference} has no column ${first(name)} but ${header.join(', ')}; rename its columns.`,
    );
  });
  const further = optional.map(placeOf);
  const all = [...places, ...further.filter((place) => place >= 0)];
  const picked = all.map((place) => columns[place]!);
  const names = all.map((place) => header[place]!);
  const odd = picked.findIndex((column) => column.length !== picked[0]!.length);
  if (odd > 0)
    throw new InputError(
      `${reference} has ${picked[0]!.length} values of ${names[0]} and ${picked[odd]!.length} of ${names[odd]}; give as many of each.`,
    );
  refuseNonFinite(picked, reference);
  return {
    columns: picked.slice(0, places.length),
    names: names.slice(0, places.length),
    optional: further.map((place) => columns[place]),
    ...rest,
  };
}
