/** Permutations: one to one, the same as in the twin, and without preference for any place or pair of places. */
import { describe, expect, test } from 'vitest';
import { testDevice } from '../device.ts';
import { words } from '../draws.ts';
import { runWgsl } from '../run-wgsl.ts';
import { chiSquaredTest, histogram, unlikely } from '../statistics.ts';
import { permute } from '../twins/permutation.ts';

const call = {
  includes: ['common/permutation.wgsl'],
  wordsIn: 6,
  wordsOut: 1,
  body: `
    let key = vec4u(given[first_in + 2u], given[first_in + 3u], given[first_in + 4u], given[first_in + 5u]);
    result[first_out] = permute(given[first_in], given[first_in + 1u], key);`,
};

/** permute(index, size, key) for the first `count` indices under each key, on the device. */
async function permuted(size: number, keys: readonly Uint32Array[], count: number): Promise<Uint32Array> {
  const input = new Uint32Array(6 * keys.length * count);
  keys.forEach((key, k) => {
    for (let index = 0; index < count; index++) input.set([index, size, ...key], 6 * (k * count + index));
  });
  return runWgsl(await testDevice(), call, input);
}

function randomKeys(seed: number, count: number): Uint32Array[] {
  const all = words(seed, 4 * count);
  return Array.from({ length: count }, (_, key) => all.slice(4 * key, 4 * key + 4));
}

describe('permute', () => {
  test.each([1, 2, 3, 4, 5, 16, 17, 64, 1000, 4097])('of %i is a permutation, and the twin', async (size) => {
    const keys = [Uint32Array.of(0, 0, 0, 0), ...randomKeys(size, 3)];
    const found = await permuted(size, keys, size);
    keys.forEach((key, k) => {
      const values = Array.from(found.subarray(k * size, (k + 1) * size));
      expect(values).toEqual(Array.from(values, (_, index) => permute(index, size, Array.from(key))));
      expect(values.toSorted((a, b) => a - b)).toEqual(values.map((_, index) => index));
    });
  });

  test('sends each index everywhere equally often, over keys', async () => {
    for (const size of [5, 64, 100]) {
      const keys = randomKeys(100 + size, 8000);
      const count = Math.min(size, 6);
      const found = await permuted(size, keys, count);
      const expected = new Array<number>(size).fill(keys.length / size);
      for (let index = 0; index < count; index++) {
        const places = keys.map((_, k) => found[k * count + index]!);
        const p = chiSquaredTest(histogram(places, size), expected);
        expect(p, `index ${index} of ${size}`).toBeGreaterThan(unlikely);
      }
    }
  });

  test('sends each pair of indices to all pairs of places equally often', async () => {
    const size = 10;
    const keys = randomKeys(5, 20_000);
    const found = await permuted(size, keys, size);
    for (const [first, second] of [
      [0, 1],
      [0, 9],
      [3, 4],
      [2, 6],
    ] as const) {
      const pairs = keys.map((_, k) => found[k * size + first]! * size + found[k * size + second]!);
      const counts = histogram(pairs, size * size).filter(
        (_, pair) => Math.floor(pair / size) !== pair % size,
      );
      const expected = new Array<number>(counts.length).fill(keys.length / counts.length);
      expect(chiSquaredTest(counts, expected), `places of ${first} and ${second}`).toBeGreaterThan(unlikely);
    }
  });

  test('draws every subset of 3 from 7 equally often', async () => {
    const keys = randomKeys(6, 20_000);
    const found = await permuted(7, keys, 3);
    const subsets = keys.map((_, k) =>
      found.subarray(3 * k, 3 * k + 3).reduce((set, place) => set | (1 << place), 0),
    );
    const counts = histogram(subsets, 128).filter((count) => count > 0);
    expect(counts.length).toBe(35);
    expect(chiSquaredTest(counts, new Array<number>(35).fill(keys.length / 35))).toBeGreaterThan(unlikely);
  });
});
