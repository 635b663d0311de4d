/**
 * Turns an external drive into a table that a kernel can draw from: for each sample of its rate, the distribution
 * function of the number of events in a step, in units of 2^-32. The kernel compares 32 random bits with it, so
 * Poisson, binomial and Bernoulli counts of any mean cost the same and are exact to 2^-32.
 */
import { InputError } from '../errors.ts';
import type { Drive, DriveStatistics, TimeCourse } from '../models/network.ts';

/** A time course as rows held for a whole number of steps. */
export interface SteppedCourse {
  values: ArrayLike<number>;
  stepsPerValue: number;
}

/** How a kernel draws the events of a drive; fields as in `Drive` of shaders/spiking/advance.wgsl. */
export interface DriveTable {
  /** Events that always come. */
  base: number;
  /** Thresholds that are compared one by one: of a constant rate with few of them. */
  inline: Uint32Array;
  /** Otherwise: rows of 2^halvings - 1 thresholds for bisection, one for each sample of the rate. */
  halvings: number;
  rows: number;
  stepsPerRow: number;
  thresholds: Uint32Array;
}

/** More thresholds than this are searched by bisection instead of one by one. */
const mostInline = 16;
/** Never reached by a random number. */
export const never = 0xffffffff;
/** Mean events in a step at most: tables grow with its square root. */
const mostEvents = 1e6;
/** A kernel step counter never reaches it: the row of a constant is held for ever. */
export const forever = 0xffffffff;

/** A course in steps of dt: its own samples where they are a whole number of steps long, else one value a step. */
export function steppedCourse(course: TimeCourse, dt: number): SteppedCourse {
  if (typeof course === 'number') return { values: [course], stepsPerValue: forever };
  const ratio = course.dt / dt;
  const whole = Math.round(ratio);
  if (whole >= 1 && Math.abs(ratio - whole) < 1e-9 * ratio)
    return { values: course.values, stepsPerValue: whole };
  const steps = Math.ceil(course.values.length * ratio);
  const last = course.values.length - 1;
  const values = new Float64Array(steps);
  for (let step = 0; step < steps; step++) {
    values[step] = course.values[Math.min(last, Math.floor((step * dt) / course.dt + 1e-9))]!;
  }
  return { values, stepsPerValue: 1 };
}

/** The table of a drive for time step dt (ms); of nothing where neurons have rates of their own, which fields.ts sees to. */
export function driveTable(drive: Drive, dt: number): DriveTable {
  const course = steppedCourse(drive.profile || drive.neuronRate ? 0 : drive.rate, dt);
  const rates = Array.from(course.values);
  const distributions = new Map<number, CountDistribution>();
  for (const rate of rates) {
    if (!distributions.has(rate))
      distributions.set(rate, countDistribution(drive.statistics, drive.synapses, (rate * dt) / 1000));
  }
  const all = [...distributions.values()];
  const base = Math.min(...all.map((each) => each.first));
  const levels = Math.max(...all.map((each) => each.first + each.cumulative.length)) - base;
  const isInline = rates.length === 1 && levels <= mostInline;
  const halvings = isInline ? 0 : Math.ceil(Math.log2(levels + 1));
  const rowLength = isInline ? levels : 2 ** halvings - 1;
  const thresholds = new Uint32Array(rates.length * rowLength).fill(never);
  rates.forEach((rate, row) => {
    const { first, cumulative } = distributions.get(rate)!;
    const at = row * rowLength;
    thresholds.fill(0, at, at + first - base);
    cumulative.forEach((probability, index) => {
      thresholds[at + first - base + index] = Math.min(never, Math.round(probability * 2 ** 32));
    });
  });
  const none = new Uint32Array();
  const [inline, table] = isInline ? [thresholds, none] : [none, thresholds];
  return { base, inline, halvings, rows: rates.length, stepsPerRow: course.stepsPerValue, thresholds: table };
}

/** Words that a drive's table takes. */
export function driveTableWords(drive: Drive, dt: number): number {
  return driveTable(drive, dt).thresholds.length;
}

interface CountDistribution {
  /** Smallest count of any consequence. */
  first: number;
  /** P(count <= first + k), as long as it is short of 1 by more than 2^-33. */
  cumulative: number[];
}

/**
 * Distribution of the events in a step of `synapses` synapses with `p` expected events each.
 * Sums the probabilities from the mode outwards by their ratios, which no mean makes underflow.
 * @throws InputError where the mean is absurd, or no probability where the statistics need one
 */
export function countDistribution(
  statistics: DriveStatistics,
  synapses: number,
  p: number,
): CountDistribution {
  const mean = synapses * p;
  if (!(p >= 0 && mean >= 0)) {
    throw new InputError(
      `an external drive brings ${mean} events per step to each neuron: give a rate of 0 Hz or more, and at least one synapse`,
    );
  }
  // What the kind of statistics takes for a probability; products of 1 may round to a little more.
  const [probability, of] =
    statistics === 'bernoulli' ? [mean, 'each neuron'] : [statistics === 'binomial' ? p : 0, 'each synapse'];
  if (probability > 1 + 1e-9) {
    throw new InputError(
      `an external drive brings ${Number(probability.toPrecision(6))} events per step to ${of}, but with ${statistics} statistics this is a probability and cannot exceed 1: lower its rate or dt, or use poisson`,
    );
  }
  if (statistics === 'bernoulli') return { first: 0, cumulative: mean > 0 ? [Math.max(0, 1 - mean)] : [] };
  if (mean > mostEvents) {
    throw new InputError(
      `an external drive brings ${mean.toPrecision(3)} events per step to each neuron, more than the ${mostEvents} that can be counted: lower its rate or its number of synapses`,
    );
  }
  if (mean === 0) return { first: 0, cumulative: [] };
  const poisson = statistics === 'poisson';
  if (!poisson && p >= 1) return { first: synapses, cumulative: [] };
  // P(k + 1) / P(k)
  const ratio = (k: number) => (poisson ? mean / (k + 1) : ((synapses - k) / (k + 1)) * (p / (1 - p)));
  const negligible = 1e-14;
  const mode = Math.floor(poisson ? mean : (synapses + 1) * p);
  const below: number[] = [];
  for (let k = mode, weight = 1; k > 0 && weight > negligible; k--) {
    weight /= ratio(k - 1);
    below.push(weight);
  }
  const weights = [...below.reverse(), 1];
  for (let k = mode, weight = 1; weight > negligible; k++) {
    weight *= ratio(k);
    if (weight > negligible) weights.push(weight);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const cumulative: number[] = [];
  let sum = 0;
  for (const weight of weights) {
    sum += weight / total;
    if (1 - sum < 2 ** -33) break;
    cumulative.push(sum);
  }
  return { first: mode - below.length, cumulative };
}
