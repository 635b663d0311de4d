/**
 * MATLAB files of version 5 to 7 (MAT-File Format, The MathWorks): numbers, texts, structs and cells by name. Elements may be
 * packed by zlib; numbers may be stored in a smaller type than they have. Version 7.3 is HDF5: mat.ts reads both.
 */
import { unzlibSync } from 'fflate';
import { InputError } from '../errors.ts';
import { toCOrder } from './npy.ts';
import { elementCount } from './npy-header.ts';
import { asDoubles, type NumericArray } from './numeric-array.ts';

export type MatValue =
  | ({ kind: 'numbers' } & NumericArray)
  | { kind: 'text'; text: string }
  /** One map of fields for each element of the struct array. */
  | { kind: 'struct'; shape: number[]; elements: Map<string, MatValue>[] }
  | { kind: 'cell'; shape: number[]; elements: MatValue[] }
  /** What Spikefield does not read, in words. */
  | { kind: 'other'; what: string };

/** Types of data elements. */
const COMPRESSED = 15;
const MATRIX = 14;
const INT32 = 5;
const UINT32 = 6;
const INT8 = 1;
/** Bytes and reader of a number of each data type; texts are read as numbers too. */
const NUMBERS: Readonly<
  Record<number, [bytes: number, read: (view: DataView, at: number, little: boolean) => number]>
> = {
  1: [1, (view, at) => view.getInt8(at)],
  2: [1, (view, at) => view.getUint8(at)],
  3: [2, (view, at, little) => view.getInt16(at, little)],
  4: [2, (view, at, little) => view.getUint16(at, little)],
  5: [4, (view, at, little) => view.getInt32(at, little)],
  6: [4, (view, at, little) => view.getUint32(at, little)],
  7: [4, (view, at, little) => view.getFloat32(at, little)],
  9: [8, (view, at, little) => view.getFloat64(at, little)],
  12: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  13: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
  16: [1, (view, at) => view.getUint8(at)],
  17: [2, (view, at, little) => view.getUint16(at, little)],
  18: [4, (view, at, little) => view.getUint32(at, little)],
};

/** Array classes. */
const CELL = 1;
const STRUCT = 2;
const CHAR = 4;
const OTHER: Readonly<Record<number, string>> = {
  3: 'an object',
  5: 'a sparse matrix',
  16: 'a function handle',
  17: 'an object',
};
const COMPLEX_FLAG = 0x0800;
const HEADER_BYTES = 128;
/** Nothing that is packed may claim to be larger than this when unpacked. */
const LARGEST = 4 * 2 ** 30;

/** @param file what messages call it. Throws InputError for bytes that are no MATLAB file of version 5 to 7, or are cut short */
export function decodeMatV5(bytes: Uint8Array, file: string): Map<string, MatValue> {
  const fail: Fail = (message) => {
    throw new InputError(message, { at: { file } });
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 20));
  if (start.startsWith('MATLAB 7.3') || start.startsWith('\x89HDF'))
    return fail('this MATLAB file is of version 7.3; save it with -v7');
  if (bytes.length < HEADER_BYTES || !start.startsWith('MATLAB 5.0'))
    return fail('this is not a MATLAB file of version 5 or later; save it with -v7');
  const endian = view.getUint16(126, true);
  if (endian !== 0x4d49 && endian !== 0x494d)
    return fail('the header of this MATLAB file is damaged; save it again');
  const little = endian === 0x4d49;
  const values = new Map<string, MatValue>();
  const reader = new Reader(view, little, fail);
  for (const element of reader.elements(HEADER_BYTES, bytes.length)) {
    const [inner, matrix] = element.type === COMPRESSED ? unpacked(reader, element, fail) : [reader, element];
    if (matrix?.type !== MATRIX) continue;
    const { name, value } = inner.array(matrix);
    values.set(name, value);
  }
  return values;
}

type Fail = (message: string) => never;

interface Element {
  type: number;
  /** Of its data. */
  from: number;
  to: number;
}

/** The one element inside a packed one. */
function unpacked(reader: Reader, element: Element, fail: Fail): [Reader, Element | undefined] {
  let plain: Uint8Array;
  try {
    plain = unzlibSync(reader.bytes(element));
  } catch {
    return fail('a packed variable of this MATLAB file is damaged or cut short; save it again');
  }
  if (plain.length > LARGEST)
    return fail('a variable of this MATLAB file is larger than 4 GiB; save a smaller one');
  const inner = new Reader(new DataView(plain.buffer, plain.byteOffset, plain.length), reader.little, fail);
  return [inner, inner.elements(0, plain.length)[0]];
}

class Reader {
  private readonly view: DataView;
  readonly little: boolean;
  private readonly fail: Fail;

  constructor(view: DataView, little: boolean, fail: Fail) {
    this.view = view;
    this.little = little;
    this.fail = fail;
  }

