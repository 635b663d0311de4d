/** Convex hulls: every point is in its own, corners alone give the same one, and points beyond a corner are out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convexHull, isInHull, type Point } from '../../src/transfer/hull.ts';

const coordinate = fc.integer({ min: 0, max: 12 });
const anyPoints = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 30 });

describe('the hull', () => {
  test('of a slanted strip leaves out what its box has', () => {
    const strip: Point[] = [
      [0, 0],
      [5, 0],
      [3, 3],
      [9, 10],
      [12, 10],
    ];
    const hull = convexHull(strip);
    expect(hull).toEqual([
      [0, 0],
      [5, 0],
      [12, 10],
      [9, 10],
    ]);
    expect(isInHull(hull, 11, 2)).toBe(false);
    expect(isInHull(hull, 1, 9)).toBe(false);
    expect(isInHull(hull, 6, 5)).toBe(true);
  });

  test('holds its points and all between them, and none beyond a corner', () => {
    fc.assert(
      fc.property(anyPoints, (points) => {
        const hull = convexHull(points);
        for (const [x, y] of points) expect(isInHull(hull, x, y)).toBe(true);
        for (const [x, y] of points) {
          const [u, v] = points[0]!;
          expect(isInHull(hull, 0.3 * x + 0.7 * u, 0.3 * y + 0.7 * v)).toBe(true);
        }
        expect(convexHull(hull).length).toBe(hull.length);
        // From the mean of the corners outwards through a corner.
        const mean = [0, 1].map((axis) => hull.reduce((sum, corner) => sum + corner[axis]!, 0) / hull.length);
        for (const [x, y] of hull) {
          if (hull.length === 1) break;
          expect(isInHull(hull, x + 0.01 * (x - mean[0]!), y + 0.01 * (y - mean[1]!))).toBe(false);
        }
      }),
    );
  });

  test('of one point or a line has no inside', () => {
    expect(
      convexHull([
        [2, 3],
        [2, 3],
      ]),
    ).toEqual([[2, 3]]);
    expect(isInHull([[2, 3]], 2, 3)).toBe(true);
    expect(isInHull([[2, 3]], 2, 3.1)).toBe(false);
    const line = convexHull([
      [1, 1],
      [3, 3],
      [2, 2],
    ]);
    expect(line).toEqual([
      [1, 1],
      [3, 3],
    ]);
    expect(isInHull(line, 2.5, 2.5)).toBe(true);
    expect(isInHull(line, 2.5, 2.4)).toBe(false);
    expect(isInHull(line, 4, 4)).toBe(false);
  });
});
