/**
 * Stage 1 of a fit: the template is solved for the threshold at each point that fires, and the coefficients follow by linear
 * least squares. Each point weighs as much as its rate would in stage 2 (how fast the rate changes with the threshold, over
 * the rate's tolerance): unweighted, thresholds of points that hardly fire or always fire count as much as those that decide
 * the curve, and the solution, exact as it is, leaves stage 2 stuck hundreds of Hz^2 away. The polynomial's terms are
 * nearly dependent over a grid (condition number about 10^4), so coefficients are held towards 0, more or less firmly:
 * each firmness is a start for stage 2.
 */
import { Matrix, QrDecomposition, SingularValueDecomposition } from 'ml-matrix';
import type { FitPoint } from './fit-points.ts';
import { LINEAR_TERMS } from './template.ts';

/** Standard deviations, mV, of the normal distributions about 0 that the coefficients (but P0) are held by, one start each. */
const FIRMNESS = [30, 10, 1];

/** How the rate changes with the threshold, Hz per mV (negative), at a threshold. */
export function rateSlope({ moments: { mu_V, sigma_V, tau_V } }: FitPoint, threshold: number): number {
  const distance = (threshold - mu_V) / (Math.SQRT2 * sigma_V);
  return -Math.exp(-distance * distance) / (Math.sqrt(2 * Math.PI) * sigma_V * 1e-3 * tau_V);
}

/** Coefficients, mV, from which stage 2 starts: `terms` (5 or 11) each. */
export function startingCoefficients(points: readonly FitPoint[], terms: number): number[][] {
  const firing = points.filter(({ threshold }) => Number.isFinite(threshold));
  const starts = FIRMNESS.map((sd) => leastSquares(firing, terms, sd));
  if (terms > LINEAR_TERMS) {
    const linear = leastSquares(firing, LINEAR_TERMS, FIRMNESS[0]!);
    starts.push([...linear, ...new Array<number>(terms - LINEAR_TERMS).fill(0)]);
  }
  return starts;
}

function leastSquares(firing: readonly FitPoint[], terms: number, sd: number): number[] {
  const design = Matrix.zeros(firing.length + terms - 1, terms);
  const wanted = Matrix.zeros(firing.length + terms - 1, 1);
  firing.forEach((point, row) => {
    const weight = Math.abs(rateSlope(point, point.threshold)) / point.tolerance;
    for (let term = 0; term < terms; term++) design.set(row, term, weight * point.terms[term]!);
    wanted.set(row, 0, weight * point.threshold);
  });
  for (let term = 1; term < terms; term++) design.set(firing.length + term - 1, term, 1 / sd);
  return new QrDecomposition(design).solve(wanted).to1DArray();
}

/** The condition number of the terms over the points that fire, unweighted: how nearly dependent they are. */
export function conditionNumber(points: readonly FitPoint[], terms: number): number {
  const firing = points.filter(({ threshold }) => Number.isFinite(threshold));
  const design = Matrix.zeros(firing.length, terms);
  firing.forEach((point, row) => {
    for (let term = 0; term < terms; term++) design.set(row, term, point.terms[term]!);
  });
  return new SingularValueDecomposition(design, { autoTranspose: true }).condition;
}
