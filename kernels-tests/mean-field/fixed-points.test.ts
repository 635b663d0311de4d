/** Fixed points: that all are found, are fixed, and are described rightly; and eigenvalues of small matrices. */
import { describe, expect, test } from 'vitest';
import { Equations } from '../../src/mean-field/equations.ts';
import { eigenvaluesOf, fixedPoints } from '../../src/mean-field/fixed-points.ts';
import { driveRates, type MeanField, withAfferentInput } from '../../src/mean-field/model.ts';
import { varied } from '../../src/mean-field/vary.ts';
import { changed, printedModel, randomModel } from './models.ts';

/** Without inhibition and with little drive, silence and saturation stand beside each other. */
function bistable(): MeanField {
  return changed(printedModel(), ({ from }) => ({
    from: { exc: from.exc, inh: from.inh.map((share) => 0.3 * share) },
    drives: [{ kind: 'exc', rate: 0.5, share: 1 }],
  }));
}

describe.each([1, 2] as const)('order %i', (order) => {
  test('points stand still, for any number of populations', () => {
    for (const populations of [1, 2, 3, 4])
      for (const seed of [11, 12, 13]) {
        const model = randomModel(populations, seed);
        const points = fixedPoints(model, { order, starts: 12 });
        const equations = new Equations(model, order, driveRates(model));
        if (order === 1) expect(points.length, `${model.name}, ${populations}`).toBeGreaterThan(0);
        for (const { state, rates, jacobian, eigenvalues } of points) {
          equations.slope(state).forEach((value, at) => {
            const scale = Math.max(Math.abs(state[at]!), 1e-3);
            expect(Math.abs(model.T * value)).toBeLessThan(1e-7 * scale);
          });
          expect(Math.min(...rates)).toBeGreaterThanOrEqual(0);
          const trace = jacobian.reduce((sum, row, at) => sum + row[at]!, 0);
          const sum = eigenvalues.reduce((total, [real]) => total + real, 0);
          expect(Math.abs(sum - trace)).toBeLessThan(1e-9 * Math.max(...jacobian.flat().map(Math.abs)));
        }
      }
  });

  test('the Jacobian is the derivative of the right-hand side', () => {
    const model = randomModel(2, 102);
    const [{ state, jacobian }] = fixedPoints(model, { order, starts: 4 }) as [never];
    const equations = new Equations(model, order, driveRates(model));
    const h = 1e-4;
    (state as Float64Array).forEach((_, column) => {
      const at = (by: number) =>
        equations.slope((state as Float64Array).map((value, k) => value + (k === column ? by : 0)));
      const [up, down] = [at(h), at(-h)];
      (jacobian as number[][]).forEach((row, k) => {
        const expected = (1000 * (up[k]! - down[k]!)) / (2 * h);
        expect(Math.abs(row[column]! - expected)).toBeLessThan(1e-5 * Math.abs(expected) + 1e-3);
      });
    });
  });
});

test('stable and unstable points of a bistable network are all found', () => {
  const points = fixedPoints(bistable(), { order: 1 });
  expect(points.map(({ stable }) => stable)).toEqual([true, false, true, false, true]);
  expect(points[1]!.stability).toBe('saddle');
  // One eigenvalue of a saddle grows, and the response time is its.
  expect(points[1]!.eigenvalues[0]![0]).toBeGreaterThan(0);
  expect(points[1]!.responseTime).toBeCloseTo(1000 / points[1]!.eigenvalues[0]![0], 9);
  expect(points[0]!.rates[0]).toBeLessThan(1);
  expect(points[2]!.stability).toBe('stable focus');
  expect(points[2]!.frequency).toBeCloseTo(points[2]!.eigenvalues[0]![1] / (2 * Math.PI), 9);
  expect(points[4]!.rates[0]).toBeGreaterThan(50);
});

