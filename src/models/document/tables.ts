/**
 * Arrays that a network file keeps in files beside it: events, edges, sampled courses, initial values.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '../../errors.ts';
import { parseCsv, type Table } from './csv.ts';
import type { Path, Problems } from './problems.ts';

/** What `readNpy` of `io/npy.ts` gives: this folder knows no file formats but text, so the reader is handed in. */
export interface NpyArray {
  shape: readonly number[];
  data: ArrayLike<number | bigint>;
}

/**
 * The named columns of a file, or undefined where that is not possible and the problem was noted.
 *
 * @param reference path as the network file gives it
 * @param names what the columns are called, in the order wanted
 * @param path the field that refers to the file
 */
export type ReadColumns = (
  reference: string,
  names: readonly string[],
  path: Path,
) => readonly Float64Array[] | undefined;

/** A reader of files relative to `folder`. */
export function columnReader(
  folder: string,
  problems: Problems,
  readNpy: ((path: string) => NpyArray) | undefined,
): ReadColumns {
  return (reference, names, path) => {
    try {
      const table = readTable(resolve(folder, reference), reference, readNpy);
      return pickColumns(table, names, reference);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.add(path, `names a file that cannot be used: ${error.message.replace(/\.$/, '')}`);
      return undefined;
    }
  };
}

function readTable(path: string, reference: string, readNpy?: (path: string) => NpyArray): Table {
  if (/\.npy$/i.test(path)) {
    if (!readNpy)
      throw new InputError(`${reference} needs a reader for .npy files; pass the option readNpy.`);
    return npyTable(readNpy(path), reference);
  }
  if (!/\.(csv|tsv|txt)$/i.test(path)) {
    throw new InputError(`${reference} is neither a .csv nor a .npy file; convert it to one of the two.`);
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
  if (columns.some((values) => values.some((value) => !Number.isFinite(value)))) {
    throw new InputError(`${reference} has values that are NaN or infinite; replace them by numbers.`);
  }
  return { names: undefined, columns };
}

function pickColumns(table: Table, names: readonly string[], reference: string): readonly Float64Array[] {
  const { names: header, columns } = table;
  if (columns.length === 1 && names.length === 1) return columns;
  if (!header) {
    if (columns.length === names.length) return columns;
    throw new InputError(
      `${reference} has ${columns.length} columns; give it ${names.length}, ${names.join(' and ')}.`,
    );
  }
  return names.map((name) => {
    const column = columns[header.indexOf(name)];
    if (column) return column;
    throw new InputError(`${reference} has no column ${name} but ${header.join(', ')}; rename its columns.`);
  });
}
