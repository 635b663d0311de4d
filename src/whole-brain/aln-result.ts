/** What a run of ALN nodes gives: labelled series, reduced windows, how far it left its table, and its last state. */
import { InputError } from '../errors.ts';
import type { AlnNodes } from '../models/aln.ts';
import type { AlnVariableName } from '../models/aln-state.ts';
import { suggestion } from '../models/document/near-names.ts';
import type { AlnState } from './aln-initial.ts';

/** Of a rate over a closing window, Hz, `[node]` each. */
export interface Extremes {
  min: Float64Array;
  max: Float64Array;
  mean: Float64Array;
}

export interface Reduction {
  rates_exc: Extremes;
  rates_inh: Extremes;
  /**
   * Of the excitatory rate, Hz, `[node]`: one over the mean time between rises through the middle of its extremes; NaN where it
   * moves by less than 1 Hz or rises only once.
   */
  frequency: Float64Array;
}

interface Parts {
  nodes: AlnNodes;
  dt: number;
  times: Float64Array;
  series: Map<AlnVariableName, Float32Array>;
  reduction: Reduction | undefined;
  window: number | undefined;
  outsideTable: Float64Array;
  finalState: AlnState;
}

export class AlnResult {
  readonly nodes: AlnNodes;
  readonly dt: number;
  /** Of the samples, ms: the state after the step that ends there. */
  readonly times: Float64Array;
  /** Over the closing window, where one was asked for. */
  readonly reduction: Reduction | undefined;
  /** Its length, ms. */
  readonly window: number | undefined;
  /** Part of the steps in which mean or noise strength of an input lay beyond the table, `[node]`. */
  readonly outsideTable: Float64Array;
  readonly finalState: AlnState;
  private readonly series: Map<AlnVariableName, Float32Array>;

  constructor(parts: Parts) {
    this.nodes = parts.nodes;
    this.dt = parts.dt;
    this.times = parts.times;
    this.series = parts.series;
    this.reduction = parts.reduction;
    this.window = parts.window;
    this.outsideTable = parts.outsideTable;
    this.finalState = parts.finalState;
  }

  /** Variables that were sampled. */
  get variables(): AlnVariableName[] {
    return [...this.series.keys()];
  }

  /**
   * The samples of a variable, one for each of `times`: of one node, or where none is named of all, `[node, time]`.
   * @throws InputError for variables that were not sampled and nodes that are not there
   */
  select({ variable, node }: { variable: string; node?: number }): Float32Array {
    const all = this.series.get(variable as AlnVariableName);
    if (!all) {
      const known = this.variables;
      const remedy = known.length > 0 ? suggestion(variable, known) : 'run with a sampling time';
      throw new InputError(`${variable} was not sampled; ${remedy}`, { field: 'variable' });
    }
    if (node === undefined) return all;
    if (!Number.isInteger(node) || node < 0 || node >= this.nodes.count)
      throw new InputError(`there is no node ${node}; choose from 0 to ${this.nodes.count - 1}`, {
        field: 'node',
      });
    return all.subarray(node * this.times.length, (node + 1) * this.times.length);
  }
}
