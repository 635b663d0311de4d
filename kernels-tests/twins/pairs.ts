/** Synapses as the twins give them: pairs of source and target, numbered within their populations, sorted. */
export interface Pairs {
  source: Uint32Array;
  target: Uint32Array;
}

/** What a rule of connection needs to know. */
export interface Ends {
  sources: number;
  targets: number;
  /** Leave out the pairs of a neuron with itself. */
  excludeSelf: boolean;
}

/** A rule of chance: the draws of projection number `projection` under a seed. */
export interface RandomEnds extends Ends {
  seed: number;
  projection: number;
}

/** Sorts by source, then target. */
export function sortPairs(pairs: readonly (readonly [number, number])[]): Pairs {
  const shift = 2 ** 26;
  const keys = Float64Array.from(pairs, ([source, target]) => source * shift + target).sort();
  return {
    source: Uint32Array.from(keys, (key) => Math.floor(key / shift)),
    target: Uint32Array.from(keys, (key) => key % shift),
  };
}
