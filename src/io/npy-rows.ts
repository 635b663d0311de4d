/**
 * An array of a .npy file read row by row, for arrays over time that need not fit in memory: what a row means is the
 * caller's. All of it is looked through once when it is opened, so that nothing wrong with it is found in the middle of a run.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { InputError } from '../errors.ts';
import {
  bytesPerElement,
  type Dtype,
  elementCount,
  headerExtent,
  PREFIX_LENGTH,
  parseHeader,
  viewAs,
} from './npy-header.ts';
import { asDoubles } from './numeric-array.ts';

export interface NpyRows {
  rows: number;
  columns: number;
  /** The least and the greatest value. */
  least: number;
  greatest: number;
  dtype: Dtype;
  /** Of the elements as they stand in the file. */
  sha256: string;
  /** Values of a row, good until the next one is read. Throws InputError where the file has changed. */
  row(index: number): Float64Array;
}

/** Bytes that are read and kept at a time, or one row where that is longer. */
const BLOCK = 2 ** 20;
/** Largest number in single precision, which devices compute in. */
const LARGEST = 3.4028234663852886e38;

/**
 * Opens a matrix (C order; f4, f8 or any kind of whole numbers). Throws InputError for a file that is none, or with a value that is
 * not finite, beyond single precision, or below `least`, which it names by row and column.
 */
export function openNpyRows(path: string, { least = -LARGEST }: { least?: number } = {}): NpyRows {
  const fail = (message: string): never => {
    throw new InputError(message, { at: { file: path } });
  };
  const descriptor = open(path);
  try {
    const stat = fstatSync(descriptor);
    const { dtype, rows, columns, start } = readHead(descriptor, stat.size, fail);
    const reader = new BlockReader(path, {
      dtype,
      rows,
      columns,
      start,
      size: stat.size,
      changed: stat.mtimeMs,
    });
    const hash = createHash('sha256');
    const range = { least: Number.POSITIVE_INFINITY, greatest: Number.NEGATIVE_INFINITY };
    for (let first = 0; first < rows; first += reader.rowsOfBlock) {
      const bytes = reader.read(descriptor, first);
      hash.update(bytes);
      reader.values.forEach((value, at) => {
        if (!(value >= least && value <= LARGEST)) {
          const place = `row ${first + Math.floor(at / columns)}, column ${at % columns}, both counted from 0`;
          const needed = least > -LARGEST ? `give numbers of at least ${least}` : 'give finite numbers';
          fail(`it has ${value} in ${place}; ${needed}, of at most 3.4e38`);
        }
        if (value < range.least) range.least = value;
        if (value > range.greatest) range.greatest = value;
      });
    }
    return { rows, columns, ...range, dtype, sha256: hash.digest('hex'), row: (index) => reader.row(index) };
  } catch (error) {
    if (error instanceof InputError) throw error;
    return fail(`the file could not be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  } finally {
    closeSync(descriptor);
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const why = code === 'ENOENT' ? 'there is no such file' : `the file could not be opened (${code})`;
    throw new InputError(`${why}; check the path`, { at: { file: path } });
  }
}

function readHead(descriptor: number, size: number, fail: (message: string) => never) {
  const prefix = new Uint8Array(Math.min(PREFIX_LENGTH, size));
  readSync(descriptor, prefix, 0, prefix.length, 0);
  const extent = headerExtent(prefix);
  if (typeof extent === 'string') return fail(extent);
  if (extent.end > size) return fail('the file ends within its header; copy or save it again');
  const text = new Uint8Array(extent.end - extent.start);
  readSync(descriptor, text, 0, text.length, extent.start);
  const header = parseHeader(new TextDecoder(extent.utf8 ? 'utf-8' : 'latin1').decode(text));
  if (typeof header === 'string') return fail(header);
  const { dtype, shape } = header;
  const [rows = 0, columns = 0] = shape;
  if (shape.length !== 2 || rows === 0 || columns === 0)
    return fail(
      `the array has the shape (${shape.join(', ')}); save one with a row for each sample of time and a column for each neuron`,
    );
  // Rows of such a file lie scattered over all of it.
  if (header.fortranOrder && rows > 1 && columns > 1)
    return fail('the array is in Fortran order; save it with numpy.ascontiguousarray');
  const wanted = elementCount(shape) * bytesPerElement(dtype);
  if (wanted !== size - extent.end)
    return fail(
      `shape (${shape.join(', ')}) of ${dtype} needs ${wanted} bytes of data and ${size - extent.end} are there; copy or save it again`,
    );
  return { dtype, rows, columns, start: extent.end };
}

interface Matrix {
  dtype: Dtype;
  rows: number;
  columns: number;
  /** Byte of the first element. */
  start: number;
  /** Of the file, to know it again. */
  size: number;
  changed: number;
}

class BlockReader {
  readonly rowsOfBlock: number;
  /** Of the block that was read. */
  values: Float64Array = new Float64Array();
  private readonly path: string;
  private readonly matrix: Matrix;
  private first = Number.NaN;

  constructor(path: string, matrix: Matrix) {
    this.path = path;
    this.matrix = matrix;
    this.rowsOfBlock = Math.max(1, Math.floor(BLOCK / (matrix.columns * bytesPerElement(matrix.dtype))));
  }

  /** Reads the block that begins with a row, and gives its bytes. */
  read(descriptor: number, first: number): Uint8Array {
    const { rows, columns, start, dtype } = this.matrix;
    const rowBytes = columns * bytesPerElement(dtype);
    const bytes = new Uint8Array(Math.min(this.rowsOfBlock, rows - first) * rowBytes);
    for (let done = 0; done < bytes.length; ) {
      const taken = readSync(descriptor, bytes, done, bytes.length - done, start + first * rowBytes + done);
      if (taken === 0)
        throw new InputError('the file became shorter while it was read', { at: { file: this.path } });
      done += taken;
    }
    this.values = asDoubles(viewAs(dtype, bytes.buffer));
    this.first = first;
    return bytes;
  }

  row(index: number): Float64Array {
    const { columns, size, changed } = this.matrix;
    if (!(index >= this.first && index < this.first + this.rowsOfBlock)) {
      const descriptor = open(this.path);
      try {
        const stat = fstatSync(descriptor);
        if (stat.size !== size || stat.mtimeMs !== changed)
          throw new InputError('the file has changed since the run began; run again', {
            at: { file: this.path },
          });
        this.read(descriptor, Math.floor(index / this.rowsOfBlock) * this.rowsOfBlock);
      } finally {
        closeSync(descriptor);
      }
    }
    const from = (index - this.first) * columns;
    return this.values.subarray(from, from + columns);
  }
}
