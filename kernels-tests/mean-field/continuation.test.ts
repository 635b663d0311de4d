/** Continuation: that it stays on the curve, goes around folds, and finds folds and Hopf points where theory has them. */
import { describe, expect, test } from 'vitest';
import { continueFixedPoint } from '../../src/mean-field/continuation.ts';
import { Equations } from '../../src/mean-field/equations.ts';
import { fixedPoints } from '../../src/mean-field/fixed-points.ts';
import { driveRates, type MeanField } from '../../src/mean-field/model.ts';
import { printedTransferFunction } from '../../src/mean-field/printed.ts';
import { varied } from '../../src/mean-field/vary.ts';
import { changed, printedModel } from './models.ts';

/** With weak inhibition, silence and activity stand beside each other for some drives. */
const weak = changed(printedModel(), ({ from }) => ({
  from: { exc: from.exc, inh: from.inh.map((share) => 0.3 * share) },
}));
const weakAt = (drive: number) => varied(weak, { drive });

describe.each([1, 2] as const)('order %i', (order) => {
  test('every point of a branch is a fixed point', () => {
    const at = (drive: number) => varied(printedModel(), { drive });
    const [start] = fixedPoints(at(4), { order, starts: 8 }).filter(({ stable }) => stable);
    for (const grow of [true, false]) {
      const { points, end, special } = continueFixedPoint(at, 4, start!.state, {
        order,
        range: [1, 8],
        grow,
      });
      expect(end).toBe('range');
      expect(special).toEqual([]);
      expect(Math.abs(points.at(-1)!.value - (grow ? 8 : 1))).toBeLessThan(0.1);
      expect(points.length).toBeGreaterThan(10);
      for (const { value, state, stable } of points) {
        const model = at(value);
        const slope = new Equations(model, order, driveRates(model)).slope(state);
        expect(Math.max(...slope.map(Math.abs)) * model.T).toBeLessThan(1e-7);
        expect(stable).toBe(true);
      }
    }
  });
});

test('folds are where the number of fixed points changes', () => {
  const [silent] = fixedPoints(weakAt(0.5), { order: 1 });
  const { special, points } = continueFixedPoint(weakAt, 0.5, silent!.state, { order: 1, range: [0.05, 8] });
  expect(special.map(({ kind }) => kind)).toEqual(['fold', 'fold', 'fold']);
  const count = (drive: number) => fixedPoints(weakAt(drive), { order: 1 }).length;
  for (const { value, slowest } of special) {
    expect(Math.abs(count(value - 0.01) - count(value + 0.01)), `at ${value}`).toBe(2);
    // One eigenvalue vanishes, here of those of hundreds per second.
    expect(Math.abs(slowest[0])).toBeLessThan(0.01);
  }
  // The branch was silent, became a saddle, then active.
  expect(points[0]!.stable).toBe(true);
  expect(points.some(({ stable }) => !stable)).toBe(true);
  expect(points.filter(({ state }) => state[0]! > 7 && state[0]! < 16).every(({ stable }) => stable)).toBe(
    true,
  );
});

test('three populations that inhibit each other in a ring oscillate where the gain is 2, at sqrt(3) / (2 pi T)', () => {
  const transfer = printedTransferFunction('FS-cell')!;
  const ring = (drive: number): MeanField => ({
    name: 'ring',
    T: 5,
    populations: [0, 1, 2].map((index) => ({
      name: `p${index}`,
      size: 2000,
      transfer,
      from: { exc: [0, 0, 0], inh: [0, 1, 2].map((other) => (other === (index + 1) % 3 ? 1 : 0)) },
      drives: [{ kind: 'exc' as const, rate: drive, share: 1 }],
    })),
  });
  const [start] = fixedPoints(ring(0.8), { order: 1 });
  const options = { order: 1 as const, range: [0.5, 6] as const };
  const { special, points } = continueFixedPoint(ring, 0.8, start!.state, options);
  expect(special.map(({ kind }) => kind)).toEqual(['hopf']);
  const [{ value, state, frequency, slowest }] = special as [(typeof special)[number]];
  const { gradient } = transfer.derivatives(value, state[0]!);
  expect(gradient[1]).toBeCloseTo(-2, 5);
  expect(frequency).toBeCloseTo((1000 * Math.sqrt(3)) / (2 * Math.PI * 5), 3);
  expect(Math.abs(slowest[0])).toBeLessThan(1e-3);
  expect(points[0]!.stable).toBe(true);
  expect(points.at(-1)!.stable).toBe(false);
});

test('refuses a beginning that is out of range or no fixed point', () => {
  const options = { order: 1 as const, range: [1, 8] as const };
  expect(() => continueFixedPoint(weakAt, 0.5, [0, 0], options)).toThrow(
    'a branch that begins at 0.5 cannot stay within 1 and 8: give a range around its beginning',
  );
  expect(() => continueFixedPoint(weakAt, 2, [50, 1], options)).toThrow(
    'the start of the branch is no fixed point at 2',
  );
});
