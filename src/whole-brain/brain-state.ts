/** The state of a batch of brains as the device holds it: what a run begins with, and what another goes on from exactly. */
import { InputError } from '../errors.ts';
import { packColumns } from '../gpu/columns.ts';
import type { Kernel } from '../gpu/kernel.ts';
import { suggestion } from '../models/document/near-names.ts';
import { Purpose, randomKey } from '../random.ts';
import type { NodeBatch, NodeModel } from './node-model.ts';

/** Everything that a run leaves behind; bytes as the kernel lays them out. */
export interface BrainState {
  model: string;
  /** Steps since the first run began: noise and inputs go on from here. */
  step: number;
  /** The step from which statistics count. */
  counted: number;
  dt: number;
  brains: number;
  nodes: number;
  rings: Rings;
  /** Variables of all nodes, `[brain, node]`. */
  states: Uint8Array;
  /** What was emitted over the delays. */
  history: Uint8Array;
  /** BOLD and statistics. */
  measures: Uint8Array;
}

/** Initial values of one brain by their names (`mufe_init`), for all nodes or one for each; what is not given is drawn. */
export type BrainInitial = Record<string, number | ArrayLike<number>>;

/** How the history lies in its buffer. */
export interface Rings {
  /** Steps of the ring of first values, a power of two. */
  slots: number;
  /** Of the ring of second values. */
  ownSlots: number;
  /** Sources, an even number. */
  rows: number;
  /** vec4 of one brain, and where the second values begin in it. */
  stride: number;
  ownAt: number;
}

const powerOfTwo = (least: number) => 2 ** Math.ceil(Math.log2(Math.max(8, least)));

/** @param longest delays in steps: between nodes, and a node's own two */
export function ringsOf(nodes: number, longest: number, [first, second]: [number, number]): Rings {
  // A block of 4 steps is written while the oldest one is still read.
  const slots = powerOfTwo(Math.max(longest, first) + 9);
  const ownSlots = powerOfTwo(second + 2);
  const rows = 2 * Math.ceil(nodes / 2);
  const ownAt = rows * slots;
  return { slots, ownSlots, rows, ownAt, stride: ownAt + (nodes * ownSlots) / 4 };
}

interface Batch {
  model: NodeModel;
  /** Of all nodes of all brains, `[brain, node]`. */
  batch: NodeBatch;
  nodes: number;
  seeds: readonly number[];
  initial: readonly BrainInitial[];
  rings: Rings;
  dt: number;
}

/**
 * The state in which a batch begins.
 * @throws InputError for unknown names, wrong shapes, values that are not finite
 */
export function firstState(kernel: Kernel, given: Batch): BrainState {
  const { model, batch, nodes, seeds, initial, rings, dt } = given;
  const brains = seeds.length;
  for (const values of initial) checkInitial(model, nodes, values);
  const columns: Record<string, Float32Array | number> = {};
  for (const { name, initial: as } of model.variables) {
    columns[name] = Float32Array.from({ length: brains * nodes }, (_, index) => {
      const [brain, node] = [Math.floor(index / nodes), index % nodes];
      const value = initial[brain]![as];
      if (value !== undefined) return typeof value === 'number' ? value : value[node]!;
      return model.start(batch, name, index, randomKey(seeds[brain]!, Purpose.initial, node));
    });
  }
  const [first, second] = model.variables.slice(0, 2).map(({ name }) => columns[name] as Float32Array);
  const history = new Float32Array(4 * rings.stride * brains);
  for (let brain = 0; brain < brains; brain++) {
    const at = 4 * rings.stride * brain;
    for (let node = 0; node < nodes; node++) {
      const from = at + 4 * node * rings.slots;
      history.fill(first![brain * nodes + node]!, from, from + 4 * rings.slots);
      const own = at + 4 * rings.ownAt + node * rings.ownSlots;
      history.fill(second![brain * nodes + node]!, own, own + rings.ownSlots);
    }
  }
  for (const name of model.counters) columns[name] = 0;
  return {
    ...{ model: model.name, step: 0, counted: 0, dt, brains, nodes, rings },
    states: packColumns(kernel, 'states', brains * nodes, columns),
    history: new Uint8Array(history.buffer),
    measures: packColumns(kernel, 'measures', brains * nodes, MEASURES_AT_REST),
  };
}

/** High parts have 12 bits, which 1 has. */
const MEASURES_AT_REST = {
  ...{ X_high: 1, X_low: 0, F_high: 1, F_low: 0, Q_high: 1, Q_low: 0, V_high: 1, V_low: 0 },
  ...{ sum_high: 0, sum_low: 0, square_high: 0, square_low: 0, second_high: 0, second_low: 0 },
  ...{ least: 3e38, most: -3e38 },
};

function checkInitial(model: NodeModel, nodes: number, initial: BrainInitial): void {
  const known = model.variables.map((each) => each.initial);
  for (const [name, value] of Object.entries(initial)) {
    const field = { field: name };
    if (!known.includes(name))
      throw new InputError(
        `the ${model.title} has no initial value ${name}; ${suggestion(name, known)}`,
        field,
      );
    const list = typeof value === 'number' ? [value] : Array.from(value);
    if (typeof value !== 'number' && list.length !== nodes)
      throw new InputError(
        `${name} has ${list.length} values, but a brain has ${nodes} nodes; give one value for each node, or one number for all`,
        field,
      );
    const bad = list.findIndex((each) => !Number.isFinite(each));
    if (bad >= 0) throw new InputError(`${name} is ${list[bad]} at node ${bad}; give finite numbers`, field);
  }
}

/** @throws InputError where a state is of another model, batch, step or delay */
export function requireSameRun(
  state: BrainState,
  { model, dt, brains, nodes, rings }: Pick<BrainState, 'model' | 'dt' | 'brains' | 'nodes' | 'rings'>,
): void {
  const fail = (message: string): never => {
    throw new InputError(message, { field: 'initial' });
  };
  if (state.model !== model) fail(`the state is of the model ${state.model}, but this run has ${model}`);
  if (state.brains !== brains || state.nodes !== nodes)
    fail(
      `the state has ${state.brains} brains of ${state.nodes} nodes, but this run has ${brains} of ${nodes}; go on with the same batch`,
    );
  if (state.dt !== dt)
    fail(
      `the state was reached in steps of ${state.dt} ms, but this run has steps of ${dt} ms; use the same dt`,
    );
  for (const key of ['slots', 'ownSlots'] as const) {
    if (state.rings[key] !== rings[key])
      fail(
        `the state keeps ${state.rings[key]} steps of its past, but the delays of this run need ${rings[key]}; go on with the same lengths, velocity and delays`,
      );
  }
}
