/**
 * What a fit needs to know of each measured point: its rate, how far a template may miss it, and the terms of the
 * threshold's polynomial there. Data that cannot be fitted are refused here, with the reason.
 */
import erfcinv from '@stdlib/math-base-special-erfcinv';
import { InputError } from '../errors.ts';
import type { TransferData } from './data.ts';
import { Jet } from './jet.ts';
import { LINEAR_TERMS, thresholdTerms } from './template.ts';
import { type Formula, type Moments, momentJets } from './theory.ts';

/**
 * How much each point counts. `plain`: all alike, as in the published program (the mean square error). `relative`: an error of
 * 0.1 Hz at rest counts as much as one of 0.2 Hz at 10 Hz or 0.6 Hz at 30 Hz, so that the low rates at which
 * networks live are not sacrificed to the high ones.
 */
export type Weighting = 'relative' | 'plain';
export const WEIGHTINGS: readonly Weighting[] = ['relative', 'plain'];

/** A miss by this much counts as one, Hz; with `relative`, standard error and this part of the rate are added to it in squares. */
export const RATE_TOLERANCE = 0.1;
export const RELATIVE_TOLERANCE = 0.02;

export interface FitPoint {
  nu_e: number;
  nu_i: number;
  /** Measured rate, Hz. */
  rate: number;
  /** A miss of the rate that counts as one, Hz. */
  tolerance: number;
  moments: Moments;
  /** The 11 terms of the polynomial. */
  terms: Float64Array;
  /** The threshold at which the template gives the measured rate, mV; NaN where no threshold does. */
  threshold: number;
}

export interface FitPointOptions {
  formula: Formula;
  weighting: Weighting;
  /** Points of a higher rate are left out, Hz. */
  maxRate: number;
  /** Coefficients to be fitted. */
  terms: number;
}

/** The points to be fitted, and how many are not. */
export interface PointSelection {
  points: FitPoint[];
  /** Points above the highest rate that was asked for. */
  leftOut: number;
  /** Points that fire at 1/tau_V or faster, which the template gives at no threshold. */
  tooFast: number;
}

/**
 * The points of a measurement, checked.
 * @throws InputError where a number is not finite or negative, all is silent, or there are fewer firing points than `terms` + 1
 */
export function fitPoints(data: TransferData, options: FitPointOptions): PointSelection {
  const { formula, weighting, maxRate, terms } = options;
  checkRates(data);
  if (!(maxRate > 0))
    throw new InputError(`the highest rate to be fitted is ${maxRate} Hz, but must be above 0 Hz`);
  const asked = Array.from(data.rate, (_, index) => fitPoint(data, index, formula, weighting)).filter(
    ({ rate }) => rate <= maxRate,
  );
  const points = asked.filter(({ rate, threshold }) => rate === 0 || Number.isFinite(threshold));
  const firing = points.filter(({ rate }) => rate > 0).length;
  if (firing <= terms) refuseFew(data.cell.name, asked, points.length, firing, options);
  return { points, leftOut: data.rate.length - asked.length, tooFast: asked.length - points.length };
}

function refuseFew(
  cell: string,
  asked: readonly FitPoint[],
  points: number,
  firing: number,
  { maxRate, terms }: FitPointOptions,
): never {
  const below = Number.isFinite(maxRate) ? ` of at most ${maxRate} Hz` : '';
  if (asked.every(({ rate }) => rate === 0))
    throw new InputError(
      `${cell}: none of the ${asked.length} points${below} has a single spike, and silence says nothing of where the threshold is: measure at higher nu_e or lower nu_i, or for longer`,
    );
  const fast = asked.length - points;
  const tooFast = fast > 0 ? ` (${fast} more fire faster than 1/tau_V, which no threshold gives)` : '';
  const linear = terms > LINEAR_TERMS ? `, or fit the ${LINEAR_TERMS} coefficients of the linear form` : '';
  throw new InputError(
    `${cell}: ${firing} of the ${points} points${below} that can be fitted ${firing === 1 ? 'has' : 'have'} a rate above 0${tooFast}, ` +
      `but ${terms} coefficients need at least ${terms + 1}: measure more points where the cell begins to fire${linear}`,
  );
}

function fitPoint(data: TransferData, index: number, formula: Formula, weighting: Weighting): FitPoint {
  const { cell, input, settings } = data;
  const nu_e = data.nu_e[index]!;
  const nu_i = data.nu_i[index]!;
  const rate = data.rate[index]!;
  const jets = momentJets(cell, input, new Jet(nu_e), new Jet(nu_i), formula);
  const moments = {
    mu_V: jets.mu_V.value,
    sigma_V: jets.sigma_V.value,
    tau_V: jets.tau_V.value,
    mu_G: jets.mu_G.value,
  };
  // With one repeat there is no standard deviation, and none is needed.
  const sd = settings.repeats > 1 ? data.rate_sd[index]! : 0;
  const error = sd / Math.sqrt(settings.repeats);
  return {
    nu_e,
    nu_i,
    rate,
    tolerance:
      weighting === 'plain' ? RATE_TOLERANCE : Math.hypot(RATE_TOLERANCE, error, RELATIVE_TOLERANCE * rate),
    moments,
    terms: Float64Array.from(thresholdTerms(jets, cell), (term) => term.value),
    threshold: thresholdOf(rate, moments),
  };
}

/** The template solved for the threshold, mV; NaN for a silent point and for rates of 1/tau_V and above. */
export function thresholdOf(rate: number, { mu_V, sigma_V, tau_V }: Moments): number {
  const argument = 2e-3 * tau_V * rate;
  if (!(argument > 0 && argument < 2)) return Number.NaN;
  return mu_V + Math.SQRT2 * sigma_V * erfcinv(argument);
}

function checkRates({ cell, shape, nu_e, nu_i, rate, rate_sd, settings }: TransferData): void {
  const lists: Record<string, Float64Array> = { nu_e, nu_i, rate };
  if (settings.repeats > 1) lists.rate_sd = rate_sd;
  const count = shape[0] * shape[1];
  for (const [field, list] of Object.entries(lists)) {
    if (list.length !== count)
      throw new InputError(
        `${cell.name}: ${field} holds ${list.length} numbers but the grid has ${shape[0]} x ${shape[1]} points: measure it again`,
        { field },
      );
    const wrong = list.findIndex((value) => !(Number.isFinite(value) && value >= 0));
    if (wrong >= 0)
      throw new InputError(
        `${cell.name}: ${field} is ${list[wrong]} at point ${wrong} (nu_e ${nu_e[wrong]} Hz, nu_i ${nu_i[wrong]} Hz), but must be a number not below 0: measure that point again`,
        { field },
      );
  }
}
