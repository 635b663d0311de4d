/**
 * The mean-field kernel against its twin in double precision, and what must hold of a batch whatever the numbers.
 *
 * Tolerance against the twin: 2e-5 of a rate plus 2e-6 Hz, 1e-4 of the largest covariance. Rates of templates are good to 1e-5 in single
 * precision, and slow directions add up the errors of some steps; what is found is a tenth of that.
 */
import { describe, expect, test } from 'vitest';
import { covarianceIndex, type MeanField, type Order } from '../../src/mean-field/model.ts';
import { INTEGRATORS, type Integrator } from '../../src/mean-field/settings.ts';
import { simulateMeanField } from '../../src/mean-field/simulate.ts';
import { testDevice } from '../device.ts';
import { twinMeanField } from '../twins/mean-field.ts';
import { changed, printedModel, randomModel } from './models.ts';

/** Far from a fixed point covariances grow beyond any meaning; near it, everything matters and nothing explodes. */
const near = (model: MeanField, index: number) => ({
  nu: model.populations.map(({ transfer }) => (transfer.cell.name === 'RS-cell' ? 2 : 8) + 0.02 * index),
  c: model.populations.map((_, a) => model.populations.map((_, b) => (a === b ? 0.2 : 0.05))),
  w: model.populations.map(() => 0),
});
/** The same as the engine's state. */
const flat = ({ nu, c }: Pick<ReturnType<typeof near>, 'nu' | 'c'>) => [
  ...nu,
  ...c.flatMap((row, a) => row.filter((_, b) => b >= a)),
];

