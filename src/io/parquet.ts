/**
 * Tables of numbers as Apache Parquet: columns of doubles, plainly encoded, not compressed, in one row group. The footer is written in
 * Thrift's compact protocol, as parquet.thrift of the format's specification has it.
 */
import { InputError } from '../errors.ts';
import { type OpenOutput, openOutput, replaceWhole } from './output-file.ts';

const MAGIC = new TextEncoder().encode('PAR1');
/** Types of Thrift's compact protocol. */
const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;
/** parquet.thrift: Type.DOUBLE, Encoding.PLAIN and RLE, FieldRepetitionType.REQUIRED, PageType.DATA_PAGE. */
const DOUBLE = 5;
const [PLAIN, RLE] = [0, 3];

/** Throws InputError where columns differ in length, OutputError where the file cannot be written. */
export function writeParquet(
  path: string,
  columns: Readonly<Record<string, ArrayLike<number>>>,
  open: OpenOutput = openOutput,
): void {
  const names = Object.keys(columns);
  const rows = columns[names[0] ?? '']?.length ?? 0;
  if (names.some((name) => columns[name]!.length !== rows))
    throw new InputError('columns of a table need equally many numbers; give each as many');
  replaceWhole(path, open, (file) => {
    file.write(MAGIC);
    const chunks = names.map((name) => {
      const bytes = new Uint8Array(Float64Array.from(columns[name]!).buffer);
      const offset = file.written;
      file.write(pageHeader(rows, bytes.length));
      file.write(bytes);
      return { name, offset, size: file.written - offset };
    });
    const footer = fileMetaData(chunks, rows);
    file.write(footer);
    const end = new Uint8Array(8);
    new DataView(end.buffer).setUint32(0, footer.length, true);
    end.set(MAGIC, 4);
    file.write(end);
  });
}

function pageHeader(rows: number, size: number): Uint8Array {
  const data = struct([
    [1, I32, varint(zigzag(rows))],
    [2, I32, varint(zigzag(PLAIN))],
    [3, I32, varint(zigzag(RLE))],
    [4, I32, varint(zigzag(RLE))],
  ]);
  return Uint8Array.from(
    struct([
      [1, I32, varint(zigzag(0))],
      [2, I32, varint(zigzag(size))],
      [3, I32, varint(zigzag(size))],
      [5, STRUCT, data],
    ]),
  );
}

function fileMetaData(chunks: { name: string; offset: number; size: number }[], rows: number): Uint8Array {
  const root = struct([
    [4, BINARY, text('schema')],
    [5, I32, varint(zigzag(chunks.length))],
  ]);
  const leaves = chunks.map(({ name }) =>
    struct([
      [1, I32, varint(zigzag(DOUBLE))],
      [3, I32, varint(zigzag(0))],
      [4, BINARY, text(name)],
    ]),
  );
  const columns = chunks.map(({ name, offset, size }) =>
    struct([
      [2, I64, varint(zigzag(offset))],
      [
        3,
        STRUCT,
        struct([
          [1, I32, varint(zigzag(DOUBLE))],
          [2, LIST, list(I32, [varint(zigzag(PLAIN)), varint(zigzag(RLE))])],
          [3, LIST, list(BINARY, [text(name)])],
          [4, I32, varint(zigzag(0))],
          [5, I64, varint(zigzag(rows))],
          [6, I64, varint(zigzag(size))],
          [7, I64, varint(zigzag(size))],
          [9, I64, varint(zigzag(offset))],
        ]),
      ],
    ]),
  );
  const group = struct([
    [1, LIST, list(STRUCT, columns)],
    [2, I64, varint(zigzag(chunks.reduce((sum, { size }) => sum + size, 0)))],
    [3, I64, varint(zigzag(rows))],
  ]);
  return Uint8Array.from(
    struct([
      [1, I32, varint(zigzag(1))],
      [2, LIST, list(STRUCT, [root, ...leaves])],
      [3, I64, varint(zigzag(rows))],
      [4, LIST, list(STRUCT, [group])],
      [6, BINARY, text('spikefield')],
    ]),
  );
}

/** Fields in ascending order; each says how far its number is from the one before. */
function struct(fields: [id: number, type: number, bytes: number[]][]): number[] {
  const bytes: number[] = [];
  let before = 0;
  for (const [id, type, content] of fields) {
    bytes.push(((id - before) << 4) | type, ...content);
    before = id;
  }
  return [...bytes, 0];
}

function list(type: number, items: number[][]): number[] {
  const head = items.length < 15 ? [(items.length << 4) | type] : [0xf0 | type, ...varint(items.length)];
  return [...head, ...items.flat()];
}

function text(value: string): number[] {
  const bytes = new TextEncoder().encode(value);
  return [...varint(bytes.length), ...bytes];
}

/** Numbers here are never negative. */
function zigzag(value: number): number {
  return 2 * value;
}

/** Seven bits a byte, lowest first; by division, since sizes may need more than 32 bits. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  while (left >= 128) {
    bytes.push((left % 128) | 128);
    left = Math.floor(left / 128);
  }
  return [...bytes, left];
}
