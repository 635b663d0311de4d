/**
 * The fluctuations of a membrane under synaptic bombardment: mean, standard deviation and autocorrelation time of V and the
 * mean conductance of a passive membrane that receives Poisson shot noise through exponential conductances (Kuhn, Aertsen
 * and Rotter, J Neurosci 2004; in the form of Zerlaut et al., J Comput Neurosci 2017, equations 4 to 11). They are what the
 * effective threshold of a transfer function depends on.
 *
 * With nu_e, nu_i the rate of each synapse, s standing for e and i:
 *
 *   mu_Gs   = K_s nu_s Q_s tau_s                 mu_G  = g_L + mu_Ge + mu_Gi
 *   mu_V    = (g_L E_L + mu_Ge E_e + mu_Gi E_i) / mu_G
 *   tau     = C_m / mu_G                         U_s   = Q_s (E_s - mu_V) / mu_G
 *   sigma_V = sqrt( sum_s K_s nu_s (U_s tau_s)^2 / (2 (tau + tau_s)) )
 *   tau_V   = sum_s K_s nu_s (U_s tau_s)^2  /  sum_s K_s nu_s (U_s tau_s)^2 / (tau + tau_s)
 *
 * The published program has `(Qi*Ui)**2` where `(Ti*Ui)**2` belongs, in sigma_V and in tau_V. In SI units Q_i is about a
 * millionth of tau_i, so inhibitory fluctuations vanish from its theory: sigma_V is 2.2 mV instead of 3.5 mV at the working
 * point of the paper's network. The printed coefficients compensate for it and mean nothing with the right formula. Hence
 * two formulas, `corrected` and `as-published`, and no function here that mixes them.
 *
 * The adaptation current does not enter: as in the published program, the fitted threshold takes it up.
 */
import type { Cell } from '../models/cells.ts';
import type { SynapticInput } from './data.ts';
import { Jet } from './jet.ts';

/** Which sigma_V and tau_V: the theory's, or those of the published program. */
export type Formula = 'corrected' | 'as-published';
export const FORMULAS: readonly Formula[] = ['corrected', 'as-published'];

/** The membrane under bombardment. */
export interface Moments<Value = number> {
  /** Mean and standard deviation of V, mV. */
  mu_V: Value;
  sigma_V: Value;
  /** Autocorrelation time of V, ms. */
  tau_V: Value;
  /** Mean total conductance, nS. */
  mu_G: Value;
}

/**
 * Added to sigma_V, mV (10^-12 V), and to the number of events per second that weighs tau_V, Hz, as in the published
 * program: they give both a value where there is no input, and change nothing elsewhere.
 */
export const SIGMA_V_FLOOR = 1e-9;
export const EVENT_RATE_FLOOR = 1e-9;

/** Events per ms from a rate in Hz. */
const PER_MS = 1e-3;

/**
 * What stands in place of tau_s in (U_s tau_s)^2, ms. The published program multiplies by Q_i there, in siemens as if they
 * were seconds: 1 nS counts as 10^-6 ms.
 */
export function fluctuationTimes(
  { exc, inh }: SynapticInput,
  formula: Formula,
): { exc: number; inh: number } {
  return { exc: exc.tau, inh: formula === 'corrected' ? inh.tau : 1e-6 * inh.Q };
}

/**
 * The moments at input rates nu_e and nu_i, Hz per synapse, each with its derivatives with respect to what the two rates carry
 * as derivatives (`Jet.first` and `Jet.second` for the rates themselves).
 */
export function momentJets(
  cell: Cell,
  input: SynapticInput,
  nu_e: Jet,
  nu_i: Jet,
  formula: Formula,
): Moments<Jet> {
  const { exc, inh } = input;
  const times = fluctuationTimes(input, formula);
  const events_e = nu_e.times(exc.K * PER_MS);
  const events_i = nu_i.times(inh.K * PER_MS);
  const mu_Ge = events_e.times(exc.Q * exc.tau);
  const mu_Gi = events_i.times(inh.Q * inh.tau);
  const mu_G = mu_Ge.plus(mu_Gi).plus(cell.g_L);
  const weighted = mu_Ge
    .times(exc.E_rev)
    .plus(mu_Gi.times(inh.E_rev))
    .plus(cell.g_L * cell.E_L);
  const mu_V = weighted.over(mu_G);

  const inverse_G = mu_G.reciprocal();
  const tau = inverse_G.times(cell.C_m);
  // (U_s tau_s)^2, (mV ms)^2, and 1 / (tau + tau_s), 1/ms.
  const square_e = mu_V
    .minus(exc.E_rev)
    .times(inverse_G)
    .times(exc.Q * times.exc)
    .squared();
  const square_i = mu_V
    .minus(inh.E_rev)
    .times(inverse_G)
    .times(inh.Q * times.inh)
    .squared();
  const decay_e = tau.plus(exc.tau).reciprocal();
  const decay_i = tau.plus(inh.tau).reciprocal();
  const variance = events_e
    .times(square_e)
    .times(decay_e)
    .plus(events_i.times(square_i).times(decay_i))
    .times(0.5);
  const weight_e = events_e.plus(EVENT_RATE_FLOOR * PER_MS).times(square_e);
  const weight_i = events_i.plus(EVENT_RATE_FLOOR * PER_MS).times(square_i);
  return {
    mu_V,
    sigma_V: variance.sqrt().plus(SIGMA_V_FLOOR),
    tau_V: weight_e.plus(weight_i).over(weight_e.times(decay_e).plus(weight_i.times(decay_i))),
    mu_G,
  };
}

/**
 * Mean, standard deviation and autocorrelation time of V, and the mean conductance, of a cell's passive membrane.
 * @param nu_e rate of each excitatory synapse, Hz, >= 0
 * @param nu_i rate of each inhibitory synapse, Hz, >= 0
 * @returns mV, mV, ms, nS
 */
export function membraneMoments(
  cell: Cell,
  input: SynapticInput,
  nu_e: number,
  nu_i: number,
  formula: Formula = 'corrected',
): Moments {
  const { mu_V, sigma_V, tau_V, mu_G } = momentJets(cell, input, new Jet(nu_e), new Jet(nu_i), formula);
  return { mu_V: mu_V.value, sigma_V: sigma_V.value, tau_V: tau_V.value, mu_G: mu_G.value };
}
