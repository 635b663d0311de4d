/** Arrays by name in one .npz file, as `numpy.load` opens it. */
import { zipSync } from 'fflate';
import { InputError } from '../errors.ts';
import { dtypeOf, elementCount, encodeHeader, type NpyData } from './npy-header.ts';
import { type OpenOutput, openOutput, writeWhole } from './output-file.ts';

export interface NamedArray {
  data: NpyData;
  shape: readonly number[];
}

/** Fast and nearly as small as the best: series of floats compress little. */
const LEVEL = 1;
/** The least time that a zip archive holds, for all members: the same arrays are the same file. */
const EPOCH = new Date(1980, 0, 1);

/** Writes `<name>.npy` members, compressed, C order; the file appears whole or not at all. Throws OutputError. */
export function writeNpz(
  path: string,
  arrays: Record<string, NamedArray>,
  open: OpenOutput = openOutput,
): void {
  const members = Object.fromEntries(
    Object.entries(arrays).map(([name, { data, shape }]) => {
      if (elementCount(shape) !== data.length)
        throw new InputError(
          `${name} has ${data.length} elements, but its shape (${shape.join(', ')}) has ${elementCount(shape)}; give the shape of the data`,
        );
      const header = encodeHeader(dtypeOf(data), shape);
      const bytes = new Uint8Array(header.length + data.byteLength);
      bytes.set(header);
      bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
      return [`${name}.npy`, bytes];
    }),
  );
  writeWhole(path, zipSync(members, { level: LEVEL, mtime: EPOCH }), open);
}
