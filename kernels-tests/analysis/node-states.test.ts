/** What counts as down, up, cycling and bistable. */
import { expect, test } from 'vitest';
import { nodeState, regionOf } from '../../src/analysis/node-states.ts';

const rest = (rate: number) => ({ min: rate, max: rate, mean: rate, frequency: Number.NaN });
const cycle = (frequency: number) => ({ min: 0, max: 40, mean: 12, frequency });

test('one run', () => {
  expect(nodeState(rest(0.2))).toBe('down');
  expect(nodeState(rest(30))).toBe('up');
  expect(nodeState(cycle(21))).toBe('fast cycle');
  expect(nodeState(cycle(1.2))).toBe('slow cycle');
  expect(nodeState(cycle(Number.NaN))).toBe('slow cycle');
  expect(nodeState({ min: 0.1, max: 1, mean: 0.4, frequency: 14 })).toBe('down');
});

test('several beginnings', () => {
  expect(regionOf([rest(0.1), rest(0.1)])).toBe('down');
  expect(regionOf([rest(0.1), rest(30)])).toBe('bistable');
  expect(regionOf([rest(0.1), cycle(20)])).toBe('bistable');
  expect(regionOf([cycle(20), cycle(20.1)])).toBe('fast cycle');
  // Still settling towards one rate on the limit between down and up.
  expect(regionOf([rest(4.9), rest(5.1)])).toBe('down');
  expect(regionOf([rest(20), rest(31)])).toBe('bistable');
});
