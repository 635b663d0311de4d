/**
 * Events that the device draws. A receptor whose conductance decays within one step (tau = dt) and events of 1 nS make g
 * at the beginning of a step the number of events of the step before; V stands still at the reversal potential.
 *
 * Every count is the twin's. Statistics then judge the counts against their distributions, with fixed seeds.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Drive, DriveStatistics, TimeCourse } from '../../src/models/network.ts';
import { driveTable } from '../../src/spiking/drive.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { binomialPmf, chiSquaredTest, histogram, normalTails, poissonPmf, unlikely } from '../statistics.ts';
import { countEvents, driveBits } from '../twins/advance.ts';
import { cell, network, population } from './networks.ts';
import { record, traceAll } from './record.ts';

const dt = 0.1;
const size = 250;
const steps = 400;
const seed = 2 ** 33 + 7;
const lif = cell('LIF');
const first = { name: 'first', tau: dt, E_rev: lif.E_L };
const second = { name: 'second', tau: dt, E_rev: lif.E_L };

interface Case {
  statistics: DriveStatistics;
  synapses: number;
  mean: number;
}
const cases: Case[] = [
  { statistics: 'poisson', synapses: 400, mean: 1e-3 },
  { statistics: 'poisson', synapses: 400, mean: 0.05 },
  { statistics: 'poisson', synapses: 1, mean: 0.7 },
  { statistics: 'poisson', synapses: 8000, mean: 6 },
  { statistics: 'poisson', synapses: 400, mean: 60 },
  { statistics: 'poisson', synapses: 400, mean: 5000 },
  { statistics: 'binomial', synapses: 10, mean: 3 },
  { statistics: 'binomial', synapses: 400, mean: 0.16 },
  { statistics: 'binomial', synapses: 2000, mean: 1000 },
  { statistics: 'bernoulli', synapses: 400, mean: 0.02 },
  { statistics: 'bernoulli', synapses: 400, mean: 0.9 },
];

function drive(receptor: Drive['receptor'], { statistics, synapses, mean }: Case): Drive {
  return { receptor, synapses, rate: (mean / (synapses * dt)) * 1000, weight: 1, statistics };
}

/** Counts of each drive, `[step][neuron]` flat, from the g of its receptor at the beginning of the next step. */
type Counts = number[];

async function drawCounts(drives: Drive[][], duration: number): Promise<Counts[][]> {
  const populations = drives.map((each, index) =>
    population(`population ${index}`, size, lif, { drives: each }),
  );
  const model = network(populations, [], { dt, duration, receptors: [first, second] });
  await using simulation = await Simulation.create(await testDevice(), model, {
    seed,
    traces: traceAll(model),
  });
  const drawn = Math.round(duration / dt) - 1;
  const found = await record(simulation, duration);
  expect(found.spikes).toEqual([]);
  const counts = drives.map((each) => each.map((): Counts => new Array<number>(drawn * size).fill(0)));
  simulation.channels.forEach(({ population: name, neuron, variable }, channel) => {
    const index = Number(name.split(' ')[1]);
    const at = drives[index]!.findIndex(({ receptor }) => `g_${receptor.name}` === variable);
    if (at < 0) return;
    for (let step = 0; step < drawn; step++)
      counts[index]![at]![step * size + neuron] = found.traces[channel]![step + 1]!;
  });
  return counts;
}

/** What the twin draws for a drive. */
function twinCounts(of: Drive, index: number, at: number, drawn: number): Counts {
  const table = driveTable(of, dt);
  const counts: Counts = [];
  for (let step = 0; step < drawn; step++) {
    for (let group = 0; 4 * group < size; group++) {
      const bits = driveBits(seed, index, at, group, step);
      for (let lane = 0; lane < 4 && 4 * group + lane < size; lane++)
        counts.push(countEvents(table, step, bits[lane]!));
    }
  }
  return counts;
}

function pmfOf({ statistics, synapses, mean }: Case): (k: number) => number {
  if (statistics === 'poisson') return (k) => poissonPmf(k, mean);
  if (statistics === 'binomial') return (k) => binomialPmf(k, synapses, mean / synapses);
  return (k) => [1 - mean, mean][k] ?? 0;
}

/** Variance and excess kurtosis of a case. */
function shape(of: Case): { variance: number; kurtosis: number } {
  const { statistics, synapses, mean } = of;
  if (statistics === 'poisson') return { variance: mean, kurtosis: 1 / mean };
  const n = statistics === 'binomial' ? synapses : 1;
  const p = mean / n;
  const variance = n * p * (1 - p);
  return { variance, kurtosis: (1 - 6 * p * (1 - p)) / variance };
}

/** Normal deviate of the mean of squares of `values`, which have mean 0, variance 1 and a known kurtosis. */
function dispersion(values: readonly number[], kurtosis: number): number {
  const squares = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  return (squares - 1) / Math.sqrt((2 + kurtosis) / values.length);
}

/** Normal deviate of the correlation of two standardized sequences. */
function correlation(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0) / Math.sqrt(a.length);
}

