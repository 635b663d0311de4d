/** A MATLAB file of any version from 5 on: 5 to 7 are a format of their own, 7.3 is HDF5. */
import { type Hdf5Content, readHdf5 } from './hdf5.ts';
import { decodeMatV5, type MatValue } from './mat-v5.ts';
import type { NumericArray } from './numeric-array.ts';
import { readBytes } from './read-bytes.ts';

/**
 * Variables by name. Of version 7.3 come numbers, structs, arrays of structs and cells (texts as numbers); the others are whole.
 * Throws InputError for a file that is missing, damaged or no MATLAB file.
 */
export async function readMat(path: string): Promise<Map<string, MatValue>> {
  const bytes = readBytes(path);
  if (!isHdf5(bytes)) return decodeMatV5(bytes, path);
  return new Reader(await readHdf5(path)).variables();
}

/** MATLAB writes a head of its own before the HDF5 file; other programs may not. */
function isHdf5(bytes: Uint8Array): boolean {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 10));
  return start.startsWith('MATLAB 7.3') || start.startsWith('\x89HDF');
}

/** A group with its parts, or a dataset by its path. */
interface Part {
  path: string;
  parts: Map<string, Part>;
}

function tree({ arrays, references }: Hdf5Content): Part {
  const root: Part = { path: '', parts: new Map() };
  for (const path of [...arrays.keys(), ...references.keys()]) {
    let at = root;
    for (const name of path.split('/').slice(1)) {
      const part = at.parts.get(name) ?? { path: `${at.path}/${name}`, parts: new Map<string, Part>() };
      at.parts.set(name, part);
      at = part;
    }
  }
  return root;
}

/** What a part of the file holds; undefined where it is nothing that is read. */
class Reader {
  private readonly content: Hdf5Content;
  private readonly root: Part;
  /** What is being read, so that references in a circle end. */
  private readonly open = new Set<string>();

  constructor(content: Hdf5Content) {
    this.content = content;
    this.root = tree(content);
  }

  variables(): Map<string, MatValue> {
    const values = new Map<string, MatValue>();
    for (const [name, part] of this.root.parts) {
      // What MATLAB keeps beside the variables: targets of references.
      const value = name.startsWith('#') ? undefined : this.value(part);
      if (value) values.set(name, value);
    }
    return values;
  }

  private value(part: Part): MatValue | undefined {
    if (this.open.has(part.path)) return undefined;
    this.open.add(part.path);
    try {
      const array = this.content.arrays.get(part.path);
      if (array) return { kind: 'numbers', ...turned(array) };
      const cell = this.content.references.get(part.path);
      if (cell)
        return { kind: 'cell', shape: [...cell.shape].reverse(), elements: cell.targets.map(this.at) };
      return this.struct([...part.parts]);
    } finally {
      this.open.delete(part.path);
    }
  }

  private struct(fields: [name: string, part: Part][]): MatValue | undefined {
    const pointers = fields.map(([, { path }]) => this.content.references.get(path));
    const [first] = pointers;
    // Each field of an array of structs is a dataset of references to its elements; a field that is a cell says that it is one.
    if (first && pointers.every((each) => each && each.matlabClass === undefined)) {
      const element = (k: number) =>
        new Map(fields.map(([name], field) => [name, this.at(pointers[field]!.targets[k] ?? '')]));
      const elements = first.targets.map((_, k) => element(k));
      return { kind: 'struct', shape: [...first.shape].reverse(), elements };
    }
    const found = fields.flatMap(([name, each]) => {
      const value = this.value(each);
      return value ? [[name, value] as const] : [];
    });
    return found.length === 0 ? undefined : { kind: 'struct', shape: [1, 1], elements: [new Map(found)] };
  }

  /** What a reference leads to. */
  private readonly at = (target: string): MatValue => {
    let part: Part | undefined = this.root;
    for (const name of target.split('/').slice(1)) part = part?.parts.get(name);
    const value = target === '' || !part ? undefined : this.value(part);
    return value ?? { kind: 'other', what: 'a reference to nothing that is read' };
  };
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
