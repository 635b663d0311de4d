/** Searches find what is known of functions, give the same points to the same seed, and live with values that are none. */
import { describe, expect, test } from 'vitest';
import { CmaEs } from '../../src/optimise/cma-es.ts';
import { frontsOf, Nsga } from '../../src/optimise/nsga.ts';
import type { Search } from '../../src/optimise/search.ts';

/** The smallest first objective found in so many generations, and where. */
function run(search: Search, value: (point: number[]) => number[], generations: number) {
  let best = { value: Number.POSITIVE_INFINITY, point: [] as number[] };
  for (let generation = 0; generation < generations; generation++) {
    const points = search.ask();
    for (const coordinate of points.flat()) {
      expect(coordinate).toBeGreaterThanOrEqual(0);
      expect(coordinate).toBeLessThanOrEqual(1);
    }
    const values = points.map(value);
    values.forEach(([first], k) => {
      if (first! < best.value) best = { value: first!, point: points[k]! };
    });
    search.tell(values);
  }
  return best;
}

const sphere = (centre: number[]) => (point: number[]) => [
  point.reduce((sum, each, k) => sum + (each - centre[k]!) ** 2, 0),
];

/** On [-2, 2]^n; 0 at (1, ..., 1). */
function rosenbrock(point: number[]): number[] {
  const x = point.map((each) => 4 * each - 2);
  let sum = 0;
  for (let k = 0; k + 1 < x.length; k++) sum += 100 * (x[k + 1]! - x[k]! ** 2) ** 2 + (1 - x[k]!) ** 2;
  return [sum];
}

describe('CMA-ES', () => {
  test.each([0, 1, 2])('the middle of a sphere, seed %d', (seed) => {
    const best = run(new CmaEs({ dimensions: 5, seed }), sphere([0.1, 0.9, 0.3, 0.5, 0.77]), 150);
    expect(best.value).toBeLessThan(1e-10);
  });

  test.each([0, 1, 2])("the end of Rosenbrock's valley, seed %d", (seed) => {
    const best = run(new CmaEs({ dimensions: 4, seed, size: 12 }), rosenbrock, 250);
    expect(best.value).toBeLessThan(1e-8);
    for (const each of best.point) expect(4 * each - 2).toBeCloseTo(1, 3);
  });

  test('a best point at the border, and one dimension', () => {
    expect(run(new CmaEs({ dimensions: 3 }), sphere([0, 1, 0]), 150).value).toBeLessThan(1e-8);
    expect(run(new CmaEs({ dimensions: 1, size: 6 }), sphere([0.2]), 80).value).toBeLessThan(1e-8);
  });

  test('holes without a value are left', () => {
    const holed = (point: number[]) => (point[0]! < 0.55 ? [Number.NaN] : sphere([0.6, 0.4])(point));
    expect(run(new CmaEs({ dimensions: 2, seed: 3 }), holed, 100).value).toBeLessThan(1e-8);
    const nothing = new CmaEs({ dimensions: 2 });
    for (let k = 0; k < 20; k++) {
      nothing.tell(nothing.ask().map(() => [Number.NaN]));
      expect(nothing.ask().flat().every(Number.isFinite)).toBe(true);
    }
  });

  test('narrow beginnings stay near their start', () => {
    const points = new CmaEs({ dimensions: 2, start: [0.25, 0.75], sigma: 0.001, size: 20 }).ask();
    for (const [x, y] of points) {
      expect(x).toBeCloseTo(0.25, 1);
      expect(y).toBeCloseTo(0.75, 1);
    }
  });

  test.each([
    [{ dimensions: 0 }, 'varies at least one parameter'],
    [{ dimensions: 2, size: 3 }, 'has 3 members, but needs a whole number of at least 4'],
    [{ dimensions: 2, start: [0.5] }, 'needs 2 numbers from 0 to 1'],
    [{ dimensions: 2, sigma: 0 }, 'sigma is 0'],
  ])('%o is refused', (options, message) => {
    expect(() => new CmaEs(options)).toThrow(message);
  });
});

describe('NSGA-II', () => {
  /** Zitzler, Deb and Thiele's first function: its front is f2 = 1 - sqrt(f1), where all coordinates but the first are 0. */
  const zdt1 = (point: number[]) => {
    const g = 1 + (9 * point.slice(1).reduce((sum, each) => sum + each, 0)) / (point.length - 1);
    return [point[0]!, g * (1 - Math.sqrt(point[0]! / g))];
  };

  test.each([0, 1])('the front of ZDT1 is reached and covered, seed %d', (seed) => {
    const search = new Nsga({ dimensions: 8, objectives: 2, seed, size: 40 });
    const last: number[][] = [];
    for (let generation = 0; generation < 200; generation++) {
      const values = search.ask().map(zdt1);
      if (generation >= 190) last.push(...values);
      search.tell(values);
    }
    const front = frontsOf(last)[0]!.map((index) => last[index]!);
    for (const [f1, f2] of front) expect(f2! - (1 - Math.sqrt(f1!))).toBeLessThan(0.1);
    const reach = front.map(([f1]) => f1!);
    expect(Math.min(...reach)).toBeLessThan(0.05);
    expect(Math.max(...reach)).toBeGreaterThan(0.9);
    // No gap of a fifth of it.
    reach.sort((a, b) => a - b);
    for (let k = 1; k < reach.length; k++) expect(reach[k]! - reach[k - 1]!).toBeLessThan(0.2);
  });

  test('points that none surpasses come first', () => {
    const fronts = frontsOf([
      [1, 1],
      [0, 2],
      [2, 2],
      [1, 1],
      [3, 3],
      [Number.POSITIVE_INFINITY, 0],
    ]);
    expect(fronts).toEqual([[0, 1, 3, 5], [2], [4]]);
  });

  test('values that are none do not stop it', () => {
    const search = new Nsga({ dimensions: 2, objectives: 2, size: 8 });
    for (let k = 0; k < 10; k++) {
      search.tell(search.ask().map(([x, y]) => (x! > 0.5 ? [Number.NaN, Number.NaN] : [x!, y!])));
      expect(
        search
          .ask()
          .flat()
          .every((each) => each >= 0 && each <= 1),
      ).toBe(true);
    }
  });
});

describe.each([
  ['CMA-ES', (seed: number): Search => new CmaEs({ dimensions: 3, seed })],
  ['NSGA-II', (seed: number): Search => new Nsga({ dimensions: 3, objectives: 1, seed, size: 8 })],
])('%s', (_, make) => {
  test('is its seed and what it was told', () => {
    const [a, b, c] = [make(1), make(1), make(2)];
    for (let generation = 0; generation < 5; generation++) {
      const points = a.ask();
      // Asking twice asks for the same.
      expect(a.ask()).toEqual(points);
      expect(b.ask()).toEqual(points);
      expect(c.ask()).not.toEqual(points);
      for (const search of [a, b, c]) search.tell(search.ask().map(sphere([0.2, 0.4, 0.6])));
    }
  });

  test('refuses a generation of another size', () => {
    expect(() => make(0).tell([[1]])).toThrow(/a generation of \d+ points needs 1 objective/);
  });
});
