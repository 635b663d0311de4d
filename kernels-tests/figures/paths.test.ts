import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linePath, markPath, stairPath } from '../../src/figures/paths.ts';

const same = (value: number): number => value;

/** Points of a path of M and L, one list for each M. */
function strokes(path: string): [number, number][][] {
  return path
    .split('M')
    .slice(1)
    .map((stroke) => stroke.split('L').map((point) => point.split(' ').map(Number) as [number, number]));
}

describe('linePath', () => {
  test('keeps every point of a sparse line', () => {
    expect(linePath([0, 1, 2], [5, 6.123456, 7], same, same)).toBe('M0 5L1 6.12L2 7');
  });

  test('breaks where a value is missing', () => {
    const path = linePath([0, 1, 2, 3, 4], [1, Number.NaN, 3, 4, Number.POSITIVE_INFINITY], same, same);
    expect(strokes(path)).toEqual([
      [[0, 1]],
      [
        [2, 3],
        [3, 4],
      ],
    ]);
    expect(linePath([0], [Number.NaN], same, same)).toBe('');
  });

  test('of a dense line keeps the extremes and the ends of every strip, in their order', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 2000 });
    fc.assert(
      fc.property(values, fc.constantFrom(0.001, 0.01, 0.1, 1), (y, spacing) => {
        const x = y.map((_, k) => k * spacing);
        const [points] = strokes(linePath(x, y, same, same));
        expect(points[0][1]).toBe(y[0]);
        expect(points.at(-1)![1]).toBe(y.at(-1));
        expect(Math.max(...points.map((p) => p[1]))).toBe(Math.max(...y));
        expect(Math.min(...points.map((p) => p[1]))).toBe(Math.min(...y));
        expect(points.every((p, i) => i === 0 || p[0] >= points[i - 1][0])).toBe(true);
        // At most four points in each strip of a quarter of a point.
        expect(points.length).toBeLessThanOrEqual(4 * (Math.ceil((y.length * spacing) / 0.25) + 1));
      }),
    );
  });

  test('takes a part of the samples', () => {
    expect(linePath([0, 1, 2, 3], [4, 5, 6, 7], same, same, 1, 3)).toBe('M1 5L2 6');
  });
});

test('stairs hold each value to the next, and the last to the end', () => {
  expect(stairPath([0, 5], [1, 2], 8, same, same)).toBe('M0 1H5V2H8');
  expect(stairPath([], [], 8, same, same)).toBe('');
});

test('marks are centred', () => {
  expect(markPath([1, 2], [10, 20], 4)).toBe('M1 8v4M2 18v4');
});
