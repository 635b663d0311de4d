/**
 * Drives that fluctuate: kernel against twin, the statistics of the process, and what it must not depend on.
 *
 * Tolerance against the twin: 2e-5 of the SD for the process (found: 2e-6), and that of advance.test.ts for rates and covariances.
 * Statistics: mean, SD and correlation time within 3 standard errors, which count correlated samples as the fewer that they are worth.
 */
import { expect, test } from 'vitest';
import { withFluctuatingDrive } from '../../src/mean-field/fluctuation.ts';
import { checkMeanField, type MeanField } from '../../src/mean-field/model.ts';
import { simulateMeanField } from '../../src/mean-field/simulate.ts';
import { testDevice } from '../device.ts';
import { twinMeanField } from '../twins/mean-field.ts';
import { twinRateNoise } from '../twins/rate-noise.ts';
import { changed, printedModel, randomModel } from './models.ts';

const noisy = (model: MeanField, sd = 0.5, tau = 5) => withFluctuatingDrive(model, { sd, tau });
const initial = [2.4, 9.6, 0.1, 0.1, 0.25];

test.each([1, 2, 5])('%i populations against the twin', async (count) => {
  const steps = 120;
  const dt = 0.25;
  const base = randomModel(count, 11 + count);
  // An inhibitory drive beside the excitatory one, in the first alone; the last does not fluctuate.
  const model = changed(base, ({ drives }, index) => ({
    drives: [
      ...drives.map((drive) =>
        index < count - 1 || count === 1
          ? { ...drive, fluctuation: { sd: 0.3 + 0.2 * index, tau: 4 + index } }
          : drive,
      ),
      ...(index === 0 ? [{ kind: 'inh' as const, rate: 2, share: 0.3 }] : []),
    ],
  }));
  const start = model.populations.map(({ transfer }) => (transfer.cell.name === 'RS-cell' ? 2 : 8));
  const seed = 2 ** 40 + 7;
  const run = await simulateMeanField(await testDevice(), [model], {
    ...{ duration: steps * dt, dt, order: 1, integrator: 'euler', initial: start, seed, every: 2 * dt },
  });
  const noise = twinRateNoise(model, seed, steps, dt);
  const state = { nu: start, c: start.map(() => start.map(() => 0)), w: start.map(() => 0) };
  const twin = twinMeanField(
    model,
    state,
    { steps, dt, order: 1, integrator: 'euler' },
    (population, step) => [model.populations[population]!.drives[0]!.share * noise[step]![population]!, 0],
  );
  model.populations.forEach((_, population) => {
    run.times.forEach((_, sample) => {
      const x = noise[2 * sample]![population]!;
      expect(Math.abs(run.fluctuation(population)[sample]! - x)).toBeLessThan(2e-5);
      const { nu } = twin[2 * sample]!;
      const rate = nu[population]!;
      expect(Math.abs(run.rate(population)[sample]! - rate)).toBeLessThan(4e-5 * rate + 2e-6);
    });
  });
  // The noise is there, and one population's is not another's.
  expect(Math.max(...run.fluctuation(0)) - Math.min(...run.fluctuation(0))).toBeGreaterThan(0.4);
  if (count > 2) expect(run.fluctuation(0)[10]).not.toBeCloseTo(run.fluctuation(1)[10]!, 3);
  if (count > 1) expect(new Set(run.fluctuation(count - 1))).toEqual(new Set([0]));
});

test('an inhibitory drive, second order, and a rate held at 0', async () => {
  const steps = 80;
  const dt = 0.25;
  const model = changed(printedModel(), ({ drives }, index) =>
    index === 0
      ? { drives: [...drives, { kind: 'inh', rate: 0.5, share: 0.4, fluctuation: { sd: 1.5, tau: 3 } }] }
      : {},
  );
  const settings = { dt, order: 2 as const, integrator: 'rk4' as const };
  const run = await simulateMeanField(await testDevice(), [model], {
    ...{ ...settings, duration: steps * dt, initial, seed: 3 },
  });
  const noise = twinRateNoise(model, 3, steps, dt);
  const state = {
    ...{ nu: [2.4, 9.6], w: [0, 0] },
    c: [
      [0.1, 0.1],
      [0.1, 0.25],
    ],
  };
  const twin = twinMeanField(model, state, { ...settings, steps }, (population, step) => [
    0,
    population === 0 ? 0.4 * noise[step]![0]! : 0,
  ]);
  twin.forEach(({ nu, c }, step) => {
    for (const index of [0, 1]) {
      expect(Math.abs(run.rate(index)[step]! - nu[index]!)).toBeLessThan(2e-5 * nu[index]! + 2e-6);
      expect(Math.abs(run.covariance(index, index)[step]! - c[index]![index]!)).toBeLessThan(1e-4);
    }
  });
  expect(noise.some(([x]) => 0.5 + x! < 0)).toBe(true);
  expect(run.warnings.join()).toContain(
    'the external rate of exc, 0.5 Hz at its lowest, fluctuates with an SD of 1.5 Hz',
  );
});

