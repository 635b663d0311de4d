/**
 * Threefry-4x32-20 on the device, on the host and in the twin against the known answers that Random123 publishes
 * (kat_vectors, threefry4x32 20 rounds), and against each other on random inputs.
 */
import { describe, expect, test } from 'vitest';
import { normals, Purpose, randomKey, threefry, uniforms } from '../../src/random.ts';
import { testDevice } from '../device.ts';
import { words } from '../draws.ts';
import { runWgsl } from '../run-wgsl.ts';
import { normalTails, uniformityTest, unlikely } from '../statistics.ts';
import * as twin from '../twins/threefry.ts';

const ones = 0xffffffff;
const published = [
  {
    counter: [0, 0, 0, 0],
    key: [0, 0, 0, 0],
    answer: [0x9c6ca96a, 0xe17eae66, 0xfc10ecd4, 0x5256a7d8],
  },
  {
    counter: [ones, ones, ones, ones],
    key: [ones, ones, ones, ones],
    answer: [0x2a881696, 0x57012287, 0xf6c7446e, 0xa16a6732],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89],
    answer: [0x59cd1dbb, 0xb8879579, 0x86b5d00c, 0xac8b6d84],
  },
];

const call = {
  includes: ['common/threefry.wgsl'],
  wordsIn: 8,
  wordsOut: 4,
  body: `
    let counter = vec4u(given[first_in], given[first_in + 1u], given[first_in + 2u], given[first_in + 3u]);
    let key = vec4u(given[first_in + 4u], given[first_in + 5u], given[first_in + 6u], given[first_in + 7u]);
    let random = threefry(counter, key);
    for (var k = 0u; k < 4u; k += 1u) { result[first_out + k] = random[k]; }`,
};

describe('threefry', () => {
  test('published answers on the host and in the twin', () => {
    for (const { counter, key, answer } of published) {
      expect(Array.from(threefry(counter, key))).toEqual(answer);
      expect(twin.threefry(counter, key)).toEqual(answer);
    }
  });

  test('published answers on the device', async () => {
    const input = Uint32Array.from(published.flatMap(({ counter, key }) => [...counter, ...key]));
    const answers = published.flatMap(({ answer }) => answer);
    expect(Array.from(await runWgsl(await testDevice(), call, input))).toEqual(answers);
  });

  test('random inputs: device, host and twin agree', async () => {
    const input = words(7, 8 * 1000);
    const device = await runWgsl(await testDevice(), call, input);
    for (let item = 0; item < 1000; item++) {
      const counter = Array.from(input.subarray(8 * item, 8 * item + 4));
      const key = Array.from(input.subarray(8 * item + 4, 8 * item + 8));
      const answer = twin.threefry(counter, key);
      expect(Array.from(device.subarray(4 * item, 4 * item + 4))).toEqual(answer);
      expect(Array.from(threefry(counter, key))).toEqual(answer);
    }
  });
});

describe('keys and numbers of the host', () => {
  test('a key holds all 53 bits of a seed, its purpose and its instance', () => {
    expect(randomKey(2 ** 53 - 1, Purpose.drive, 9)).toEqual([ones, 2 ** 21 - 1, 2, 9]);
    expect(randomKey(5, Purpose.connect)).toEqual([5, 0, 1, 0]);
    expect(twin.keyOf(2 ** 53 - 1, twin.purpose.initial)).toEqual([ones, 2 ** 21 - 1, 3, 0]);
  });

  test('uniform numbers are those of the stream, whatever their count', () => {
    const key = randomKey(3, Purpose.initial);
    const found = uniforms(key, [4, 5], 11);
    for (let index = 0; index < 11; index++) {
      const word = twin.threefry([Math.floor(index / 4), 0, 4, 5], key)[index % 4]!;
      expect(found[index]).toBe((word + 0.5) / 2 ** 32);
    }
    expect(uniforms(key, [4, 5], 6)).toEqual(found.slice(0, 6));
    expect(uniforms(key, [5, 4], 6)).not.toEqual(found.slice(0, 6));
  });

  test('uniform and normal numbers are distributed as they are called', () => {
    const key = randomKey(11, Purpose.initial);
    expect(uniformityTest(Array.from(uniforms(key, [0, 0], 20_000)))).toBeGreaterThan(unlikely);
    const z = Array.from(normals(key, [1, 0], 20_001));
    expect(z.length).toBe(20_001);
    // The distribution function of |z|, from tails that are tested against tables.
    expect(uniformityTest(z.map(normalTails))).toBeGreaterThan(unlikely);
    const positive = z.filter((value) => value > 0).length;
    expect(normalTails((positive - z.length / 2) / Math.sqrt(z.length / 4))).toBeGreaterThan(unlikely);
    // Neighbours share a pair of uniform numbers: they must not be correlated, nor their squares.
    const correlation = (f: (value: number) => number) => {
      let [sum, pairs] = [0, 0];
      for (let index = 0; index + 1 < z.length; index += 2, pairs++) sum += f(z[index]!) * f(z[index + 1]!);
      return sum / Math.sqrt(pairs);
    };
    expect(normalTails(correlation((value) => value))).toBeGreaterThan(unlikely);
    expect(normalTails(correlation((value) => (value * value - 1) / Math.SQRT2))).toBeGreaterThan(unlikely);
  });
});
