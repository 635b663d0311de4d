/** All branches of fixed points over a range: none twice, none missing, folds once, closed curves ended. */
import { describe, expect, test } from 'vitest';
import { fixedPointBranches } from '../../src/mean-field/branches.ts';
import { continueFixedPoint } from '../../src/mean-field/continuation.ts';
import { Equations } from '../../src/mean-field/equations.ts';
import { fixedPoints } from '../../src/mean-field/fixed-points.ts';
import { driveRates } from '../../src/mean-field/model.ts';
import { varied } from '../../src/mean-field/vary.ts';
import { changed, printedModel } from './models.ts';

/** With weak inhibition, silence and activity stand beside each other for some drives. */
const weak = changed(printedModel(), ({ from }) => ({
  from: { exc: from.exc, inh: from.inh.map((share) => 0.3 * share) },
}));
const weakAt = (drive: number) => varied(weak, { drive });

type Branches = ReturnType<typeof fixedPointBranches>;

/** Rates where branches cross a value of the parameter, between their points. */
function crossings(branches: Branches, value: number, populations: number): number[][] {
  return branches.flatMap(({ points }) =>
    points.slice(1).flatMap((to, index) => {
      const from = points[index]!;
      if ((from.value - value) * (to.value - value) >= 0) return [];
      const part = (value - from.value) / (to.value - from.value);
      return [
        Array.from(
          to.state.subarray(0, populations),
          (rate, at) => from.state[at]! + part * (rate - from.state[at]!),
        ),
      ];
    }),
  );
}

describe.each([1, 2] as const)('order %i', (order) => {
  const range = [1, 8] as const;
  const at = (q_i: number) => varied(printedModel(), { q_i });
  const branches = fixedPointBranches(at, { order, range, values: 5 });

  test('every fixed point that is found at a value is on one branch, and once', () => {
    for (const value of [1.31, 2.77, 3.93, 5.03, 7.7]) {
      const found = fixedPoints(at(value), { order });
      expect(found.length).toBeGreaterThan(0);
      const crossed = crossings(branches, value, 2);
      for (const { rates } of found) {
        const near = crossed.filter((each) =>
          each.every((rate, index) => Math.abs(rate / rates[index]! - 1) < 0.01),
        );
        expect(near.length, `${rates} at ${value}`).toBe(1);
      }
    }
  });

  test('points are fixed points, and branches reach the ends of the range', () => {
    for (const { points, ends } of branches) {
      for (const { value, state } of points.filter((_, index) => index % 5 === 0)) {
        const model = at(value);
        const slope = new Equations(model, order, driveRates(model)).slope(state);
        expect(Math.max(...slope.map(Math.abs)) * model.T).toBeLessThan(1e-7);
      }
      for (const [end, point] of [
        [ends[0], points[0]!],
        [ends[1], points.at(-1)!],
      ] as const)
        if (end === 'range') expect(range).toContain(point.value);
    }
    expect(branches.flatMap(({ ends }) => ends)).toContain('range');
  });

  test('there are two folds: an eigenvalue vanishes, and the branch lies on one side of them', () => {
    expect(branches.flatMap(({ special }) => special.map(({ kind }) => kind))).toEqual(['fold', 'fold']);
    for (const { points, special } of branches)
      for (const { value, state, slowest } of special) {
        // Of hundreds per second.
        expect(Math.abs(slowest[0]), `at ${value}`).toBeLessThan(0.05);
        const distance = ({ state: other }: { state: Float64Array }) =>
          Math.hypot(...other.map((each, index) => (each - state[index]!) / (1 + Math.abs(state[index]!))));
        const near = points.filter((point) => distance(point) < 0.2);
        expect(near.length).toBeGreaterThan(2);
        expect(new Set(near.map((point) => Math.sign(point.value - value))).size).toBe(1);
        expect(new Set(near.map(({ stable }) => stable)).size).toBe(2);
      }
  });
});

test('a closed branch ends where it began', () => {
  // Between two folds activity and a saddle stand beside each other. A drive that rises to above the first of these and falls again makes
  // a closed curve of them.
  const [silent] = fixedPoints(weakAt(0.5), { order: 1 });
  const { special } = continueFixedPoint(weakAt, 0.5, silent!.state, { order: 1, range: [0.05, 8] });
  const least = Math.min(...special.map(({ value }) => value));
  const hill = (p: number) => weakAt(least + 0.02 - p * p);
  const upper = fixedPoints(hill(0), { order: 1 });
  const branches = fixedPointBranches(hill, { order: 1, range: [-0.2, 0.2], values: 3 });
  const closed = branches.filter(({ ends }) => ends.includes('closed'));
  expect(closed.length).toBe(1);
  expect(upper.length).toBeGreaterThan(2);
  const [{ points, special: folds }] = closed as [(typeof closed)[number]];
  expect(points[0]!.state).toEqual(points.at(-1)!.state);
  // It turns where the drive is that of the fold.
  expect(folds.map(({ kind }) => kind)).toEqual(['fold', 'fold']);
  for (const { value } of folds) expect(Math.abs(value)).toBeCloseTo(Math.sqrt(0.02), 5);
});

test('says of points what the fits have seen', () => {
  const base = printedModel();
  const branches = fixedPointBranches((drive) => varied(base, { drive }), {
    ...{ order: 1, range: [3, 5], values: 2 },
  });
  for (const { points } of branches)
    for (const point of points.filter((_, index) => index % 10 === 0)) {
      const found = fixedPoints(varied(base, { drive: point.value }), { order: 1, from: [point.state] });
      const same = found.find(({ state }) => Math.abs(state[0]! - point.state[0]!) < 1e-6)!;
      expect(point.extrapolates).toEqual(same.extrapolates);
      expect(point.stable).toBe(same.stable);
    }
});

test('refuses what cannot be meant', () => {
  expect(() => fixedPointBranches(weakAt, { range: [4, 1] })).toThrow('is to go from 4 to 1');
  expect(() => fixedPointBranches(weakAt, { range: [1, 4], values: 1 })).toThrow('looked for at 1 values');
});
