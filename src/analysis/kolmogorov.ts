/** The Kolmogorov-Smirnov distance of two samples: the largest difference of their cumulative distributions, 0 to 1. */
import { InputError } from '../errors.ts';
import { upperTriangle } from './correlation.ts';

/** As `scipy.stats.ks_2samp(a, b).statistic`; NaN where a value is NaN. @throws InputError where a sample is empty */
export function kolmogorovDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length === 0 || b.length === 0)
    throw new InputError('the Kolmogorov distance needs at least one value in both samples');
  const [x, y] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()];
  // Sorting puts NaN last.
  if (Number.isNaN(x.at(-1)!) || Number.isNaN(y.at(-1)!)) return Number.NaN;
  let distance = 0;
  for (let i = 0, j = 0; i < x.length && j < y.length; ) {
    const value = Math.min(x[i]!, y[j]!);
    while (i < x.length && x[i]! <= value) i++;
    while (j < y.length && y[j]! <= value) j++;
    distance = Math.max(distance, Math.abs(i / x.length - j / y.length));
  }
  return distance;
}

/** Of what stands above the diagonals of two square matrices, which may differ in size. */
export function matrixKolmogorov(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return kolmogorovDistance(
    ...([a, b].map((each) => upperTriangle(each, Math.round(Math.sqrt(each.length)))) as [
      Float64Array,
      Float64Array,
    ]),
  );
}
