/**
 * Tables from which kernels draw weights and delays that vary: quantiles in whole numbers, so that draws are the same on every
 * device. Places and number of entries are those of shaders/spiking/synapse-values.wgsl. Straight lines between entries
 * miss the quantile of a normal distribution by less than 3e-4 of its SD.
 */
import { InputError } from '../errors.ts';
import type { Projection, Spread } from '../models/network.ts';
import { isByDistance, spreadQuantile, spreadRange, valueAtDistance } from '../models/spread.ts';
import { listedDelays } from './listed.ts';

const stepsInHalving = 16;
const halvings = 31;
/** Words of a table. */
export const spreadTableWords = 2 * (halvings * stepsInHalving + 1);

/** Delays are counted in 2^-16 steps. */
const delayUnit = 2 ** 16;
const longestDelay = 2 ** 15;

/** Tail probabilities of one half of a table, from the deepest to 1/2. */
function tails(): number[] {
  const found: number[] = [];
  for (let halving = halvings; halving > 0; halving--)
    for (let step = 0; step < stepsInHalving; step++)
      found.push(2 ** -(halving + 1) * (1 + step / stepsInHalving));
  return [...found, 0.5];
}

/** A table by distance: at t = q / 2^32 stands the value at the square root of q / 2^30 times the reach. */
export function distanceTable(value: (distance: number) => number, reach: number): Uint32Array {
  const table = new Uint32Array(spreadTableWords);
  tails().forEach((t, index) => {
    table[index] = Math.min(2 ** 32 - 1, Math.max(0, Math.round(value(reach * Math.sqrt(4 * t)))));
  });
  return table;
}

/**
 * @param unit the value that an entry of 1 stands for
 * @param reach mm, where values depend on distance
 */
export function spreadTable(spread: Spread, unit: number, reach = 0): Uint32Array {
  if (isByDistance(spread)) return distanceTable((d) => valueAtDistance(spread, d) / unit, reach);
  const values = [false, true].flatMap((above) => tails().map((t) => spreadQuantile(spread, t, above)));
  return Uint32Array.from(values, (value) => Math.round(value / unit));
}

export function delayTable(spread: Spread, dt: number, reach = 0): Uint32Array {
  return spreadTable(spread, dt / delayUnit, reach);
}

/** The shortest and the longest delay of a projection, in steps. */
export function delayRange(projection: Projection, dt: number): { shortest: number; longest: number } {
  const listed = listedDelays(projection);
  if (listed) {
    const { least, most } = listed;
    if (!(Math.round(most / dt) <= longestDelay)) {
      throw new InputError(
        `projections.${projection.name}.connect has a delay of ${Number(most.toPrecision(6))} ms, more than the ${longestDelay} steps of ${dt} ms for which input can be kept: shorten it, or choose a larger dt`,
        { field: `projections.${projection.name}.connect` },
      );
    }
    return { shortest: Math.round(least / dt), longest: Math.round(most / dt) };
  }
  if (!projection.delays) {
    const steps = Math.round(projection.delay / dt);
    return { shortest: steps, longest: steps };
  }
  const { least, most } = spreadRange(projection.delays, projection.reach);
  if (!(most / dt <= longestDelay)) {
    throw new InputError(
      `projections.${projection.name}.delay may be as long as ${Number(most.toPrecision(3))} ms, more than the ${longestDelay} steps of ${dt} ms for which input can be kept: bound it with max, make its sd smaller, or its velocity larger`,
      { field: `projections.${projection.name}.delay` },
    );
  }
  // As the kernel rounds.
  const steps = (delay: number) => Math.floor(Math.round((delay / dt) * delayUnit) / delayUnit + 0.5);
  return { shortest: steps(least), longest: steps(most) };
}

/** Whether any value of a projection varies between its synapses. */
export function varies({ weights, delays }: Projection): boolean {
  return weights !== undefined || delays !== undefined;
}
