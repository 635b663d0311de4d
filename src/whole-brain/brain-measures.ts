/** The row of numbers that an explored brain leaves: its rates, its rhythm, and how well it fits recordings. */
import { functionalConnectivity, matrixCorrelation } from '../analysis/correlation.ts';
import { kolmogorovDistance } from '../analysis/kolmogorov.ts';
import { meanPowerSpectrum } from '../analysis/spectrum.ts';
import type { BrainStatistics } from './brain-statistics.ts';
import { type BrainTarget, triangleOfDynamics } from './brain-target.ts';
import type { NodeModel } from './node-model.ts';

export interface MeasureChoice {
  model: Pick<NodeModel, 'variables'>;
  /** undefined: there is no BOLD, or nothing to compare it with. */
  target: BrainTarget | undefined;
  /** Whether runs are long enough for functional connectivity dynamics. */
  dynamics: boolean;
}

/** Length of a segment of the power spectrum, ms: a resolution of 0.4 Hz. */
const SEGMENT = 2500;
/** Frequencies that are looked at, Hz. */
const HIGHEST = 200;

/** Whether a run is compared by its dynamics: where it is long enough, and a recording is. */
export function comparesDynamics(target: BrainTarget | undefined, longEnough: boolean): boolean {
  return longEnough && (target?.subjects.some(({ dynamics }) => dynamics !== undefined) ?? false);
}

/** Names of the numbers, in their order. */
export function measureNames({ model, target, dynamics }: MeasureChoice): string[] {
  const [first, second] = model.variables.map(({ name }) => name);
  return [
    ...(target ? ['fc_correlation', ...(comparesDynamics(target, dynamics) ? ['fcd_distance'] : [])] : []),
    ...[`${first}_mean`, `${first}_sd`, `${first}_max`, `${second}_mean`, 'frequency_hz', 'outside_table'],
    ...(target ? target.subjects.map(({ name }) => `fc_correlation.${name}`) : []),
  ];
}

export interface BrainSeries {
  /** After the transient, `[node, sample]`; empty without BOLD. */
  bold: Float64Array;
  /** First variable at the end of the run, `[node, sample]`, and ms between its samples. */
  samples: Float64Array;
  sampling: number;
}

/**
 * The row of brain `brain` of a batch, in the order of `measureNames`.
 * @param subject whose brain it is: its recording alone is what the first numbers speak of; undefined: the mean over all
 */
export function measuresOf(
  { target, dynamics }: MeasureChoice,
  statistics: BrainStatistics,
  brain: number,
  nodes: number,
  { bold, samples, sampling }: BrainSeries,
  subject?: string,
): number[] {
  const part = (values: Float64Array) => values.subarray(brain * nodes, (brain + 1) * nodes);
  const rates = [
    ...[mean(part(statistics.mean)), mean(part(statistics.sd)), largest(part(statistics.max))],
    ...[mean(part(statistics.secondMean)), dominantFrequency(samples, nodes, sampling)],
    largest(part(statistics.outsideTable)),
  ];
  if (!target) return rates;
  const fc = functionalConnectivity(bold, nodes);
  const each = target.subjects.map((other) => matrixCorrelation(fc, other.fc, nodes));
  const isOwn = (name: string) => subject === undefined || name === subject;
  const head = [mean(each.filter((_, at) => isOwn(target.subjects[at]!.name)))];
  if (comparesDynamics(target, dynamics)) {
    const { window, step } = target;
    const triangle = triangleOfDynamics(bold, nodes, { window, step });
    const distances = target.subjects.flatMap((other) =>
      other.dynamics && isOwn(other.name) ? [kolmogorovDistance(triangle, other.dynamics)] : [],
    );
    head.push(mean(distances));
  }
  return [...head, ...rates, ...each];
}

/**
 * Where the mean power spectrum of all nodes is largest, Hz, from the first frequency above 0 on.
 * @param samples `[node, sample]`; NaN where there are fewer than four, or nothing changes
 */
export function dominantFrequency(samples: Float64Array, nodes: number, sampling: number): number {
  if (samples.length < 4 * nodes || !samples.every(Number.isFinite)) return Number.NaN;
  const { frequencies, power } = meanPowerSpectrum(samples, nodes, sampling, {
    window: SEGMENT,
    maxFrequency: HIGHEST,
  });
  let at = 0;
  for (let bin = 1; bin < power.length; bin++) if (at === 0 || power[bin]! > power[at]!) at = bin;
  return at > 0 && power[at]! > 0 ? frequencies[at]! : Number.NaN;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum / values.length;
}

function largest(values: ArrayLike<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < values.length; at++) {
    if (Number.isNaN(values[at]!)) return Number.NaN;
    most = Math.max(most, values[at]!);
  }
  return most;
}
