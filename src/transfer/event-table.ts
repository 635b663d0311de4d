/**
 * How a random number becomes the number of events in a step: the Poisson distribution function in units of 2^-32, with
 * which the kernel compares 32 random bits. Counts are exact to 2^-32, whatever their mean.
 */
import { InputError } from '../errors.ts';

/** Events in a step are `base` and one for each threshold that the random number reaches. */
export interface EventTable {
  base: number;
  /** Ascending. */
  thresholds: Uint32Array;
}

/** Never reached by a random number. */
export const never = 0xffffffff;
/** Mean events in a step at most, well before exp(-mean) underflows. */
const mostEvents = 600;

/**
 * The table of a Poisson count.
 *
 * @param mean expected events in a step
 * @param what whose events, for the message
 * @throws InputError where they are too many to be meant
 */
export function eventTable(mean: number, what: string): EventTable {
  if (!(mean >= 0 && mean <= mostEvents)) {
    throw new InputError(
      `${what} bring ${Number(mean.toPrecision(3))} events in a step to each neuron, and more than ${mostEvents} cannot be counted: give lower rates, fewer synapses or a shorter dt`,
    );
  }
  const thresholds: number[] = [];
  let base = 0;
  let probability = Math.exp(-mean);
  let cumulative = probability;
  for (let count = 0; 1 - cumulative >= 2 ** -33; ) {
    const threshold = Math.round(cumulative * 2 ** 32);
    if (threshold === 0) base++;
    else thresholds.push(Math.min(never, threshold));
    count++;
    probability *= mean / count;
    cumulative += probability;
    // Past the mode the sum has come to its end when nothing is added to it any more.
    if (count > mean && probability < 1e-17) break;
  }
  return { base, thresholds: Uint32Array.from(thresholds) };
}
