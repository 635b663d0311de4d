/**
 * The finished batches of a sweep, one record after another in one file. A record is on the disk before its batch counts as finished, and
 * has a checksum, so that after a crash at any moment the file holds whole records and perhaps a broken last one, which is cut off.
 *
 * A record: "SWP1", number of rows, numbers in a row, CRC-32 of what follows (uint32 each, little-endian), then the rows as float64:
 * index of the point, then its results.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { attempt } from '../io/output-file.ts';

const MAGIC = 0x31505753;
const HEAD = 16;

/** What a journal writes with; tests give another one to play a disk that fills up. */
export type WriteAt = (descriptor: number, bytes: Uint8Array, offset: number, position: number) => number;

const writeAt: WriteAt = (descriptor, bytes, offset, position) =>
  writeSync(descriptor, bytes, offset, bytes.length - offset, position);

export class Journal {
  private readonly path: string;
  private readonly descriptor: number;
  private readonly width: number;
  private readonly write: WriteAt;
  private length = 0;

  /**
   * Opens the journal at `path`, made where there is none, and hands every row that is in it to `take`.
   * @param results numbers of a row beside the index
   * @throws OutputError
   */
  constructor(
    path: string,
    results: number,
    take: (index: number, row: Float64Array) => void,
    write: WriteAt = writeAt,
  ) {
    this.path = path;
    this.width = results + 1;
    this.write = write;
    this.descriptor = attempt(path, () => openSync(path, 'a+'));
    closeSync(this.descriptor);
    this.descriptor = attempt(path, () => openSync(path, 'r+'));
    this.length = this.readAll(take);
    attempt(path, () => ftruncateSync(this.descriptor, this.length));
  }

  /**
   * Adds a batch; when this returns, it is on the disk.
   * @param rows one after another, without indices
   * @throws OutputError, after which the journal is as it was before
   */
  append(indices: ArrayLike<number>, rows: ArrayLike<number>): void {
    const results = this.width - 1;
    const bytes = new Uint8Array(HEAD + 8 * this.width * indices.length);
    const view = new DataView(bytes.buffer);
    for (let row = 0; row < indices.length; row++) {
      const at = HEAD + 8 * this.width * row;
      view.setFloat64(at, indices[row]!, true);
      for (let k = 0; k < results; k++) view.setFloat64(at + 8 * (k + 1), rows[row * results + k]!, true);
    }
    [MAGIC, indices.length, this.width, crc32(bytes.subarray(HEAD))].forEach((word, k) => {
      view.setUint32(4 * k, word, true);
    });
    attempt(this.path, () => {
      try {
        for (let done = 0; done < bytes.length; )
          done += this.write(this.descriptor, bytes, done, this.length + done);
        fsyncSync(this.descriptor);
      } catch (error) {
        ftruncateSync(this.descriptor, this.length);
        throw error;
      }
    });
    this.length += bytes.length;
  }

  close(): void {
    attempt(this.path, () => closeSync(this.descriptor));
  }

  /** Length of what is whole. */
  private readAll(take: (index: number, row: Float64Array) => void): number {
    const size = fstatSync(this.descriptor).size;
    const head = new Uint8Array(HEAD);
    const words = new DataView(head.buffer);
    let at = 0;
    while (at + HEAD <= size) {
      readSync(this.descriptor, head, 0, HEAD, at);
      const [magic, rows, width, sum] = [0, 4, 8, 12].map((offset) => words.getUint32(offset, true));
      const bytes = 8 * width! * rows!;
      if (magic !== MAGIC || width !== this.width || at + HEAD + bytes > size) break;
      const body = new Uint8Array(bytes);
      readSync(this.descriptor, body, 0, bytes, at + HEAD);
      if (crc32(body) !== sum) break;
      const numbers = new Float64Array(body.buffer);
      for (let row = 0; row < rows!; row++)
        take(numbers[row * width]!, numbers.subarray(row * width + 1, (row + 1) * width));
      at += HEAD + bytes;
    }
    return at;
  }
}
