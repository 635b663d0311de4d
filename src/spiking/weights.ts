/**
 * Synaptic sums are integers: every weight onto a receptor becomes a whole number of that receptor's unit, so that
 * sums are exact and do not depend on the order of additions.
 */

import { InputError } from '../errors.ts';
import type { Projection } from '../models/network.ts';
import { type ListedWeights, largestListed } from './listed.ts';

/** Weights of one receptor as multiples of `unit`. */
export interface QuantizedWeights {
  /** nS per unit. */
  unit: number;
  amounts: number[];
  /** Largest relative error of a weight; 0 where all are exact multiples. */
  error: number;
}

/**
 * Finds the unit: the greatest common divisor where the weights have one (equal weights: the weight itself), else the
 * finest fixed point for which the largest possible sum stays below 2^32.
 * @param weights nS, >= 0
 * @param counts how many synapses of each weight may act on one neuron in one step, at most
 * @param varied some of the weights are only the largest of their synapses, and a common unit would be that of no others
 * @param lists weights of single synapses, beside `weights`
 */
export function quantizeWeights(
  weights: readonly number[],
  counts: readonly number[],
  varied = false,
  lists: readonly ListedWeights[] = [],
): QuantizedWeights {
  const divisor = unitOf([weights, ...lists.map(({ values }) => values)]);
  if (divisor === undefined) return { unit: 1, amounts: weights.map(() => 0), error: 0 };
  const exact = weights.map((weight) => Math.round(weight / divisor));
  if (!varied && divisor > 0 && largestSum(exact, counts) + largestListed(lists, divisor) < 2 ** 32)
    return { unit: divisor, amounts: exact, error: 0 };
  const listed = lists.reduce((total, { mostSum }) => total + mostSum, 0);
  const sum = weights.reduce((total, weight, index) => total + weight * counts[index]!, listed);
  // One count more for each synapse's rounding.
  const synapses = lists.reduce((total, { mostSynapses }) => total + mostSynapses, 0);
  const roundings = counts.reduce((total, count) => total + count, synapses);
  const unit = sum / (2 ** 32 - 1 - roundings);
  const amounts = weights.map((weight) => Math.round(weight / unit));
  let error = 0;
  for (const values of [weights, ...lists.map((list) => list.values)])
    for (const value of values)
      if (value > 0) error = Math.max(error, Math.abs((Math.round(value / unit) * unit) / value - 1));
  return { unit, amounts, error };
}

/** The greatest common divisor of all positive weights, 0 where they have none, undefined where none is positive. */
function unitOf(all: readonly Iterable<number>[]): number | undefined {
  let divisor: number | undefined;
  for (const weights of all) {
    for (const weight of weights)
      if (weight > 0) divisor = divisor === undefined ? weight : commonDivisor(divisor, weight);
  }
  if (!divisor) return divisor;
  for (const weights of all) {
    for (const weight of weights)
      if (Math.abs(Math.round(weight / divisor) * divisor - weight) > 1e-9 * weight) return 0;
  }
  return divisor;
}

/** Weights that vary may be rounded by so much of their mean. */
const coarsest = 0.01;

/** @throws InputError where weights vary so widely that their mean is only a few units */
export function refuseCoarse({ name, weight, weights }: Projection, unit: number): void {
  if (!weights || unit / 2 <= coarsest * weight) return;
  throw new InputError(
    `projections.${name}.weight varies so widely that sums of it in 32 bits would count in units of ${Number(unit.toPrecision(2))} nS, too coarse for a mean of ${Number(weight.toPrecision(3))} nS: bound the distribution with max, or make its sd smaller`,
    { field: `projections.${name}.weight` },
  );
}

/** The largest input one neuron can get in one step, in units. */
export function largestSum(amounts: readonly number[], counts: readonly number[]): number {
  return amounts.reduce((sum, amount, index) => sum + amount * counts[index]!, 0);
}

/** Greatest common divisor of two positive reals to one part in 1e9, or 0 where they have none above 1e-6 of the less. */
function commonDivisor(a: number, b: number): number {
  if (a === 0 || b === 0) return 0;
  const tolerance = 1e-9 * Math.max(a, b);
  let high = Math.max(a, b);
  let low = Math.min(a, b);
  const floor = 1e-6 * low;
  while (low > tolerance) {
    let rest = high % low;
    if (low - rest < tolerance) rest = 0;
    high = low;
    low = rest;
    if (high < floor) return 0;
  }
  return high;
}
