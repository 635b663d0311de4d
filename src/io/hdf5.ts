/** Arrays and texts of an HDF5 file by their path inside it. */
import { statSync } from 'node:fs';
import type { Dataset, Group, Reference } from 'h5wasm/node';
import { InputError } from '../errors.ts';
import { elementCount } from './npy-header.ts';
import type { NumericArray } from './numeric-array.ts';

export interface Hdf5Content {
  /** By path, as `/connectivity/weights`. */
  arrays: Map<string, NumericArray>;
  texts: Map<string, string[]>;
  /** Datasets that point to other parts of the file. */
  references: Map<string, Hdf5References>;
}

export interface Hdf5References {
  shape: number[];
  /** Paths inside the file; empty where a reference leads nowhere. */
  targets: string[];
  /** What MATLAB says that the dataset is (`cell`), if anything. */
  matlabClass: string | undefined;
}

/** Throws InputError for a file that is missing, damaged or no HDF5. Datasets that are neither numbers, texts nor references are left out. */
export async function readHdf5(path: string): Promise<Hdf5Content> {
  const fail = (message: string): never => {
    throw new InputError(message, { at: { file: path } });
  };
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    return fail('there is no such file; check the path');
  // Only now: the HDF5 library takes a moment to start.
  const hdf5 = await import('h5wasm/node');
  const { activate_throwing_error_handler, deactivate_throwing_error_handler } = await hdf5.ready;
  // By default the library prints a stack of its own to the terminal.
  activate_throwing_error_handler();
  try {
    const file = new hdf5.File(path, 'r');
    try {
      const content: Hdf5Content = { arrays: new Map(), texts: new Map(), references: new Map() };
      walk(file, hdf5, content);
      return content;
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    return fail(
      'this is not an HDF5 file that can be read, or it is damaged or cut short; copy or save it again',
    );
  } finally {
    deactivate_throwing_error_handler();
  }
}

type Hdf5 = typeof import('h5wasm/node');

function walk(group: Group, hdf5: Hdf5, content: Hdf5Content): void {
  for (const name of group.keys()) {
    const entity = group.get(name);
    if (entity instanceof hdf5.Group) walk(entity, hdf5, content);
    else if (entity instanceof hdf5.Dataset) take(entity, hdf5, content);
  }
}

function take(dataset: Dataset, hdf5: Hdf5, { arrays, texts, references }: Hdf5Content): void {
  const { shape, value } = dataset;
  if (typeof value === 'string') texts.set(dataset.path, [value]);
  else if (Array.isArray(value)) {
    if (value.every((each) => typeof each === 'string')) texts.set(dataset.path, value as string[]);
    else if (value.every((each) => each instanceof hdf5.Reference)) {
      const matlabClass = dataset.attrs.MATLAB_class?.value;
      references.set(dataset.path, {
        shape: [...(shape ?? [])],
        targets: value.map((reference) => targetOf(dataset, reference as Reference)),
        matlabClass: typeof matlabClass === 'string' ? matlabClass : undefined,
      });
    }
  } else if (shape !== null) {
    const data = typeof value === 'number' ? [value] : value;
    if (!ArrayBuffer.isView(data) && !Array.isArray(data)) return;
    const numbers = Float64Array.from(data as unknown as ArrayLike<number | bigint>, Number);
    if (numbers.length === elementCount(shape))
      arrays.set(dataset.path, { shape: [...shape], data: numbers });
  }
}

/** Empty elements of a MATLAB struct or cell may be references to nothing. */
function targetOf(dataset: Dataset, reference: Reference): string {
  try {
    const target = dataset.dereference(reference);
    return target !== null && 'path' in target && typeof target.path === 'string' ? target.path : '';
  } catch {
    return '';
  }
}
