/**
 * Integer products and logarithms: exact against BigInt and the twin, and near the true logarithm.
 *
 * Bound: 26 bits after the point, cut and not rounded: up to one unit of 2^-26 too much. A square cut to 32 bits is short by
 * 2^-31 of itself at most; the cut of the k-th square weighs 2^-k in the logarithm, together less than 2^-29.4, a tenth of a
 * unit. So the answer exceeds the true one by 0 to 1.1 units.
 */
import { expect, test } from 'vitest';
import { testDevice } from '../device.ts';
import { words } from '../draws.ts';
import { runWgsl } from '../run-wgsl.ts';
import { multiplyWide, negativeLog2 } from '../twins/fixed-log2.ts';

const most = 0xffffffff;

function edges(): number[] {
  const values = new Set([1, 2, 3, most - 1, most]);
  for (let k = 1; k < 32; k++) for (const step of [-1, 0, 1]) values.add(2 ** k + step);
  return [...values].filter((value) => value >= 1 && value <= most);
}

test('multiply_wide is the product of two u32, all 64 bits', async () => {
  const some = [0, ...edges()];
  const pairs = some.flatMap((a) => some.map((b) => [a, b] as const));
  const random = words(1, 4000);
  for (let index = 0; index < random.length; index += 2) pairs.push([random[index]!, random[index + 1]!]);
  const call = {
    includes: ['common/fixed-log2.wgsl'],
    wordsIn: 2,
    wordsOut: 4,
    body: `
      let product = multiply_wide(given[first_in], given[first_in + 1u]);
      result[first_out] = product.x;
      result[first_out + 1u] = product.y;
      var four = array<vec4u, 2>(vec4u(3u, 0xFFFFFFFFu, 5u, 0x80000001u), vec4u(9u));
      four[0][item & 3u] = given[first_in];
      four[1][item & 3u] = given[first_in + 1u];
      let products = multiply_wide_4(four[0], four[1]);
      result[first_out + 2u] = products[0][item & 3u];
      result[first_out + 3u] = products[1][item & 3u];`,
  };
  const found = await runWgsl(await testDevice(), call, Uint32Array.from(pairs.flat()));
  pairs.forEach(([a, b], index) => {
    const [high, low, ...ofFour] = found.subarray(4 * index, 4 * index + 4);
    const product = (BigInt(high!) << 32n) + BigInt(low!);
    expect(product, `${a} * ${b}`).toBe(BigInt(a) * BigInt(b));
    expect([high, low]).toEqual(multiplyWide(a, b));
    expect(ofFour).toEqual([high, low]);
  });
});

test('negative_log2_4 is the twin, and within 1.1 units of 2^-26 of the logarithm', async () => {
  const values = Uint32Array.from([...edges(), ...words(2, 3000).map((word) => Math.max(1, word))]);
  // Small numbers, which are rare among random words, decide the longest gaps.
  const small = words(3, 1000).map((word, index) => Math.max(1, word >>> (index % 32)));
  const input = Uint32Array.from([...values, ...small]);
  const call = {
    includes: ['common/fixed-log2.wgsl'],
    wordsIn: 1,
    wordsOut: 1,
    body: `
      var four = vec4u(7u, 0xFFFFFFFFu, 1u, 12345u);
      four[item & 3u] = given[first_in];
      result[first_out] = negative_log2_4(four)[item & 3u];`,
  };
  const found = await runWgsl(await testDevice(), call, input);
  let worst = 0;
  input.forEach((x, index) => {
    expect(found[index], `-log2(${x})`).toBe(negativeLog2(x));
    const excess = found[index]! - (32 - Math.log2(x)) * 2 ** 26;
    // Math.log2 itself is good to 2^-48 or so, in these units 2^-22.
    expect(excess, `-log2(${x})`).toBeGreaterThan(-1e-5);
    worst = Math.max(worst, excess);
  });
  console.info(`negative_log2_4: largest excess ${worst.toFixed(3)} of 2^-26`);
  expect(worst).toBeLessThan(1.1);
  // Powers of two have no fraction and must be exact.
  for (let k = 0; k < 32; k++) expect(negativeLog2(2 ** k)).toBe((32 - k) * 2 ** 26);
});
