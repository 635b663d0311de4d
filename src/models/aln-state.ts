/** The state of an ALN node: its variables, and how neurolib draws those at the beginning. */

/** A variable of the state with what it starts from. */
export interface AlnVariable {
  name: AlnVariableName;
  unit: string;
  /** Initial values are drawn uniformly from 0 to this; null: they start at their mean input. */
  drawnTo: number | null;
  description: string;
}

const ROWS = [
  ['mufe', 'mV/ms', 3, 'filtered mean input of E'],
  ['mufi', 'mV/ms', 3, 'filtered mean input of I'],
  ['IA', 'pA', 200, 'adaptation current of E'],
  ['seem', '', 0.5, 'mean activation of synapses from E to E'],
  ['seim', '', 0.5, 'mean activation of synapses from I to E'],
  ['siem', '', 0.5, 'mean activation of synapses from E to I'],
  ['siim', '', 0.5, 'mean activation of synapses from I to I'],
  ['seev', '', 0.001, 'variance of the activation from E to E'],
  ['seiv', '', 0.001, 'variance of the activation from I to E'],
  ['siev', '', 0.01, 'variance of the activation from E to I'],
  ['siiv', '', 0.01, 'variance of the activation from I to I'],
  ['mue_ou', 'mV/ms', null, 'OU input to E'],
  ['mui_ou', 'mV/ms', null, 'OU input to I'],
  ['rates_exc', 'Hz', 0.01, 'spike rate of E'],
  ['rates_inh', 'Hz', 0.01, 'spike rate of I'],
] as const;

export type AlnVariableName = (typeof ROWS)[number][0];

export const ALN_VARIABLES: readonly AlnVariable[] = ROWS.map(([name, unit, drawnTo, description]) => ({
  name,
  unit,
  drawnTo,
  description,
}));
export const ALN_VARIABLE_NAMES: readonly AlnVariableName[] = ROWS.map(([name]) => name);

/** Variables that are kept over the delays. */
export const RATE_NAMES: readonly AlnVariableName[] = ['rates_exc', 'rates_inh'];

/** neurolib's name of an initial value: the OU inputs stand for themselves, the others end in `_init`. */
export type AlnInitialName = 'mue_ou' | 'mui_ou' | `${Exclude<AlnVariableName, 'mue_ou' | 'mui_ou'>}_init`;

export function initialName(variable: AlnVariableName): AlnInitialName {
  return variable === 'mue_ou' || variable === 'mui_ou' ? variable : `${variable}_init`;
}

export const ALN_INITIAL_NAMES: readonly AlnInitialName[] = ALN_VARIABLE_NAMES.map(initialName);

export function isInitialName(name: string): name is AlnInitialName {
  return (ALN_INITIAL_NAMES as readonly string[]).includes(name);
}
