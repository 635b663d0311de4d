/**
 * The adjoint sweep gives what threshold integration gives, to first order in the latter's step; its limit at frequency 0
 * is the derivative of the rate. In double precision, so only the equations are judged.
 *
 * Tolerances: 0.3 % of the response to mu at frequency 0 (to sigma: of its own size where larger than a tenth of that) after extrapolating threshold integration to step 0 from 0.02, 0.01
 * and 0.005 mV;
 * 1e-4 between derivative and limit.
 */
import { describe, expect, test } from 'vitest';
import type { InputPoint } from '../../src/fokker-planck/mesh.ts';
import { ALN_NEURON, type EifNeuron } from '../../src/models/eif.ts';
import { type Complex, twinResponse } from '../twins/response.ts';
import { twinStationary } from '../twins/stationary.ts';
import { thresholdResponses, thresholdStationary } from './threshold-integration.ts';

const other: EifNeuron = { ...ALN_NEURON, name: 'other', C: 150, VT: -52, DeltaT: 2.5, Vr: -64, Tref: 3 };
const cases: [string, EifNeuron, InputPoint, number][] = [
  ['noise-driven', ALN_NEURON, { mu: 0.3, sigma: 1.5 }, -130],
  ['rare spikes', ALN_NEURON, { mu: -0.3, sigma: 1 }, -100],
  ['regular firing', ALN_NEURON, { mu: 2.4, sigma: 0.6 }, -80],
  ['strong noise', ALN_NEURON, { mu: 1, sigma: 4 }, -160],
  ['another neuron', other, { mu: 0.8, sigma: 2 }, -130],
];
const hertz = [2, 15, 60, 200];
const distance = ([a, b]: Complex, [c, d]: Complex) => Math.hypot(a - c, b - d);
const steps = [0.02, 0.01, 0.005];
/** What values at steps h, h/2 and h/4 tend to, where errors are of first and second order. */
const limit = ([a, b, c]: number[]) => (8 * c! - 6 * b! + a!) / 3;
const limits = (values: Complex[]): Complex => [
  limit(values.map(([re]) => re)),
  limit(values.map(([, im]) => im)),
];

describe.each(cases)('%s', (_, neuron, point, lower) => {
  test('threshold integration gives the same rate, voltage and responses', () => {
    const theirs = steps.map((step) => ({
      ...thresholdStationary(neuron, point, { step, lower }),
      responses: thresholdResponses(neuron, point, { step, lower }, hertz),
    }));
    const ours = twinStationary(neuron, point, 0.02);
    expect(Math.exp(ours.logRate) / limit(theirs.map(({ rate }) => rate)) - 1).toBeCloseTo(0, 3.5);
    expect(ours.voltage).toBeCloseTo(limit(theirs.map(({ voltage }) => voltage)), 2);
    const least = twinResponse(neuron, point, 0.02, 1e-6);
    hertz.forEach((each, index) => {
      const { mu, sigma } = twinResponse(neuron, point, 0.02, each);
      const expected = (name: 'mu' | 'sigma') =>
        limits(theirs.map(({ responses }) => responses[index]![name]));
      const size = Math.hypot(...least.mu);
      expect(distance(mu, expected('mu')) / size, `mu at ${each} Hz`).toBeLessThan(3e-3);
      const sigmaSize = Math.max(Math.hypot(...least.sigma), Math.hypot(...sigma), 0.1 * size);
      expect(distance(sigma, expected('sigma')) / sigmaSize, `sigma at ${each} Hz`).toBeLessThan(3e-3);
    });
  });

  test('at frequency 0 responses are derivatives of ln r', () => {
    const { mu, sigma } = twinResponse(neuron, point, 0.02, 1e-6);
    const d = 1e-3;
    const logRate = (change: Partial<InputPoint>) =>
      twinStationary(neuron, { ...point, ...change }, 0.02).logRate;
    const byMu = (logRate({ mu: point.mu + d }) - logRate({ mu: point.mu - d })) / (2 * d);
    const bySigma = (logRate({ sigma: point.sigma + d }) - logRate({ sigma: point.sigma - d })) / (2 * d);
    expect(Math.abs(mu[0] / byMu - 1)).toBeLessThan(3e-4);
    expect(Math.abs(sigma[0] - bySigma)).toBeLessThan(5e-3 * Math.abs(bySigma) + 1e-3 * byMu);
    expect(Math.abs(mu[1])).toBeLessThan(1e-4 * mu[0]);
  });
});

test('the rate is that of the double integral of Fokker-Planck theory', () => {
  const { EL, VT, DeltaT, Vr, Vs, Tref } = ALN_NEURON;
  const [mu, sigma, tau, lower, h] = [0.6, 1.8, 20, -140, 0.002];
  const potential = (V: number) =>
    (-2 / sigma ** 2) * ((EL * V - V ** 2 / 2 + DeltaT ** 2 * Math.exp((V - VT) / DeltaT)) / tau + mu * V);
  const top = potential(-53);
  // T = (2 / sigma^2) times the integral over v from Vr to Vs of exp(U(v)) times that of exp(-U(u)) over u below v.
  let inner = 0;
  let outer = 0;
  for (let V = lower + h / 2; V < Vs; V += h) {
    const weight = Math.exp(top - potential(V)) * h;
    if (V > Vr) outer += Math.exp(potential(V) - top) * (inner + weight / 2) * h;
    inner += weight;
  }
  const interval = (2 / sigma ** 2) * outer + Tref;
  const { logRate } = twinStationary(ALN_NEURON, { mu, sigma }, 0.02);
  expect(Math.exp(logRate) * interval).toBeCloseTo(1, 4);
});
