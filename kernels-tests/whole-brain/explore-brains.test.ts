/**
 * Explorations of whole brains: rows are what single runs give, whatever the batch, the shard and the seeds beside them; a fit finds the
 * point at which its data were made; a brain that goes astray harms no other.
 */
import { expect, test } from 'vitest';
import { functionalConnectivity, matrixCorrelation } from '../../src/analysis/correlation.ts';
import { type Connectome, prepareConnectome } from '../../src/models/connectome.ts';
import { syntheticSource } from '../../src/models/synthetic-connectome.ts';
import { withSyntheticRecordings } from '../../src/models/synthetic-recordings.ts';
import { mergeSweeps } from '../../src/sweep/folder.ts';
import { gridSpace, listSpace } from '../../src/sweep/space.ts';
import { dominantFrequency } from '../../src/whole-brain/brain-measures.ts';
import { parseObjective } from '../../src/whole-brain/brain-objectives.ts';
import { brainTarget } from '../../src/whole-brain/brain-target.ts';
import { type BrainTask, brainTask } from '../../src/whole-brain/brain-task.ts';
import { nodeModel } from '../../src/whole-brain/defined-model.ts';
import {
  pointsInMemory,
  pointsThatFit,
  requireBrains,
  taskMeasures,
} from '../../src/whole-brain/evaluate-brains.ts';
import { brainSweepPlan, exploreBrains, fitBrains } from '../../src/whole-brain/explore-brains.ts';
import { simulateBrain } from '../../src/whole-brain/simulate-brain.ts';
import { testDevice } from '../device.ts';
import { newPaths } from '../own-folder.ts';

const folder = newPaths();

const connectome = prepareConnectome(
  withSyntheticRecordings(syntheticSource({ nodes: 10, seed: 2 }), { subjects: 2, samples: 60 }),
);
const parameters = { mue_ext_mean: 1.57, mui_ext_mean: 1.6, b: 5 };
const task = brainTask({
  ...{ connectome, parameters, duration: 1200, transient: 200, bold: { TR: 20 } },
  dynamics: { window: 20, step: 5 },
  seeds: [3, 4],
});
// Points with and without noise, of two velocities: what their kernels and tables share must not matter.
const space = listSpace(
  ['sigma_ou', 'signalV', 'Ke_gl'],
  [
    [0, 20, 250],
    [0.1, 20, 250],
    [0.1, 5, 250],
    [0.3, 20, 200],
    [0.1, 20, 100],
  ],
);

test('rows are what runs give one by one, and shards put together are the whole', async () => {
  const device = await testDevice();
  const [whole, first, second] = [folder(), folder(), folder()];
  const seen: number[] = [];
  const { results } = await exploreBrains(device, task, space, {
    folder: whole,
    batch: 5,
    onBatch: (done) => seen.push(done.count()),
  });
  expect(seen).toEqual([5]);
  await exploreBrains(device, task, space, { folder: first, batch: 1, shard: { index: 1, count: 2 } });
  await exploreBrains(device, task, space, { folder: second, batch: 2, shard: { index: 2, count: 2 } });
  const merged = mergeSweeps([second, first], brainSweepPlan(task, space));
  expect(merged.rows).toEqual(results.rows);

  const point = 3;
  const single = await simulateBrain(device, {
    brains: task.seeds.map((seed) => ({
      connectome,
      parameters: { ...parameters, sigma_ou: 0.3, signalV: 20, Ke_gl: 200 },
      seed,
    })),
    ...{ duration: 1200, transient: 200, sampling: 2, bold: { TR: 20 } },
  });
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
  expect(results.column('rates_exc_mean')[point]).toBeCloseTo(mean(single.statistics.mean), 9);
  expect(results.column('rates_inh_mean')[point]).toBeCloseTo(mean(single.statistics.secondMean), 9);
  const most = [0, 1].map((brain) =>
    Math.max(...single.statistics.max.subarray(10 * brain, 10 * brain + 10)),
  );
  expect(results.column('rates_exc_max')[point]).toBe(mean(most));
  const correlations = [0, 1].map((brain) => {
    // Ten samples of BOLD fall into the transient.
    const fc = functionalConnectivity(single.selectBold({ brain }), 10, { first: 10 });
    return connectome.subjects.map(({ bold }) =>
      matrixCorrelation(fc, functionalConnectivity(bold!.data, 10), 10),
    );
  });
  expect(results.column('fc_correlation')[point]).toBeCloseTo(mean(correlations.map(mean)), 12);
  expect(results.column('fc_correlation.made-02')[point]).toBeCloseTo(
    mean(correlations.map((each) => each[1]!)),
    12,
  );
  const frequencies = [0, 1].map((brain) => {
    const rates = single.select({ brain });
    const kept = Float64Array.from(
      { length: 5000 },
      (_, at) => rates[Math.floor(at / 500) * 600 + 100 + (at % 500)]!,
    );
    return dominantFrequency(kept, 10, 2);
  });
  expect(results.column('frequency_hz')[point]).toBeCloseTo(mean(frequencies), 12);
  const distances = results.column('fcd_distance');
  expect(distances.every((each) => each >= 0 && each <= 1)).toBe(true);
  expect(new Set(distances).size).toBeGreaterThan(2);
});

