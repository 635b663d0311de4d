/**
 * A .npy array that grows row by row while a simulation runs, in constant memory. The header is written first with
 * room for any row count and patched on closing; a file whose writer never closed says 0 rows, and `readNpy` tells.
 */
import { InputError, OutputError } from '../errors.ts';
import {
  bytesPerElement,
  type Dtype,
  elementCount,
  encodeHeader,
  matches,
  type NpyData,
} from './npy-header.ts';
import { type OpenOutput, type OutputFile, openOutput } from './output-file.ts';

/** Small appends are gathered up to this size, so that a window with ten spikes does not cost a system call. */
const BUFFER_BYTES = 256 * 1024;

export class NpyWriter {
  readonly path: string;
  readonly dtype: Dtype;
  readonly rowShape: readonly number[];
  private readonly file: OutputFile;
  private readonly headerBytes: number;
  private readonly buffer = new Uint8Array(BUFFER_BYTES);
  private buffered = 0;
  private appended = 0;
  private state: 'open' | 'failed' | 'closed' = 'open';

  private constructor(path: string, dtype: Dtype, rowShape: readonly number[], file: OutputFile) {
    this.path = path;
    this.dtype = dtype;
    this.rowShape = rowShape;
    this.file = file;
    const header = encodeHeader(dtype, [0, ...rowShape]);
    this.headerBytes = header.length;
    file.write(header);
  }

  /**
   * Creates or overwrites `path` for rows of `rowShape` elements (`[]`: one number a row, a 1-D array).
   * Throws OutputError.
   */
  static open(
    path: string,
    dtype: Dtype,
    rowShape: readonly number[] = [],
    open: OpenOutput = openOutput,
  ): NpyWriter {
    if (!rowShape.every((size) => Number.isSafeInteger(size) && size > 0)) {
      throw new InputError(`The row shape (${rowShape.join(', ')}) of ${path} must hold sizes of 1 or more.`);
    }
    const file = open(path);
    try {
      return new NpyWriter(path, dtype, rowShape, file);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Rows so far; after a failed write, those that are whole on the disk once the writer is closed. */
  get rows(): number {
    return Math.floor(this.appended / this.rowBytes);
  }

  get shape(): number[] {
    return [this.rows, ...this.rowShape];
  }

  private get rowBytes(): number {
    return elementCount(this.rowShape) * bytesPerElement(this.dtype);
  }

  /**
   * Adds whole rows in C order; `data` may be reused at once. Throws InputError where `data` is of another dtype
   * or not a whole number of rows, OutputError where the disk refuses.
   */
  append(data: NpyData): void {
    if (this.state !== 'open') throw new OutputError(`${this.path} is ${this.state} and takes no more rows.`);
    if (!matches(data, this.dtype)) {
      throw new InputError(`${this.path} holds ${this.dtype} and was given a ${data.constructor.name}.`);
    }
    if (data.byteLength % this.rowBytes !== 0) {
      throw new InputError(
        `${this.path} takes rows of ${elementCount(this.rowShape)} elements and was given ${data.length} elements.`,
      );
    }
    this.appended += data.byteLength;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (this.buffered + bytes.length > BUFFER_BYTES) this.flush();
    if (bytes.length > BUFFER_BYTES) {
      this.send(bytes);
    } else {
      this.buffer.set(bytes, this.buffered);
      this.buffered += bytes.length;
    }
  }

  /**
   * Writes what is gathered, puts the row count into the header and closes. After a failed write the file is cut
   * to its whole rows, so that numpy still opens it. May be called twice. Throws OutputError.
   */
  close(): void {
    if (this.state === 'closed') return;
    try {
      if (this.state === 'open') this.flush();
    } finally {
      if (this.failed) this.cutToWholeRows();
      this.state = 'closed';
      try {
        this.file.writeAt(encodeHeader(this.dtype, this.shape), 0);
      } finally {
        this.file.close();
      }
    }
  }

  private get failed(): boolean {
    return this.state === 'failed';
  }

  private cutToWholeRows(): void {
    const arrived = Math.max(0, this.file.written - this.headerBytes);
    this.appended = Math.floor(arrived / this.rowBytes) * this.rowBytes;
    this.file.truncate(this.headerBytes + this.appended);
  }

  private flush(): void {
    const bytes = this.buffer.subarray(0, this.buffered);
    this.buffered = 0;
    if (bytes.length > 0) this.send(bytes);
  }

  private send(bytes: Uint8Array): void {
    try {
      this.file.write(bytes);
    } catch (error) {
      this.state = 'failed';
      throw error;
    }
  }
}
