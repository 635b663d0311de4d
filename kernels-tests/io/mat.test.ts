/** MATLAB files of version 7.3: HDF5 behind a head of 512 bytes, with the indices in reverse. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readMat } from '../../src/io/mat.ts';
import { ownFolder } from '../own-folder.ts';
import { matFile } from './write-mat.ts';

const folder = ownFolder();

test('version 7.3: numbers in C order, structs', async () => {
  const { File, ready } = await import('h5wasm/node');
  await ready;
  const plain = join(folder, 'plain.h5');
  const file = new File(plain, 'w');
  // The matrix [[1, 2, 3], [4, 5, 6]] as MATLAB leaves it: columns one after another, sizes reversed.
  file.create_dataset({ name: 'sc', data: Float64Array.from([1, 4, 2, 5, 3, 6]), shape: [3, 2] });
  const group = file.create_group('matNL');
  group.create_dataset({ name: 'time', data: Float32Array.from([0, 1.5]), shape: [2, 1] });
  file.create_group('#refs#').create_dataset({ name: 'a', data: Float64Array.from([1]), shape: [1, 1] });
  file.close();
  const head = Buffer.alloc(512, ' ');
  head.write('MATLAB 7.3 MAT-file, Platform: test');
  const path = join(folder, 'new.mat');
  writeFileSync(path, Buffer.concat([head, readFileSync(plain)]));
  const values = await readMat(path);
  expect([...values.keys()].sort()).toEqual(['matNL', 'sc']);
  expect(values.get('sc')).toEqual({
    kind: 'numbers',
    shape: [2, 3],
    data: Float64Array.from([1, 2, 3, 4, 5, 6]),
  });
  const struct = values.get('matNL');
  expect(struct?.kind === 'struct' && struct.elements[0]!.get('time')).toEqual({
    kind: 'numbers',
    shape: [1, 2],
    data: Float64Array.from([0, 1.5]),
  });
  writeFileSync(path, Buffer.concat([head, readFileSync(plain).subarray(0, 900)]));
  await expect(readMat(path)).rejects.toThrow(/damaged or cut short/);
});

test('version 7.3: an array of structs and cells, whose elements are references', async () => {
  const { File, ready } = await import('h5wasm/node');
  await ready;
  const path = join(folder, 'references.mat');
  const file = new File(path, 'w');
  const kept = file.create_group('#refs#');
  const number = (name: string, value: number) =>
    kept.create_dataset({ name, data: Float64Array.of(value, value + 1), shape: [2, 1] }).create_reference();
  const array = file.create_group('sessions');
  array.create_dataset({ name: 'a', data: [number('b', 1), number('c', 10)], shape: [2, 1] });
  array.create_dataset({ name: 't', data: [number('d', 2), number('e', 20)], shape: [2, 1] });
  const inner = kept.create_group('f');
  inner.create_dataset({ name: 'x', data: Float64Array.of(7), shape: [1, 1] });
  const cell = file.create_dataset({ name: 'cell', data: [inner.create_reference()], shape: [1, 1] });
  cell.create_attribute('MATLAB_class', 'cell');
  // A struct, all of whose fields are cells, is no array of structs; one that holds itself ends.
  const own = file.create_group('own');
  own
    .create_dataset({ name: 'c', data: [cell.create_reference(), own.create_reference()], shape: [2, 1] })
    .create_attribute('MATLAB_class', 'cell');
  file.close();
  const values = await readMat(path);
  expect([...values.keys()].sort()).toEqual(['cell', 'own', 'sessions']);
  const pair = (value: number) => ({
    kind: 'numbers',
    shape: [1, 2],
    data: Float64Array.of(value, value + 1),
  });
  expect(values.get('sessions')).toEqual({
    kind: 'struct',
    shape: [1, 2],
    elements: [
      new Map([
        ['a', pair(1)],
        ['t', pair(2)],
      ]),
      new Map([
        ['a', pair(10)],
        ['t', pair(20)],
      ]),
    ],
  });
  const seven = { kind: 'numbers', shape: [1, 1], data: Float64Array.of(7) };
  const only = { kind: 'struct', shape: [1, 1], elements: [new Map([['x', seven]])] };
  expect(values.get('cell')).toEqual({ kind: 'cell', shape: [1, 1], elements: [only] });
  const field = values.get('own');
  expect(field?.kind === 'struct' && field.shape).toEqual([1, 1]);
  const cells = field?.kind === 'struct' ? field.elements[0]!.get('c') : undefined;
  expect(cells?.kind === 'cell' && cells.elements.map(({ kind }) => kind)).toEqual(['cell', 'other']);
});

test('older versions and missing files', async () => {
  const path = join(folder, 'old.mat');
  writeFileSync(path, matFile('sc', 2, [1, 2, 3, 4]));
  expect((await readMat(path)).get('sc')).toMatchObject({ shape: [2, 2] });
  await expect(readMat(join(folder, 'none.mat'))).rejects.toThrow(/no such file/);
});
