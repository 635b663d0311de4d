/** A MATLAB file of any version from 5 on: 5 to 7 are a format of their own, 7.3 is HDF5. */
import { readHdf5 } from './hdf5.ts';
import { decodeMatV5, type MatValue } from './mat-v5.ts';
import type { NumericArray } from './numeric-array.ts';
import { readBytes } from './read-bytes.ts';

/**
 * Variables by name. Of version 7.3 come numbers and structs of them (texts as numbers, cells not at all); the others are whole.
 * Throws InputError for a file that is missing, damaged or no MATLAB file.
 */
export async function readMat(path: string): Promise<Map<string, MatValue>> {
  const bytes = readBytes(path);
  if (!isHdf5(bytes)) return decodeMatV5(bytes, path);
  const values = new Map<string, MatValue>();
  for (const [name, array] of (await readHdf5(path)).arrays) {
    const parts = name.split('/').slice(1);
    // What MATLAB keeps beside the variables: targets of references.
    if (!parts[0]!.startsWith('#')) put(values, parts, turned(array));
  }
  return values;
}

/** MATLAB writes a head of its own before the HDF5 file; other programs may not. */
function isHdf5(bytes: Uint8Array): boolean {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 10));
  return start.startsWith('MATLAB 7.3') || start.startsWith('\x89HDF');
}

function put(values: Map<string, MatValue>, [name, ...rest]: string[], array: NumericArray): void {
  if (rest.length === 0) {
    values.set(name!, { kind: 'numbers', ...array });
    return;
  }
  let struct = values.get(name!);
  if (struct?.kind !== 'struct') {
    struct = { kind: 'struct', shape: [1, 1], elements: [new Map()] };
    values.set(name!, struct);
  }
  put(struct.elements[0]!, rest, array);
}

/** MATLAB's first index runs fastest, so HDF5 sees its arrays with the indices in reverse. */
function turned({ shape, data }: NumericArray): NumericArray {
  const sizes = [...shape].reverse();
  const result = new Float64Array(data.length);
  const index = sizes.map(() => 0);
  const strides = sizes.map((_, axis) => sizes.slice(0, axis).reduce((product, size) => product * size, 1));
  for (let target = 0; target < data.length; target++) {
    result[target] = data[index.reduce((sum, at, axis) => sum + at * strides[axis]!, 0)]!;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      index[axis]! += 1;
      if (index[axis]! < sizes[axis]!) break;
      index[axis] = 0;
    }
  }
  return { shape: sizes, data: result };
}
