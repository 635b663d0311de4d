/**
 * Where the voltage axis of a grid point begins and how it is cut into cells. The reset is always a node, since the flux
 * jumps there; below it the axis ends where the stationary density can no longer be seen.
 */
import { type EifNeuron, eifTimeConstant } from '../models/eif.ts';

/** A point of the grid: mean input in mV/ms and noise strength in mV/sqrt(ms). */
export interface InputPoint {
  mu: number;
  sigma: number;
}

/** Cells of equal width below and above the reset; the whole spans [lower, Vs], mV. */
export interface VoltageMesh {
  lower: number;
  below: number;
  above: number;
  widthBelow: number;
  widthAbove: number;
}

/** At the lower bound the density has fallen from its peak (or its value at the reset) by exp(-25). */
const FALL = 25;
/** Strong noise smooths what cells must resolve: widths grow with sigma from 1 to 2 mV/sqrt(ms). */
const WIDEST = 2;
/** A cell covers at most this part of DeltaT, and uphill at most one factor e of the density. */
const SLOPES_PER_CELL = 1 / 6;
const FALL_PER_CELL = 1;

/**
 * @param step width of a cell at sigma of at most 1 mV/sqrt(ms), mV; `layOut` may take less where the neuron needs it
 */
export function layOut(neuron: EifNeuron, { mu, sigma }: InputPoint, step: number): VoltageMesh {
  const { EL, VT, DeltaT, Vr, Vs } = neuron;
  const tau = eifTimeConstant(neuron);
  // Without spikes the membrane would rest here, with a variance of sigma^2 tau / 2.
  const rest = EL + tau * mu;
  const fromRest = Math.min(Vr - rest, 0);
  const lower = rest - Math.sqrt(fromRest ** 2 + tau * sigma ** 2 * FALL);
  const steepest = Math.max(0, (VT - EL - DeltaT) / tau - mu);
  const width = Math.min(
    step * Math.min(WIDEST, Math.max(1, sigma)),
    SLOPES_PER_CELL * DeltaT,
    (FALL_PER_CELL * sigma ** 2) / (2 * steepest),
  );
  const below = Math.ceil((Vr - lower) / width);
  const above = Math.ceil((Vs - Vr) / width);
  return { lower, below, above, widthBelow: (Vr - lower) / below, widthAbove: (Vs - Vr) / above };
}
