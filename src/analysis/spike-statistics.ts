/**
 * Statistics of the spikes of one population over a time window [t0, t1): rates, irregularity, population rate,
 * correlation. Pure functions of stored spikes; `SpikeAccumulator` gives the same numbers for runs whose
 * spikes are not stored.
 *
 * Times are multiples of a time step in floating point, so 499.99999999999994 stands for 500. Every comparison with
 * an edge is therefore made with a tolerance of 1e-6 ms, far below any time step.
 */
import { InputError } from '../errors.ts';
import { mean, median, percentiles, standardDeviation } from './summary.ts';

/** All spikes of a population of `size` neurons, ascending in time. */
export interface PopulationSpikes {
  size: number;
  /** ms, [spike]. */
  times: ArrayLike<number>;
  /** Index within the population, [spike]. */
  neurons: ArrayLike<number>;
}

/** The window [t0, t1), ms. */
export interface TimeWindow {
  t0: number;
  t1: number;
}

export interface SpikeStatistics {
  /** Mean over neurons of their rates, Hz. */
  meanRate: number;
  /** Standard deviation (ddof 0) over neurons of their rates, Hz. */
  rateSd: number;
  /** Fraction of neurons without a spike in the window. */
  silentFraction: number;
  /** 5th, 25th, 50th, 75th and 95th percentile over neurons of their rates, Hz. */
  ratePercentiles: number[];
  cvIsi: IsiVariation;
  /** Standard deviation (ddof 0) over time of the population rate in bins, Hz. */
  populationRateSd: number;
  /** Mean correlation of spike counts in bins over all pairs of neurons. */
  pairwiseCorrelation: number;
}

/** Coefficient of variation of inter-spike intervals: SD (ddof 1) over mean, for each neuron with enough of them. */
export interface IsiVariation {
  mean: number;
  median: number;
  /** How many neurons had enough intervals. */
  neurons: number;
}

const EDGE_TOLERANCE = 1e-6;
export const REPORTED_PERCENTILES = [5, 25, 50, 75, 95];
/** Fewer intervals than this say nothing about variability. */
export const MIN_INTERVALS = 5;

/** All statistics of the window at once; `bin` (ms) is for population rate and correlation. Throws InputError. */
export function spikeStatistics(
  spikes: PopulationSpikes,
  window: TimeWindow,
  { bin = 5, minIntervals = MIN_INTERVALS }: { bin?: number; minIntervals?: number } = {},
): SpikeStatistics {
  const rates = singleRates(spikes, window);
  return {
    meanRate: mean(rates),
    rateSd: standardDeviation(rates),
    silentFraction: silentFraction(rates),
    ratePercentiles: percentiles(rates, REPORTED_PERCENTILES),
    cvIsi: summarizeVariation(isiVariation(spikes, window, minIntervals)),
    populationRateSd: standardDeviation(populationRate(spikes, window, bin)),
    pairwiseCorrelation: pairwiseCorrelation(spikes, window, bin),
  };
}

/** Spikes of each neuron in the window, [neuron]. */
export function spikeCounts(spikes: PopulationSpikes, window: TimeWindow): Uint32Array {
  const counts = new Uint32Array(spikes.size);
  const { from, to } = spikesWithin(spikes, window);
  for (let k = from; k < to; k++) counts[spikes.neurons[k]]++;
  return counts;
}

/** Rate of each neuron in the window, Hz, [neuron]. */
export function singleRates(spikes: PopulationSpikes, window: TimeWindow): Float64Array {
  const seconds = (window.t1 - window.t0) / 1000;
  return Float64Array.from(spikeCounts(spikes, window), (count) => count / seconds);
}

/** Fraction of zeros among the rates (or counts) of neurons. */
export function silentFraction(rates: ArrayLike<number>): number {
  let silent = 0;
  for (let i = 0; i < rates.length; i++) if (rates[i] === 0) silent++;
  return silent / rates.length;
}

/** Coefficient of variation of the intervals of each neuron that has at least `minIntervals` in the window. */
export function isiVariation(
  spikes: PopulationSpikes,
  window: TimeWindow,
  minIntervals: number = MIN_INTERVALS,
): Float64Array {
  const { from, to } = spikesWithin(spikes, window);
  const intervals: number[][] = Array.from({ length: spikes.size }, () => []);
  const last = new Float64Array(spikes.size).fill(Number.NaN);
  for (let k = from; k < to; k++) {
    const neuron = spikes.neurons[k];
    if (!Number.isNaN(last[neuron])) intervals[neuron].push(spikes.times[k] - last[neuron]);
    last[neuron] = spikes.times[k];
  }
  const enough = intervals.filter((list) => list.length >= Math.max(2, minIntervals));
  return Float64Array.from(enough, (list) => standardDeviation(list, 1) / mean(list));
}

