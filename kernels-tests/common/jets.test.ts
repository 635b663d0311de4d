/**
 * Every operation on jets in WGSL against its twin in double precision (src/transfer/jet.ts), on random jets of the same
 * single-precision parts.
 *
 * Tolerance: 2e-6 of the largest part of the result, which sums products of up to three roundings (6e-8 each) and WGSL's
 * division, sqrt, log and exp (some 1e-7 each).
 */
import { expect, test } from 'vitest';
import { Jet } from '../../src/transfer/jet.ts';
import { testDevice } from '../device.ts';
import { draws } from '../draws.ts';
import { runWgsl } from '../run-wgsl.ts';

const operations: [string, (a: Jet, b: Jet) => Jet][] = [
  ['jet_add(a, b)', (a, b) => a.plus(b)],
  ['jet_subtract(a, b)', (a, b) => a.minus(b)],
  ['jet_shift(a, b.value)', (a, b) => a.plus(b.value)],
  ['jet_scale(a, b.value)', (a, b) => a.times(b.value)],
  ['jet_multiply(a, b)', (a, b) => a.times(b)],
  ['jet_divide(a, b)', (a, b) => a.over(b)],
  ['jet_square(a)', (a) => a.squared()],
  ['jet_reciprocal(a)', (a) => a.reciprocal()],
  ['jet_sqrt(a)', (a) => a.sqrt()],
  ['jet_log(a)', (a) => a.log()],
  ['jet_exp(a)', (a) => a.exp()],
  ['jet_erfc(a)', (a) => a.erfc()],
  ['jet_erfc(jet_scale(a, -2.0))', (a) => a.times(-2).erfc()],
  [
    'jet_multiply(jet_first(a.value), jet_second(b.value))',
    (a, b) => Jet.first(a.value).times(Jet.second(b.value)),
  ],
  ['jet_add(jet_constant(a.value), b)', (a, b) => new Jet(a.value).plus(b)],
];

const parts = ({ value, x, y, xx, xy, yy }: Jet) => [value, x, y, xx, xy, yy];

async function evaluate(pairs: Float32Array): Promise<Float32Array> {
  const read = (at: string) =>
    `Jet(word(${at}), vec2f(word(${at} + 1u), word(${at} + 2u)), vec3f(word(${at} + 3u), word(${at} + 4u), word(${at} + 5u)))`;
  const body = `
    let a = ${read('first_in')};
    let b = ${read('first_in + 6u')};
    var results: array<Jet, ${operations.length}>;
    ${operations.map(([call], index) => `results[${index}] = ${call};`).join('\n')}
    for (var k = 0u; k < ${operations.length}u; k += 1u) {
      let r = results[k];
      let at = first_out + 6u * k;
      result[at] = bitcast<u32>(r.value);
      result[at + 1u] = bitcast<u32>(r.gradient.x);
      result[at + 2u] = bitcast<u32>(r.gradient.y);
      result[at + 3u] = bitcast<u32>(r.hessian.x);
      result[at + 4u] = bitcast<u32>(r.hessian.y);
      result[at + 5u] = bitcast<u32>(r.hessian.z);
    }`.replaceAll(/word\(([^)]*)\)/g, 'bitcast<f32>(given[$1])');
  const call = { includes: ['common/jets.wgsl'], wordsIn: 12, wordsOut: 6 * operations.length, body };
  return new Float32Array((await runWgsl(await testDevice(), call, new Uint32Array(pairs.buffer))).buffer);
}

test('every operation is the twin’s', async () => {
  const { between } = draws(7);
  const count = 3000;
  const jet = () => [between(0.2, 4), ...Array.from({ length: 5 }, () => between(-3, 3))];
  const pairs = Float32Array.from(Array.from({ length: count }, () => [...jet(), ...jet()]).flat());
  const found = await evaluate(pairs);
  const jetAt = (at: number) => new Jet(...(pairs.subarray(at, at + 6) as unknown as [number]));
  operations.forEach(([name, twin], operation) => {
    let worst = 0;
    for (let item = 0; item < count; item++) {
      const expected = parts(twin(jetAt(12 * item), jetAt(12 * item + 6)));
      const at = 6 * (item * operations.length + operation);
      const size = Math.max(...expected.map(Math.abs));
      expected.forEach((value, part) => {
        worst = Math.max(worst, Math.abs(found[at + part]! - value) / size);
      });
    }
    expect(worst, name).toBeLessThan(2e-6);
  });
});

test('where a function is flat or has no derivative, derivatives are 0 and not NaN', async () => {
  const infinite = Number.POSITIVE_INFINITY;
  const steep = [40, 1e30, -1e30, infinite, -infinite, infinite];
  const zero = [0, 1, 2, 3, 4, 5];
  const found = await evaluate(Float32Array.from([...steep, ...steep, ...zero, ...zero]));
  const result = (item: number, call: string) => {
    const at = 6 * (item * operations.length + operations.findIndex(([name]) => name === call));
    return Array.from(found.subarray(at, at + 6));
  };
  expect(result(0, 'jet_erfc(a)')).toEqual([0, 0, 0, 0, 0, 0]);
  expect(result(0, 'jet_erfc(jet_scale(a, -2.0))')).toEqual([2, 0, 0, 0, 0, 0]);
  expect(result(1, 'jet_sqrt(a)')).toEqual([0, 0, 0, 0, 0, 0]);
});
