/**
 * Summaries of a list of numbers with NumPy's conventions, shared by all statistics. Each is NaN where it has no
 * meaning (the mean of nothing), which JSON shows as null.
 */

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Standard deviation; `ddof` 0 divides by n (of a whole population), 1 by n - 1 (of a sample). */
export function standardDeviation(values: ArrayLike<number>, ddof: 0 | 1 = 0): number {
  if (values.length <= ddof) return Number.NaN;
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) ** 2;
  return Math.sqrt(sum / (values.length - ddof));
}

/** Percentiles in 0..100 with linear interpolation between neighbours, as `numpy.percentile`. */
export function percentiles(values: ArrayLike<number>, at: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  return at.map((percent) => {
    if (sorted.length === 0) return Number.NaN;
    const place = (percent / 100) * (sorted.length - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  });
}

export function median(values: ArrayLike<number>): number {
  return percentiles(values, [50])[0];
}