describe('against the twin', () => {
  const integrators = Object.keys(INTEGRATORS) as Integrator[];
  const cases = [
    ...([1, 2] as Order[]).flatMap((order) =>
      integrators.map((integrator) => ({ populations: 2, order, integrator })),
    ),
    { populations: 1, order: 2 as Order, integrator: 'euler' as Integrator },
    { populations: 3, order: 2 as Order, integrator: 'euler' as Integrator },
  ];
  test.each(cases)('$populations populations, order $order, $integrator', async (setup) => {
    const { populations, order, integrator } = setup;
    const models = Array.from({ length: 12 }, (_, index) => randomModel(populations, 100 + index));
    const steps = 120;
    const dt = 0.25;
    const run = await simulateMeanField(await testDevice(), models, {
      duration: steps * dt,
      dt,
      order,
      integrator,
      every: 10 * dt,
      initial: models.map((model, index) => flat(near(model, index))),
    });
    expect(run.diverged).toEqual([]);
    let largest = 0;
    models.forEach((model, instance) => {
      const expected = twinMeanField(model, near(model, instance), { steps, dt, order, integrator });
      run.times.forEach((time, sample) => {
        const twin = expected[Math.round(time / dt)]!;
        model.populations.forEach((_, a) => {
          const rate = run.rate(a, instance)[sample]!;
          largest = Math.max(largest, Math.abs(rate - twin.nu[a]!) / (2e-5 * twin.nu[a]! + 2e-6));
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
    // The test can see something: rates move.
    const rates = run.rate(0, 0);
    expect(Math.max(...rates) - Math.min(...rates)).toBeGreaterThan(0.05);
  });

  test('with a time course of the drive', async () => {
    const model = printedModel();
    const values = Float64Array.from({ length: 40 }, (_, k) => 3 * Math.sin(k / 8) ** 2);
    const course = { dt: 1, values };
    const driven = changed(model, ({ drives }, index) => ({
      drives: [
        ...drives,
        ...(index === 0 ? [{ kind: 'exc' as const, rate: course, share: 0.5 }] : []),
        ...(index === 1 ? [{ kind: 'inh' as const, rate: course, share: 1 }] : []),
      ],
    }));
    const settings = { dt: 0.5, order: 2 as const, integrator: 'heun' as const };
    const run = await simulateMeanField(await testDevice(), [model, driven], {
      ...settings,
      duration: 30,
      initial: flat(near(driven, 0)),
    });
    const twin = twinMeanField(driven, near(driven, 0), { ...settings, steps: 60 }, (population, step) => {
      const value = values[Math.floor((step * 0.5) / 1)]!;
      return population === 0 ? [0.5 * value, 0] : [0, value];
    });
    twin.forEach(({ nu }, step) => {
      expect(Math.abs(run.rate(0, 1)[step]! - nu[0]!)).toBeLessThan(2e-5 * nu[0]! + 2e-6);
      expect(Math.abs(run.rate(1, 1)[step]! - nu[1]!)).toBeLessThan(2e-5 * nu[1]! + 2e-6);
    });
    expect(Math.abs(run.rate(0, 1)[40]! - run.rate(0, 0)[40]!)).toBeGreaterThan(0.1);
  });
});

/**
 * That 4,096 sets give what 4,096 single runs give takes minutes to try in full, so all of them are tried in batches in which each has
 * other neighbours, another place and other dispatches, and a sample of them alone.
 */
test('4,096 parameter sets: each gives bit for bit the same in any batch, at any place, alone, however time is cut', async () => {
  const device = await testDevice();
  const count = 4096;
  const models = Array.from({ length: count }, (_, index) => randomModel(2, index));
  const settings = { duration: 4, dt: 0.1, every: 2, integrator: 'euler' as const };
  const all = await simulateMeanField(device, models, settings);
  expect(new Set(models.map((_, index) => all.last(index)[0])).size).toBeGreaterThan(4000);

  // 1237 is prime to 4096: every set once, neighbours torn apart. The batches end in the middle of a workgroup.
  const order = models.map((_, place) => (1237 * place + 5) % count);
  let compared = 0;
  for (const [from, to, every] of [
    [0, 1, 4],
    [1, 1000, 0.4],
    [1000, 3333, 1],
    [3333, count, 0.1],
  ] as const) {
    const part = order.slice(from, to);
    const run = await simulateMeanField(
      device,
      part.map((index) => models[index]!),
      { ...settings, every },
    );
    part.forEach((index, place) => {
      compared++;
      if (!isSame(run.last(place), all.last(index)))
        expect(run.last(place), `set ${index}`).toEqual(all.last(index));
    });
  }
  expect(compared).toBe(count);
  for (let index = 0; index < count; index += 315) {
    const one = await simulateMeanField(device, [models[index]!], { ...settings, every: 0.4 });
    expect(isSame(one.last(), all.last(index)), `set ${index}`).toBe(true);
  }
});

const isSame = (a: Float32Array, b: Float32Array) =>
  a.length === b.length && a.every((value, at) => Object.is(value, b[at]));

test('integrators converge at their order', () => {
  // In double precision, where single precision does not hide it: kernel and twin agree above.
  const model = printedModel();
  const end = (integrator: Integrator, dt: number) =>
    twinMeanField(model, near(model, 0), { steps: Math.round(16 / dt), dt, order: 2, integrator }).at(-1)!
      .nu[1]!;
  const exact = end('rk4', 0.0625);
  for (const [integrator, order] of [
    ['euler', 1],
    ['heun', 2],
    ['rk4', 4],
  ] as const) {
    const ratio = Math.abs(end(integrator, 0.5) - exact) / Math.abs(end(integrator, 0.25) - exact);
    expect(Math.log2(ratio), integrator).toBeGreaterThan(order - 0.45);
    expect(Math.log2(ratio), integrator).toBeLessThan(order + 0.6);
  }
});

test('second order becomes first order in an infinite network', async () => {
  const device = await testDevice();
  const infinite = changed(printedModel(), () => ({ size: Number.POSITIVE_INFINITY }));
  // Begin where the squared excess is no source of covariance either: at the fixed point.
  const initial = [2.457196705, 9.640638894];
  const settings = { duration: 20, dt: 0.1, every: 10, initial };
  const first = await simulateMeanField(device, [infinite], { ...settings, order: 1 });
  const second = await simulateMeanField(device, [infinite, printedModel()], settings);
  expect(second.rate(0)[2]).toBeCloseTo(first.rate(0)[2]!, 5);
  expect(Math.abs(second.covariance(0, 0)[2]!)).toBeLessThan(1e-9);
  expect(second.covariance(0, 0, 1)[2]).toBeGreaterThan(0.05);
});

test('an instance that diverges is reported, and the others stand', async () => {
  const device = await testDevice();
  const model = printedModel();
  // A population of a thousandth of a neuron fluctuates beyond all bounds.
  const wild = changed(model, () => ({ size: 1e-30 }));
  const run = await simulateMeanField(device, [model, wild, model], { duration: 60, dt: 0.1, every: 20 });
  expect(run.diverged.map(({ instance }) => instance)).toEqual([1]);
  expect(run.diverged[0]!.time).toBeGreaterThan(0);
  expect(run.diverged[0]!.time).toBeLessThan(60);
  expect(Number.isFinite(run.last(1)[0])).toBe(false);
  expect(run.last(2)).toEqual(run.last(0));
  expect(Number.isFinite(run.last(0)[0])).toBe(true);
});

test('a covariance that no rates can have is reported with its time', async () => {
  const model = printedModel();
  const initial = [
    [2.4, 9.6, 0.1, 0.1, 0.2],
    [2.4, 9.6, 0.1, 0.3, 0.2],
  ];
  const run = await simulateMeanField(await testDevice(), [model, model], {
    duration: 50,
    every: 10,
    initial,
  });
  expect(run.indefinite).toEqual([{ instance: 1, time: 0 }]);
  expect(covarianceIndex(2, 1, 0)).toBe(3);
});
