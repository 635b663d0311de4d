/** MATLAB files that scipy wrote (mat-files.json), both byte orders, and files that are cut short or changed. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { decodeMatV5, type MatValue } from '../../src/io/mat-v5.ts';
import { matFile } from './write-mat.ts';

const files = JSON.parse(readFileSync(new URL('mat-files.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;
const bytesOf = (name: string) => new Uint8Array(Buffer.from(files[name]!, 'base64'));
const read = (name: string) => decodeMatV5(bytesOf(name), `${name}.mat`);
const numbers = (value: MatValue | undefined) =>
  value?.kind === 'numbers' ? [value.shape, [...value.data]] : value;

describe('what scipy wrote', () => {
  test('numbers of every type, in C order, and texts', () => {
    const values = read('plain');
    expect(numbers(values.get('a'))).toEqual([[2, 3], [0, 1, 2, 3, 4, 5].map((value) => value / 3)]);
    expect(numbers(values.get('n'))).toEqual([
      [2, 2],
      [1, -2, 3, 400],
    ]);
    expect(numbers(values.get('u'))).toEqual([
      [1, 3],
      [1, 2, 3],
    ]);
    expect(numbers(values.get('one'))).toEqual([[1, 1], [2.5]]);
    expect(numbers(values.get('f'))).toEqual([
      [1, 2],
      [1.5, 2.5],
    ]);
    expect(values.get('text')).toEqual({ kind: 'text', text: 'hello' });
  });

  test('packed variables', () => {
    const values = read('packed');
    expect(numbers(values.get('sc'))).toEqual([
      [3, 3],
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
    ]);
    expect(numbers(values.get('flag'))).toEqual([
      [1, 2],
      [1, 0],
    ]);
  });

  test('structs and cells', () => {
    const values = read('struct');
    const matNL = values.get('matNL');
    if (matNL?.kind !== 'struct') throw new Error('matNL is no struct');
    const [fields] = matNL.elements;
    expect(numbers(fields!.get('time'))).toEqual([
      [1, 4],
      [0, 1.5, 3, 4.5],
    ]);
    expect(numbers(fields!.get('stim1'))).toEqual([[3, 4], Array.from({ length: 12 }, (_, k) => k / 7)]);
    const list = values.get('list');
    if (list?.kind !== 'cell') throw new Error('list is no cell array');
    expect(list.elements).toHaveLength(2);
    expect(list.elements[1]).toMatchObject({ kind: 'struct' });
  });

  test('more than two dimensions; what is not read is named', () => {
    expect(numbers(read('complex').get('cube'))).toEqual([
      [2, 3, 4],
      Array.from({ length: 24 }, (_, k) => k),
    ]);
    expect(read('complex').get('z')).toEqual({ kind: 'other', what: 'complex numbers' });
    expect(read('sparse').get('s')).toEqual({ kind: 'other', what: 'a sparse matrix' });
    expect(numbers(read('sparse').get('a'))).toEqual([
      [2, 2],
      [1, 0, 0, 1],
    ]);
  });
});

test('both byte orders', () => {
  fc.assert(
    fc.property(fc.array(fc.double(), { minLength: 6, maxLength: 6 }), fc.boolean(), (values, little) => {
      const [shape, data] = numbers(decodeMatV5(matFile('sc', 2, values, { little }), 'x.mat').get('sc')) as [
        number[],
        number[],
      ];
      expect(shape).toEqual([2, 3]);
      values.forEach((value, at) => {
        expect(data[at]).toBe(value);
      });
    }),
    { numRuns: 40 },
  );
});

describe('files that lie', () => {
  test('cut anywhere, or with bytes changed: a sentence, or values, but no other failure', () => {
    const all = Object.keys(files)
      .filter((name) => name !== 'made_with')
      .map(bytesOf);
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(255),
        fc.boolean(),
        (bytes, place, byte, cut) => {
          const at = Math.floor(place * (bytes.length - 1));
          const changed = cut ? bytes.slice(0, at) : bytes.slice();
          if (!cut) changed[at] = byte;
          try {
            decodeMatV5(changed, 'x.mat');
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  test('are named', () => {
    const good = matFile('sc', 2, [1, 2, 3, 4]);
    expect(() => decodeMatV5(good.slice(0, good.length - 8), 'x.mat')).toThrow(/x.mat: .*cut short/);
    expect(() => decodeMatV5(new Uint8Array(200), 'x.mat')).toThrow(/not a MATLAB file/);
    const newer = new TextEncoder().encode('MATLAB 7.3 MAT-file'.padEnd(200));
    expect(() => decodeMatV5(newer, 'x.mat')).toThrow(/version 7.3; save it with -v7/);
    const more = good.slice();
    more[128 + 8 + 16 + 8] = 3;
    expect(() => decodeMatV5(more, 'x.mat')).toThrow(/3 x 2 needs 6 numbers, but 4 are there/);
  });
});
