/** Where a logarithmic axis puts values and ticks. */
import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { logAxis } from '../../src/figures/log-axis.ts';

test('powers of ten where there are three, at equal distances', () => {
  const axis = logAxis([0.5, 2000], [0, 100]);
  expect(axis.tickLabels).toEqual(['1', '10', '100', '1,000']);
  const places = axis.ticks.map(axis.scale);
  expect(places[1]! - places[0]!).toBeCloseTo(places[3]! - places[2]!, 10);
});

test('multiples of them where there are fewer', () => {
  expect(logAxis([3000, 25_000], [0, 100]).tickLabels).toEqual(['5,000', '10,000', '20,000']);
  expect(logAxis([0.04, 0.3], [100, 0]).ticks).toEqual([0.05, 0.1, 0.2]);
  expect(logAxis([1600, 4900], [0, 100]).tickLabels).toEqual(['2,000', '3,000', '4,000']);
});

test('domains without logarithm are refused', () => {
  expect(() => logAxis([0, 10], [0, 100])).toThrow(InputError);
  expect(() => logAxis([10, 1], [0, 100])).toThrow(InputError);
});
