/** Where nodes of any model start: as the model draws, from given values, or from the state in which another run ended. */
import { InputError } from '../errors.ts';
import { suggestion } from '../models/document/near-names.ts';
import { Purpose, randomKey } from '../random.ts';
import type { NodeBatch, NodeModel } from './node-model.ts';

/** The state after a run, with which another goes on exactly. */
export interface NodeState {
  model: string;
  /** Steps since the first run began: noise goes on from here. */
  step: number;
  dt: number;
  /** `[node]` each. */
  variables: Record<string, Float32Array>;
  /** The two emitted values of the last `slots` steps, `[slot, node]`, the oldest first. */
  history: { slots: number; first: Float32Array; second: Float32Array };
}

/** Values by the names of initial values, for all nodes or one for each; what is not given is as the model draws it. */
export type NodeInitialValues = Record<string, number | ArrayLike<number>>;

export type NodeInitial = NodeInitialValues | NodeState;

interface Wanted {
  dt: number;
  slots: number;
  seeds: Float64Array;
}

function isState(initial: NodeInitial): initial is NodeState {
  return 'variables' in initial && 'history' in initial;
}

/**
 * The state in which a run of `nodes` begins.
 * @throws InputError for unknown names, wrong shapes, values that are not finite, or a state of another model, step or batch
 */
export function firstNodeState<Batch extends NodeBatch>(
  model: NodeModel<Batch>,
  nodes: Batch,
  initial: NodeInitial,
  { dt, slots, seeds }: Wanted,
): NodeState {
  if (isState(initial)) return takeOver(model, nodes, initial, { dt, slots });
  for (const [name, value] of Object.entries(initial)) checkValue(model, nodes.count, name, value);
  const variables = Object.fromEntries(
    model.variables.map(({ name, initial: as }) => {
      const given = initial[as];
      const start = (node: number) => {
        if (given !== undefined) return typeof given === 'number' ? given : given[node]!;
        return model.start(nodes, name, node, randomKey(seeds[node]!, Purpose.initial));
      };
      return [name, Float32Array.from({ length: nodes.count }, (_, node) => start(node))];
    }),
  );
  const constant = (values: Float32Array) =>
    Float32Array.from({ length: slots * nodes.count }, (_, index) => values[index % nodes.count]!);
  const [first, second] = model.variables.map(({ name }) => variables[name]!);
  const history = { slots, first: constant(first!), second: constant(second!) };
  return { model: model.name, step: 0, dt, variables, history };
}

function checkValue(model: NodeModel, count: number, name: string, value: number | ArrayLike<number>): void {
  const fail = (message: string): never => {
    throw new InputError(message, { field: name });
  };
  const known = model.variables.map(({ initial }) => initial);
  if (!known.includes(name))
    fail(`the ${model.title} has no initial value ${name}; ${suggestion(name, known)}`);
  const list = typeof value === 'number' ? [value] : Array.from(value);
  if (typeof value !== 'number' && list.length !== count)
    fail(
      `${name} has ${list.length} values, but there ${nodesAre(count)}; give one value for each node, or one number for all`,
    );
  const bad = list.findIndex((each) => !Number.isFinite(each));
  if (bad >= 0) fail(`${name} is ${list[bad]} at node ${bad}; give finite numbers`);
}

const nodesAre = (count: number) => (count === 1 ? 'is 1 node' : `are ${count} nodes`);

function takeOver(
  model: NodeModel,
  { count }: NodeBatch,
  state: NodeState,
  { dt, slots }: Pick<Wanted, 'dt' | 'slots'>,
): NodeState {
  const fail = (message: string): never => {
    throw new InputError(message, { field: 'initial' });
  };
  if (state.model !== model.name)
    fail(
      `the initial state is of the model ${state.model}, but this run has ${model.name}; hand over a state of the same model`,
    );
  for (const { name } of model.variables) {
    const length = state.variables[name]?.length;
    if (length !== count)
      fail(
        `the initial state has ${length ?? 'no'} values of ${name}, but there ${nodesAre(count)}; hand over the state of a run of the same nodes`,
      );
  }
  if (state.dt !== dt)
    fail(
      `the initial state was reached in steps of ${state.dt} ms, but this run has steps of ${dt} ms; use the same dt`,
    );
  const { history } = state;
  if (history.slots < slots)
    fail(
      `the initial state keeps the last ${history.slots} steps, but the delays reach back ${slots}; start with delays as long as those that come later`,
    );
  for (const which of ['first', 'second'] as const) {
    if (history[which].length !== history.slots * count)
      fail(
        `the ${which} history has ${history[which].length} values, not ${history.slots} steps of ${count} nodes; hand the final state over as it came`,
      );
  }
  const drop = (history.slots - slots) * count;
  return {
    ...state,
    history: { slots, first: history.first.slice(drop), second: history.second.slice(drop) },
  };
}