export function summarizeVariation(cv: Float64Array): IsiVariation {
  return { mean: mean(cv), median: median(cv), neurons: cv.length };
}

/** Rate of the population in each whole bin of the window, Hz, [bin]; a shorter rest at the end is left out. */
export function populationRate(spikes: PopulationSpikes, window: TimeWindow, bin = 5): Float64Array {
  const counts = new Float64Array(wholeBins(window, bin));
  const { from, to } = spikesWithin(spikes, window);
  for (let k = from; k < to; k++) {
    const index = binOf(spikes.times[k], window, bin);
    if (index < counts.length) counts[index]++;
  }
  return counts.map((count) => count / (spikes.size * (bin / 1000)));
}

/**
 * Mean correlation of spike counts in whole bins, over all pairs, from sums over neurons i of their variance and
 * standard deviation over time: (Var(sum_i n_i) - sum_i Var(n_i)) / ((sum_i SD(n_i))^2 - sum_i Var(n_i)).
 * NaN where no two neurons vary.
 */
export function pairwiseCorrelation(spikes: PopulationSpikes, window: TimeWindow, bin = 5): number {
  const bins = wholeBins(window, bin);
  const total = new Float64Array(bins);
  const inBin = new Uint32Array(spikes.size);
  const currentBin = new Int32Array(spikes.size).fill(-1);
  const counts = new Float64Array(spikes.size);
  const squares = new Float64Array(spikes.size);
  const { from, to } = spikesWithin(spikes, window);
  for (let k = from; k < to; k++) {
    const neuron = spikes.neurons[k];
    const index = binOf(spikes.times[k], window, bin);
    if (index >= bins) break;
    if (currentBin[neuron] !== index) {
      currentBin[neuron] = index;
      inBin[neuron] = 0;
    }
    // (n + 1)^2 - n^2 keeps the sum of squares right while a bin fills.
    squares[neuron] += 2 * inBin[neuron] + 1;
    inBin[neuron]++;
    counts[neuron]++;
    total[index]++;
  }
  return correlationFromMoments(counts, squares, standardDeviation(total) ** 2, bins);
}

/**
 * The mean pairwise correlation from, for each neuron, its count and the sum over bins of its squared counts, and
 * the variance over bins of the summed count.
 */
export function correlationFromMoments(
  counts: ArrayLike<number>,
  squares: ArrayLike<number>,
  varianceOfSum: number,
  bins: number,
): number {
  let sumOfVariances = 0;
  let sumOfSds = 0;
  let varying = 0;
  for (let i = 0; i < counts.length; i++) {
    const variance = squares[i] / bins - (counts[i] / bins) ** 2;
    if (variance <= 1e-14) continue;
    sumOfVariances += variance;
    sumOfSds += Math.sqrt(variance);
    varying++;
  }
  if (varying < 2) return Number.NaN;
  return (varianceOfSum - sumOfVariances) / (sumOfSds ** 2 - sumOfVariances);
}

/** The spikes from index `from` up to `to` lie in the window. */
function spikesWithin(spikes: PopulationSpikes, { t0, t1 }: TimeWindow): { from: number; to: number } {
  if (!(t1 > t0)) {
    throw new InputError(
      `The window for statistics ends at ${t1} ms and starts at ${t0} ms; let it end later.`,
    );
  }
  return {
    from: firstAtOrAfter(spikes.times, t0 - EDGE_TOLERANCE),
    to: firstAtOrAfter(spikes.times, t1 - EDGE_TOLERANCE),
  };
}

/** Index of the first of the ascending `times` that is not below `t`. */
export function firstAtOrAfter(times: ArrayLike<number>, t: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] < t) low = middle + 1;
    else high = middle;
  }
  return low;
}

function wholeBins({ t0, t1 }: TimeWindow, bin: number): number {
  return Math.floor((t1 - t0 + EDGE_TOLERANCE) / bin);
}

function binOf(time: number, { t0 }: TimeWindow, bin: number): number {
  return Math.max(0, Math.floor((time - t0 + EDGE_TOLERANCE) / bin));
}
