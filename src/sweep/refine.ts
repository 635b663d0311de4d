/** A finer batch of points around the best ones of a grid. */
import { listSpace, type SweepAxis, type SweepSpace } from './space.ts';

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
