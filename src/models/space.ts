/**
 * Where neurons are, and what depends on how far they are apart. Neurons of a population with a space stand on a grid of
 * `columns` x `rows`, row by row, each in the middle of its cell; a line and a ring have one row. Lengths in mm.
 */

/** A space: `periodic` ones close on themselves, left to right and (in a sheet) top to bottom. */
export interface Space {
  kind: 'line' | 'ring' | 'sheet';
  width: number;
  /** 0 on a line and a ring. */
  height: number;
  columns: number;
  rows: number;
  periodic: boolean;
}

/** How a value falls off with distance d: exp(-d^2 / (2 scale^2)), exp(-d / scale), or not at all. */
export interface Falloff {
  profile: 'gaussian' | 'exponential' | 'flat';
  /** mm, > 0; 0 where flat. */
  scale: number;
}

/** 1 at d = 0. */
export function falloff({ profile, scale }: Falloff, d: number): number {
  if (profile === 'flat') return 1;
  return profile === 'gaussian' ? Math.exp(-0.5 * (d / scale) ** 2) : Math.exp(-d / scale);
}

/** Distances beyond which a profile is below 4e-4, in units of its scale. */
export const reachOf = { gaussian: 4, exponential: 8 } as const;

/** Whether distances between the neurons of two populations mean something: the same space, whatever the grids. */
export function sameSpace(a: Space, b: Space): boolean {
  return a.kind === b.kind && a.width === b.width && a.height === b.height && a.periodic === b.periodic;
}

/** The longest distance there is, mm. */
export function longestDistance({ width, height, periodic }: Space): number {
  return Math.hypot(width, height) / (periodic ? 2 : 1);
}

/** Distance between neuron `a` of one space and neuron `b` of another that is the same, mm. */
export function distanceBetween(from: Space, a: number, to: Space, b: number): number {
  const along = (place: number, cells: number, other: number, others: number, extent: number) => {
    const apart = Math.abs((place + 0.5) / cells - (other + 0.5) / others);
    return extent * (from.periodic ? Math.min(apart, 1 - apart) : apart);
  };
  const x = along(a % from.columns, from.columns, b % to.columns, to.columns, from.width);
  const y = along(Math.floor(a / from.columns), from.rows, Math.floor(b / to.columns), to.rows, from.height);
  return Math.hypot(x, y);
}

/** Distance of a neuron from a place of its space, mm. */
export function distanceFrom(space: Space, neuron: number, { x, y }: { x: number; y: number }): number {
  const along = (place: number, cells: number, at: number, extent: number) => {
    const apart = Math.abs(((place + 0.5) / cells) * extent - at);
    return space.periodic ? Math.min(apart, extent - apart) : apart;
  };
  return Math.hypot(
    along(neuron % space.columns, space.columns, x, space.width),
    // A line and a ring have no extent across.
    space.height > 0 ? along(Math.floor(neuron / space.columns), space.rows, y, space.height) : 0,
  );
}

/** At most so many sources, and so many lines of the grid around each, are taken for a mean over pairs. */
const mostSources = 200;
const mostLines = 80;

/** Lines of a grid of `lines` that lie within `half` of the line `centre`, thinned out evenly; and how many each stands for. */
function linesAround(centre: number, half: number, lines: number, periodic: boolean) {
  const all = 2 * half + 1 >= lines;
  const [first, end] = all
    ? [0, lines]
    : periodic
      ? [centre - half, centre + half + 1]
      : [Math.max(0, centre - half), Math.min(lines, centre + half + 1)];
  const step = Math.ceil((end - first) / mostLines);
  const places: number[] = [];
  for (let line = first + Math.floor((step - 1) / 2); line < end; line += step)
    places.push((line + lines) % lines);
  return { places, weight: (end - first) / places.length };
}

/**
 * Mean over all pairs of neurons of a function of their distance that is 0 beyond `reach` mm. Where there are many pairs, it is
 * that of an even sample.
 */
export function meanOverPairs(
  from: Space,
  to: Space,
  reach: number,
  value: (distance: number) => number,
): number {
  const sources = from.columns * from.rows;
  const count = Math.min(sources, mostSources);
  const half = (extent: number, lines: number) => (extent > 0 ? Math.ceil((reach / extent) * lines) + 1 : 0);
  let sum = 0;
  for (let index = 0; index < count; index++) {
    // Multiples of the golden ratio are spread evenly and leave no pattern.
    const a = count === sources ? index : Math.floor(((index * 0.6180339887498949) % 1) * sources);
    const column = Math.floor((((a % from.columns) + 0.5) / from.columns) * to.columns);
    const row = Math.floor(((Math.floor(a / from.columns) + 0.5) / from.rows) * to.rows);
    const x = linesAround(column, half(to.width, to.columns), to.columns, to.periodic);
    const y = linesAround(row, half(to.height, to.rows), to.rows, to.periodic);
    let here = 0;
    for (const line of y.places) {
      for (const place of x.places) {
        const distance = distanceBetween(from, a, to, line * to.columns + place);
        if (distance <= reach) here += value(distance);
      }
    }
    sum += here * x.weight * y.weight;
  }
  return sum / (count * to.columns * to.rows);
}