test('without BOLD there is nothing to compare, and short runs have no dynamics', () => {
  const bare: BrainTask = { ...task, TR: undefined };
  expect(taskMeasures(bare)).toEqual([
    ...['rates_exc_mean', 'rates_exc_sd', 'rates_exc_max', 'rates_inh_mean', 'frequency_hz', 'outside_table'],
  ]);
  expect(taskMeasures(task)).toContain('fcd_distance');
  expect(taskMeasures({ ...task, TR: 100 })).toContain('fc_correlation');
  expect(taskMeasures({ ...task, TR: 100 })).not.toContain('fcd_distance');
  expect(() => parseObjective('fc_correlation', taskMeasures(bare))).toThrow(/give --bold/);
});

test('a rhythm is found', () => {
  const samples = Float64Array.from(
    { length: 2 * 2500 },
    (_, k) => 3 + Math.sin(2 * Math.PI * 0.002 * 12.4 * (k % 2500)),
  );
  expect(dominantFrequency(samples, 2, 2)).toBeCloseTo(12.4, 9);
  expect(dominantFrequency(new Float64Array(1000).fill(2), 2, 2)).toBeNaN();
});

test('a brain that goes astray leaves NaN, and the others what they would alone', async () => {
  const device = await testDevice();
  const wild = brainTask({
    ...{ connectome, model: nodeModel('hopf'), duration: 200, parameters: { K_gl: 0.1 }, dt: 0.5 },
  });
  const astray = gridSpace([{ name: 'a', values: [-0.1, 0.1, 300] }]);
  const { results } = await exploreBrains(device, wild, astray, { folder: folder() });
  expect(results.column('x_mean')[2]).toBeNaN();
  const calm = gridSpace([{ name: 'a', values: [-0.1, 0.1] }]);
  const { results: alone } = await exploreBrains(device, wild, calm, { folder: folder() });
  expect(results.rows.subarray(0, alone.rows.length)).toEqual(alone.rows);
  expect(alone.rows.every(Number.isFinite)).toBe(true);
});

test('a step that divides no round time, and a run shorter than what is listened to', async () => {
  const odd = brainTask({
    ...{ connectome, model: nodeModel('hopf'), duration: 600, transient: 90, dt: 0.3 },
    parameters: { K_gl: 0, a: 0.2 },
  });
  // Cycles of angular frequency w: 1000 w / 2 pi Hz.
  const { results } = await exploreBrains(
    await testDevice(),
    odd,
    gridSpace([{ name: 'w', values: [0.1, 0.3] }]),
    {
      folder: folder(),
    },
  );
  // 510 ms resolve 2 Hz.
  expect(Math.abs(results.column('frequency_hz')[0]! - 15.9)).toBeLessThan(2);
  expect(Math.abs(results.column('frequency_hz')[1]! - 47.7)).toBeLessThan(2);
  expect(results.column('x_max')[0]!).toBeCloseTo(Math.sqrt(0.2), 1);
});

