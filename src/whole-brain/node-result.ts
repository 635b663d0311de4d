/** What a run of nodes of any model gives: labelled series, a reduced window, and the last state. */
import { InputError } from '../errors.ts';
import { suggestion } from '../models/document/near-names.ts';
import type { NodeBatch, NodeModel } from './node-model.ts';
import type { NodeState } from './node-state.ts';
import type { NodeReduction } from './node-window.ts';

interface Parts {
  model: NodeModel;
  nodes: NodeBatch;
  dt: number;
  times: Float64Array;
  series: ReadonlyMap<string, Float32Array>;
  reduction: NodeReduction | undefined;
  window: number | undefined;
  counted: Record<string, Float64Array>;
  finalState: NodeState;
}

export class NodeResult {
  readonly model: NodeModel;
  readonly nodes: NodeBatch;
  readonly dt: number;
  /** Of the samples, ms: the state after the step that ends there. */
  readonly times: Float64Array;
  /** Over the closing window, where one was asked for. */
  readonly reduction: NodeReduction | undefined;
  /** Its length, ms. */
  readonly window: number | undefined;
  /** How often in this run each node did what its model counts, by the names of counters, `[node]`. */
  readonly counted: Record<string, Float64Array>;
  readonly finalState: NodeState;
  /** `[node, time]` each. */
  readonly series: ReadonlyMap<string, Float32Array>;

  constructor(parts: Parts) {
    this.model = parts.model;
    this.nodes = parts.nodes;
    this.dt = parts.dt;
    this.times = parts.times;
    this.series = parts.series;
    this.reduction = parts.reduction;
    this.window = parts.window;
    this.counted = parts.counted;
    this.finalState = parts.finalState;
  }

  /** Variables that were sampled. */
  get variables(): string[] {
    return [...this.series.keys()];
  }

  /**
   * The samples of a variable, one for each of `times`: of one node, or where none is named of all, `[node, time]`.
   * @throws InputError for variables that were not sampled and nodes that are not there
   */
  select({ variable, node }: { variable: string; node?: number | undefined }): Float32Array {
    return selectSeries(this.series, { variable, node }, this.nodes.count);
  }
}

/** @throws InputError for variables that were not sampled and nodes that are not there */
export function selectSeries(
  series: ReadonlyMap<string, Float32Array>,
  { variable, node }: { variable: string; node?: number | undefined },
  nodes: number,
): Float32Array {
  const all = series.get(variable);
  if (!all) {
    const known = [...series.keys()];
    const remedy = known.length > 0 ? suggestion(variable, known) : 'run with a sampling time';
    throw new InputError(`${variable} was not sampled; ${remedy}`, { field: 'variable' });
  }
  if (node === undefined) return all;
  if (!Number.isInteger(node) || node < 0 || node >= nodes)
    throw new InputError(`there is no node ${node}; choose from 0 to ${nodes - 1}`, { field: 'node' });
  const samples = all.length / nodes;
  return all.subarray(node * samples, (node + 1) * samples);
}
