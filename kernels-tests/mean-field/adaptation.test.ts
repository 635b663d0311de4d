/**
 * Adaptation as a slow variable: the kernel against its twin, fixed points against a long run, and what must hold whatever the numbers.
 * Tolerances are those of advance.test.ts; of currents 2e-5 of the current plus 1e-4 pA.
 */
import { describe, expect, test } from 'vitest';
import { Equations } from '../../src/mean-field/equations.ts';
import { fixedPoints } from '../../src/mean-field/fixed-points.ts';
import {
  checkMeanField,
  driveRates,
  type MeanField,
  type Order,
  stateLength,
} from '../../src/mean-field/model.ts';
import { INTEGRATORS, type Integrator } from '../../src/mean-field/settings.ts';
import { simulateMeanField } from '../../src/mean-field/simulate.ts';
import { testDevice } from '../device.ts';
import { draws } from '../draws.ts';
import { twinMeanField } from '../twins/mean-field.ts';
import { changed, printedModel, randomModel } from './models.ts';

/** Every population but the last adapts. */
function adapting(model: MeanField, seed: number): MeanField {
  const { between } = draws(seed);
  return changed(model, (_, index) =>
    index === model.populations.length - 1
      ? {}
      : { adaptation: { a: between(0, 3), b: between(0, 10), tau_w: between(20, 500) } },
  );
}

const begin = (model: MeanField, index: number) => ({
  nu: model.populations.map(({ transfer }) => (transfer.cell.name === 'RS-cell' ? 2 : 8) + 0.02 * index),
  c: model.populations.map((_, a) => model.populations.map((_, b) => (a === b ? 0.2 : 0.05))),
  w: model.populations.map((_, a) => (a === model.populations.length - 1 ? 0 : 5 + index)),
});
const flat = ({ nu, c, w }: ReturnType<typeof begin>, order: Order) => [
  ...nu,
  ...(order === 2 ? c.flatMap((row, a) => row.filter((_, b) => b >= a)) : []),
  ...w,
];

describe('against the twin', () => {
  const integrators = Object.keys(INTEGRATORS) as Integrator[];
  const cases = [
    ...([1, 2] as Order[]).flatMap((order) =>
      integrators.map((integrator) => ({ populations: 2, order, integrator })),
    ),
    { populations: 3, order: 2 as Order, integrator: 'euler' as Integrator },
  ];
  test.each(cases)('$populations populations, order $order, $integrator', async (setup) => {
    const { populations, order, integrator } = setup;
    const models = Array.from({ length: 8 }, (_, index) =>
      adapting(randomModel(populations, 301 + index), 400 + index),
    );
    const [steps, dt] = [120, 0.25];
    const run = await simulateMeanField(await testDevice(), models, {
      ...{ duration: steps * dt, dt, order, integrator, every: 10 * dt },
      initial: models.map((model, index) => flat(begin(model, index), order)),
    });
    let largest = 0;
    models.forEach((model, instance) => {
      const expected = twinMeanField(model, begin(model, instance), { steps, dt, order, integrator });
      run.times.forEach((time, sample) => {
        const twin = expected[Math.round(time / dt)]!;
        model.populations.forEach((_, a) => {
          const rate = Math.abs(run.rate(a, instance)[sample]! - twin.nu[a]!);
          const current = Math.abs(run.current(a, instance)[sample]! - twin.w[a]!);
          largest = Math.max(largest, rate / (2e-5 * twin.nu[a]! + 2e-6));
          largest = Math.max(largest, current / (2e-5 * Math.abs(twin.w[a]!) + 1e-4));
          if (order === 1) return;
          const most = Math.max(...twin.c.flat().map(Math.abs));
          model.populations.forEach((_, b) => {
            const miss = Math.abs(run.covariance(a, b, instance)[sample]! - twin.c[a]![b]!);
            if (most > 0) largest = Math.max(largest, miss / (1e-4 * most + 1e-7));
          });
        });
      });
    });
    console.info(`largest part of the tolerance: ${largest.toFixed(3)}`);
    expect(largest).toBeLessThan(1);
    expect(run.diverged).toEqual([]);
    // Currents move, and that of the population without adaptation does not.
    expect(Math.abs(run.current(0)[12]! - run.current(0)[0]!)).toBeGreaterThan(0.01);
    expect(run.current(populations - 1)[12]).toBe(0);
  });
});

const slow = (tau_w = 500, b = 20) =>
  changed(printedModel(), (_, index) => (index === 0 ? { adaptation: { a: 4, b, tau_w } } : {}));

