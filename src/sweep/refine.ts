/**
 * Going on from a grid: a finer batch of points around its best ones, or a search that begins at them, bounded by the grid and at first as wide
 * as half its steps on each axis (two standard deviations reach the neighbours).
 */
import { InputError } from '../errors.ts';
import { CmaEs } from '../optimise/cma-es.ts';
import { type Search, SideBySide } from '../optimise/search.ts';
import { listSpace, type SweepAxis, type SweepRange, type SweepSpace } from './space.ts';

/**
 * For each centre all combinations of it and its neighbours at `part` of the grid's mean step, within the grid's ranges; each point once.
 */
export function refinedSpace(
  axes: readonly SweepAxis[],
  centres: readonly (readonly number[])[],
  part: number,
): SweepSpace {
  const points = new Map<string, number[]>();
  for (const centre of centres) {
    let combinations: number[][] = [[]];
    axes.forEach(({ values }, axis) => {
      const [low, high] = [values[0]!, values[values.length - 1]!];
      const step = ((high - low) / (values.length - 1)) * part;
      const near = [-1, 0, 1].map((k) => Math.min(high, Math.max(low, centre[axis]! + k * step)));
      combinations = combinations.flatMap((head) => [...new Set(near)].map((value) => [...head, value]));
    });
    for (const point of combinations) points.set(point.join(' '), point);
  }
  return listSpace(
    axes.map(({ name }) => name),
    [...points.values()],
  );
}

/** Indices of the smallest numbers, best first; NaN is never among them. */
export function smallest(values: ArrayLike<number>, count: number): number[] {
  return Array.from({ length: values.length }, (_, index) => index)
    .filter((index) => !Number.isNaN(values[index]!))
    .sort((a, b) => values[a]! - values[b]! || a - b)
    .slice(0, count);
}

/**
 * The best points of a grid of which none is a neighbour of another (a step away on some axes, or on all), best first: each lies in a valley of
 * its own, as far as the grid tells. Fewer than `count` where there are no more.
 *
 * @param values of all points, to be small; NaN is never among them
 */
export function valleys(
  axes: readonly SweepAxis[],
  values: ArrayLike<number>,
  count: number,
): { indices: number[]; starts: number[][] } {
  const places = (index: number) => {
    let left = index;
    return axes
      .toReversed()
      .map(({ values: { length } }) => {
        const place = left % length;
        left = Math.floor(left / length);
        return place;
      })
      .reverse();
  };
  const found: { index: number; at: number[] }[] = [];
  for (const index of smallest(values, values.length)) {
    const at = places(index);
    if (found.every((other) => other.at.some((place, axis) => Math.abs(place - at[axis]!) > 1)))
      found.push({ index, at });
    if (found.length === count) break;
  }
  return {
    indices: found.map(({ index }) => index),
    starts: found.map(({ at }) => at.map((place, axis) => axes[axis]!.values[place]!)),
  };
}

/** What a grid's axes run over. */
export function rangesOf(axes: readonly SweepAxis[]): SweepRange[] {
  return axes.map(({ name, values }) => ({ name, from: values[0]!, to: values[values.length - 1]! }));
}

/**
 * Searches by covariance matrix adaptation, one from each start, whose generations are one batch.
 *
 * @param size points of a generation of each, at least 4
 * @throws InputError for no start, or one outside the grid
 */
export function searchFrom(
  axes: readonly SweepAxis[],
  starts: readonly (readonly number[])[],
  { size, seed = 0 }: { size?: number; seed?: number } = {},
): Search {
  if (starts.length === 0)
    throw new InputError('a search needs a point to begin at, but no point of the grid has a value');
  const ranges = rangesOf(axes);
  return new SideBySide(
    starts.map(
      (start, stream) =>
        new CmaEs({
          ...{ dimensions: axes.length, seed, stream },
          ...(size === undefined ? {} : { size }),
          start: start.map(
            (value, axis) => (value - ranges[axis]!.from) / (ranges[axis]!.to - ranges[axis]!.from),
          ),
          sigma: axes.map(({ values }) => 0.5 / (values.length - 1)),
        }),
    ),
  );
}
