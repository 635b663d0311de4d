/**
 * Threshold integration as Richardson (Phys Rev E 76, 021919, 2007) gives it: densities and fluxes from the cut-off down to a
 * fixed lower bound, on a uniform grid, for the stationary state, for a spike rate of 1, and for the modulation. Another algorithm
 * than ours for the same equations, of first order in the voltage step; the published tables were made with it. The published
 * program multiplies, in the solution for the spike rate and at the voltage of the reset, a flux where a density is meant: `slip`.
 */

import type { InputPoint } from '../../src/fokker-planck/mesh.ts';
import { type EifNeuron, eifTimeConstant } from '../../src/models/eif.ts';
import { add, type Complex, over, scaled, times } from '../twins/response.ts';

export interface ThresholdOptions {
  /** mV */
  step: number;
  lower: number;
  slip?: boolean;
}

interface Grid {
  n: number;
  reset: number;
  /** exp(step g) and (exp(step g) - 1) / g * 2 / sigma^2 at each node. */
  A: Float64Array;
  B: Float64Array;
  /** g at each node, 1/mV. */
  g: Float64Array;
  density: Float64Array;
  flux: Float64Array;
  /** kHz */
  rate: number;
  /** mV */
  voltage: number;
}

function stationary(neuron: EifNeuron, { mu, sigma }: InputPoint, { step, lower }: ThresholdOptions): Grid {
  const { EL, VT, DeltaT, Vr, Vs, Tref } = neuron;
  const tau = eifTimeConstant(neuron);
  const n = Math.round((Vs - lower) / step) + 1;
  const reset = Math.round((Vr - lower) / step);
  const V = Float64Array.from({ length: n }, (_, k) => lower + k * step);
  const g = V.map((v) => (-2 / sigma ** 2) * ((EL - v + DeltaT * Math.exp((v - VT) / DeltaT)) / tau + mu));
  const A = g.map((each) => Math.exp(step * each));
  const B = g.map((each) => (2 / sigma ** 2) * (each === 0 ? step : Math.expm1(step * each) / each));
  const density = new Float64Array(n);
  const flux = new Float64Array(n);
  flux[n - 1] = 1;
  for (let k = n - 1; k > 0; k--) {
    density[k - 1] = density[k]! * A[k]! + B[k]! * flux[k]!;
    flux[k - 1] = k === reset + 1 ? 0 : flux[k]!;
  }
  const mass = density.reduce((sum, each) => sum + each, 0) * step;
  const voltage = (density.reduce((sum, each, k) => sum + each * V[k]!, 0) * step) / mass;
  const rate = 1 / (mass + Tref);
  return { n, reset, A, B, g, density, flux, rate, voltage };
}

/** Rate (kHz) and mean voltage (mV). */
export function thresholdStationary(
  neuron: EifNeuron,
  point: InputPoint,
  options: ThresholdOptions,
): { rate: number; voltage: number } {
  return stationary(neuron, point, options);
}

/** Responses per unit of the rate, at each of the frequencies (Hz). */
export function thresholdResponses(
  neuron: EifNeuron,
  point: InputPoint,
  options: ThresholdOptions,
  hertz: ArrayLike<number>,
): { mu: Complex; sigma: Complex }[] {
  const grid = stationary(neuron, point, options);
  return Array.from(hertz, (each) => responseAt(neuron, point, options, grid, 2e-3 * Math.PI * each));
}

function responseAt(
  neuron: EifNeuron,
  { sigma }: InputPoint,
  { step, slip }: ThresholdOptions,
  { n, reset, A, B, g, density, flux }: Grid,
  omega: number,
): { mu: Complex; sigma: Complex } {
  const storage: Complex = [0, omega * step];
  const returned: Complex = [Math.cos(omega * neuron.Tref), -Math.sin(omega * neuron.Tref)];
  const spike = { p: [0, 0] as Complex, q: [1, 0] as Complex };
  const byMu = { p: [0, 0] as Complex, q: [0, 0] as Complex };
  const bySigma = { p: [0, 0] as Complex, q: [0, 0] as Complex };
  const descend = (state: { p: Complex; q: Complex }, k: number, drive: number, stored = state.p) => {
    const p = add(scaled(state.p, A[k]!), scaled(add(state.q, [-drive, 0]), B[k]!));
    state.q = add(state.q, times(storage, stored));
    state.p = p;
  };
  for (let k = n - 1; k > 0; k--) {
    const slope = -g[k]! * density[k]! - (2 / sigma ** 2) * flux[k]!;
    descend(spike, k, 0, slip && k === reset + 1 ? spike.q : spike.p);
    if (k === reset + 1) spike.q = add(spike.q, scaled(returned, -1));
    descend(byMu, k, density[k]!);
    descend(bySigma, k, -sigma * slope);
  }
  return { mu: scaled(over(byMu.q, spike.q), -1), sigma: scaled(over(bySigma.q, spike.q), -1) };
}
