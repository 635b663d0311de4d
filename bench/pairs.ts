/**
 * Measuring in turn. A machine's speed drifts by half within hours, so contestants are run one after the other, round
 * by round, and compared within a round; the median over rounds is what is told.
 */

/** One who takes part: `measure` does one run. */
export interface Contestant<T> {
  name: string;
  measure: () => Promise<T>;
}

export interface Spread {
  median: number;
  min: number;
  max: number;
}

/**
 * Runs every contestant once a round, always in the same order: A B A B.
 *
 * @param before called ahead of each run with the contestant's name and the round, from 1
 * @returns results as [contestant][round]
 */
export async function inTurn<T>(
  contestants: readonly Contestant<T>[],
  rounds: number,
  before: (name: string, round: number) => void = () => {},
): Promise<T[][]> {
  const results = contestants.map((): T[] => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [index, { name, measure }] of contestants.entries()) {
      before(name, round);
      results[index]!.push(await measure());
    }
  }
  return results;
}

/** Median, least and largest; throws RangeError where there is nothing to take them of, or a NaN among it. */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0 || values.some(Number.isNaN)) {
    throw new RangeError(`no median of [${values.join(', ')}]`);
  }
  const sorted = values.toSorted((a, b) => a - b);
  const upper = Math.floor(sorted.length / 2);
  const lower = Math.ceil(sorted.length / 2) - 1;
  return { median: (sorted[lower]! + sorted[upper]!) / 2, min: sorted[0]!, max: sorted.at(-1)! };
}

/** Middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  return spread(values).median;
}

/** `numerator[k] / denominator[k]` for every round k; both have one value a round. */
export function pairRatios(numerator: readonly number[], denominator: readonly number[]): number[] {
  if (numerator.length !== denominator.length) {
    throw new RangeError(`${numerator.length} and ${denominator.length} values are no pairs`);
  }
  return numerator.map((value, round) => value / denominator[round]!);
}
