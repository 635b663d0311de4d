/**
 * A fitted transfer function: which rate a cell gives for every pair of input rates, with gradient and Hessian, how sure
 * that is, and whether the fit saw anything like it. It carries its cell, its synapses and the formula its coefficients
 * belong to, so that no two of them are ever mixed.
 */
import type { Cell } from '../models/cells.ts';
import type { MeasureSettings, SynapticInput } from './data.ts';
import type { Weighting } from './fit-points.ts';
import { isInHull, type Point } from './hull.ts';
import { Jet } from './jet.ts';
import {
  effectiveThreshold,
  type RateDerivatives,
  rateAtThreshold,
  type Template,
  templateDerivatives,
  thresholdTerms,
} from './template.ts';
import { type Formula, type Moments, membraneMoments, momentJets } from './theory.ts';

/** The moments whose range a fit has seen. */
export type FittedMoment = 'mu_V' | 'sigma_V' | 'tau_V';
export const FITTED_MOMENTS: readonly FittedMoment[] = ['mu_V', 'sigma_V', 'tau_V'];

/** What a fit says of itself. */
export interface FitReport {
  weighting: Weighting;
  /**
   * Points that were fitted; those left out because their rate is above the one asked for, or at least 1/tau_V, which the template
   * gives at no threshold; and those fitted that fired.
   */
  points: number;
  points_left_out: number;
  points_too_fast: number;
  firing_points: number;
  /** Mean square of fitted minus measured rate over all points, Hz^2, its root, and the largest, Hz. */
  mse_hz2: number;
  rms_hz: number;
  largest_residual_hz: number;
  /** Root mean square over points that fired at less than 5 Hz, Hz; null where there is none. */
  rms_below_5hz: number | null;
  /** Of the polynomial's terms over the points that fired: how badly single coefficients are determined. */
  condition_number: number;
  /** Steps of the last stage, and whether they ran to the end. */
  steps: number;
  converged: boolean;
  /** Covariance of the coefficients, mV^2: single ones are ill-determined, predictions are not. */
  covariance_mV2: number[][];
  /** Corners of the convex hull of the points' (nu_e, nu_i), Hz: beyond it the fit extrapolates. */
  region_hz: Point[];
  /** Smallest and largest of each moment over the points, mV, mV, ms. */
  range: Record<FittedMoment, [number, number]>;
  /** How the data were measured. */
  settings: MeasureSettings;
}

/** What a fit saw and made of each point of the data, in their order. */
export interface FittedPoints {
  nu_e: Float64Array;
  nu_i: Float64Array;
  /** Measured and fitted rate, Hz. */
  rate: Float64Array;
  fitted: Float64Array;
  /** Fitted minus measured rate, Hz. */
  residual: Float64Array;
  /** The threshold at which the template gives the measured rate, mV (NaN where none does), and the fitted one. */
  threshold: Float64Array;
  fittedThreshold: Float64Array;
}

export class TransferFunction implements Template {
  readonly cell: Cell;
  readonly input: SynapticInput;
  readonly formula: Formula;
  /** 11 coefficients of the effective threshold, or 5 of its linear form, mV. */
  readonly coefficients_mV: readonly number[];
  /** Absent where the coefficients are not from a fit of ours (printed ones). */
  readonly report: FitReport | undefined;
  /** Present where the fit has just been made; a file does not keep it. */
  readonly points: FittedPoints | undefined;

  constructor(
    template: Omit<Template, 'coefficients_mV'> & { coefficients_mV: readonly number[] },
    report?: FitReport,
    points?: FittedPoints,
  ) {
    this.cell = template.cell;
    this.input = template.input;
    this.formula = template.formula;
    this.coefficients_mV = template.coefficients_mV;
    this.report = report;
    this.points = points;
  }

  /** Output rate, Hz, at input rates in Hz per synapse. */
  rate(nu_e: number, nu_i: number): number {
    return this.parts(nu_e, nu_i).rate.value;
  }

  /** Output rate with gradient and Hessian with respect to the input rates. */
  derivatives(nu_e: number, nu_i: number): RateDerivatives {
    return templateDerivatives(this, nu_e, nu_i);
  }

  /** The membrane's moments at these input rates, with this function's formula. */
  moments(nu_e: number, nu_i: number): Moments {
    return membraneMoments(this.cell, this.input, nu_e, nu_i, this.formula);
  }

  /** The effective threshold, mV. */
  threshold(nu_e: number, nu_i: number): number {
    return this.parts(nu_e, nu_i).threshold.value;
  }

  /**
   * Standard deviation of the rate, Hz, that follows from the coefficients' covariance; undefined without a report. It says how
   * well the data determine the template, not whether the template is the right one.
   */
  rateSD(nu_e: number, nu_i: number): number | undefined {
    if (!this.report) return undefined;
    const { moments, terms, threshold } = this.parts(nu_e, nu_i);
    // d(rate)/d(threshold): the template with the threshold as its variable.
    const slope = rateAtThreshold(moments, Jet.first(threshold.value)).x;
    const count = this.coefficients_mV.length;
    let variance = 0;
    for (let row = 0; row < count; row++)
      for (let column = 0; column < count; column++)
        variance +=
          terms[row]!.value *
          this.report.covariance_mV2[row]![column]! *
          terms[column]!.value *
          slope *
          slope;
    return Math.sqrt(Math.max(0, variance));
  }

  /** Whether these input rates lie outside of what the fit has seen; false without a report, of which nothing is known. */
  extrapolates(nu_e: number, nu_i: number): boolean {
    return this.report !== undefined && !isInHull(this.report.region_hz, nu_e, nu_i);
  }

  /** What a rate is made of. */
  private parts(nu_e: number, nu_i: number) {
    const moments = momentJets(this.cell, this.input, new Jet(nu_e), new Jet(nu_i), this.formula);
    const terms = thresholdTerms(moments, this.cell);
    const threshold = effectiveThreshold(this.coefficients_mV, terms);
    return { moments, terms, threshold, rate: rateAtThreshold(moments, threshold) };
  }
}
