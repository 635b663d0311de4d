/**
 * Distributions of values that vary from synapse to synapse. `mean` and `sd` are those of the distribution before it is cut to
 * `min` ... `max`; what is cut off is drawn again, not moved to the bound.
 */
import erfc from '@stdlib/math-base-special-erfc';
import erfcinv from '@stdlib/math-base-special-erfcinv';
import type { ByDistance, Spread } from './network.ts';
import { falloff } from './space.ts';

/** What is drawn, and does not follow from distance. */
export type Drawn = Exclude<Spread, ByDistance>;
type Bell = Extract<Spread, { mean: number }>;

export function isByDistance(spread: Spread): spread is ByDistance {
  return spread.kind === 'falloff' || spread.kind === 'path';
}

/** The value at a distance of `d` mm. */
export function valueAtDistance(spread: ByDistance, d: number): number {
  return spread.kind === 'falloff' ? spread.atZero * falloff(spread, d) : spread.base + d / spread.velocity;
}

/** P(Z > z) of a standard normal number. */
function upperTail(z: number): number {
  return erfc(z * Math.SQRT1_2) / 2;
}

/** The bell in standard units: a value is `value(z)`, its bounds are at `low` and `high`. */
function standard({ kind, mean, sd, min, max }: Bell) {
  if (kind === 'normal') {
    return { low: (min - mean) / sd, high: (max - mean) / sd, value: (z: number) => mean + sd * z };
  }
  const s = Math.sqrt(Math.log1p((sd / mean) ** 2));
  const m = Math.log(mean) - (s * s) / 2;
  const place = (x: number) => (x <= 0 ? Number.NEGATIVE_INFINITY : (Math.log(x) - m) / s);
  return { low: place(min), high: place(max), value: (z: number) => Math.exp(m + s * z) };
}

/** Share of the distribution that its bounds leave; 1 where there are none. */
export function shareWithin(spread: Drawn): number {
  if (spread.kind === 'uniform') return 1;
  const { low, high } = standard(spread);
  // In the tail in which both bounds lie, so that no digits are lost.
  return low > 0 ? upperTail(low) - upperTail(high) : upperTail(-high) - upperTail(-low);
}

/**
 * The value whose tail has probability `t`: P(X < x) = t, or P(X > x) = t where `above`.
 * @param t above 0, at most 1/2
 */
export function spreadQuantile(spread: Drawn, t: number, above: boolean): number {
  if (spread.kind === 'uniform') {
    const { low, high } = spread;
    return above ? high - t * (high - low) : low + t * (high - low);
  }
  const { low, high, value } = standard(spread);
  const inside = t * shareWithin(spread);
  const z = above
    ? Math.SQRT2 * erfcinv(2 * (upperTail(high) + inside))
    : -Math.SQRT2 * erfcinv(2 * (upperTail(-low) + inside));
  return Math.min(spread.max, Math.max(spread.min, value(z)));
}

/** Random numbers of 32 bits reach so far into a tail. */
export const deepestTail = 2 ** -32;

/**
 * The least and the largest value that there may be.
 * @param reach mm, where values depend on distance
 */
export function spreadRange(spread: Spread, reach = 0): { least: number; most: number } {
  if (isByDistance(spread)) {
    const ends = [valueAtDistance(spread, 0), valueAtDistance(spread, reach)];
    return { least: Math.min(...ends), most: Math.max(...ends) };
  }
  return {
    least: spreadQuantile(spread, deepestTail, false),
    most: spreadQuantile(spread, deepestTail, true),
  };
}

/** The mean of what is drawn, bounds included: of `steps` quantiles. */
export function spreadMean(spread: Drawn, steps = 20_000): number {
  if (spread.kind === 'uniform') return (spread.low + spread.high) / 2;
  let sum = 0;
  for (let step = 0; step < steps / 2; step++) {
    const t = (step + 0.5) / steps;
    sum += spreadQuantile(spread, t, false) + spreadQuantile(spread, t, true);
  }
  return sum / steps;
}
