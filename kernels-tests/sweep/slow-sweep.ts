/** What the tests sweep: a formula, with a pause for each batch. */
import type { SweepPlan } from '../../src/sweep/folder.ts';
import { gridSpace, spaced } from '../../src/sweep/space.ts';

export const slowPlan: SweepPlan = {
  space: gridSpace([
    { name: 'a', values: spaced(0, 1, 10) },
    { name: 'b', values: spaced(-1, 1, 15) },
  ]),
  results: ['sum', 'product'],
  settings: { formula: 1 },
};

export function evaluate(points: readonly (readonly number[])[]): number[] {
  return points.flatMap(([a, b]) => [a! + b!, a! * b! + 1e-17]);
}

export async function evaluateSlowly(points: readonly (readonly number[])[]): Promise<number[]> {
  await new Promise((resolve) => setTimeout(resolve, 8));
  return evaluate(points);
}
