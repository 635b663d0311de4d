/**
 * Points of a sweep: which values parameters take together. A point is known by its index alone, so that a sweep can be cut, shared out
 * and taken up again anywhere.
 */
import { InputError } from '../errors.ts';
import { randomKey, uniforms } from '../random.ts';

/** A parameter with its values, in the order in which they are tried. */
export interface SweepAxis {
  name: string;
  values: readonly number[];
}

export interface SweepRange {
  name: string;
  from: number;
  to: number;
}

export interface SweepSpace {
  names: readonly string[];
  count: number;
  /** Values in the order of `names`. */
  point(index: number): number[];
  /** Everything that decides on the points, as JSON. */
  recipe: unknown;
  /** A search may go on for more points: their number does not tell it from another. */
  grows?: true;
  /** Of a grid. */
  axes?: readonly SweepAxis[];
}

/** More could not be numbered in the records of a folder. */
const MOST = 2 ** 32 - 1;
/** What random draws of a sweep are for; of the host alone. */
const PURPOSE = 1025;

/** All combinations; the last axis varies fastest. Throws InputError. */
export function gridSpace(axes: readonly SweepAxis[]): SweepSpace {
  checkNames(axes.map(({ name }) => name));
  for (const { name, values } of axes) {
    if (values.length < 2)
      throw new InputError(
        `${name} varies over ${values.length} value${values.length === 1 ? '' : 's'}, but needs at least 2; leave it out and set it instead`,
        { field: name },
      );
    const wrong = values.findIndex((value, k) => !(value > (values[k - 1] ?? Number.NEGATIVE_INFINITY)));
    if (wrong >= 0)
      throw new InputError(
        `${name} goes from ${values[wrong - 1] ?? 'nothing'} to ${values[wrong]}, but its values must rise; turn them round`,
        { field: name },
      );
  }
  return {
    names: axes.map(({ name }) => name),
    count: checkCount(axes.reduce((product, { values }) => product * values.length, 1)),
    point: (index) => {
      let left = index;
      return axes
        .toReversed()
        .map(({ values }) => {
          const value = values[left % values.length]!;
          left = Math.floor(left / values.length);
          return value;
        })
        .reverse();
    },
    recipe: { design: 'grid', axes },
    axes,
  };
}

/** Points one after another. Throws InputError. */
export function listSpace(names: readonly string[], points: readonly (readonly number[])[]): SweepSpace {
  checkNames(names);
  const wrong = points.findIndex((point) => point.length !== names.length || !point.every(Number.isFinite));
  if (wrong >= 0)
    throw new InputError(
      `point ${wrong} is (${points[wrong]!.join(', ')}), but needs a number for each of ${names.join(', ')}`,
    );
  return {
    names,
    count: checkCount(points.length),
    point: (index) => [...points[index]!],
    recipe: { design: 'list', names, points },
  };
}

/** Independent uniform draws; a point depends on the seed and its index alone. Throws InputError. */
export function randomSpace(ranges: readonly SweepRange[], count: number, seed: number): SweepSpace {
  checkRanges(ranges);
  return {
    names: ranges.map(({ name }) => name),
    count: checkCount(count),
    point: (index) => {
      const draws = uniforms(randomKey(seed, PURPOSE, 0), [index, 0], ranges.length);
      return ranges.map(({ from, to }, axis) => from + (to - from) * draws[axis]!);
    },
    recipe: { design: 'random', ranges, count, seed },
  };
}

/** A Latin hypercube: each axis is cut into `count` parts, and each part is hit once, somewhere within it. Throws InputError. */
export function latinSpace(ranges: readonly SweepRange[], count: number, seed: number): SweepSpace {
  checkRanges(ranges);
  checkCount(count);
  const orders = ranges.map((_, axis) => shuffled(count, randomKey(seed, PURPOSE, 1 + axis)));
  return {
    names: ranges.map(({ name }) => name),
    count,
    point: (index) => {
      const draws = uniforms(randomKey(seed, PURPOSE, 0), [index, 0], ranges.length);
      return ranges.map(
        ({ from, to }, axis) => from + ((to - from) * (orders[axis]![index]! + draws[axis]!)) / count,
      );
    },
    recipe: { design: 'latin', ranges, count, seed },
  };
}

/** Every point of a space with each value of one more axis, which comes first and varies slowest. Throws InputError. */
export function acrossSpace(axis: SweepAxis, space: SweepSpace): SweepSpace {
  checkNames([axis.name, ...space.names]);
  return {
    names: [axis.name, ...space.names],
    count: checkCount(axis.values.length * space.count),
    point: (index) => [axis.values[Math.floor(index / space.count)]!, ...space.point(index % space.count)],
    recipe: { design: 'across', axis, space: space.recipe },
    ...(space.axes ? { axes: [axis, ...space.axes] } : {}),
  };
}

/** Evenly spaced, both ends included. */
export function spaced(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) =>
    k === count - 1 ? to : from + ((to - from) * k) / (count - 1),
  );
}

function shuffled(count: number, key: ArrayLike<number>): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, k) => k);
  const draws = uniforms(key, [0, 0], count);
  for (let k = count - 1; k > 0; k--) {
    const other = Math.floor(draws[k]! * (k + 1));
    [order[k], order[other]] = [order[other]!, order[k]!];
  }
  return order;
}

function checkNames(names: readonly string[]): void {
  if (names.length === 0) throw new InputError('a sweep varies at least one parameter; name one');
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice !== undefined)
    throw new InputError(`${twice} varies twice; give each parameter once`, { field: twice });
}

function checkRanges(ranges: readonly SweepRange[]): void {
  checkNames(ranges.map(({ name }) => name));
  for (const { name, from, to } of ranges)
    if (!(to > from && Number.isFinite(to - from)))
      throw new InputError(`${name} runs from ${from} to ${to}; let it end above its beginning`, {
        field: name,
      });
}

function checkCount(count: number): number {
  if (!Number.isInteger(count) || count < 1 || count > MOST)
    throw new InputError(`a sweep has a whole number of points from 1 to ${MOST}, not ${count}`);
  return count;
}
