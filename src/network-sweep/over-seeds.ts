/** Runs that differ in their seed alone, taken together: mean and spread at each point of a sweep. */

export interface OverSeeds {
  /** Of each point; NaN where no run has a number. */
  mean: Float64Array;
  /** Over seeds, of the sample; NaN below two runs with a number. */
  sd: Float64Array;
}

/** @param column a number of every run, `[point, seed]`; runs without one are left out */
export function overSeeds(column: ArrayLike<number>, seeds: number): OverSeeds {
  const points = column.length / seeds;
  const mean = new Float64Array(points).fill(Number.NaN);
  const sd = new Float64Array(points).fill(Number.NaN);
  for (let point = 0; point < points; point++) {
    const values = Array.from({ length: seeds }, (_, k) => column[point * seeds + k]!).filter(
      Number.isFinite,
    );
    if (values.length === 0) continue;
    mean[point] = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean[point]!) ** 2, 0);
    if (values.length > 1) sd[point] = Math.sqrt(squares / (values.length - 1));
  }
  return { mean, sd };
}
