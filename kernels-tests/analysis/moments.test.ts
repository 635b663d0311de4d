import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MomentAccumulator } from '../../src/analysis/moments.ts';
import { InputError } from '../../src/errors.ts';
import { deviation } from './brute-force.ts';

test('worked out by hand: means 2 and 10, standard deviations sqrt(2/3) and 0', () => {
  const moments = new MomentAccumulator(2);
  for (const x of [1, 2, 3]) moments.add(Float64Array.of(x, 10));
  expect(moments.result().mean).toBeCloseTo(6, 12);
  expect(moments.result().sd).toBeCloseTo(Math.sqrt(2 / 3) / 2, 12);
});

test('samples at the held value are left out, and neurons with no others', () => {
  // -65.1 has no exact single-precision value: a float32 snapshot holds its neighbour.
  const moments = new MomentAccumulator(3, { held: -65.1 });
  moments.add(Float32Array.of(-60, -65.1, -65.1));
  moments.add(Float32Array.of(-65.1, -50, -65.1));
  moments.add(Float64Array.of(-62, -65.1, -65.1));
  expect(moments.result()).toEqual({ mean: (-61 - 50) / 2, sd: 0.5, neurons: 2 });
  expect(moments.means()[2]).toBeNaN();
  expect(new MomentAccumulator(3).result()).toEqual({ mean: NaN, sd: NaN, neurons: 0 });
});

test('agrees with the definition, also for small fluctuations about a large mean', () => {
  const snapshots = fc.integer({ min: 1, max: 4 }).chain((size) =>
    fc.array(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: size, maxLength: size }), {
      minLength: 1,
      maxLength: 20,
    }),
  );
  fc.assert(
    fc.property(snapshots, fc.constantFrom(0, -56, 1e6), (values, offset) => {
      const moments = new MomentAccumulator(values[0].length);
      for (const row of values) moments.add(Float64Array.from(row, (value) => value + offset));
      const columns = values[0].map((_, i) => values.map((row) => row[i] + offset));
      columns.forEach((column, i) => {
        expect(moments.means()[i]).toBeCloseTo(column.reduce((a, b) => a + b) / column.length, 7);
        expect(moments.standardDeviations()[i]).toBeCloseTo(deviation(column, 0), 6);
      });
    }),
  );
});

test('refuses a snapshot of another size', () => {
  expect(() => new MomentAccumulator(2).add(new Float32Array(3))).toThrow(InputError);
});
