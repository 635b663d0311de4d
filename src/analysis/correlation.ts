/**
 * Functional connectivity: the correlation of every pair of regions, and how alike two such matrices are. Series are
 * `[region, time]`, row-major; a region that does not vary has no correlation, and its row is NaN, as numpy's is.
 */
import { InputError } from '../errors.ts';

export type Series = Float64Array | Float32Array;

/** Samples of each region. @throws InputError where the numbers do not divide, or there are fewer than two samples */
export function samplesOf(series: ArrayLike<number>, regions: number): number {
  const samples = series.length / regions;
  if (!Number.isInteger(regions) || regions < 1 || !Number.isInteger(samples))
    throw new InputError(`${series.length} numbers are not a whole number of samples of ${regions} regions`);
  if (samples < 2) throw new InputError('a time series needs at least two samples of each region');
  return samples;
}

/** Pearson's correlation of two lists; NaN where one does not vary. @throws InputError where their lengths differ */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (x.length !== y.length)
    throw new InputError(
      `a correlation is of two lists of one length, but they have ${x.length} and ${y.length} values`,
    );
  const [a, b] = [centred(x), centred(y)];
  return bounded(dot(a, b) / Math.sqrt(dot(a, a)) / Math.sqrt(dot(b, b)));
}

/**
 * The correlation of each pair of regions over `samples` from `first` on; all of them where not given.
 * @returns `[region, region]`
 */
export function functionalConnectivity(
  series: Series,
  regions: number,
  { first = 0, samples = samplesOf(series, regions) - first }: { first?: number; samples?: number } = {},
): Float64Array {
  const all = samplesOf(series, regions);
  if (samples < 2 || first < 0 || first + samples > all)
    throw new InputError(`${samples} samples from number ${first} on are not within the ${all} there are`);
  // Unit vectors: a correlation is their product.
  const rows = Array.from({ length: regions }, (_, region) => {
    const row = centred(series.subarray(region * all + first, region * all + first + samples));
    const norm = Math.sqrt(dot(row, row));
    return row.map((value) => value / norm);
  });
  const matrix = new Float64Array(regions * regions);
  for (let i = 0; i < regions; i++) {
    matrix[i * regions + i] = Number.isNaN(rows[i]![0]!) ? Number.NaN : 1;
    for (let j = 0; j < i; j++) {
      const value = bounded(dot(rows[i]!, rows[j]!));
      matrix[i * regions + j] = value;
      matrix[j * regions + i] = value;
    }
  }
  return matrix;
}

/** The values above the diagonal of a `[n, n]` matrix, row by row. */
export function upperTriangle(matrix: ArrayLike<number>, n: number): Float64Array {
  if (matrix.length !== n * n)
    throw new InputError(`a matrix of ${n} x ${n} has ${n * n} values, but there are ${matrix.length}`);
  const values = new Float64Array((n * (n - 1)) / 2);
  let at = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) values[at++] = matrix[i * n + j]!;
  return values;
}

/** How alike two `[n, n]` matrices are: the correlation of what stands above their diagonals. */
export function matrixCorrelation(a: ArrayLike<number>, b: ArrayLike<number>, n: number): number {
  return pearson(upperTriangle(a, n), upperTriangle(b, n));
}

/** The correlation of two lists in which value k counts `weights[k]` times. @throws InputError where lengths differ */
export function weightedCorrelation(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  weights: ArrayLike<number>,
): number {
  if (x.length !== y.length || x.length !== weights.length)
    throw new InputError(
      `a weighted correlation needs lists of one length, but they have ${x.length}, ${y.length} and ${weights.length} values`,
    );
  const total = sum(weights);
  const about = (values: ArrayLike<number>) => {
    const middle = dot(values, weights) / total;
    return Float64Array.from(values, (value) => value - middle);
  };
  const [a, b] = [about(x), about(y)];
  const covariance = (p: Float64Array, q: Float64Array) =>
    p.reduce((whole, value, k) => whole + weights[k]! * value * q[k]!, 0);
  return bounded(covariance(a, b) / Math.sqrt(covariance(a, a) * covariance(b, b)));
}

/** Each region less its mean, in units of its standard deviation (over n, as scipy.stats.zscore); NaN where it does not vary. */
export function zScores(series: Series, regions: number): Float64Array {
  const samples = samplesOf(series, regions);
  const result = new Float64Array(series.length);
  for (let region = 0; region < regions; region++) {
    const row = centred(series.subarray(region * samples, (region + 1) * samples));
    const deviation = Math.sqrt(dot(row, row) / samples);
    result.set(
      row.map((value) => value / deviation),
      region * samples,
    );
  }
  return result;
}

/** Values less their mean; all zero where all are the same number, whatever the rounding of their mean. */
function centred(values: ArrayLike<number>): Float64Array {
  const first = values[0]!;
  let varies = false;
  let whole = 0;
  for (let k = 0; k < values.length; k++) {
    varies ||= values[k] !== first;
    whole += values[k]!;
  }
  const result = new Float64Array(values.length);
  if (varies) for (let k = 0; k < values.length; k++) result[k] = values[k]! - whole / values.length;
  return result;
}

function sum(values: ArrayLike<number>): number {
  let whole = 0;
  for (let k = 0; k < values.length; k++) whole += values[k]!;
  return whole;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let whole = 0;
  for (let k = 0; k < a.length; k++) whole += a[k]! * b[k]!;
  return whole;
}

/** Rounding must not carry a correlation beyond 1. NaN stays. */
function bounded(value: number): number {
  return Math.max(-1, Math.min(1, value));
}
