/** What a run of ALN nodes gives: labelled series, reduced windows, how far it left its table, and its last state. */
import type { AlnNodes } from '../models/aln.ts';
import type { AlnVariableName } from '../models/aln-state.ts';
import type { AlnState } from './aln-initial.ts';
import { selectSeries } from './node-result.ts';
import type { Extremes } from './node-window.ts';

export type { Extremes } from './node-window.ts';

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
  series: ReadonlyMap<string, Float32Array>;
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
  private readonly series: ReadonlyMap<string, Float32Array>;

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
    return [...this.series.keys()] as AlnVariableName[];
  }

  /**
   * The samples of a variable, one for each of `times`: of one node, or where none is named of all, `[node, time]`.
   * @throws InputError for variables that were not sampled and nodes that are not there
   */
  select({ variable, node }: { variable: string; node?: number | undefined }): Float32Array {
    return selectSeries(this.series, { variable, node }, this.nodes.count);
  }
}
