/**
 * Twin of shaders/transfer/template.wgsl: the moments and the template as the paper prints them, one line each, in SI units
 * and double precision, with the slip of the published program as an option. No derivatives: tests take differences of it.
 */
import erfc from '@stdlib/math-base-special-erfc';
import type { Template } from '../../src/transfer/template.ts';

export interface TwinMoments {
  /** V */
  mu_V: number;
  sigma_V: number;
  /** s */
  tau_V: number;
  /** S */
  mu_G: number;
}

/** Moments in SI units at input rates in Hz. */
export function twinMoments(
  { cell, input, formula }: Omit<Template, 'coefficients_mV'>,
  nu_e: number,
  nu_i: number,
): TwinMoments {
  const [Gl, Cm, El] = [cell.g_L * 1e-9, cell.C_m * 1e-12, cell.E_L * 1e-3];
  const [Qe, Te, Ee] = [input.exc.Q * 1e-9, input.exc.tau * 1e-3, input.exc.E_rev * 1e-3];
  const [Qi, Ti, Ei] = [input.inh.Q * 1e-9, input.inh.tau * 1e-3, input.inh.E_rev * 1e-3];
  const fe = nu_e * input.exc.K;
  const fi = nu_i * input.inh.K;
  const muG = Gl + Qe * Te * fe + Qi * Ti * fi;
  const muV = (Gl * El + Qe * Te * fe * Ee + Qi * Ti * fi * Ei) / muG;
  const Tm = Cm / muG;
  const Ue = (Qe / muG) * (Ee - muV);
  const Ui = (Qi / muG) * (Ei - muV);
  const e = (Ue * Te) ** 2;
  const i = formula === 'corrected' ? (Ui * Ti) ** 2 : (Ui * Qi) ** 2;
  const sigma = Math.sqrt((fe * e) / 2 / (Te + Tm) + (fi * i) / 2 / (Ti + Tm)) + 1e-12;
  const above = (fe + 1e-9) * e + (fi + 1e-9) * i;
  const below = ((fe + 1e-9) * e) / (Te + Tm) + ((fi + 1e-9) * i) / (Ti + Tm);
  return { mu_V: muV, sigma_V: sigma, tau_V: above / below, mu_G: muG };
}

/** Effective threshold, V. */
export function twinThreshold(template: Template, { mu_V, sigma_V, tau_V, mu_G }: TwinMoments): number {
  const { cell, coefficients_mV } = template;
  const x = (mu_V + 60e-3) / 10e-3;
  const y = (sigma_V - 4e-3) / 6e-3;
  const z = (tau_V * cell.g_L) / cell.C_m / 1e-3 - 0.5;
  const terms = [1, x, y, z, Math.log(mu_G / (cell.g_L * 1e-9)), x * x, y * y, z * z, x * y, x * z, y * z];
  return 1e-3 * terms.reduce((sum, term, index) => sum + term * (coefficients_mV[index] ?? 0), 0);
}

/** Output rate, Hz. */
export function twinRate(template: Template, nu_e: number, nu_i: number): number {
  const moments = twinMoments(template, nu_e, nu_i);
  const distance = (twinThreshold(template, moments) - moments.mu_V) / (Math.SQRT2 * moments.sigma_V);
  return erfc(distance) / (2 * moments.tau_V);
}
