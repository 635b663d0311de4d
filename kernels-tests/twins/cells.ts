/**
 * Twin of shaders/fokker-planck/cells.wgsl: the cells of a grid point from the mesh alone, absolute voltages, in double
 * precision.
 */
import { type InputPoint, layOut } from '../../src/fokker-planck/mesh.ts';
import { type EifNeuron, eifTimeConstant } from '../../src/models/eif.ts';

export interface TwinCell {
  /** Lower and upper node, mV. */
  from: number;
  to: number;
  /** 2 / sigma^2, ms/mV^2. */
  factor: number;
  /** -factor times the mean drift of the cell, 1/mV: the density changes as exp(-g (V - from)). */
  g: number;
  /** Whether it lies above the reset. */
  above: boolean;
}

export function twinCells(neuron: EifNeuron, point: InputPoint, step: number): TwinCell[] {
  const { lower, below, above } = layOut(neuron, point, step);
  const { EL, VT, DeltaT, Vr, Vs } = neuron;
  const tau = eifTimeConstant(neuron);
  const nodes = [
    ...Array.from({ length: below }, (_, k) => lower + ((Vr - lower) * k) / below),
    ...Array.from({ length: above + 1 }, (_, k) => Vr + ((Vs - Vr) * k) / above),
  ];
  // The antiderivative of the drift, so that its mean over a cell is exact.
  const antiderivative = (V: number) =>
    (EL * V - V ** 2 / 2 + DeltaT ** 2 * Math.exp((V - VT) / DeltaT)) / tau + point.mu * V;
  const factor = 2 / point.sigma ** 2;
  return nodes.slice(1).map((to, k) => {
    const from = nodes[k]!;
    const drift = (antiderivative(to) - antiderivative(from)) / (to - from);
    return { from, to, factor, g: -factor * drift, above: k >= below };
  });
}

/** e^x, (e^x - 1)/x, and the next two of the recursion phi_(n+1) = (phi_n - 1/n!) / x, by their series where that cancels. */
export function phiFunctions(x: number): [number, number, number, number] {
  if (Math.abs(x) > 1) {
    const first = Math.expm1(x) / x;
    const second = (first - 1) / x;
    return [Math.exp(x), first, second, (second - 0.5) / x];
  }
  // Nested: 1/3! (1 + x/4 (1 + x/5 (1 + ...))).
  let nested = 1;
  for (let n = 24; n >= 4; n--) nested = 1 + (x / n) * nested;
  const third = nested / 6;
  const second = x * third + 0.5;
  const first = x * second + 1;
  return [x * first + 1, first, second, third];
}
