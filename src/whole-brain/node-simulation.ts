/**
 * Advances a batch of nodes of any model on a device. A run goes on where the one before ended; what it gives does not depend on
 * how it was cut into runs, nor on how a run is cut into dispatches, which are as long as a watchdog and a progress bar like.
 */
import { InputError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import { requireFinite, wholeSteps } from './aln-checks.ts';
import { type InputsByName, inputCourses } from './aln-inputs.ts';
import type { NodeBatch, NodeGiven, NodeModel } from './node-model.ts';
import { NodeProgram } from './node-program.ts';
import type { Recording } from './node-recording.ts';
import { NodeResult } from './node-result.ts';
import { firstNodeState, type NodeInitial, type NodeState } from './node-state.ts';
import type { NodeReduction } from './node-window.ts';

export interface NodeOptions {
  /** By the model's names, each a number or one for each node; the model's defaults. */
  parameters?: NodeGiven;
  /** Step, ms; 0.1. */
  dt?: number;
  /** Of initial values and noise: node k of a batch draws with seed + k, or give a seed for each node. */
  seed?: number | ArrayLike<number>;
  /** Drawn where not given. */
  initial?: NodeInitial;
}

export interface NodeRunOptions {
  /** ms, a whole number of steps. */
  duration: number;
  /** Time between samples, ms; dt by default, null keeps no series. */
  sampling?: number | null;
  /** Those variables that the model records, or all of its state. */
  variables?: 'recorded' | 'all';
  /** Reduce this closing part of the run, ms, to minimum, maximum, mean and frequency. */
  window?: number;
  /** Inputs over time, by the model's names. */
  inputs?: InputsByName;
  /** The part of the run that is done, 0 to 1; what it throws ends the run. */
  onProgress?: (fraction: number) => void;
}

/** Most numbers that series may have in all. */
const MOST_SAMPLES = 2 ** 29;

/** Steps that the ring of emitted values keeps: the longest delay and the step now. */
function slotsOf<Batch extends NodeBatch>(model: NodeModel<Batch>, nodes: Batch, dt: number): number {
  return Math.max(...model.ownDelays(nodes, dt)) + 1;
}

export class NodeSimulation<Batch extends NodeBatch = NodeBatch> implements AsyncDisposable {
  readonly model: NodeModel<Batch>;
  readonly dt: number;
  private batch: Batch;
  private readonly program: NodeProgram<Batch>;
  private step: number;
  /** What each node counted so far. */
  private counted: Record<string, Uint32Array> | undefined;
  private busy = false;
  /** A run began and did not end: where the nodes are is not known. */
  private halted = false;

  private constructor(model: NodeModel<Batch>, batch: Batch, program: NodeProgram<Batch>, state: NodeState) {
    this.model = model;
    this.batch = batch;
    this.dt = state.dt;
    this.program = program;
    this.step = state.step;
  }

  /**
   * @throws InputError for parameters, steps and initial states that do not fit
   * @throws DeviceMemoryError where the batch is too large
   */
  static async create<Batch extends NodeBatch>(
    device: Device,
    model: NodeModel<Batch>,
    options: NodeOptions = {},
  ): Promise<NodeSimulation<Batch>> {
    const { dt = 0.1 } = options;
    const nodes = model.nodes(options.parameters ?? {});
    model.requireStep(dt, nodes);
    const seeds = seedsOf(options.seed ?? 0, nodes.count);
    const slots = slotsOf(model, nodes, dt);
    const state = firstNodeState(model, nodes, options.initial ?? {}, { dt, slots, seeds });
    const program = await NodeProgram.create(device, { model, nodes, dt, seeds, state });
    return new NodeSimulation(model, nodes, program, state);
  }

  /** The nodes with their parameters as they are now. */
  get nodes(): Batch {
    return this.batch;
  }

  /** Simulated time so far, ms. */
  get time(): number {
    return this.step * this.dt;
  }

  /**
   * Other parameters from now on; the state stays.
   * @throws InputError for parameters that do not fit, another number of nodes, or delays longer than those at the beginning
   */
  retune(parameters: NodeGiven): void {
    this.requireIdle();
    const { model, dt, program, batch } = this;
    const nodes = model.nodes(parameters);
    model.requireStep(dt, nodes);
    if (nodes.count !== batch.count)
      throw new InputError(
        `the parameters are of ${nodes.count} nodes, but ${batch.count} are running; give as many values`,
      );
    if (slotsOf(model, nodes, dt) - 1 > program.longestDelay)
      throw new InputError(
        `a delay is longer than the ${program.longestDelay * dt} ms that the nodes keep; begin with delays as long as those that come later`,
      );
    this.batch = nodes;
    program.retune(nodes);
  }

  /**
   * Goes on for `duration`.
   * @throws InputError for times that are no whole steps, after a run that was ended within, for a window longer than the run, inputs of another length
   * @throws NonFiniteError where a variable is no longer finite
   */
  async run(options: NodeRunOptions): Promise<NodeResult> {
    this.requireIdle();
    this.busy = true;
    try {
      return await this.advance(options);
    } finally {
      this.busy = false;
    }
  }

  private requireIdle(): void {
    if (this.busy) throw new InputError('the simulation is running already; await the run before the next');
    if (this.halted)
      throw new InputError('the simulation was ended within a run, so nothing can follow; make another');
  }

  private async advance(options: NodeRunOptions): Promise<NodeResult> {
    const { batch: nodes, dt, program, model } = this;
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
    const courses = inputCourses(options.inputs ?? {}, nodes.count, steps, model.inputs);
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
    let reduction: NodeReduction | undefined;
    if (windowSteps > 0) {
      const window = { ...span, first: first + steps - windowSteps, steps: windowSteps };
      reduction = await program.reduce(window);
    }
    this.step = first + steps;
    const { state, counted } = await program.state(this.step);
    requireFinite(state.variables, this.time, dt);
    const before = this.counted;
    this.counted = counted;
    onProgress(1);
    this.halted = false;
    const since = ([name, now]: [string, Uint32Array]): [string, Float64Array] => [
      name,
      Float64Array.from(now, (count, node) => count - (before?.[name]?.[node] ?? 0)),
    ];
    return new NodeResult({
      ...{ model: model as unknown as NodeModel, nodes, dt, reduction, window: options.window },
      times: Float64Array.from(
        { length: record?.samples ?? 0 },
        (_, index) => (record!.firstSample + index + 1) * every * dt,
      ),
      series: record?.series ?? new Map(),
      counted: Object.fromEntries(Object.entries(counted).map(since)),
      finalState: state,
    });
  }

  /** The state now, with which another simulation goes on exactly. */
  async state(): Promise<NodeState> {
    return (await this.program.state(this.step)).state;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.program.destroy();
  }
}

/**
 * Runs a batch of nodes of a model.
 *
 *     const result = await simulateNodes(device, nodeModel('hopf'), { parameters: { a: 0.5 }, duration: 500 });
 *     result.select({ variable: 'x', node: 0 }); // at result.times (ms)
 *
 * @throws InputError as `NodeSimulation`
 */
export async function simulateNodes<Batch extends NodeBatch>(
  device: Device,
  model: NodeModel<Batch>,
  options: NodeOptions & NodeRunOptions,
): Promise<NodeResult> {
  await using simulation = await NodeSimulation.create(device, model, options);
  return await simulation.run(options);
}

/** Room for the series of a run; undefined where none is kept. Throws InputError where there is not so much. */
function recordingOf(
  names: readonly string[],
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

/** @throws InputError where there are not as many whole numbers from 0 as nodes */
export function seedsOf(seed: number | ArrayLike<number>, count: number): Float64Array {
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