describe('constant rates', () => {
  let counts: Counts[][];
  const drives = cases.map((each) => [drive(first, each)]);
  // Two drives in one population, and one more population just like the second.
  drives.push([drive(first, cases[3]!), drive(second, cases[3]!)], [drive(first, cases[3]!)]);
  const drawn = steps - 1;

  /** Counts as deviations from their mean, in standard deviations. */
  const standardized = (index: number, at = 0) => {
    const { mean } = cases[index] ?? cases[3]!;
    const { variance } = shape(cases[index] ?? cases[3]!);
    return counts[index]![at]!.map((count) => (count - mean) / Math.sqrt(variance));
  };

  beforeAll(async () => {
    counts = await drawCounts(drives, steps * dt);
  });

  test('every count is the twin’s', () => {
    drives.forEach((each, index) => {
      each.forEach((one, at) => {
        const twin = twinCounts(one, index, at, drawn);
        const wrong = counts[index]![at]!.filter((count, place) => count !== twin[place]).length;
        expect(wrong, `drive ${at} of population ${index}`).toBe(0);
      });
    });
  });

  test.each(cases.map((each, index) => ({ ...each, index })))(
    '$statistics of mean $mean: distribution, mean and variance',
    ({ index, ...each }) => {
      const all = counts[index]![0]!;
      const most = all.reduce((a, b) => Math.max(a, b), 0);
      const pmf = pmfOf(each);
      const expected = Array.from({ length: most + 2 }, (_, k) => all.length * pmf(k));
      expected[most + 1] = Math.max(0, all.length - expected.slice(0, -1).reduce((a, b) => a + b, 0));
      expect(chiSquaredTest(histogram(all, most + 2), expected), 'goodness of fit').toBeGreaterThan(unlikely);
      const z = standardized(index);
      const mean = z.reduce((a, b) => a + b, 0) / Math.sqrt(z.length);
      expect(normalTails(mean), 'mean').toBeGreaterThan(unlikely);
      expect(normalTails(dispersion(z, shape(each).kurtosis)), 'variance').toBeGreaterThan(unlikely);
    },
  );

  test.each(cases.map((each, index) => ({ ...each, index })))(
    '$statistics of mean $mean: independent neurons and steps',
    ({ index, ...each }) => {
      const z = standardized(index);
      const { kurtosis } = shape(each);
      // If neurons went together, the sum over neurons would vary more than N times as much as one; likewise for steps.
      const byStep = new Array<number>(drawn).fill(0);
      const byNeuron = new Array<number>(size).fill(0);
      z.forEach((value, place) => {
        byStep[Math.floor(place / size)]! += value / Math.sqrt(size);
        byNeuron[place % size]! += value / Math.sqrt(drawn);
      });
      expect(normalTails(dispersion(byStep, kurtosis / size)), 'sums over neurons').toBeGreaterThan(unlikely);
      expect(normalTails(dispersion(byNeuron, kurtosis / drawn)), 'sums over steps').toBeGreaterThan(
        unlikely,
      );
      for (const lag of [1, 2, 16, 32]) {
        const r = correlation(z.slice(lag * size), z);
        expect(normalTails(r), `correlation with ${lag} steps later`).toBeGreaterThan(unlikely);
      }
      for (const distance of [1, 2, 3, 4]) {
        const here = z.filter((_, place) => place % size < size - distance);
        const there = z.filter((_, place) => place % size >= distance);
        expect(normalTails(correlation(here, there)), `neighbours at ${distance}`).toBeGreaterThan(unlikely);
      }
    },
  );

  test('drives of one population, and populations with like drives, are independent', () => {
    const two = cases.length;
    const pairs = [
      [standardized(two, 0), standardized(two, 1)],
      [standardized(two, 0), standardized(3)],
      [standardized(two + 1), standardized(3)],
      [standardized(two + 1), standardized(two, 0)],
    ] as const;
    for (const [a, b] of pairs) expect(normalTails(correlation(a, b))).toBeGreaterThan(unlikely);
  });
});

describe('sampled rates', () => {
  const hertz = (mean: number) => mean / (400 * dt * 1e-3);
  const course = (sample: number, means: number[]): TimeCourse => ({
    dt: sample,
    values: Float64Array.from(means, hertz),
  });
  const sampled = (rate: TimeCourse): Drive => ({
    receptor: first,
    synapses: 400,
    rate,
    weight: 1,
    statistics: 'poisson',
  });
  const small = [0, 0.5, 3, 0.01, 0, 1];
  const large = [0, 5000, 0.3, 80];
  const odd = [2, 0, 4, 1, 0];
  const duration = 10;
  const drives = [
    { of: sampled(course(1, small)), meanAt: (step: number) => small[Math.min(5, Math.floor(step / 10))]! },
    { of: sampled(course(2, large)), meanAt: (step: number) => large[Math.min(3, Math.floor(step / 20))]! },
    {
      of: sampled(course(1.25, odd)),
      // Samples of 12.5 steps: the one at the beginning of a step counts.
      meanAt: (step: number) => odd[Math.min(4, Math.floor(step / 12.5))]!,
    },
  ];

  test('each step has the rate of its sample, and the last is held', async () => {
    const counts = await drawCounts(
      drives.map(({ of }) => [of]),
      duration,
    );
    const drawn = duration / dt - 1;
    drives.forEach(({ of, meanAt }, index) => {
      const found = counts[index]![0]!;
      expect(found).toEqual(twinCounts(of, index, 0, drawn));
      for (let step = 0; step < drawn; step++) {
        const mean = size * meanAt(step);
        const sum = found.slice(step * size, (step + 1) * size).reduce((a, b) => a + b, 0);
        if (mean === 0) expect(sum, `step ${step} of course ${index}`).toBe(0);
        // Small means are too skewed for a normal test of each step; 6 standard deviations and 6 events are enough to
        // know a sample from its neighbours.
        else
          expect(Math.abs(sum - mean), `step ${step} of course ${index}`).toBeLessThan(
            6 * Math.sqrt(mean) + 6,
          );
      }
    });
  });
});