test('mean, SD and correlation time are those asked for', async () => {
  const instances = 256;
  const [sd, tau, dt, every] = [0.7, 5, 0.5, 2];
  const run = await simulateMeanField(
    await testDevice(),
    new Array(instances).fill(noisy(printedModel(), sd, tau)),
    {
      ...{ duration: 400, dt, every, order: 1, integrator: 'euler', initial: [2, 9] },
      seed: Array.from({ length: instances }, (_, index) => 1000 + index),
    },
  );
  const samples = run.times.length;
  const r = Math.exp(-every / tau);
  for (const population of [0, 1]) {
    const of = (instance: number) => run.fluctuation(population, instance);
    let [sum, squares, products] = [0, 0, 0];
    for (let instance = 0; instance < instances; instance++)
      of(instance).forEach((x, k) => {
        sum += x;
        squares += x * x;
        if (k > 0) products += x * of(instance)[k - 1]!;
      });
    const n = instances * samples;
    const pairs = instances * (samples - 1);
    // n samples of correlation r from one to the next are worth n (1 - r) / (1 + r) of the mean, and with r^2 of the variance.
    const meanError = sd * Math.sqrt((1 + r) / (1 - r) / n);
    const varianceError = sd ** 2 * Math.sqrt((2 * (1 + r * r)) / (1 - r * r) / n);
    expect(Math.abs(sum / n)).toBeLessThan(3 * meanError);
    expect(Math.abs(squares / n - sd ** 2)).toBeLessThan(3 * varianceError);
    // Of the correlation from sample to sample (Bartlett): sqrt((1 - r^2) / n).
    const found = products / pairs / (squares / n);
    const error = Math.sqrt((1 - r * r) / pairs);
    expect(Math.abs(found - r)).toBeLessThan(3 * error);
    const time = -every / Math.log(found);
    expect(Math.abs(time - tau)).toBeLessThan((3 * error * tau * tau) / every / r);
    // Stationary from the start.
    const first = Array.from({ length: instances }, (_, instance) => of(instance)[0]!);
    const variance = first.reduce((all, x) => all + x * x, 0) / instances;
    expect(Math.abs(variance - sd ** 2)).toBeLessThan(3 * sd ** 2 * Math.sqrt(2 / instances));
  }
  // Populations fluctuate independently of each other.
  let together = 0;
  for (let instance = 0; instance < instances; instance++)
    run.fluctuation(0, instance).forEach((x, k) => {
      together += x * run.fluctuation(1, instance)[k]!;
    });
  const error = sd ** 2 * Math.sqrt((1 + r * r) / (1 - r * r) / (instances * samples));
  expect(Math.abs(together / instances / samples)).toBeLessThan(3 * error);
});

test('depends on the seed alone: not on the batch, its place in it, nor on how time is cut', async () => {
  const device = await testDevice();
  const models = Array.from({ length: 300 }, (_, index) =>
    noisy(randomModel(2, index), 0.4, 3 + index / 100),
  );
  const seed = models.map((_, index) => 7 * index);
  const settings = { duration: 6, dt: 0.1, integrator: 'heun' as const, initial: [2, 8] };
  const all = await simulateMeanField(device, models, { ...settings, seed, every: 2 });
  for (const index of [0, 63, 64, 299]) {
    const one = await simulateMeanField(device, [models[index]!], {
      ...settings,
      seed: seed[index]!,
      every: 0.3,
    });
    expect(one.last()).toEqual(all.last(index));
    expect(one.fluctuation(1).at(-1)).toBe(all.fluctuation(1, index).at(-1));
  }
  // One seed for all is the same input to all; another seed is another.
  const twice = await simulateMeanField(device, [models[0]!, models[0]!], { ...settings, seed: 5 });
  expect(twice.rate(0, 1)).toEqual(twice.rate(0, 0));
  const other = await simulateMeanField(device, [models[0]!], { ...settings, seed: 6 });
  expect(other.last()[0]).not.toBe(twice.last()[0]);
});

test('beside instances that fluctuate, or with an SD of 0, the others do what they do alone', async () => {
  const device = await testDevice();
  const model = printedModel();
  const settings = { duration: 20, dt: 0.1, every: 5, initial: [2, 8] };
  const alone = await simulateMeanField(device, [model], settings);
  const mixed = await simulateMeanField(device, [noisy(model), model, noisy(model, 0)], settings);
  expect(mixed.last(1)).toEqual(alone.last());
  expect(mixed.last(2)).toEqual(alone.last());
  expect(mixed.last(0)[0]).not.toBe(alone.last()[0]);
  expect(alone.fluctuating).toBe(false);
  expect(alone.states.length).toBe(5 * alone.times.length);
});

test('what cannot be meant is refused', async () => {
  const device = await testDevice();
  const model = printedModel();
  expect(() => noisy(model, -1)).toThrow('the drive of population exc fluctuates with an SD of -1 Hz');
  expect(() => noisy(model, 1, 0)).toThrow('fluctuates with a correlation time of 0 ms');
  expect(() => noisy(changed(model, () => ({ drives: [] })))).toThrow(
    'has external synapses, so none has a rate that could fluctuate: give the network a drive',
  );
  const fluctuation = { sd: 1, tau: 5 };
  const two = changed(model, ({ drives }) => ({
    drives: [...drives, ...drives].map((drive) => ({ ...drive, fluctuation })),
  }));
  expect(() => checkMeanField(two)).toThrow('2 drives of population exc fluctuate');
  const run = (seed: number | number[]) => simulateMeanField(device, [noisy(model)], { duration: 1, seed });
  await expect(run(-1)).rejects.toThrow('a seed is -1, but must be a whole number from 0');
  await expect(run([1, 2])).rejects.toThrow('seed holds 2 seeds for 1 instances');
});
