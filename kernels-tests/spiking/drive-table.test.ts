/**
 * Tables of external drives against the distributions that they stand for. The judge sums probabilities from their formulas
 * with log Gamma (good to 1e-11 at these means); the tables come from ratios of neighbouring probabilities.
 */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import type { Drive, DriveStatistics, TimeCourse } from '../../src/models/network.ts';
import {
  countDistribution,
  type DriveTable,
  driveTable,
  driveTableWords,
  forever,
  steppedCourse,
} from '../../src/spiking/drive.ts';
import { binomialPmf, poissonPmf } from '../statistics.ts';
import { countEvents, thresholdsAt } from '../twins/advance.ts';
import { exc } from './networks.ts';

function drive(statistics: DriveStatistics, synapses: number, rate: TimeCourse): Drive {
  return { receptor: exc, synapses, rate, weight: 1, statistics };
}

/** Compares P(count <= k) of a distribution with the sums of a pmf, and what it leaves out with nothing. */
function expectDistribution(statistics: DriveStatistics, n: number, p: number, pmf: (k: number) => number) {
  const { first, cumulative } = countDistribution(statistics, n, p);
  let sum = 0;
  for (let k = 0; k < first; k++) sum += pmf(k);
  expect(sum, 'counts below the first').toBeLessThan(1e-10);
  cumulative.forEach((probability, index) => {
    sum += pmf(first + index);
    expect(Math.abs(probability - sum), `P(count <= ${first + index})`).toBeLessThan(1e-10);
  });
  // What is left belongs to the next count, up to 2^-33.
  sum += pmf(first + cumulative.length);
  expect(1 - sum, 'counts above the last').toBeLessThan(2 ** -33 + 1e-10);
  expect(cumulative.every((each, index) => index === 0 || each > cumulative[index - 1]!)).toBe(true);
}

describe('distributions of counts', () => {
  test.each([1e-6, 1e-3, 0.05, 0.5, 1, 3.7, 16, 100, 777.7, 5000])('Poisson of mean %d', (mean) => {
    expectDistribution('poisson', 1, mean, (k) => poissonPmf(k, mean));
    expectDistribution('poisson', 400, mean / 400, (k) => poissonPmf(k, mean));
  });

  test.each([
    [1, 0.3],
    [7, 1e-4],
    [400, 4e-4],
    [400, 0.25],
    [1000, 0.5],
    [50, 0.98],
    [20_000, 0.25],
  ])('binomial of %i synapses at %d', (n, p) => {
    expectDistribution('binomial', n, p, (k) => binomialPmf(k, n, p));
  });

  test('Bernoulli: one event or none', () => {
    expect(countDistribution('bernoulli', 400, 4e-4)).toEqual({ first: 0, cumulative: [1 - 400 * 4e-4] });
  });

  test('certain counts', () => {
    for (const statistics of ['poisson', 'binomial', 'bernoulli'] as const)
      expect(countDistribution(statistics, 10, 0)).toEqual({ first: 0, cumulative: [] });
    expect(countDistribution('binomial', 10, 1)).toEqual({ first: 10, cumulative: [] });
    expect(countEvents(driveTable(drive('bernoulli', 10, 1000), 0.1), 0, 0)).toBe(1);
    expect(countEvents(driveTable(drive('bernoulli', 10, 1000), 0.1), 0, 0xffffffff)).toBe(1);
  });

  test.each([
    [
      'bernoulli',
      10,
      1010,
      'an external drive brings 1.01 events per step to each neuron, but with bernoulli statistics this is a probability and cannot exceed 1: lower its rate or dt, or use poisson',
    ],
    [
      'binomial',
      10,
      11_000,
      'an external drive brings 1.1 events per step to each synapse, but with binomial statistics this is a probability and cannot exceed 1: lower its rate or dt, or use poisson',
    ],
    [
      'poisson',
      10,
      -1000,
      'an external drive brings -1 events per step to each neuron: give a rate of 0 Hz or more, and at least one synapse',
    ],
    [
      'bernoulli',
      10,
      Number.NaN,
      'an external drive brings NaN events per step to each neuron: give a rate of 0 Hz or more, and at least one synapse',
    ],
  ] as const)('a %s drive of %i synapses at %d Hz is refused', (statistics, synapses, rate, message) => {
    for (const course of [rate, { dt: 1, values: Float64Array.of(1, rate) }]) {
      const absurd = () => driveTable(drive(statistics, synapses, course), 0.1);
      expect(absurd).toThrow(InputError);
      expect(absurd).toThrow(new InputError(message));
    }
  });

  test('as many synapses as share one event exactly are a Bernoulli drive still', () => {
    for (const synapses of [3, 7, 49, 107, 1000])
      expect(() => driveTable(drive('bernoulli', synapses, 10_000 / synapses), 0.1)).not.toThrow();
  });

  test('more events than can be counted are refused', () => {
    const absurd = () => driveTable(drive('poisson', 1e6, 1e5), 0.1);
    expect(absurd).toThrow(InputError);
    expect(absurd).toThrow(
      'an external drive brings 1.00e+7 events per step to each neuron, more than the 1000000 that can be counted: lower its rate or its number of synapses',
    );
  });
});

