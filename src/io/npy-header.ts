/**
 * The header of NumPy's .npy format (numpy.lib.format, versions 1.0 to 3.0): a magic string, a version, a length
 * and a Python dictionary with dtype, order and shape. Kept apart from reading and writing data so that both
 * sides, and their tests, speak of one thing.
 */

/** NumPy's name of an element type without byte order; `b1` (bool) is held in a Uint8Array of 0 and 1. */
export type Dtype = keyof ArrayTypes;

const ARRAY_OF_DTYPE = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  i8: BigInt64Array,
  u8: BigUint64Array,
  b1: Uint8Array,
} as const;

export interface ArrayTypes {
  f4: Float32Array;
  f8: Float64Array;
  i1: Int8Array;
  u1: Uint8Array;
  i2: Int16Array;
  u2: Uint16Array;
  i4: Int32Array;
  u4: Uint32Array;
  i8: BigInt64Array;
  u8: BigUint64Array;
  b1: Uint8Array;
}

/** The typed array that holds elements of dtype D. */
export type ArrayOf<D extends Dtype> = ArrayTypes[D];
export type NpyData = ArrayOf<Dtype>;

export interface NpyHeader {
  dtype: Dtype;
  shape: number[];
  /** Whether the first index runs fastest. */
  fortranOrder: boolean;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const ALIGNMENT = 64;
/** Digits kept free for a first dimension that is known only at the end: any count below 2^53 fits. */
const DIMENSION_DIGITS = 16;

export function bytesPerElement(dtype: Dtype): number {
  return ARRAY_OF_DTYPE[dtype].BYTES_PER_ELEMENT;
}

/** A typed array of `dtype` that views the whole of `buffer`. */
export function viewAs<D extends Dtype>(dtype: D, buffer: ArrayBuffer): ArrayOf<D> {
  return new ARRAY_OF_DTYPE[dtype](buffer) as NpyData as ArrayOf<D>;
}

/** The dtype under which a typed array is saved. */
export function dtypeOf(data: NpyData): Dtype {
  const found = (Object.keys(ARRAY_OF_DTYPE) as Dtype[]).find((dtype) => matches(data, dtype));
  if (!found) throw new TypeError(`no .npy dtype for ${data.constructor.name}`);
  return found;
}

/** Whether `data` is the kind of typed array that holds `dtype`. */
export function matches(data: NpyData, dtype: Dtype): boolean {
  return data instanceof ARRAY_OF_DTYPE[dtype];
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * The bytes of a version 1.0 header in C order, padded so that data starts at a multiple of 64. Its length depends
 * on the dtype and on `shape` after the first dimension only, so a later header for more rows fits in its place.
 */
export function encodeHeader(dtype: Dtype, shape: readonly number[]): Uint8Array {
  const order = bytesPerElement(dtype) === 1 ? '|' : '<';
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${order}${dtype}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const reserve = shape.length > 0 ? DIMENSION_DIGITS - String(shape[0]).length : 0;
  const total = Math.ceil((MAGIC.length + 4 + text.length + reserve + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(total).fill(0x20);
  bytes.set(MAGIC);
  bytes.set([1, 0], MAGIC.length);
  new DataView(bytes.buffer).setUint16(MAGIC.length + 2, total - MAGIC.length - 4, true);
  bytes.set(new TextEncoder().encode(text), MAGIC.length + 4);
  bytes[total - 1] = 0x0a;
  return bytes;
}

/** Bytes at the start of a file that `headerExtent` needs. */
export const PREFIX_LENGTH = 12;

/**
 * Where the dictionary of a file that starts with `prefix` stands; a string says why the file is not .npy.
 */
export function headerExtent(prefix: Uint8Array): { start: number; end: number; utf8: boolean } | string {
  if (prefix.length < 10 || MAGIC.some((byte, i) => prefix[i] !== byte)) {
    return 'this is not a .npy file; save the array with numpy.save';
  }
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.length);
  const version = view.getUint8(6);
  if (version === 1) return { start: 10, end: 10 + view.getUint16(8, true), utf8: false };
  if (version !== 2 && version !== 3) {
    return `this is version ${version} of the .npy format, and only versions 1 to 3 are known`;
  }
  if (prefix.length < 12) return 'the file ends within its header; copy or save it again';
  return { start: 12, end: 12 + view.getUint32(8, true), utf8: version === 3 };
}

/** Reads the dictionary; a string says what is wrong with it. */
export function parseHeader(text: string): NpyHeader | string {
  const descr = /'descr'\s*:\s*(?:'([^']*)'|"([^"]*)")/.exec(text);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text);
  const shape = /'shape'\s*:\s*\(([^()]*)\)/.exec(text);
  if (!descr && /'descr'\s*:\s*\[/.test(text)) {
    return 'the array has named fields, which Spikefield does not read; save one field at a time';
  }
  if (!descr || !order || !shape) {
    return 'the header has no dtype, order or shape that can be read; save the array again with numpy.save';
  }
  const dtype = parseDtype(descr[1] ?? descr[2]);
  if (!isDtype(dtype)) return dtype;
  const parts = shape[1].split(',').map((part) => part.trim());
  if (parts.at(-1) === '') parts.pop();
  // NumPy under Python 2 wrote long integers as 10L.
  if (!parts.every((part) => /^\d+L?$/.test(part))) return `the shape (${shape[1]}) is not a list of sizes`;
  return {
    dtype,
    shape: parts.map((part) => Number.parseInt(part, 10)),
    fortranOrder: order[1] === 'True',
  };
}

function parseDtype(descr: string): string {
  const [, order, kind] = /^([<>|=]?)(.*)$/.exec(descr) ?? ['', '', descr];
  if (!isDtype(kind)) {
    const known = Object.keys(ARRAY_OF_DTYPE).join(', ');
    return `its dtype "${descr}" is not one that Spikefield reads; save it as one of ${known}`;
  }
  if (order === '>' && bytesPerElement(kind) > 1) {
    return `its dtype "${descr}" is big-endian; save it with astype('<${kind}')`;
  }
  return kind;
}

function isDtype(name: string): name is Dtype {
  return Object.hasOwn(ARRAY_OF_DTYPE, name);
}
