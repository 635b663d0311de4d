/**
 * The region of input rates that a fit has seen. Moments are functions of (nu_e, nu_i), so a fit interpolates inside the
 * convex hull of its points in that plane and extrapolates outside; a box in the moments is no such border: an adaptive
 * grid, which follows the rise of the output rate, fills a slanted strip of it.
 */

export type Point = [x: number, y: number];

/** Corners of the convex hull, counterclockwise; two where all points lie on a line, one where they are one. */
export function convexHull(points: readonly Readonly<Point>[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const lower = chain(sorted);
  const upper = chain(sorted.reverse());
  const corners = [...lower.slice(0, -1), ...upper.slice(0, -1)];
  return corners.length > 0 ? corners : lower.slice(0, 1);
}

/** One side of the hull: the points at which the way through them turns left (Andrew's monotone chain). */
function chain(sorted: readonly Readonly<Point>[]): Point[] {
  const kept: Point[] = [];
  for (const [x, y] of sorted) {
    while (kept.length >= 2 && turn(kept.at(-2)!, kept.at(-1)!, [x, y]) <= 0) kept.pop();
    const last = kept.at(-1);
    if (!last || last[0] !== x || last[1] !== y) kept.push([x, y]);
  }
  return kept;
}

/** Above 0 where c lies left of the way from a to b: twice the area of their triangle. */
function turn(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** Whether a point lies in the hull or within rounding of its border. */
export function isInHull(hull: readonly Point[], x: number, y: number): boolean {
  const [xs, ys] = [hull.map((corner) => corner[0]), hull.map((corner) => corner[1])];
  const size = Math.max(1, ...xs.map(Math.abs), ...ys.map(Math.abs));
  const slack = 1e-9 * size;
  const inBox =
    x >= Math.min(...xs) - slack &&
    x <= Math.max(...xs) + slack &&
    y >= Math.min(...ys) - slack &&
    y <= Math.max(...ys) + slack;
  return (
    inBox &&
    hull.every((corner, index) => {
      const next = hull[(index + 1) % hull.length]!;
      const length = Math.hypot(next[0] - corner[0], next[1] - corner[1]);
      return turn(corner, next, [x, y]) >= -slack * length;
    })
  );
}