/** Mean and variance of the counts that 2^32 equally likely random numbers give. */
function moments(table: DriveTable, row: number): { mean: number; variance: number } {
  const thresholds = thresholdsAt(table, row * table.stepsPerRow);
  let [mean, square, below] = [0, 0, 0];
  const ends = [...thresholds, 2 ** 32];
  ends.forEach((threshold, index) => {
    // A threshold of 0xFFFFFFFF stands for 1.
    const end = threshold === 0xffffffff ? 2 ** 32 : threshold;
    const probability = (end - below) / 2 ** 32;
    mean += probability * (table.base + index);
    square += probability * (table.base + index) ** 2;
    below = end;
  });
  return { mean, variance: square - mean * mean };
}

describe('tables', () => {
  test.each([
    ['poisson', 400, 4, 0.16],
    ['poisson', 400, 1000, 40],
    ['poisson', 1, 5e7, 5000],
    ['binomial', 400, 4, 0.16],
    ['binomial', 1000, 5000, 500],
    ['bernoulli', 400, 4, 0.16],
  ] as const)('%s, %i synapses at %d Hz: exact to 2^-32', (statistics, synapses, rate, mean) => {
    const dt = 0.1 * (mean / (synapses * rate * 1e-4));
    const table = driveTable(drive(statistics, synapses, rate), dt);
    expect(table.rows).toBe(1);
    expect(table.stepsPerRow).toBe(forever);
    const found = moments(table, 0);
    const p = mean / synapses;
    const variance = { poisson: mean, binomial: mean * (1 - p), bernoulli: mean * (1 - mean) }[statistics];
    const rounding = (table.inline.length + table.thresholds.length) * 2 ** -32;
    expect(Math.abs(found.mean - mean)).toBeLessThan(rounding);
    expect(Math.abs(found.variance - variance)).toBeLessThan(rounding * (2 * Math.sqrt(variance) + 30) ** 2);
    expect(driveTableWords(drive(statistics, synapses, rate), dt)).toBe(table.thresholds.length);
  });

  test('few thresholds of a constant rate stand inline, others are searched by bisection over 2^n - 1', () => {
    const short = driveTable(drive('poisson', 400, 4), 0.1);
    expect(short).toMatchObject({ base: 0, halvings: 0, rows: 1, thresholds: new Uint32Array() });
    expect(short.inline.length).toBeGreaterThan(3);
    const long = driveTable(drive('poisson', 400, 1000), 0.1);
    expect(long.inline.length).toBe(0);
    expect(long.thresholds.length).toBe(2 ** long.halvings - 1);
    expect(long.base).toBeGreaterThan(0);
    const sampled = driveTable(drive('poisson', 400, { dt: 1, values: Float64Array.of(4, 0) }), 0.1);
    expect(sampled.inline.length).toBe(0);
    expect(sampled.thresholds.length).toBe(2 * (2 ** sampled.halvings - 1));
  });

  test('nothing ever comes of rates of 0', () => {
    for (const rate of [0, { dt: 1, values: Float64Array.of(0, 0) }]) {
      const table = driveTable(drive('poisson', 400, rate), 0.1);
      for (const random of [0, 2 ** 31, 0xffffffff]) expect(countEvents(table, 12, random)).toBe(0);
    }
  });

  test('rows of a course share one base and one length, and keep their distributions', () => {
    const rates = Float64Array.of(0, 4, 1000, 4, 25_000);
    const table = driveTable(drive('poisson', 400, { dt: 2, values: rates }), 0.1);
    expect(table.rows).toBe(5);
    expect(table.stepsPerRow).toBe(20);
    expect(table.base).toBe(0);
    rates.forEach((rate, row) => {
      const mean = (400 * rate * 0.1) / 1000;
      const found = moments(table, row);
      expect(Math.abs(found.mean - mean)).toBeLessThan(table.thresholds.length * 2 ** -32);
      expect(Math.abs(found.variance - mean)).toBeLessThan(1e-2 * mean + 1e-12);
    });
    expect(countEvents(table, 19, 0xffffffff)).toBe(0);
    expect(countEvents(table, 20, 0xffffffff)).toBeGreaterThan(2);
    expect(countEvents(table, 1e9, 2 ** 31)).toBeCloseTo(1000, -1);
  });
});

describe('courses in steps', () => {
  test('a number is held for ever', () => {
    expect(steppedCourse(7, 0.1)).toEqual({ values: [7], stepsPerValue: forever });
  });

  test('samples of a whole number of steps stay as they are', () => {
    const values = Float64Array.of(1, 2, 3);
    expect(steppedCourse({ dt: 0.3, values }, 0.1)).toEqual({ values, stepsPerValue: 3 });
    expect(steppedCourse({ dt: 0.1, values }, 0.1)).toEqual({ values, stepsPerValue: 1 });
  });

  test('other samples become one value a step, the one at its beginning', () => {
    const values = Float64Array.of(1, 2, 3);
    // Samples begin at 0, 0.25 and 0.5 ms.
    expect(steppedCourse({ dt: 0.25, values }, 0.1)).toEqual({
      values: Float64Array.of(1, 1, 1, 2, 2, 3, 3, 3),
      stepsPerValue: 1,
    });
    // Shorter than a step: those in between are passed over, and the last one is held from the last step on.
    const fast = steppedCourse({ dt: 0.04, values: Float64Array.of(1, 2, 3, 4, 5, 6) }, 0.1);
    expect(fast.stepsPerValue).toBe(1);
    expect(Array.from(fast.values)).toEqual([1, 3, 6]);
  });
});
