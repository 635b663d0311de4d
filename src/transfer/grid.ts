/**
 * Where a transfer function is measured: the rates of excitatory and inhibitory synapses, either given, or with those of
 * excitation found while measuring, so that the points lie where the output rate rises (`adaptive.ts`).
 */
import { InputError } from '../errors.ts';

/** Every nu_i with every nu_e, Hz per synapse, ascending. */
export interface RectangularGrid {
  kind: 'rectangular';
  nu_e: readonly number[];
  nu_i: readonly number[];
}

/** For each nu_i, `columns` values of nu_e, found by the rule of Zerlaut et al. 2017. */
export interface AdaptiveGrid {
  kind: 'adaptive';
  /** Hz per synapse, ascending. */
  nu_i: readonly number[];
  /** Values of nu_e for each nu_i, the first of them 0. */
  columns: number;
  /** Sets the longest step of nu_e: max_nu_e / columns, Hz. */
  max_nu_e: number;
  /** The output rate that the last column shall not exceed, Hz, in its first repeat. */
  max_rate: number;
}

export type TransferGrid = RectangularGrid | AdaptiveGrid;

/**
 * The grid of all pairs of given rates.
 *
 *     rectangularGrid(evenly(0, 20, 11), evenly(0, 20, 11))
 *
 * @throws InputError where an axis has fewer than two values, or they are negative or not ascending
 */
export function rectangularGrid(nu_e: ArrayLike<number>, nu_i: ArrayLike<number>): RectangularGrid {
  return { kind: 'rectangular', nu_e: axis(nu_e, 'nu_e'), nu_i: axis(nu_i, 'nu_i') };
}

/**
 * The paper's grid: ten values of nu_i from 0 to 20 Hz, for each of them ten of nu_e, with output rates up to 30 Hz.
 *
 * @throws InputError where a number cannot be meant
 */
export function adaptiveGrid(options: Partial<Omit<AdaptiveGrid, 'kind'>> = {}): AdaptiveGrid {
  const { columns = 10, max_nu_e = 30, max_rate = 30 } = options;
  if (!Number.isInteger(columns) || columns < 2 || columns > 1000) {
    throw new InputError(
      `an adaptive grid of ${columns} columns cannot be made: give a whole number from 2 to 1000`,
      { field: 'columns' },
    );
  }
  for (const [field, value] of Object.entries({ max_nu_e, max_rate })) {
    if (Number.isFinite(value) && value > 0) continue;
    throw new InputError(`${field} is ${value} Hz, but must be a rate above 0 Hz`, { field });
  }
  return {
    kind: 'adaptive',
    nu_i: axis(options.nu_i ?? evenly(0, 20, 10), 'nu_i'),
    columns,
    max_nu_e,
    max_rate,
  };
}

/** `count` values from `first` to `last`, evenly spaced: NumPy's linspace. */
export function evenly(first: number, last: number, count: number): number[] {
  const step = (last - first) / (count - 1);
  return Array.from({ length: count }, (_, index) => (index === count - 1 ? last : first + index * step));
}

function axis(values: ArrayLike<number>, name: string): number[] {
  const axis = Array.from(values);
  const refuse = (why: string) => new InputError(`${name} ${why}`, { field: name });
  if (axis.length < 2) {
    throw refuse(
      `has ${axis.length === 0 ? 'no value' : 'one value'}, but a transfer function is measured on a grid: give at least two rates, as 0:20:11`,
    );
  }
  axis.forEach((value, index) => {
    if (!Number.isFinite(value) || value < 0) throw refuse(`holds ${value} Hz, but rates are 0 Hz or more`);
    const before = axis[index - 1];
    if (before !== undefined && value <= before) {
      throw refuse(`goes from ${before} to ${value} Hz, but its rates must ascend: sort them, each once`);
    }
  });
  return axis;
}
