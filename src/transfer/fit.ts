/**
 * Fits the template of Zerlaut et al. 2017 to a measured transfer function in their two stages: effective thresholds, which
 * are linear in the coefficients, then rates. Stage 2 is tried from several solutions of stage 1, and the best one is kept.
 */
import type { TransferData } from './data.ts';
import { type FitPoint, fitPoints, type Weighting } from './fit-points.ts';
import { coefficientCovariance, fitRates, fittedRate, thresholdAt } from './fit-rates.ts';
import { conditionNumber, startingCoefficients } from './fit-thresholds.ts';
import { convexHull, type Point } from './hull.ts';
import { LINEAR_TERMS, QUADRATIC_TERMS } from './template.ts';
import type { Formula } from './theory.ts';
import {
  FITTED_MOMENTS,
  type FitReport,
  type FittedMoment,
  type FittedPoints,
  TransferFunction,
} from './transfer-function.ts';

export interface FitOptions {
  /** `corrected` by default; `as-published` to compare with the paper's printed coefficients. */
  formula?: Formula;
  /** Fit the first five coefficients only. */
  linear?: boolean;
  /** `relative` by default. */
  weighting?: Weighting;
  /**
   * Leave out points of a higher rate, Hz. The template ends at 1/tau_V, about 100 Hz; what comes near to that is fitted badly,
   * and what lies below a little worse for it. Points of 1/tau_V and above are left out in any case.
   */
  maxRate?: number;
}

/** Rates below this are those at which networks live, Hz. */
const LOW_RATE = 5;

/**
 * Fits a transfer function to data.
 * @throws InputError where the data are not numbers, silent, or too few
 */
export function fitTransferFunction(data: TransferData, options: FitOptions = {}): TransferFunction {
  const { formula = 'corrected', linear = false, weighting = 'relative' } = options;
  const { maxRate = Number.POSITIVE_INFINITY } = options;
  const terms = linear ? LINEAR_TERMS : QUADRATIC_TERMS;
  const { points, leftOut, tooFast } = fitPoints(data, { formula, weighting, maxRate, terms });
  const best = startingCoefficients(points, terms)
    .map((start) => fitRates(points, start))
    .reduce((kept, fit) => (fit.cost < kept.cost ? fit : kept));
  const fitted = describePoints(points, best.coefficients);
  const firing = points.filter(({ rate }) => rate > 0).length;
  const report: FitReport = {
    weighting,
    points: points.length,
    points_left_out: leftOut,
    points_too_fast: tooFast,
    firing_points: firing,
    ...describeResiduals(fitted),
    condition_number: conditionNumber(points, terms),
    steps: best.steps,
    converged: best.converged,
    covariance_mV2: coefficientCovariance(points, best.coefficients, firing),
    region_hz: convexHull(points.map(({ nu_e, nu_i }): Point => [nu_e, nu_i])),
    range: rangeOf(points),
    settings: data.settings,
  };
  const template = { cell: data.cell, input: data.input, formula, coefficients_mV: best.coefficients };
  return new TransferFunction(template, report, fitted);
}

function describePoints(points: readonly FitPoint[], coefficients: readonly number[]): FittedPoints {
  const each = (of: (point: FitPoint) => number) => Float64Array.from(points, of);
  return {
    nu_e: each(({ nu_e }) => nu_e),
    nu_i: each(({ nu_i }) => nu_i),
    rate: each(({ rate }) => rate),
    fitted: each((point) => fittedRate(point, coefficients)),
    residual: each((point) => fittedRate(point, coefficients) - point.rate),
    threshold: each(({ threshold }) => threshold),
    fittedThreshold: each((point) => thresholdAt(point, coefficients)),
  };
}

function describeResiduals({ rate, residual }: FittedPoints) {
  const meanSquare = (values: Float64Array) =>
    values.reduce((sum, value) => sum + value * value, 0) / values.length;
  const mse_hz2 = meanSquare(residual);
  const low = residual.filter((_, index) => rate[index]! > 0 && rate[index]! < LOW_RATE);
  return {
    mse_hz2,
    rms_hz: Math.sqrt(mse_hz2),
    largest_residual_hz: residual.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    rms_below_5hz: low.length > 0 ? Math.sqrt(meanSquare(low)) : null,
  };
}

function rangeOf(points: readonly FitPoint[]): Record<FittedMoment, [number, number]> {
  const ranges = FITTED_MOMENTS.map((name): [FittedMoment, [number, number]] => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const { moments } of points) {
      low = Math.min(low, moments[name]);
      high = Math.max(high, moments[name]);
    }
    return [name, [low, high]];
  });
  return Object.fromEntries(ranges) as Record<FittedMoment, [number, number]>;
}
