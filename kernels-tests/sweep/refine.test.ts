/** A search that goes on from a grid begins in its best valleys, stays within it, and finds what lies between its points. */
import { expect, test } from 'vitest';
import { CmaEs } from '../../src/optimise/cma-es.ts';
import { rangesOf, searchFrom, valleys } from '../../src/sweep/refine.ts';
import { gridSpace, spaced } from '../../src/sweep/space.ts';

const axes = [
  { name: 'a', values: spaced(10, 50, 5) },
  { name: 'b', values: spaced(-1, 1, 3) },
];
const space = gridSpace(axes);
const HIDDEN = [33.7, -0.21];
const cost = (point: readonly number[]) =>
  ((point[0]! - HIDDEN[0]!) / 40) ** 2 + ((point[1]! - HIDDEN[1]!) / 2) ** 2;
const costs = Float64Array.from({ length: space.count }, (_, index) => cost(space.point(index)));

test('valleys are no neighbours of each other, and no point without a value is one', () => {
  const values = costs.slice();
  const { indices, starts } = valleys(axes, values, 3);
  expect(starts[0]).toEqual([30, 0]);
  expect(starts).toEqual(indices.map((index) => space.point(index)));
  for (const [a] of starts.slice(1)) expect(Math.abs(a! - 30)).toBeGreaterThan(10);
  values[indices[0]!] = Number.NaN;
  expect(valleys(axes, values, 1).indices[0]).not.toBe(indices[0]);
  expect(valleys(axes, new Float64Array(space.count).fill(Number.NaN), 2).indices).toEqual([]);
  expect(() => searchFrom(axes, [])).toThrow(/no point of the grid has a value/);
});

test('a search from the grid finds the hidden point within its borders', () => {
  const search = searchFrom(axes, valleys(axes, costs, 2).starts, { size: 8, seed: 1 });
  expect(search.size).toBe(16);
  const ranges = rangesOf(axes);
  let best = { cost: Number.POSITIVE_INFINITY, point: [] as number[] };
  for (let generation = 0; generation < 40; generation++) {
    const points = search
      .ask()
      .map((point) => point.map((x, k) => ranges[k]!.from + x * (ranges[k]!.to - ranges[k]!.from)));
    for (const point of points) {
      expect(point.every((x, k) => x >= ranges[k]!.from && x <= ranges[k]!.to)).toBe(true);
      if (cost(point) < best.cost) best = { cost: cost(point), point };
    }
    search.tell(points.map((point) => [cost(point)]));
  }
  expect(best.point[0]).toBeCloseTo(HIDDEN[0]!, 1);
  expect(best.point[1]).toBeCloseTo(HIDDEN[1]!, 2);
});

test('widths of their own for each dimension', () => {
  const points = new CmaEs({ dimensions: 2, sigma: [0.1, 0.001], size: 40 }).ask();
  const spread = (k: number) => Math.max(...points.map((point) => Math.abs(point[k]! - 0.5)));
  expect(spread(0)).toBeGreaterThan(0.05);
  expect(spread(1)).toBeLessThan(0.006);
  expect(() => new CmaEs({ dimensions: 2, sigma: [0.1] })).toThrow(/sigma has 1 numbers/);
  expect(() => new CmaEs({ dimensions: 2, sigma: [0.1, 2] })).toThrow(/sigma is 2/);
});
