/**
 * The statistics once more, straight from their definitions and without any thought of speed: the judge of the
 * quick ones.
 */
import fc from 'fast-check';
import { expect } from 'vitest';

export interface Spike {
  step: number;
  neuron: number;
}

/** Any spikes of `size` neurons within `steps` steps, at most one per neuron and step, in the order of a simulation. */
export function anySpikes(size: number, steps: number): fc.Arbitrary<Spike[]> {
  return fc
    .uniqueArray(fc.record({ step: fc.nat(steps - 1), neuron: fc.nat(size - 1) }), {
      selector: ({ step, neuron }) => step * size + neuron,
      maxLength: 150,
      size: 'max',
    })
    .map((spikes) => spikes.sort((a, b) => a.step - b.step || a.neuron - b.neuron));
}

/** Equal within `tolerance`, or both NaN. */
export function expectClose(found: number, expected: number, tolerance: number): void {
  if (Number.isNaN(expected)) expect(found).toBeNaN();
  else expect(Math.abs(found - expected), `${found} is not ${expected}`).toBeLessThan(tolerance);
}

export function expectAllClose(
  found: readonly number[],
  expected: readonly number[],
  tolerance: number,
): void {
  expect(found).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++) expectClose(found[i], expected[i], tolerance);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const average = (values: readonly number[]): number => sum(values) / values.length;

export function deviation(values: readonly number[], ddof: number): number {
  const centre = average(values);
  return Math.sqrt(sum(values.map((value) => (value - centre) ** 2)) / (values.length - ddof));
}

/** Counts in bins, [neuron][bin], of spikes from step `first` on; whole bins before `end` only. */
export function binned(
  spikes: readonly Spike[],
  size: number,
  first: number,
  end: number,
  bin: number,
): number[][] {
  const bins = Math.floor((end - first) / bin);
  return Array.from({ length: size }, (_, neuron) =>
    Array.from({ length: bins }, (_, b) => {
      const from = first + b * bin;
      return spikes.filter((s) => s.neuron === neuron && s.step >= from && s.step < from + bin).length;
    }),
  );
}

/** Coefficients of variation of neurons with at least `least` intervals within [first, end). */
export function variations(
  spikes: readonly Spike[],
  size: number,
  first: number,
  end: number,
  least: number,
): number[] {
  return Array.from({ length: size }, (_, neuron) => {
    const own = spikes
      .filter((s) => s.neuron === neuron && s.step >= first && s.step < end)
      .map((s) => s.step);
    return own.slice(1).map((step, i) => step - own[i]);
  })
    .filter((intervals) => intervals.length >= least)
    .map((intervals) => deviation(intervals, 1) / average(intervals));
}

/**
 * Mean correlation over pairs, each pair weighted by the product of its standard deviations: sum of covariances of
 * all ordered pairs i != j over the sum of SD_i SD_j.
 */
export function meanCorrelation(counts: readonly number[][]): number {
  let covariances = 0;
  let products = 0;
  counts.forEach((a, i) => {
    counts.forEach((b, j) => {
      if (i === j) return;
      covariances += average(a.map((x, k) => (x - average(a)) * (b[k] - average(b))));
      products += deviation(a, 0) * deviation(b, 0);
    });
  });
  return products > 1e-9 ? covariances / products : Number.NaN;
}
