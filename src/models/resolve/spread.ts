/** A weight or a delay: one number for all synapses, or a distribution that makes sense. */
import type { Path } from '../document/problems.ts';
import type { Spread } from '../network.ts';
import type { CheckedProjection } from '../network-schema.ts';
import { shareWithin, spreadMean } from '../spread.ts';
import type { ResolveContext } from './context.ts';
import { resolveFalloff } from './space.ts';

type SpreadUse = NonNullable<CheckedProjection['weight']>;

/** Of a distribution, bounds must leave at least this share. */
const leastShare = 1e-6;

/** @returns the value of all synapses or its mean, and how it varies, where it does */
export function resolveSpread(
  use: SpreadUse,
  path: Path,
  context: ResolveContext,
  allowed: 'falloff' | 'path',
): { mean: number; spread?: Spread } {
  if (typeof use === 'number') return { mean: use };
  const given = Object.entries(use).filter(([, value]) => value !== undefined);
  const other = allowed === 'path' ? 'falloff' : 'path';
  if (given.length !== 1 || use[other]) {
    const what = given.length === 0 ? 'says nothing' : `says ${given.map(([key]) => key).join(' and ')}`;
    context.problems.add(path, `${what}; give one of uniform, normal, lognormal and ${allowed}`);
    return { mean: 0 };
  }
  // The mean is that over the synapses, which only the projection knows.
  if (use.falloff) {
    const shape = resolveFalloff(use.falloff, [...path, 'falloff'], context);
    return { mean: 0, spread: { kind: 'falloff', atZero: use.falloff.at_zero, ...shape } };
  }
  if (use.path) return { mean: 0, spread: { kind: 'path', ...use.path } };
  if (use.uniform) {
    const { low, high } = use.uniform;
    if (low > high)
      context.problems.add([...path, 'uniform', 'low'], `is ${low}, above high = ${high}; swap the two`);
    return low === high ? { mean: low } : { mean: (low + high) / 2, spread: { kind: 'uniform', low, high } };
  }
  const kind = use.normal ? 'normal' : 'lognormal';
  const { mean, sd, min = 0, max = Number.POSITIVE_INFINITY } = (use.normal ?? use.lognormal)!;
  const here = [...path, kind];
  if (kind === 'lognormal' && mean <= 0) {
    context.problems.add([...here, 'mean'], `is ${mean}; give a mean above 0, as every log-normal number is`);
    return { mean: 0 };
  }
  if (min >= max) {
    context.problems.add([...here, 'min'], `is ${min}, not below max = ${max}; let bounds leave room`);
    return { mean: 0 };
  }
  if (sd === 0) {
    if (mean < min || mean > max)
      context.problems.add([...here, 'mean'], `is ${mean}, beyond the bounds ${min} and ${max}; move these`);
    return { mean };
  }
  const spread: Spread = { kind, mean, sd, min, max };
  if (!(shareWithin(spread) >= leastShare)) {
    context.problems.add(
      here,
      `leaves less than a millionth of the distribution between ${min} and ${max}; move the bounds or the mean`,
    );
    return { mean: 0 };
  }
  return { mean: spreadMean(spread), spread };
}
