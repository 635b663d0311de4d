/** Matrices read row by row, against the same file read whole. */

import { createHash } from 'node:crypto';
import { readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readNpy, writeNpy } from '../../src/io/npy.ts';
import type { NpyData } from '../../src/io/npy-header.ts';
import { openNpyRows } from '../../src/io/npy-rows.ts';
import { ownFolder } from '../own-folder.ts';

const folder = ownFolder();
const path = (name: string) => join(folder, name);

function matrix(name: string, data: NpyData, shape: readonly number[]): string {
  writeNpy(path(name), data, shape);
  return path(name);
}

describe('rows', () => {
  // A block holds 2^20 bytes: many rows, one row and a bit, or less than one.
  test.each([
    [1000, 300, Float64Array],
    [7, 100_000, Float64Array],
    [3, 200_000, Float64Array],
    [9, 1, Float32Array],
    [50, 40, Int16Array],
  ] as const)('of a matrix %i x %i', (rows, columns, Type) => {
    const values = Array.from({ length: rows * columns }, (_, k) => ((k * 37) % 1009) - 500);
    const data = new Type(values);
    const file = matrix('a.npy', data, [rows, columns]);
    const found = openNpyRows(file);
    const whole = readNpy(file).data;
    expect([found.rows, found.columns, found.dtype]).toEqual([rows, columns, readNpy(file).dtype]);
    expect(found.least).toBe(values.reduce((a, b) => Math.min(a, b), 1e9));
    expect(found.greatest).toBe(values.reduce((a, b) => Math.max(a, b), -1e9));
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    expect(found.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    // In order, as an engine asks, and then back.
    for (const row of [...Array(rows).keys(), 0, rows - 1, 1 % rows]) {
      const expected = Array.from(whole.subarray(row * columns, (row + 1) * columns), Number);
      expect(Array.from(found.row(row))).toEqual(expected);
    }
  });

  test('of 64-bit whole numbers', () => {
    const found = openNpyRows(matrix('b.npy', BigInt64Array.of(1n, -2n, 3n, 4n), [2, 2]));
    expect([...found.row(0), ...found.row(1)]).toEqual([1, -2, 3, 4]);
  });
});

describe('what cannot be used is refused', () => {
  const good = Float64Array.of(1, 2, 3, 4, 5, 6);
  const bad = (at: number, value: number) => good.with(at, value);
  test.each([
    [
      'a vector',
      good,
      [6],
      'has the shape (6); save one with a row for each sample of time and a column for each neuron',
    ],
    ['a cube', good, [1, 2, 3], 'has the shape (1, 2, 3)'],
    ['nothing', new Float64Array(), [0, 3], 'has the shape (0, 3)'],
    [
      'NaN',
      bad(4, Number.NaN),
      [2, 3],
      'it has NaN in row 1, column 1, both counted from 0; give finite numbers',
    ],
    ['infinity', bad(0, Number.POSITIVE_INFINITY), [2, 3], 'it has Infinity in row 0, column 0'],
    ['beyond single precision', bad(5, 1e39), [2, 3], 'it has 1e+39 in row 1, column 2'],
    [
      'one below the least',
      bad(3, -0.5),
      [2, 3],
      'it has -0.5 in row 1, column 0, both counted from 0; give numbers of at least 0',
    ],
  ] as const)('%s', (_, data, shape, message) => {
    const file = matrix('bad.npy', data, shape);
    const least = message.includes('at least') ? { least: 0 } : {};
    expect(() => openNpyRows(file, least)).toThrow(message);
  });

  test('a bad value far behind the first block', () => {
    const data = new Float32Array(3_000_000);
    data[2_500_017] = Number.NaN;
    expect(() => openNpyRows(matrix('far.npy', data, [3000, 1000]))).toThrow('row 2500, column 17');
  });

  test('Fortran order, a text, a short file, none', () => {
    const file = matrix('f.npy', good, [2, 3]);
    const bytes = Buffer.from(
      readFileSync(file).toString('latin1').replace("'fortran_order': False", "'fortran_order': True "),
      'latin1',
    );
    writeFileSync(file, bytes);
    expect(() => openNpyRows(file)).toThrow('is in Fortran order; save it with numpy.ascontiguousarray');
    writeFileSync(path('t.npy'), 'rates');
    expect(() => openNpyRows(path('t.npy'))).toThrow('this is not a .npy file');
    truncateSync(matrix('s.npy', good, [2, 3]), statSync(path('s.npy')).size - 8);
    expect(() => openNpyRows(path('s.npy'))).toThrow('needs 48 bytes of data and 40 are there');
    expect(() => openNpyRows(path('absent.npy'))).toThrow('there is no such file');
  });

  test('a file that changes after it was opened', () => {
    const file = matrix('c.npy', new Float64Array(400_000), [4, 100_000]);
    const found = openNpyRows(file);
    expect(found.row(0).length).toBe(100_000);
    utimesSync(file, new Date(0), new Date(0));
    expect(() => found.row(3)).toThrow('the file has changed since the run began; run again');
  });
});