  bytes({ from, to }: Element): Uint8Array {
    return new Uint8Array(this.view.buffer, this.view.byteOffset + from, to - from);
  }

  /** Data elements one after another. */
  elements(from: number, to: number): Element[] {
    const found: Element[] = [];
    for (let at = from; at < to; ) {
      if (at + 8 > to) return this.fail('this MATLAB file is cut short; copy or save it again');
      const tag = this.view.getUint32(at, this.little);
      // Up to four bytes of data stand in the tag itself, whose upper half then says how many.
      const small = tag >>> 16;
      const type = tag & 0xffff;
      const size = small > 0 ? small : this.view.getUint32(at + 4, this.little);
      const begin = small > 0 ? at + 4 : at + 8;
      if (small > 4 || begin + size > to)
        return this.fail(
          `this MATLAB file is cut short: a part of ${size} bytes begins ${to - begin} bytes before the end; copy or save it again`,
        );
      found.push({ type, from: begin, to: begin + size });
      // Parts begin at multiples of eight bytes, but for packed ones.
      at = small > 0 ? at + 8 : type === COMPRESSED ? begin + size : begin + Math.ceil(size / 8) * 8;
    }
    return found;
  }

  array({ from, to }: Element): { name: string; value: MatValue } {
    if (from === to) return { name: '', value: { kind: 'numbers', shape: [0, 0], data: new Float64Array() } };
    const [flags, dimensions, name, ...parts] = this.elements(from, to);
    if (!flags || !dimensions || flags.type !== UINT32 || flags.to - flags.from < 8)
      return this.fail('a variable of this MATLAB file has no kind or size; save it again');
    const word = this.view.getUint32(flags.from, this.little);
    const kind = word & 0xff;
    if (OTHER[kind] !== undefined)
      return { name: name ? this.text(name) : '', value: { kind: 'other', what: OTHER[kind] } };
    if (dimensions.type !== INT32 || !name)
      return this.fail('a variable of this MATLAB file has no size or name; save it again');
    const shape = Array.from(this.numbers(dimensions));
    return { name: this.text(name), value: this.value(kind, shape, parts, (word & COMPLEX_FLAG) !== 0) };
  }

  private value(kind: number, shape: number[], parts: Element[], isComplex: boolean): MatValue {
    const count = elementCount(shape);
    if (kind === CELL) {
      if (parts.length !== count)
        return this.fail(`a cell array of ${count} cells holds ${parts.length}; save it again`);
      return { kind: 'cell', shape, elements: parts.map((part) => this.array(part).value) };
    }
    if (kind === STRUCT) return this.struct(shape, count, parts);
    if (isComplex) return { kind: 'other', what: 'complex numbers' };
    const data = parts[0] ? this.numbers(parts[0]) : new Float64Array();
    if (kind === CHAR) return { kind: 'text', text: textOf(data) };
    if (data.length !== count)
      return this.fail(
        `a matrix of ${shape.join(' x ')} needs ${count} numbers, but ${data.length} are there; save it again`,
      );
    return { kind: 'numbers', shape, data: asDoubles(toCOrder(data, shape)) };
  }

  /** Names have one fixed length each; values follow element by element, field by field. */
  private struct(shape: number[], count: number, [length, names, ...values]: Element[]): MatValue {
    const each = length ? this.numbers(length)[0]! : 0;
    if (!names || names.type !== INT8 || !(each > 0))
      return this.fail('a struct has no names of fields; save it again');
    const fields = Array.from({ length: Math.floor((names.to - names.from) / each) }, (_, k) =>
      this.text({ ...names, from: names.from + k * each, to: names.from + (k + 1) * each }),
    );
    if (values.length !== count * fields.length)
      return this.fail(
        `a struct of ${count} elements with ${fields.length} fields holds ${values.length} values; save it again`,
      );
    const elements = Array.from(
      { length: count },
      (_, index) =>
        new Map(fields.map((field, k) => [field, this.array(values[index * fields.length + k]!).value])),
    );
    return { kind: 'struct', shape, elements };
  }

  private numbers({ type, from, to }: Element): Float64Array {
    const known = NUMBERS[type];
    if (!known)
      return this.fail(`a variable of this MATLAB file has data of the unknown type ${type}; save it again`);
    const [size, read] = known;
    return Float64Array.from({ length: Math.floor((to - from) / size) }, (_, k) =>
      read(this.view, from + k * size, this.little),
    );
  }

  /** Up to the first zero. */
  private text(element: Element): string {
    return new TextDecoder('latin1').decode(this.bytes(element)).replace(/\0.*$/s, '');
  }
}

/** Codes that are no characters are left out. */
function textOf(codes: Float64Array): string {
  return Array.from(codes, (code) =>
    Number.isInteger(code) && code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '',
  ).join('');
}