test('a fit finds where its data were made', async () => {
  const device = await testDevice();
  const model = nodeModel('hopf');
  const shared = { a: -0.05, sigma_ou: 0.02 };
  const times = { duration: 2000, transient: 200, dt: 0.5 };
  const known = { K_gl: 0.07, signalV: 9 };
  const recording = await simulateBrain(device, {
    brains: { connectome, parameters: { ...shared, ...known }, seed: 7 },
    ...{ model, ...times, bold: { TR: 20 } },
  });
  const all = recording.selectBold();
  const samples = 90;
  const data = Float64Array.from(
    { length: 10 * samples },
    (_, at) => all[Math.floor(at / samples) * 100 + 10 + (at % samples)]!,
  );
  const recorded: Connectome = {
    ...connectome,
    subjects: [{ name: 'known', weights: connectome.weights, bold: { data, samples, TR: 20 } }],
  };
  const fitted = brainTask({
    connectome: recorded,
    model,
    parameters: shared,
    ...times,
    bold: true,
    seeds: [7],
  });
  expect(fitted.TR).toBe(20);
  const plan = {
    ranges: [
      { name: 'K_gl', from: 0, to: 0.3 },
      { name: 'signalV', from: 4, to: 30 },
    ],
    objectives: [parseObjective('fc_correlation', taskMeasures(fitted))],
    ...{ generations: 12, population: 10, seed: 1 },
  };
  const run = await fitBrains(device, fitted, plan, { folder: folder() });
  const fit = run.results.column('fc_correlation');
  const best = fit.indexOf(Math.max(...fit));
  const [first, last] = [fit.slice(0, 10), fit.slice(-10)].map((each) => Math.max(...each));
  expect(last).toBeGreaterThan(first!);
  expect(last).toBeGreaterThan(0.995);
  const [K_gl, signalV] = run.results.plan.space.point(best);
  expect(Math.abs(K_gl! - known.K_gl)).toBeLessThan(0.02);
  expect(Math.abs(signalV! - known.signalV)).toBeLessThan(3);

  // In other batches, with two objectives, broken off and taken up again: the same points and numbers.
  const front = {
    ...plan,
    objectives: [...plan.objectives, parseObjective('frequency_hz=20', taskMeasures(fitted))],
    ...{ generations: 3, population: 6 },
  };
  const whole = await fitBrains(device, fitted, front, { folder: folder() });
  const cut = folder();
  let calls = 0;
  await expect(
    fitBrains(device, fitted, front, {
      folder: cut,
      batch: 4,
      onGeneration: () => {
        if (++calls === 2) throw new Error('broken off');
      },
    }),
  ).rejects.toThrow('broken off');
  const again = await fitBrains(device, fitted, front, {
    ...{ folder: cut, batch: 4 },
    // Every point that is done has its place when a table may be written.
    onGeneration: ({ done, plan }) => {
      for (const [index, each] of done.entries()) if (each) expect(plan.space.point(index).length).toBe(2);
    },
  });
  expect([again.found, again.evaluated]).toEqual([12, 6]);
  expect(again.results.rows).toEqual(whole.results.rows);
  // A finished search goes on for more generations, as if it had been asked for them from the beginning; fewer are its first ones.
  const longer = await fitBrains(device, fitted, { ...front, generations: 5 }, { folder: cut });
  expect([longer.found, longer.evaluated]).toEqual([18, 12]);
  const atOnce = await fitBrains(device, fitted, { ...front, generations: 5 }, { folder: folder() });
  expect(longer.results.rows).toEqual(atOnce.results.rows);
  expect(longer.results.plan.space.point(29)).toEqual(atOnce.results.plan.space.point(29));
  const shorter = await fitBrains(device, fitted, front, { folder: cut });
  expect([shorter.found, shorter.evaluated]).toEqual([18, 0]);
  expect(shorter.results.rows).toEqual(whole.results.rows);
  expect(again.results.plan.space.point(17)).toEqual(whole.results.plan.space.point(17));
  await expect(fitBrains(device, fitted, { ...front, seed: 2 }, { folder: cut })).rejects.toThrow(
    /holds another sweep/,
  );
}, 120_000);

test.each([
  ['mue_ext_mean', [1, 2], 'mue_ext_mean is set and varied'],
  ['mue', [1, 2], 'the ALN node has no parameter mue'],
  ['signalV', [0, 20], 'signalV is 0, but signals must move'],
  ['tauA', [-1, 200], 'tauA'],
  ['C', [150, 200], 'look-up table'],
])('%s over %o is refused before anything is run', (name, [from, to], message) => {
  expect(() => requireBrains(task, [{ name, from: from!, to: to! }])).toThrow(message);
});

test.each([
  ['fc_correlation=best', 'must be largest, smallest or a number'],
  ['rate', 'brains leave no number rate'],
  ['=3', 'is written name'],
])('the objective %s is refused', (text, message) => {
  expect(() => parseObjective(text, taskMeasures(task))).toThrow(message);
});

test('a subject without a recording is no target, and memory bounds a batch', async () => {
  expect(brainTarget({ nodes: 10, subjects: syntheticSource({ nodes: 10 }).subjects })).toBeUndefined();
  const plan = requireBrains(task, [{ name: 'tauA', from: 100, to: 500 }]);
  const { limits, adapter } = await testDevice();
  const small = {
    limits: { ...limits, maxBufferSize: 16 * plan.rings.stride * 7, maxStorageBufferBindingSize: 2 ** 27 },
    adapter,
  };
  expect(
    pointsThatFit(small as Parameters<typeof pointsThatFit>[0], plan, {
      brains: 2,
      tables: { own: 0, shared: 1 },
    }),
  ).toBe(3);
  expect(() =>
    pointsThatFit(small as Parameters<typeof pointsThatFit>[0], plan, {
      brains: 8,
      tables: { own: 0, shared: 1 },
    }),
  ).toThrow(/8 brains of 10 nodes .* do not fit/);
  // 1000 ms every 2 ms and 60 samples of BOLD, 10 nodes, two seeds.
  expect(pointsInMemory(task, 2)).toBe(Math.floor(2 ** 30 / (4 * 560 * 10 * 2)));
  expect(pointsInMemory(task, 1e6)).toBe(1);
});
