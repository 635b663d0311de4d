/**
 * What comes into a ring: the stimuli of Zerlaut et al. 2017, each a Gaussian in space that rises with one Gaussian in time and falls
 * with another, or samples of the user's own. Lengths in mm, times in ms, rates in Hz.
 */
import { InputError } from '../errors.ts';
import { suggestion } from './document/near-names.ts';

export const STIMULUS_KINDS = [
  'centre',
  'first-1deg',
  'second-1deg',
  'apparent-motion-1deg',
  'first-2deg',
  'second-2deg',
  'apparent-motion-2deg',
] as const;
export type StimulusKind = (typeof STIMULUS_KINDS)[number];

/** A stimulus of the library. */
export interface GaussianStimulus {
  kind: StimulusKind;
  /** Peak, Hz of each afferent synapse. */
  amplitude: number;
  /** Standard deviation in space, mm. */
  extent: number;
  /** Standard deviations in time before and after the peak, ms. */
  tau1: number;
  tau2: number;
  /** When it peaks, ms (default: 150 ms; of the centre at least 3 tau1). */
  start?: number;
  /** Simulated time, ms (default: 400 ms; of the centre until 3 tau2 after the peak if that is later). */
  duration?: number;
}

/** Samples `[sample, pixel]`, Hz, held for `dt` ms each, the last of them to the end. */
export interface SampledStimulus {
  kind: 'sampled';
  dt: number;
  values: ArrayLike<number>;
  /** Simulated time, ms (default: that of the samples). */
  duration?: number;
}

export type RingStimulus = GaussianStimulus | SampledStimulus;

/** One Gaussian of a stimulus: when it peaks, ms, and where from the middle unit, mm. */
export interface StimulusPart {
  peak: number;
  offset: number;
}

/** The paper's stimuli peak at 150 ms and run for 400 ms at least; two degrees of visual angle are 8.1 mm of cortex. */
const START = 150;
const SHORTEST = 400;
const TWO_DEGREES = 8.1;
/** The second stimulus of apparent motion follows after, ms. */
const SECOND_AFTER = 50;

/** The Gaussians of a stimulus of the library, one or two. */
export function stimulusParts(stimulus: GaussianStimulus): StimulusPart[] {
  const peak = stimulusPeak(stimulus);
  const { kind } = stimulus;
  if (kind === 'centre') return [{ peak, offset: 0 }];
  const shift = kind.endsWith('1deg') ? TWO_DEGREES / 2 : TWO_DEGREES;
  const first = { peak, offset: -shift / 2 };
  const second = { peak: peak + SECOND_AFTER, offset: shift / 2 };
  if (kind.startsWith('first')) return [first];
  return kind.startsWith('second') ? [second] : [first, second];
}

/** When the (first) stimulus peaks, ms. */
function stimulusPeak({ kind, tau1, start }: GaussianStimulus): number {
  if (start !== undefined) return start;
  return kind === 'centre' ? 1000 * Math.max((3 * tau1) / 1000, START / 1000) : START;
}

/** Simulated time, in seconds as the published program has it: its rounding decides on the last step. */
export function stimulusDuration(stimulus: RingStimulus, pixels: number): number {
  if (stimulus.duration !== undefined) return stimulus.duration / 1000;
  if (stimulus.kind === 'sampled') return ((stimulus.values.length / pixels) * stimulus.dt) / 1000;
  if (stimulus.kind !== 'centre') return SHORTEST / 1000;
  const { start, tau1, tau2 } = stimulus;
  const peak = start === undefined ? Math.max(3 * (tau1 / 1000), START / 1000) : start / 1000;
  return Math.max(peak + 3 * (tau2 / 1000), SHORTEST / 1000);
}

/** How much of its peak a stimulus has at `time`. */
export function timeCourse({ tau1, tau2 }: GaussianStimulus, peak: number, time: number): number {
  const from = time - peak;
  return Math.exp(-((from / (from < 0 ? tau1 : tau2)) ** 2) / 2);
}

/** @throws InputError for numbers that no stimulus can have */
export function checkStimulus(stimulus: RingStimulus, ring: string, pixels: number): void {
  const refuse = (field: string, message: string): never => {
    throw new InputError(message, { field });
  };
  const { duration } = stimulus;
  if (duration !== undefined && !(duration > 0 && Number.isFinite(duration)))
    refuse('duration', `the duration of ring ${ring} is ${duration} ms, but must be above 0 ms`);
  if (stimulus.kind === 'sampled') {
    const { dt, values } = stimulus;
    if (!(dt > 0 && Number.isFinite(dt)))
      refuse('stimulus.dt', `the samples of the stimulus are ${dt} ms apart, but must be more than 0 ms`);
    if (values.length === 0 || values.length % pixels !== 0)
      refuse(
        'stimulus',
        `the stimulus has ${values.length} numbers, which is no whole number of samples of ${pixels} units: give an array of shape [sample, ${pixels}]`,
      );
    const wrong = Array.from(values).findIndex((value) => !(value >= 0 && Number.isFinite(value)));
    if (wrong >= 0)
      refuse(
        'stimulus',
        `the stimulus is ${values[wrong]} in sample ${Math.floor(wrong / pixels)} of unit ${wrong % pixels}, but rates are numbers not below 0 Hz: correct the file`,
      );
    return;
  }
  if (!STIMULUS_KINDS.includes(stimulus.kind))
    refuse(
      'stimulus',
      `there is no stimulus ${stimulus.kind}; ${suggestion(stimulus.kind, [...STIMULUS_KINDS])}`,
    );
  for (const [field, unit, value] of [
    ['extent', 'mm', stimulus.extent],
    ['tau1', 'ms', stimulus.tau1],
    ['tau2', 'ms', stimulus.tau2],
  ] as const)
    if (!(value > 0 && Number.isFinite(value)))
      refuse(
        `stimulus.${field}`,
        `${field} of the stimulus is ${value} ${unit}, but must be above 0 ${unit}`,
      );
  if (!(stimulus.amplitude >= 0 && Number.isFinite(stimulus.amplitude)))
    refuse(
      'stimulus.amplitude',
      `the amplitude of the stimulus is ${stimulus.amplitude} Hz, but rates are numbers not below 0 Hz`,
    );
  if (stimulus.start !== undefined && !Number.isFinite(stimulus.start))
    refuse('stimulus.start', `the stimulus peaks at ${stimulus.start} ms: give a time`);
}
