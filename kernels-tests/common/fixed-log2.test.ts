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
    wordsOut: 2,
    body: `
      let product = multiply_wide(given[first_in], given[first_in + 1u]);
      result[first_out] = product.x;
      result[first_out + 1u] = product.y;`,
  };
  const found = await runWgsl(await testDevice(), call, Uint32Array.from(pairs.flat()));
  pairs.forEach(([a, b], index) => {
    const product = (BigInt(found[2 * index]!) << 32n) + BigInt(found[2 * index + 1]!);
    expect(product, `${a} * ${b}`).toBe(BigInt(a) * BigInt(b));
    expect([found[2 * index], found[2 * index + 1]]).toEqual(multiplyWide(a, b));
  });
});

test('negative_log2 is the twin, and within 1.1 units of 2^-26 of the logarithm', async () => {
  const values = Uint32Array.from([...edges(), ...words(2, 3000).map((word) => Math.max(1, word))]);
  // Small numbers, which are rare among random words, decide the longest gaps.
  const small = words(3, 1000).map((word, index) => Math.max(1, word >>> (index % 32)));
  const input = Uint32Array.from([...values, ...small]);
  const call = {
    includes: ['common/fixed-log2.wgsl'],
    wordsIn: 1,
    wordsOut: 1,
    body: 'result[first_out] = negative_log2(given[first_in]);',
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
  console.info(`negative_log2: largest excess ${worst.toFixed(3)} of 2^-26`);
  expect(worst).toBeLessThan(1.1);
  // Powers of two have no fraction and must be exact.
  for (let k = 0; k < 32; k++) expect(negativeLog2(2 ** k)).toBe((32 - k) * 2 ** 26);
});
