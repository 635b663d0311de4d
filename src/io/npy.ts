/**
 * Whole arrays in NumPy's .npy format, in and out. Arrays that grow while a simulation runs are written by
 * `NpyWriter` instead. Data is little-endian, as is every machine that Node runs WebGPU on.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { InputError } from '../errors.ts';
import {
  type ArrayOf,
  bytesPerElement,
  type Dtype,
  dtypeOf,
  elementCount,
  encodeHeader,
  headerExtent,
  type NpyData,
  PREFIX_LENGTH,
  parseHeader,
  viewAs,
} from './npy-header.ts';
import { type OpenOutput, openOutput, replaceWhole } from './output-file.ts';

export interface NpyArray<D extends Dtype = Dtype> {
  /** Sizes, slowest index first; `[]` for a single number. */
  shape: number[];
  dtype: D;
  /** The elements in C order (last index runs fastest), whatever the order in the file. */
  data: ArrayOf<D>;
}

/** One read call takes at most this; Linux refuses 2 GiB and more. */
const READ_CHUNK = 2 ** 30;

/**
 * Reads a .npy file, versions 1 to 3, dtypes f4 f8 i1 u1 i2 u2 i4 u4 i8 u8 b1. With `expected`, a file of another
 * dtype is an error and the result is typed. Throws InputError for a file that is missing, not .npy, truncated, or
 * whose length does not agree with its shape.
 */
export function readNpy(path: string): NpyArray;
export function readNpy<D extends Dtype>(path: string, expected: D): NpyArray<D>;
export function readNpy(path: string, expected?: Dtype): NpyArray {
  const fail = (message: string): never => {
    throw new InputError(message, { at: { file: path } });
  };
  const descriptor = openForReading(path);
  try {
    const fileBytes = fstatSync(descriptor).size;
    const prefix = new Uint8Array(Math.min(PREFIX_LENGTH, fileBytes));
    readFully(descriptor, prefix, 0);
    const extent = headerExtent(prefix);
    if (typeof extent === 'string') return fail(extent);
    if (extent.end > fileBytes) return fail('the file ends within its header; copy or save it again');
    const headerBytes = new Uint8Array(extent.end - extent.start);
    readFully(descriptor, headerBytes, extent.start);
    const header = parseHeader(new TextDecoder(extent.utf8 ? 'utf-8' : 'latin1').decode(headerBytes));
    if (typeof header === 'string') return fail(header);
    const { dtype, shape } = header;
    if (expected && dtype !== expected)
      return fail(`the array is of dtype ${dtype}, and ${expected} is needed`);

    const wanted = elementCount(shape) * bytesPerElement(dtype);
    const present = fileBytes - extent.end;
    if (wanted > present) {
      return fail(
        `the file is truncated: shape (${shape.join(', ')}) of ${dtype} needs ${wanted} bytes and ${present} are there; copy or save it again`,
      );
    }
    if (wanted < present) {
      return fail(
        `the file holds ${present} bytes of data where shape (${shape.join(', ')}) of ${dtype} needs ${wanted}, so whatever wrote it did not finish`,
      );
    }
    const buffer = allocate(wanted) ?? fail(`the array needs ${wanted} bytes of memory, more than there is`);
    readFully(descriptor, new Uint8Array(buffer), extent.end);
    const data = viewAs(dtype, buffer);
    return { shape, dtype, data: header.fortranOrder ? toCOrder(data, shape) : data };
  } catch (error) {
    if (error instanceof InputError) throw error;
    return fail(`the file could not be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Writes `data` (C order) as .npy of the given shape, `[data.length]` by default; the file appears whole or not
 * at all. Throws OutputError, and InputError where shape and data disagree.
 */
export function writeNpy(
  path: string,
  data: NpyData,
  shape: readonly number[] = [data.length],
  open: OpenOutput = openOutput,
): void {
  if (elementCount(shape) !== data.length) {
    throw new InputError(
      `The shape (${shape.join(', ')}) has ${elementCount(shape)} elements and the data for ${path} has ${data.length}; give the shape of the data.`,
    );
  }
  replaceWhole(path, open, (file) => {
    file.write(encodeHeader(dtypeOf(data), shape));
    file.write(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  });
}

function openForReading(path: string): number {
  try {
    const descriptor = openSync(path, 'r');
    if (fstatSync(descriptor).isFile()) return descriptor;
    closeSync(descriptor);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const why = code === 'ENOENT' ? 'there is no such file' : `the file could not be opened (${code})`;
    throw new InputError(`${why}; check the path`, { at: { file: path } });
  }
  throw new InputError('this is not a file; give the path of a .npy file', { at: { file: path } });
}

/** Fills `target` from `position` on. */
function readFully(descriptor: number, target: Uint8Array, position: number): void {
  for (let done = 0; done < target.length; ) {
    const taken = readSync(
      descriptor,
      target,
      done,
      Math.min(READ_CHUNK, target.length - done),
      position + done,
    );
    if (taken === 0) throw new Error('it became shorter while it was read');
    done += taken;
  }
}

function allocate(bytes: number): ArrayBuffer | undefined {
  try {
    return new ArrayBuffer(bytes);
  } catch {
    return undefined;
  }
}

/** The elements in C order of data whose first index runs fastest. */
export function toCOrder<T extends NpyData>(data: T, shape: readonly number[]): T {
  const result = data.slice() as T;
  const index = new Array<number>(shape.length).fill(0);
  const stride = shape.map((_, axis) => elementCount(shape.slice(0, axis)));
  let source = 0;
  for (let target = 0; target < data.length; target++) {
    result[target] = data[source];
    // Count up the last index first, and carry; `source` follows.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += stride[axis];
      if (++index[axis] < shape[axis]) break;
      source -= stride[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}
