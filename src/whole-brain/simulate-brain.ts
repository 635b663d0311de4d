/** One call for one run of whole brains, kept in memory: for runs of minutes, iterate the windows of `BrainSimulation` instead. */
import { InputError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import { wholeSteps } from './aln-checks.ts';
import { type BrainOptions, type BrainRunOptions, BrainSimulation } from './brain-simulation.ts';
import type { BrainState } from './brain-state.ts';
import type { BrainStatistics } from './brain-statistics.ts';
import { type BrainWindow, type Sampled, type Selection, select, selectBold } from './brain-window.ts';

export interface SimulateBrainOptions extends BrainOptions, BrainRunOptions {
  /** Beginning of the run that statistics leave out, ms; series keep it. 0. */
  transient?: number;
}

/** Most numbers that a result may hold. */
const MOST_SAMPLES = 2 ** 29;

/**
 * Runs a batch of brains.
 *
 *     const result = await simulateBrain(device, {
 *       brains: { connectome, parameters: { mue_ext_mean: 1.57, mui_ext_mean: 1.6, sigma_ou: 0.09, b: 5 }, seed: 1 },
 *       duration: 24_000,
 *       bold: true,
 *     });
 *     result.select({ node: 0 }); // rate of E in Hz at result.times (ms)
 *     result.selectBold(); // [node, time] at result.boldTimes
 *
 * @throws InputError as `BrainSimulation`, and where the series would not fit into memory
 */
export async function simulateBrain(device: Device, options: SimulateBrainOptions): Promise<BrainResult> {
  const dt = options.dt ?? 0.1;
  const steps = wholeSteps(options.duration, dt, 'duration');
  const transient = options.transient ?? 0;
  if (transient !== 0) wholeSteps(transient, dt, 'transient');
  if (transient >= options.duration)
    throw new InputError(
      `the transient of ${transient} ms is as long as the run of ${options.duration} ms; run for longer`,
      { field: 'transient' },
    );
  await using simulation = await BrainSimulation.create(device, options);
  const { brains, nodes, model } = simulation.plan;
  const recorded = { first: 1, recorded: model.recorded, all: model.variables.length }[
    options.variables ?? 'first'
  ];
  const sampling = options.sampling === undefined ? 10 : options.sampling;
  const samples = sampling === null ? 0 : Math.floor((steps * dt) / sampling) * recorded * brains * nodes;
  if (samples > MOST_SAMPLES)
    throw new InputError(
      `the series would have ${samples} numbers, more than memory should hold; sample less often, or iterate the windows of a BrainSimulation`,
      { field: 'sampling' },
    );
  const windows: BrainWindow[] = [];
  const { onProgress = () => {} } = options;
  const run = async (duration: number, from: number) => {
    const onPart = (part: number) => onProgress((from + part * duration) / options.duration);
    for await (const window of simulation.run({ ...options, duration, onProgress: onPart }))
      windows.push(window);
  };
  if (transient > 0) {
    if (options.inputs)
      throw new InputError('inputs over time and a transient do not go together; leave the transient out', {
        field: 'transient',
      });
    await run(transient, 0);
    await simulation.restartStatistics();
  }
  await run(options.duration - transient, transient);
  return new BrainResult(windows, await simulation.statistics(), await simulation.state());
}

/** The windows of a run side by side. */
export class BrainResult implements Sampled {
  readonly times: Float64Array;
  readonly boldTimes: Float64Array;
  readonly brains: number;
  readonly nodes: number;
  readonly variables: readonly string[];
  /** `[sample, variable, brain, node]`. */
  readonly samples: Float32Array;
  /** `[sample, brain, node]`. */
  readonly bold: Float32Array;
  readonly statistics: BrainStatistics;
  readonly finalState: BrainState;

  constructor(windows: readonly BrainWindow[], statistics: BrainStatistics, finalState: BrainState) {
    const first = windows[0]!;
    [this.brains, this.nodes, this.variables] = [first.brains, first.nodes, first.variables];
    this.times = joined64(windows.map((window) => window.times));
    this.boldTimes = joined64(windows.map((window) => window.boldTimes));
    this.samples = joined32(windows.map((window) => window.samples));
    this.bold = joined32(windows.map((window) => window.bold));
    this.statistics = statistics;
    this.finalState = finalState;
  }

  /**
   * Samples of a variable (the first one where none is named): of one node, or of all nodes of a brain, `[node, time]`.
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

const lengthOf = (parts: readonly ArrayLike<number>[]) => parts.reduce((sum, part) => sum + part.length, 0);

function joined64(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function joined32(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
