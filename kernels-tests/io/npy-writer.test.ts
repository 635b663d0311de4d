import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError, OutputError } from '../../src/errors.ts';
import { readNpy } from '../../src/io/npy.ts';
import { NpyWriter } from '../../src/io/npy-writer.ts';
import { ownFolder } from '../own-folder.ts';
import { fullDisk } from './full-disk.ts';

const folder = ownFolder();
const path = join(folder, 'a.npy');

describe('NpyWriter', () => {
  test('the file holds all rows in order, however they were cut', () => {
    // Up to 100,000 numbers at a time: more and less than what the writer gathers before it writes.
    const lengths = fc.array(fc.oneof(fc.nat(20), fc.nat(100_000)), { maxLength: 8 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 3 }), (rowCounts, width) => {
        const writer = NpyWriter.open(path, 'f4', [width]);
        let next = 0;
        // The same memory for every append: the writer must not keep it.
        const scratch = new Float32Array(100_000 * width);
        for (const rows of rowCounts) {
          const piece = scratch.subarray(0, rows * width);
          for (let i = 0; i < piece.length; i++) piece[i] = next++;
          writer.append(piece);
        }
        writer.close();
        const { shape, data } = readNpy(path, 'f4');
        expect(shape).toEqual([next / width, width]);
        expect(data.every((value, i) => value === i)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test('an array without rows is an empty array', () => {
    NpyWriter.open(path, 'u4').close();
    expect(readNpy(path)).toEqual({ shape: [0], dtype: 'u4', data: new Uint32Array() });
  });

  test('a file whose writer never closed is not taken for whole', () => {
    const writer = NpyWriter.open(path, 'f8');
    writer.append(new Float64Array(100_000));
    expect(() => readNpy(path)).toThrow(/did not finish/);
    writer.close();
    expect(readNpy(path).shape).toEqual([100_000]);
  });

  test('refuses another dtype, broken rows, and rows after the end', () => {
    const writer = NpyWriter.open(path, 'f4', [2]);
    expect(() => writer.append(new Float64Array(2))).toThrow(InputError);
    expect(() => writer.append(new Float32Array(3))).toThrow(/rows of 2 elements and was given 3/);
    writer.close();
    expect(() => writer.append(new Float32Array(2))).toThrow(/is closed/);
    expect(() => NpyWriter.open(path, 'f4', [0])).toThrow(InputError);
  });

  test('on a full disk fails with a sentence and keeps the rows that arrived', () => {
    const row = 3 * 8;
    const writer = NpyWriter.open(path, 'f8', [3], fullDisk(128 + 1000 * row + 5));
    const append = () => {
      for (let i = 0; i < 100_000; i++) writer.append(Float64Array.of(i, i, i));
    };
    expect(append).toThrow(OutputError);
    expect(() => writer.append(new Float64Array(3))).toThrow(/is failed/);
    writer.close();
    const { shape, data } = readNpy(path, 'f8');
    expect(shape).toEqual([1000, 3]);
    expect(data[3 * 999]).toBe(999);
  });

  test('a disk that fills while the last rows are written is told on closing', () => {
    const writer = NpyWriter.open(path, 'u1', [], fullDisk(130));
    writer.append(new Uint8Array(10).fill(7));
    expect(() => writer.close()).toThrow(/^The disk is full, so .* free some space/);
    expect([...readNpy(path, 'u1').data]).toEqual([7, 7]);
  });

  test.runIf(existsSync('/dev/full'))('the real thing: /dev/full', () => {
    expect(() => NpyWriter.open('/dev/full', 'f8')).toThrow(/^The disk is full, so \/dev\/full/);
  });

  test('a folder that is not there is named', () => {
    expect(() => NpyWriter.open(join(folder, 'no', 'a.npy'), 'f8')).toThrow(/there is no folder for it/);
    expect(() => NpyWriter.open(folder, 'f8')).toThrow(/is a folder/);
  });

  test('the header keeps its size', () => {
    const writer = NpyWriter.open(path, 'f8', [5]);
    writer.close();
    expect(readFileSync(path).length).toBe(128);
  });
});
