/**
 * The frequencies at which responses are computed. The published time constants are least-squares fits with equal weight
 * on 0.25, 0.5, ..., 1000 Hz; here the same sum is taken over bins that are narrow where responses turn and wide where they
 * are smooth, each with its width as weight, which gives the same fit for a twentieth of the work.
 */
import { type EifNeuron, eifTimeConstant } from '../models/eif.ts';

/** In Hz: the limit of frequency 0, in single precision without any trace of the frequency itself. */
const VANISHING = 1e-6;
/** Response by which the published fit of tau_mu is normalised, Hz. */
const LOWEST = 0.25;
/** How strong the noise is, as responses see it. */
export type NoiseRegime = 'weak' | 'middle' | 'strong';
/**
 * Number of bins and their width, Hz, from 0.125 Hz to 1000.125 Hz. A neuron that fires regularly, under weak noise, answers
 * at its own rate and the next multiples with peaks a few Hz wide, whose width grows with the noise squared.
 */
const BINS: Record<NoiseRegime, readonly (readonly [number, number])[]> = {
  weak: [
    [240, 1],
    [60, 3],
    [40, 6],
    [22, 340 / 22],
  ],
  middle: [
    [16, 1],
    [32, 2],
    [60, 4],
    [36, 8],
    [26, 392 / 26],
  ],
  strong: [
    [16, 1],
    [20, 3],
    [23, 8],
    [24, 20],
    [7, 260 / 7],
  ],
};
/**
 * Regimes end where the noise moves the membrane, in its time constant, by this part of the way from reset to threshold.
 */
const WEAK = 0.25;
const MIDDLE = 0.5;

export interface FrequencySet {
  /** Hz; the first stands for 0, the second is 0.25, the rest are the middles of bins. */
  hertz: Float64Array;
  /** Of each frequency in sums over the band, Hz; 0 for the first two. */
  weight: Float64Array;
}

/** Index of the limit of frequency 0, of 0.25 Hz, and of the first bin. */
export const AT_ZERO = 0;
export const AT_LOWEST = 1;
export const FIRST_BIN = 2;

/** The frequencies for a regime: a multiple of four, as the kernel takes four at a time. */
export function tableFrequencies(regime: NoiseRegime): FrequencySet {
  const hertz = [VANISHING, LOWEST];
  const weight = [0, 0];
  let edge = LOWEST / 2;
  for (const [count, width] of BINS[regime]) {
    for (let bin = 0; bin < count; bin++) {
      hertz.push(edge + width / 2);
      weight.push(width);
      edge += width;
    }
  }
  return { hertz: Float64Array.from(hertz), weight: Float64Array.from(weight) };
}

/** The regime of noise of strength sigma, mV/sqrt(ms). */
export function noiseRegime(neuron: EifNeuron, sigma: number): NoiseRegime {
  const part = (sigma * Math.sqrt(eifTimeConstant(neuron))) / (neuron.VT - neuron.Vr);
  return part < WEAK ? 'weak' : part < MIDDLE ? 'middle' : 'strong';
}
