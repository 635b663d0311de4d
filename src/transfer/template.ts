/**
 * The semi-analytic template of a transfer function (Zerlaut et al. 2017, equations 3 and 12): a neuron fires as often as a
 * Gaussian membrane potential is above an effective threshold,
 *
 *   rate = erfc( (V_eff - mu_V) / (sqrt(2) sigma_V) ) / (2 tau_V),
 *
 * and the threshold is a polynomial of second order in the moments of V, with a logarithm of the conductance:
 *
 *   V_eff = P0 + P1 x + P2 y + P3 z + P4 ln(mu_G / g_L) + P5 x^2 + P6 y^2 + P7 z^2 + P8 x y + P9 x z + P10 y z
 *   x = (mu_V + 60 mV) / 10 mV     y = (sigma_V - 4 mV) / 6 mV     z = tau_V g_L / C_m - 0.5
 *
 * All coefficients are in mV. The linear form keeps the first five.
 */
import type { Cell } from '../models/cells.ts';
import { membraneTimeConstant } from '../models/cells.ts';
import type { SynapticInput } from './data.ts';
import { Jet } from './jet.ts';
import { type Formula, type Moments, momentJets } from './theory.ts';

/** Where the polynomial's variables are 0 and what changes them by 1 (Zerlaut et al. 2017, table 2). */
export const NORMALISATION = {
  mu_V: { centre: -60, scale: 10 },
  sigma_V: { centre: 4, scale: 6 },
  /** tau_V in units of the membrane time constant. */
  tau_V: { centre: 0.5, scale: 1 },
} as const;

/** Coefficients of the full and of the linear form. */
export const QUADRATIC_TERMS = 11;
export const LINEAR_TERMS = 5;

/** What a term of the polynomial multiplies, in the order of the coefficients. */
export const TERM_NAMES = ['1', 'x', 'y', 'z', 'ln', 'xx', 'yy', 'zz', 'xy', 'xz', 'yz'] as const;

/** What a template is made of, apart from where its numbers come from. */
export interface Template {
  cell: Cell;
  input: SynapticInput;
  formula: Formula;
  /** mV, 5 or 11 of them. */
  coefficients_mV: ArrayLike<number>;
}

/** A rate with its derivatives with respect to nu_e and nu_i. */
export interface RateDerivatives {
  /** Hz. */
  rate: number;
  /** [d/dnu_e, d/dnu_i], Hz per Hz. */
  gradient: [number, number];
  /** [d2/dnu_e2, d2/(dnu_e dnu_i), d2/dnu_i2], Hz per Hz^2. */
  hessian: [number, number, number];
}

/** The 11 terms of the polynomial at given moments, dimensionless. */
export function thresholdTerms(moments: Moments<Jet>, cell: Cell): Jet[] {
  const { mu_V, sigma_V, tau_V } = NORMALISATION;
  const x = moments.mu_V.minus(mu_V.centre).over(mu_V.scale);
  const y = moments.sigma_V.minus(sigma_V.centre).over(sigma_V.scale);
  const z = moments.tau_V.over(membraneTimeConstant(cell)).minus(tau_V.centre).over(tau_V.scale);
  const logarithm = moments.mu_G.over(cell.g_L).log();
  return [
    new Jet(1),
    x,
    y,
    z,
    logarithm,
    x.squared(),
    y.squared(),
    z.squared(),
    x.times(y),
    x.times(z),
    y.times(z),
  ];
}

/** The effective threshold, mV: coefficients (5 or 11) times terms. */
export function effectiveThreshold(coefficients_mV: ArrayLike<number>, terms: readonly Jet[]): Jet {
  let sum = new Jet(0);
  for (let index = 0; index < coefficients_mV.length; index++)
    sum = sum.plus(terms[index]!.times(coefficients_mV[index]!));
  return sum;
}

/** The rate in Hz of a membrane of given moments whose effective threshold is `threshold`, mV. */
export function rateAtThreshold(moments: Moments<Jet>, threshold: Jet): Jet {
  const distance = threshold.minus(moments.mu_V).over(moments.sigma_V.times(Math.SQRT2));
  return distance.erfc().over(moments.tau_V.times(2e-3));
}

/** The template's rate as a jet over (nu_e, nu_i), Hz. */
export function templateJet(template: Template, nu_e: number, nu_i: number): Jet {
  const { cell, input, formula, coefficients_mV } = template;
  const moments = momentJets(cell, input, Jet.first(nu_e), Jet.second(nu_i), formula);
  return rateAtThreshold(moments, effectiveThreshold(coefficients_mV, thresholdTerms(moments, cell)));
}

/**
 * The template's output rate, its gradient and its Hessian.
 * @param nu_e rate of each excitatory synapse, Hz, >= 0
 * @param nu_i rate of each inhibitory synapse, Hz, >= 0
 */
export function templateDerivatives(template: Template, nu_e: number, nu_i: number): RateDerivatives {
  const { value, x, y, xx, xy, yy } = templateJet(template, nu_e, nu_i);
  return { rate: value, gradient: [x, y], hessian: [xx, xy, yy] };
}
