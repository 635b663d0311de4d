import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mean, median, percentiles, standardDeviation } from '../../src/analysis/summary.ts';
import { expectAllClose } from './brute-force.ts';

test('values worked out by hand', () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(standardDeviation([1, 2, 6])).toBeCloseTo(Math.sqrt(14 / 3), 12);
  expect(standardDeviation([1, 2, 6], 1)).toBeCloseTo(Math.sqrt(7), 12);
  // numpy.percentile([4, 1, 3, 2], [0, 5, 25, 50, 100])
  expectAllClose(percentiles([4, 1, 3, 2], [0, 5, 25, 50, 100]), [1, 1.15, 1.75, 2.5, 4], 1e-12);
  expect(median([9, 1, 5])).toBe(5);
});

test('nothing has no mean', () => {
  for (const value of [mean([]), median([]), standardDeviation([]), standardDeviation([1], 1)])
    expect(value).toBeNaN();
  expect(standardDeviation([1])).toBe(0);
});

test('percentiles lie in order between the extremes and do not disturb the list', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 }), (drawn) => {
      const values = drawn.map((value) => value + 0); // -0 has no place in an order of its own
      const before = [...values];
      const found = percentiles(values, [0, 10, 50, 90, 100]);
      expect(found).toEqual([...found].sort((a, b) => a - b));
      expect([found[0], found[4]]).toEqual([Math.min(...values), Math.max(...values)]);
      expect(values).toEqual(before);
    }),
  );
});
