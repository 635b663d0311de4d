/**
 * From what the kernel sums up to mean, standard deviation and autocorrelation time of V.
 *
 * tau_V is the integral of the normalised autocorrelation, int_0^inf rho(s) ds, as in the theory. Sampled autocorrelations
 * would need long memories in the kernel; two running averages of V hold what is needed. An average with the time constant
 * T correlates with V as p int_0^inf exp(-p s) rho(s) ds =: r(p), p = 1 / T. For exp(-s / tau) the number
 * L(p) = (1 / p) r / (1 - r) is tau itself; for a membrane (tau) behind synapses (tau_s) it is tau + tau_s + p tau tau_s,
 * a straight line in p whose value at p = 0 is the integral. Two averages give the line. Where the two kinds of synapses
 * have different time constants it is nearly straight.
 */
import type { SynapticInput } from './data.ts';

/** What is summed for each neuron over the steps that count. */
export const SUMS = ['spikes', 'counted', 'V', 'VV', 'fast', 'slow', 'fastGain', 'slowGain'] as const;
export const SUM_COUNT = SUMS.length;

/** Time constant of the slow average to that of the fast one. */
const slowToFast = 4;

/** The running averages of V: time constants, ms, and the weight of the newest value for steps of dt. */
export interface Averages {
  T: { fast: number; slow: number };
  weight: { fast: number; slow: number };
}

/** Averages that fit a membrane time constant (ms) and its synapses: the slow one is twice as long as V remembers at rest. */
export function averagesFor(tau_m: number, { exc, inh }: SynapticInput, dt: number): Averages {
  const slow = 2 * (tau_m + Math.max(exc.tau, inh.tau));
  const T = { fast: slow / slowToFast, slow };
  return { T, weight: { fast: -Math.expm1(-dt / T.fast), slow: -Math.expm1(-dt / T.slow) } };
}

export interface PotentialMoments {
  mu_V: number;
  sigma_V: number;
  tau_V: number;
}

/**
 * Moments of V over the sums of any number of neurons.
 *
 * @param sums `[neuron, SUMS]`, voltages from E_L
 * @param E_L mV
 * @param dt ms
 * @returns mV, mV, ms; tau_V is 0 where V does not vary, or too little was simulated to say
 */
export function potentialMoments(
  sums: Float64Array,
  { T, weight }: Averages,
  E_L: number,
  dt: number,
): PotentialMoments {
  const total = new Float64Array(SUM_COUNT);
  sums.forEach((value, index) => {
    total[index % SUM_COUNT]! += value;
  });
  const [, counted, V, VV, fast, slow, fastGain, slowGain] = total as unknown as number[];
  const mean = V! / counted!;
  const variance = Math.max(0, VV! / counted! - mean * mean);
  /** L(1 / T) of the average whose product with V sums to `product`. */
  const memory = (product: number, gain: number, weight: number, time: number): number => {
    // The average moves by weight (V - average) in each step: its sum follows from where it began and ended.
    const sum = V! - gain / weight;
    const covariance = (product - mean * sum) / counted!;
    // Lags of one step and more; half of lag 0 makes the sum a trapezoidal integral.
    const integral = dt * (0.5 + ((1 - weight) * covariance) / (variance * weight));
    return integral / (1 - integral / time);
  };
  const L = {
    fast: memory(fast!, fastGain!, weight.fast, T.fast),
    slow: memory(slow!, slowGain!, weight.slow, T.slow),
  };
  const tau_V = (slowToFast * L.slow - L.fast) / (slowToFast - 1);
  const known = variance > 0 && L.fast > 0 && L.slow > 0 && Number.isFinite(tau_V) && tau_V > 0;
  return { mu_V: E_L + mean, sigma_V: Math.sqrt(variance), tau_V: known ? tau_V : 0 };
}
