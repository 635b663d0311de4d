/** MATLAB files of version 7.3 for tests, as MATLAB lays them out: HDF5 behind a head of 512 bytes, arrays with their indices in reverse. */
import { readFileSync, writeFileSync } from 'node:fs';

/** A matrix `[row, column]`, rows one after another. */
export interface Matrix {
  shape: readonly [rows: number, columns: number];
  data: ArrayLike<number>;
}

/**
 * Writes a struct; an array of structs where there are several.
 * @param elements fields of each, the same in all
 */
export async function writeMat73(
  path: string,
  name: string,
  elements: readonly Readonly<Record<string, Matrix>>[],
): Promise<void> {
  const { File, ready } = await import('h5wasm/node');
  await ready;
  const file = new File(path, 'w');
  const group = file.create_group(name);
  const put = (into: typeof group, field: string, { shape: [rows, columns], data }: Matrix) => {
    const turned = Float64Array.from(data, (_, k) => data[(k % rows) * columns + Math.floor(k / rows)]!);
    const dataset = into.create_dataset({ name: field, data: turned, shape: [columns, rows] });
    dataset.create_attribute('MATLAB_class', 'double');
    return dataset;
  };
  if (elements.length === 1)
    for (const [field, matrix] of Object.entries(elements[0]!)) put(group, field, matrix);
  else {
    const kept = file.create_group('#refs#');
    for (const field of Object.keys(elements[0]!)) {
      const references = elements.map((fields, k) =>
        put(kept, `${field}${k}`, fields[field]!).create_reference(),
      );
      group.create_dataset({ name: field, data: references, shape: [references.length, 1] });
    }
  }
  file.close();
  const head = Buffer.alloc(512);
  head.write(
    'MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Mon Nov 23 2026 HDF5 schema 1.00 .'.padEnd(116),
  );
  head.writeUInt16LE(0x0200, 124);
  head.write('IM', 126);
  writeFileSync(path, Buffer.concat([head, readFileSync(path)]));
}
