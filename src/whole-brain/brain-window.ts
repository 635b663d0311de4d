/** What was sampled in one window of a run: variables and BOLD of all brains, labelled. */
import { InputError } from '../errors.ts';
import { suggestion } from '../models/document/near-names.ts';
import type { BrainPlan } from './brain-plan.ts';

interface Span {
  first: number;
  steps: number;
  every: number | undefined;
  recorded: number;
  boldEvery: number | undefined;
}

export interface Selection {
  variable?: string;
  brain?: number;
  node?: number;
}

export class BrainWindow {
  /** ms. */
  readonly from: number;
  readonly to: number;
  /** Of the samples, ms: the state after the step that ends there. */
  readonly times: Float64Array;
  readonly boldTimes: Float64Array;
  readonly brains: number;
  readonly nodes: number;
  /** That were sampled. */
  readonly variables: readonly string[];
  /** `[sample, variable, brain, node]`. */
  readonly samples: Float32Array;
  /** `[sample, brain, node]`. */
  readonly bold: Float32Array;
  private readonly firstSample: number;
  private readonly firstBold: number;

  constructor(plan: BrainPlan, { first, steps, every, recorded, boldEvery }: Span) {
    const { brains, nodes, dt, model } = plan;
    const timesOf = (of: number | undefined) => {
      if (of === undefined) return new Float64Array();
      const from = Math.floor(first / of);
      return Float64Array.from(
        { length: Math.floor((first + steps) / of) - from },
        (_, index) => (from + index + 1) * of * dt,
      );
    };
    [this.brains, this.nodes] = [brains, nodes];
    this.from = first * dt;
    this.to = (first + steps) * dt;
    this.times = timesOf(every);
    this.boldTimes = timesOf(boldEvery);
    this.variables = model.variables.slice(0, recorded).map(({ name }) => name);
    this.samples = new Float32Array(this.times.length * recorded * brains * nodes);
    this.bold = new Float32Array(this.boldTimes.length * brains * nodes);
    this.firstSample = every === undefined ? 0 : Math.floor(first / every);
    this.firstBold = boldEvery === undefined ? 0 : Math.floor(first / boldEvery);
  }

  /** Takes over the rows of a dispatch. */
  keep(samples: Float32Array, at: number, bold: Float32Array, boldAt: number): void {
    const row = this.brains * this.nodes;
    if (samples.length > 0) this.samples.set(samples, (at - this.firstSample) * this.variables.length * row);
    if (bold.length > 0) this.bold.set(bold, (boldAt - this.firstBold) * row);
  }

  /**
   * Samples of a variable (the first one where none is named), one for each of `times`: of one node, or where none is named of
   * all nodes of a brain, `[node, time]`.
   * @throws InputError for variables that were not sampled, brains and nodes that are not there
   */
  select(which: Selection = {}): Float32Array {
    return select(this, which);
  }

  /** BOLD of one node, or of all nodes of a brain, `[node, time]`, at `boldTimes`. Throws as `select`. */
  selectBold(which: Omit<Selection, 'variable'> = {}): Float32Array {
    return selectBold(this, which);
  }
}

/** Of a window or a whole run. */
export interface Sampled {
  times: Float64Array;
  boldTimes: Float64Array;
  brains: number;
  nodes: number;
  variables: readonly string[];
  samples: Float32Array;
  bold: Float32Array;
}

export function select(sampled: Sampled, { variable, brain = 0, node }: Selection): Float32Array {
  const { variables, samples, times, brains, nodes } = sampled;
  const wanted = variable ?? variables[0];
  const index = variables.indexOf(wanted ?? '');
  if (index < 0) {
    const remedy =
      variables.length > 0 ? suggestion(wanted!, variables) : 'run with a sampling time (sampling: 10)';
    throw new InputError(`${wanted ?? 'a variable'} was not sampled; ${remedy}`, { field: 'variable' });
  }
  return take(samples, {
    times: times.length,
    columns: variables.length,
    column: index,
    brains,
    nodes,
    brain,
    node,
  });
}

export function selectBold(sampled: Sampled, { brain = 0, node }: Omit<Selection, 'variable'>): Float32Array {
  const { bold, boldTimes, brains, nodes } = sampled;
  return take(bold, { times: boldTimes.length, columns: 1, column: 0, brains, nodes, brain, node });
}

function take(
  data: Float32Array,
  at: {
    times: number;
    columns: number;
    column: number;
    brains: number;
    nodes: number;
    brain: number;
    node: number | undefined;
  },
): Float32Array {
  const { times, columns, column, brains, nodes, brain, node } = at;
  const check = (name: string, value: number, count: number) => {
    if (!Number.isInteger(value) || value < 0 || value >= count)
      throw new InputError(`there is no ${name} ${value}; choose from 0 to ${count - 1}`, { field: name });
  };
  check('brain', brain, brains);
  if (node !== undefined) check('node', node, nodes);
  const wanted = node === undefined ? Array.from({ length: nodes }, (_, index) => index) : [node];
  const taken = new Float32Array(wanted.length * times);
  wanted.forEach((each, row) => {
    for (let time = 0; time < times; time++)
      taken[row * times + time] = data[((time * columns + column) * brains + brain) * nodes + each]!;
  });
  return taken;
}
