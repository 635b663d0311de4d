/**
 * Twin of shaders/fokker-planck/response.wgsl: the same sweep for one frequency, in complex numbers of double precision, with
 * one logarithm for the scale of phi.
 */
import type { InputPoint } from '../../src/fokker-planck/mesh.ts';
import type { EifNeuron } from '../../src/models/eif.ts';
import { phiFunctions, twinCells } from './cells.ts';
import { twinStationary } from './stationary.ts';

export type Complex = readonly [re: number, im: number];
export const add = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d];
export const times = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];
export const scaled = ([a, b]: Complex, by: number): Complex => [a * by, b * by];
/** Quotient; scaled by the larger part of the divisor, whose square may leave the range of doubles. */
export const over = (a: Complex, [c, d]: Complex): Complex => {
  const size = Math.max(Math.abs(c), Math.abs(d));
  const [re, im] = [c / size, d / size];
  return scaled(times(scaled(a, 1 / size), [re, -im]), 1 / (re * re + im * im));
};

/** Responses per unit of the rate to modulations of mu and sigma. */
export function twinResponse(
  neuron: EifNeuron,
  point: InputPoint,
  step: number,
  hertz: number,
): { mu: Complex; sigma: Complex } {
  const cells = twinCells(neuron, point, step);
  const { logDensity } = twinStationary(neuron, point, step);
  const omega = 2e-3 * Math.PI * hertz;
  let phi: Complex = [1, 0];
  let slope: Complex = [0, 0];
  let atReset: Complex = [1, 0];
  let logScale = 0; // of phi and slope
  let resetScale = 0;
  let mu: Complex = [0, 0]; // in units of the density at the lower bound
  let sigma: Complex = [0, 0];
  const density = (k: number) =>
    k < cells.length ? Math.exp(logDensity[k]! - logDensity[0]! + logScale) : 0;
  cells.forEach(({ from, to, factor, g, above }, k) => {
    if (above && !cells[k - 1]?.above) {
      atReset = phi;
      resetScale = logScale;
    }
    const width = to - from;
    const [e, p1, p2, p3] = phiFunctions(g * width);
    const source: Complex = [0, omega * factor * width];
    const [ofSlope, ofPhi] = g > 0 ? [(p1 - p2) / p1, (p2 - 2 * p3) / p1] : [p2, p3];
    const rise = add(scaled(slope, width * p1), times(source, scaled(phi, width * p2)));
    const change = over(rise, add([1, 0], scaled(source, -width * ofPhi)));
    const next = add(scaled(slope, e), times(source, add(scaled(phi, p1), scaled(change, ofSlope))));
    const [low, high] = [density(k), density(k + 1)];
    mu = add(mu, scaled(add(scaled(slope, low), scaled(next, high)), width / 2));
    const mean = (3 * low * high) / (2 * Math.sqrt(low * high) + (low + high) / 2);
    sigma = add(sigma, scaled(add(next, scaled(slope, -1)), mean));
    phi = add(phi, change);
    slope = next;
    const size = Math.hypot(...phi);
    if (size > 1e50) {
      phi = scaled(phi, 1 / size);
      slope = scaled(slope, 1 / size);
      logScale += Math.log(size);
    }
  });
  const angle = omega * neuron.Tref;
  const returned = times(
    [Math.cos(angle), -Math.sin(angle)],
    scaled(atReset, Math.exp(resetScale - logScale)),
  );
  const end = add(phi, scaled(returned, -1));
  const unit = Math.exp(logDensity[0]! - logScale);
  return {
    mu: scaled(over(mu, end), unit),
    sigma: scaled(over(sigma, end), unit * point.sigma),
  };
}