test.each([1, 2] as Order[])(
  'order %i: adaptation stands still at a fixed point, and a run gets there',
  async (order) => {
    const model = slow(40, 100);
    const points = fixedPoints(model, { order });
    const point = points.find(({ stable }) => stable)!;
    expect(point.currents).toHaveLength(2);
    expect(point.currents![1]).toBe(0);
    // Written out: w = a (mu_V - E_L) + tau_w b nu.
    const [without] = fixedPoints(printedModel(), { order });
    expect(point.rates[0]).toBeLessThan(without!.rates[0]!);
    const equations = new Equations(model, order, driveRates(model));
    const slope = equations.slope(point.state);
    expect(Math.max(...slope.map(Math.abs))).toBeLessThan(1e-9);
    expect(point.jacobian).toHaveLength(stateLength(2, order, true) - 1);
    const run = await simulateMeanField(await testDevice(), [model], {
      ...{ duration: 600, dt: 0.25, order, every: 600 },
      initial: point.state.map(
        (value, at) => (at < 2 ? 1.05 : at === point.state.length - 2 ? 0.9 : 1) * value,
      ),
    });
    point.state.forEach((value, at) => {
      expect(Math.abs(run.last()[at]! - value), `variable ${at}`).toBeLessThan(1e-4 * Math.abs(value) + 1e-5);
    });
  },
);

test('the Jacobian with currents is that of the right-hand side', () => {
  const model = slow();
  for (const order of [1, 2] as Order[]) {
    const point = fixedPoints(model, { order })[0]!;
    const equations = new Equations(model, order, driveRates(model));
    const jacobian = equations.jacobian(point.state);
    const length = stateLength(2, order, true);
    for (let column = 0; column < length; column++) {
      const h = 1e-5 * Math.max(1, Math.abs(point.state[column]!));
      const moved = (by: number) =>
        equations.slope(point.state.map((value, at) => value + (at === column ? by : 0)));
      const [up, down] = [moved(h), moved(-h)];
      for (let row = 0; row < length; row++)
        expect(jacobian[row]![column]! - (up[row]! - down[row]!) / (2 * h)).toBeCloseTo(0, 6);
    }
  }
});

test('adaptation without effect leaves everything as it is', async () => {
  const none = changed(printedModel(), () => ({ adaptation: { a: 0, b: 0, tau_w: 100 } }));
  const [with0] = fixedPoints(none);
  const [without] = fixedPoints(printedModel());
  for (const index of [0, 1]) expect(with0!.rates[index]).toBeCloseTo(without!.rates[index]!, 8);
  const settings = { duration: 20, dt: 0.1, every: 10 };
  const device = await testDevice();
  const one = await simulateMeanField(device, [none], settings);
  const other = await simulateMeanField(device, [printedModel()], settings);
  expect(one.rate(0)[2]).toBeCloseTo(other.rate(0)[2]!, 5);
});

test('an instance with adaptation does not depend on its batch', async () => {
  const device = await testDevice();
  const models = Array.from({ length: 200 }, (_, index) => adapting(randomModel(2, index), index));
  const settings = { duration: 4, dt: 0.1, integrator: 'heun' as const, initial: [2, 8] };
  const all = await simulateMeanField(device, models, { ...settings, every: 2 });
  for (const index of [0, 63, 64, 199]) {
    const one = await simulateMeanField(device, [models[index]!], { ...settings, every: 0.4 });
    expect(one.last()).toEqual(all.last(index));
  }
});

test('what cannot be meant is refused', async () => {
  const device = await testDevice();
  const wrong = (adaptation: { a: number; b: number; tau_w: number }) => () =>
    checkMeanField(changed(printedModel(), () => ({ adaptation })));
  expect(wrong({ a: 4, b: 20, tau_w: 0 })).toThrow('tau_w 0 ms');
  expect(wrong({ a: -1, b: 20, tau_w: 100 })).toThrow('a = -1 nS');
  expect(wrong({ a: 1, b: Number.NaN, tau_w: 100 })).toThrow('b = NaN pA');
  await expect(simulateMeanField(device, [slow(), printedModel()], { duration: 1 })).rejects.toThrow(
    'some of the mean fields of a batch have adaptation',
  );
  await expect(
    simulateMeanField(device, [slow()], { duration: 1, initial: [1, 2, 0, 0, 0] }),
  ).rejects.toThrow('give 2 rates, or 7 numbers');
});