test('a start that lies nearer to one point finds at least that one', () => {
  const all = fixedPoints(bistable(), { order: 1 });
  for (const point of all) {
    const found = fixedPoints(bistable(), {
      order: 1,
      starts: 0,
      from: [point.rates.map((rate) => 1.02 * rate)],
    });
    const near = found.some(({ rates }) => Math.abs(rates[0]! / point.rates[0]! - 1) < 1e-6);
    expect(near).toBe(true);
  }
});

test('covariances shrink as one over the size', () => {
  const at = (scale: number) =>
    fixedPoints(
      changed(printedModel(), ({ size }) => ({ size: size * scale })),
      { order: 2, starts: 4 },
    )[0]!;
  const [few, many] = [at(100), at(10_000)];
  expect(few.covariance![0]![0]! / many.covariance![0]![0]!).toBeCloseTo(100, 1);
  expect(many.covariance![0]![1]).toBe(many.covariance![1]![0]);
  const first = fixedPoints(printedModel(), { order: 1, starts: 4 })[0]!;
  expect(many.rates[0]! - first.rates[0]!).toBeLessThan(1e-6);
  expect(few.rates[0]! - first.rates[0]!).toBeGreaterThan(1e-5);
});

test('an afferent input goes to excitatory cells, or to both', () => {
  const model = printedModel();
  const points = (fraction: number) =>
    fixedPoints(withAfferentInput(model, 1, fraction), { order: 1, starts: 4 })[0]!.rates;
  const [base] = [fixedPoints(model, { order: 1, starts: 4 })[0]!.rates];
  const five = fixedPoints(printedModel(['populations.*.drive.*.rate=4.5Hz']), { order: 1, starts: 4 })[0]!
    .rates;
  expect(points(1)[0]).toBeGreaterThan(base![0]!);
  expect(points(0)[0]).toBeLessThan(base![0]!);
  points(0.5).forEach((rate, k) => {
    expect(rate).toBeCloseTo(five[k]!, 9);
  });
  expect(() => withAfferentInput(model, 1, 1.5)).toThrow('the afferent excitatory fraction is 1.5');
});

test('points that second order makes of large fluctuations say so', () => {
  const points = fixedPoints(printedModel(['populations.*.drive.*.rate=2Hz']));
  expect(points.map(({ stable, fluctuates }) => [stable, fluctuates])).toEqual([
    [false, ['exc', 'inh']],
    [true, []],
  ]);
});

test('eigenvalues', () => {
  expect(
    eigenvaluesOf([
      [2, 0],
      [0, -3],
    ]),
  ).toEqual([
    [-3, 0],
    [2, 0],
  ]);
  expect(
    eigenvaluesOf([
      [0, -4],
      [1, 0],
    ]),
  ).toEqual([
    [0, 2],
    [0, -2],
  ]);
  expect(
    eigenvaluesOf([
      [-1, 0],
      [0, -1],
    ]),
  ).toEqual([
    [-1, 0],
    [-1, 0],
  ]);
  // Trace and determinant keep the small one, which a difference of the two large numbers would lose.
  expect(
    eigenvaluesOf([
      [-1e9, 0],
      [0, -1e-7],
    ])[1]![0],
  ).toBeCloseTo(-1e-7, 15);
  const three = eigenvaluesOf([
    [0, 1, 0],
    [-1, 0, 0],
    [0, 0, 5],
  ]).sort((a, b) => a[1] - b[1]);
  [
    [0, -1],
    [5, 0],
    [0, 1],
  ].forEach(([real, imaginary], k) => {
    expect(three[k]![0]).toBeCloseTo(real!, 12);
    expect(three[k]![1]).toBeCloseTo(imaginary!, 12);
  });
});

test.each([2, 2.77, 3.5, 4])(
  'between two stable points the saddle that divides them is found, at q_i = %d nS',
  (q_i) => {
    const points = fixedPoints(varied(printedModel(), { q_i }), { order: 1 });
    expect(points.map(({ stability }) => stability.split(' ')[0])).toEqual(['stable', 'saddle', 'stable']);
  },
);
