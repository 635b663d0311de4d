/**
 * Who reaches whom on a ring or sheet, with which weight and after how many steps. The rounding is that of the published program:
 *
 *   decay  = extent of connectivity / mm per pixel                      (pixels)
 *   reach  = trunc(3 decay / mm per pixel)                              (divides by mm per pixel twice)
 *   weight = Gaussian density of standard deviation `decay` at the distance, not normalised over what is within reach
 *   delay  = trunc(distance / velocity in pixels / dt), in seconds      (a step less where floating point falls short)
 *
 * Units beyond the end of the ring are those of its other side; where the reach is longer than the ring, weights add up.
 */
import { mmPerPixel, type Ring } from '../models/ring.ts';

/** Units at `(rows, columns)` from each unit and at the opposite, which have one weight and delay. */
export interface Link {
  /** Offset within the ring, 0 to units - 1 and 0 to rows - 1. */
  column: number;
  row: number;
  /** As it was before it went around, pixels. */
  offset: readonly [row: number, column: number];
  /** Steps. */
  delay: number;
  exc: number;
  inh: number;
}

export interface Connectivity {
  /** Weight of a unit's own rates, which arrive at once. */
  own: { exc: number; inh: number };
  /** First those of both kinds, then the excitatory, then the inhibitory alone, each from near to far. */
  links: readonly Link[];
  /** How many of each. */
  both: number;
  exc: number;
  inh: number;
  /** Pixels. */
  reach: { exc: number; inh: number };
  /** Sums of all weights, the unit's own included. */
  sum: { exc: number; inh: number };
  /** Longest delay, and the shortest of other units, steps. */
  longest: number;
  shortest: number;
}

/** Keeps a Gaussian without extent from dividing by 0, pixels, as in the published program. */
const FLOOR = 1e-12;

export function ringConnectivity(ring: Ring, dt: number): Connectivity {
  const pixel = mmPerPixel(ring);
  const velocity = ring.conduction_velocity / pixel;
  const kinds = { exc: ring.exc_extent / pixel, inh: ring.inh_extent / pixel };
  const reach = {
    exc: Math.trunc((3 * kinds.exc) / pixel),
    inh: Math.trunc((3 * kinds.inh) / pixel),
  };
  const sheet = ring.rows > 1;
  const weight = (decay: number, limit: number, distance: number) => {
    if (distance > limit) return 0;
    const width = Math.sqrt(2 * Math.PI) * (decay + FLOOR);
    return Math.exp(-(distance ** 2) / 2 / (FLOOR + decay) ** 2) / (sheet ? width ** 2 : width);
  };
  const most = Math.max(reach.exc, reach.inh);
  const links: Link[] = [];
  for (let row = 0; row <= (sheet ? most : 0); row++)
    for (let column = row === 0 ? 1 : -most; column <= most; column++) {
      const distance = Math.hypot(row, column);
      const exc = weight(kinds.exc, reach.exc, distance);
      const inh = weight(kinds.inh, reach.inh, distance);
      if (distance > most) continue;
      links.push({
        column: modulo(column, ring.units),
        row: modulo(row, ring.rows),
        offset: [row, column],
        delay: Math.trunc(distance / velocity / (dt / 1000)),
        exc,
        inh,
      });
    }
  const distanceOf = ({ offset: [row, column] }: Link) => Math.hypot(row, column);
  const classOf = (link: Link) => {
    const [inExc, inInh] = [distanceOf(link) <= reach.exc, distanceOf(link) <= reach.inh];
    return inExc && inInh ? 0 : inExc ? 1 : 2;
  };
  links.sort((a, b) => classOf(a) - classOf(b) || distanceOf(a) - distanceOf(b));
  const count = (kind: number) => links.filter((link) => classOf(link) === kind).length;
  const own = { exc: weight(kinds.exc, reach.exc, 0), inh: weight(kinds.inh, reach.inh, 0) };
  const sumOf = (kind: 'exc' | 'inh') => links.reduce((sum, link) => sum + 2 * link[kind], own[kind]);
  return {
    own,
    links,
    both: count(0),
    exc: count(1),
    inh: count(2),
    reach,
    sum: { exc: sumOf('exc'), inh: sumOf('inh') },
    longest: links.reduce((longest, { delay }) => Math.max(longest, delay), 0),
    shortest: links.reduce((shortest, { delay }) => Math.min(shortest, delay), Number.POSITIVE_INFINITY),
  };
}

/** What tells two rings' connectivity apart. */
export function connectivityKey(ring: Ring): string {
  const { conduction_velocity, exc_extent, inh_extent, extent } = ring;
  return `${extent} ${conduction_velocity} ${exc_extent} ${inh_extent}`;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
