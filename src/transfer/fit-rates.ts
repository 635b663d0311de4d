/**
 * Stage 2 of a fit: the coefficients that bring the template's rates nearest to the measured ones, by Levenberg's and
 * Marquardt's damped least squares with the exact Jacobian.
 *
 * Written here and not taken from ml-levenberg-marquardt, which solves normal equations (they square a condition number of
 * 10^4), damps all parameters alike whatever their scale, keeps steps that make the fit worse, and stops at an absolute
 * error only. ml-matrix does the linear algebra, by QR of the damped Jacobian itself.
 */
import erfc from '@stdlib/math-base-special-erfc';
import { inverse, Matrix, QrDecomposition } from 'ml-matrix';
import type { FitPoint } from './fit-points.ts';
import { rateSlope } from './fit-thresholds.ts';

/** Standard deviation, mV, of the weak hold on all coefficients but P0: what the data leave open stays near 0. */
const PRIOR_SD = 30;
/** A step that lowers the sum of squares by less than this part is the last one. */
const SMALLEST_GAIN = 1e-10;
const MOST_STEPS = 500;

export interface RateFit {
  /** mV. */
  coefficients: number[];
  /** Sum of squares of misses in units of tolerances, and of coefficients in units of PRIOR_SD. */
  cost: number;
  steps: number;
  /** Whether the last step gained nothing more; else the steps ran out. */
  converged: boolean;
}

/** The template's rate at a point, Hz. */
export function fittedRate(point: FitPoint, coefficients: readonly number[]): number {
  const { mu_V, sigma_V, tau_V } = point.moments;
  return erfc((thresholdAt(point, coefficients) - mu_V) / (Math.SQRT2 * sigma_V)) / (2e-3 * tau_V);
}

/** The effective threshold at a point, mV. */
export function thresholdAt(point: FitPoint, coefficients: readonly number[]): number {
  return coefficients.reduce((sum, coefficient, term) => sum + coefficient * point.terms[term]!, 0);
}

/** Fits from one start. */
export function fitRates(points: readonly FitPoint[], start: readonly number[]): RateFit {
  let coefficients = [...start];
  let misses = missesOf(points, coefficients);
  let cost = sumOfSquares(misses);
  let damping = 1e-3;
  for (let step = 1; step <= MOST_STEPS; step++) {
    const better = takeStep(points, coefficients, misses, cost, damping);
    if (!better) return { coefficients, cost, steps: step, converged: true };
    const gain = (cost - better.cost) / cost;
    ({ coefficients, misses, cost } = better);
    damping = Math.max(better.damping / 5, 1e-14);
    if (gain < SMALLEST_GAIN) return { coefficients, cost, steps: step, converged: true };
  }
  return { coefficients, cost, steps: MOST_STEPS, converged: false };
}

/** The first step, under ever stronger damping, that lowers the cost; undefined where none does. */
function takeStep(
  points: readonly FitPoint[],
  coefficients: readonly number[],
  misses: readonly number[],
  cost: number,
  leastDamping: number,
) {
  const jacobian = jacobianOf(points, coefficients);
  const terms = coefficients.length;
  const rows = misses.length;
  const norms = Array.from({ length: terms }, (_, term) => Math.sqrt(sumOfSquares(jacobian.getColumn(term))));
  const damped = Matrix.zeros(rows + terms, terms).setSubMatrix(jacobian, 0, 0);
  const wanted = Matrix.zeros(rows + terms, 1);
  for (let row = 0; row < rows; row++) wanted.set(row, 0, -misses[row]!);
  for (let damping = leastDamping; damping < 1e12; damping *= 4) {
    for (let term = 0; term < terms; term++)
      damped.set(rows + term, term, Math.sqrt(damping) * Math.max(norms[term]!, 1e-12));
    const change = new QrDecomposition(damped).solve(wanted);
    const next = coefficients.map((coefficient, term) => coefficient + change.get(term, 0));
    const nextMisses = missesOf(points, next);
    const nextCost = sumOfSquares(nextMisses);
    if (nextCost < cost) return { coefficients: next, misses: nextMisses, cost: nextCost, damping };
  }
  return undefined;
}

/** Misses in units of tolerances, then coefficients in units of PRIOR_SD. */
function missesOf(points: readonly FitPoint[], coefficients: readonly number[]): number[] {
  const misses = points.map((point) => (fittedRate(point, coefficients) - point.rate) / point.tolerance);
  for (let term = 1; term < coefficients.length; term++) misses.push(coefficients[term]! / PRIOR_SD);
  return misses;
}

function jacobianOf(points: readonly FitPoint[], coefficients: readonly number[]): Matrix {
  const terms = coefficients.length;
  const jacobian = Matrix.zeros(points.length + terms - 1, terms);
  points.forEach((point, row) => {
    const slope = rateSlope(point, thresholdAt(point, coefficients)) / point.tolerance;
    for (let term = 0; term < terms; term++) jacobian.set(row, term, slope * point.terms[term]!);
  });
  for (let term = 1; term < terms; term++) jacobian.set(points.length + term - 1, term, 1 / PRIOR_SD);
  return jacobian;
}

/**
 * Covariance of the coefficients, mV^2: the inverse of the normal matrix, scaled so that misses are as large as they were found.
 * @param firing points that fire, of which each coefficient takes one degree of freedom
 */
export function coefficientCovariance(
  points: readonly FitPoint[],
  coefficients: readonly number[],
  firing: number,
): number[][] {
  const jacobian = jacobianOf(points, coefficients);
  const squares = points.reduce(
    (sum, point) => sum + ((fittedRate(point, coefficients) - point.rate) / point.tolerance) ** 2,
    0,
  );
  // (J^T J)^-1 from R of J = Q R, which keeps half of the digits that J^T J would lose.
  const triangle = inverse(new QrDecomposition(jacobian).upperTriangularMatrix);
  const scale = squares / Math.max(1, firing - coefficients.length);
  return triangle.mmul(triangle.transpose()).mul(scale).to2DArray();
}

function sumOfSquares(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
