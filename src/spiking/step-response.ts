/**
 * What cells answer to current steps. Each cell and current is a population of one neuron in a network without
 * synapses, so that all of them are one batch on the device.
 */

import { stepTime } from '../analysis/spike-windows.ts';
import { type StepMeasures, stepMeasures } from '../analysis/step-measures.ts';
import { InputError } from '../errors.ts';
import { type AdapterDescription, type Device, openDevice } from '../gpu/device.ts';
import type { Cell } from '../models/cells.ts';
import type { Network, TimeCourse } from '../models/network.ts';
import { cellFromObject } from '../models/read-cell.ts';
import { Simulation } from './simulation.ts';
import {
  checkCellCurrent,
  checkCellStep,
  type StepSettings,
  stepCounts,
  stepSettings,
} from './step-settings.ts';

export interface StepOptions extends Partial<StepSettings> {
  /** Opened for this call, and closed after it, where not given. */
  device?: Device;
  /** Called with the part that is done, 0 to 1; an error that it throws ends the run. */
  onProgress?: (fraction: number) => void;
}

/** The response of a cell to one current. */
export interface StepTrace extends StepMeasures {
  /** Amplitude of the step, pA. */
  current: number;
  /** Membrane potential, mV, [sample]. */
  V: Float32Array;
  /** Adaptation current, pA, [sample]. */
  w: Float32Array;
  /** Start of the steps in which V crossed the level of detection, ms, ascending, [spike]. */
  spikeTimes: Float64Array;
}

export interface StepResponse {
  cell: Cell;
  settings: StepSettings;
  adapter: AdapterDescription;
  /** Times of the samples, ms, [sample]: from 0, every `settings.sampleEvery`, before `settings.duration`. */
  time: Float64Array;
  /** One for each current, in the order given. */
  traces: StepTrace[];
}

/** Populations of one network at most: their parameters must fit the 64 KiB that a uniform binding is guaranteed. */
const mostPopulations = 128;

/**
 * The response of a cell at rest (V = E_L, w = 0) to steps of current.
 *
 *     const { time, traces } = await stepResponse(libraryCell('RS-cell')!, { currents: [200, -200] });
 *     console.log(traces[0].spikeTimes, traces[1].steady_V_mV);
 *
 * @throws InputError for a cell, time or current that cannot be; DeviceError where there is no adapter
 */
export async function stepResponse(cell: Cell, options: StepOptions = {}): Promise<StepResponse> {
  const [response] = await stepResponses([cell], options);
  return response!;
}

/** The responses of several cells to the same steps, in one batch. Throws as `stepResponse`. */
export async function stepResponses(
  cells: readonly Cell[],
  options: StepOptions = {},
): Promise<StepResponse[]> {
  const { device: given, onProgress = () => {}, ...chosen } = options;
  const batches = stepBatches(cells, chosen);
  if (given) return respond(given, batches, onProgress);
  await using device = await openDevice();
  return await respond(device, batches, onProgress);
}

export interface StepBatches {
  /** As they are simulated: checked. */
  cells: Cell[];
  settings: StepSettings;
  /** Their populations are cells x currents, currents running fastest, cut into networks that fit any device. */
  networks: Network[];
}

/** The networks that `stepResponses` runs. Throws InputError as it does. */
export function stepBatches(cells: readonly Cell[], options: Partial<StepSettings>): StepBatches {
  const checked = cells.map((cell) => cellFromObject({ ...cell }));
  refuseNamesakes(checked);
  const settings = stepSettings(options, checked.length);
  for (const cell of checked) {
    checkCellStep(cell, settings.dt);
    for (const current of settings.currents) checkCellCurrent(cell, current);
  }
  const populations = checked.flatMap((cell) =>
    settings.currents.map((current) => populationOfOne(cell, current, settings)),
  );
  const networks: Network[] = [];
  for (let first = 0; first < populations.length; first += mostPopulations) {
    networks.push({
      name: 'current steps',
      description: 'single cells that receive current steps',
      source: '',
      dt: settings.dt,
      duration: settings.duration,
      method: 'euler',
      storage: 'stored',
      receptors: [],
      populations: populations.slice(first, first + mostPopulations),
      projections: [],
    });
  }
  return { cells: checked, settings, networks };
}

/** Results are told apart by the names of their cells. */
function refuseNamesakes(cells: readonly Cell[]): void {
  if (cells.length === 0)
    throw new InputError('no cell is given; give at least one, as RS-cell', { field: 'cells' });
  const names = cells.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return;
  throw new InputError(
    `two cells are called ${twice}, and their results could not be told apart; give one of them another name`,
    { field: 'name' },
  );
}

function populationOfOne(
  cell: Cell,
  current: number,
  settings: StepSettings,
): Network['populations'][number] {
  return {
    name: `${cell.name} at ${current} pA`,
    size: 1,
    cell,
    initial: {
      V: { kind: 'constant', value: cell.E_L },
      w: { kind: 'constant', value: 0 },
      g: new Map(),
    },
    current: stepCourse(current, settings),
    neuronCurrent: undefined,
    drives: [],
    events: [],
  };
}

/** Samples as long as onset and end allow: 0, then the current, then 0 held to the end. */
function stepCourse(current: number, settings: StepSettings): TimeCourse {
  const { start, stop } = stepCounts(settings);
  const steps = greatestCommonDivisor(start, stop);
  const values = Float64Array.from({ length: stop / steps + 1 }, (_, sample) =>
    sample >= start / steps && sample < stop / steps ? current : 0,
  );
  return { dt: steps * settings.dt, values };
}

function greatestCommonDivisor(a: number, b: number): number {
  return a === 0 ? b : greatestCommonDivisor(b % a, a);
}

async function respond(
  device: Device,
  { cells, settings, networks }: StepBatches,
  onProgress: (fraction: number) => void,
): Promise<StepResponse[]> {
  const records: Recording[] = [];
  for (const [index, network] of networks.entries()) {
    const report = (fraction: number) => onProgress((index + fraction) / networks.length);
    records.push(...(await record(device, network, settings, report)));
  }
  const samples = records[0]?.V.length ?? 0;
  const { sampleEvery } = stepCounts(settings);
  const time = Float64Array.from({ length: samples }, (_, sample) =>
    stepTime(sample * sampleEvery, settings.dt),
  );
  return cells.map((cell, row) => ({
    cell,
    settings,
    adapter: device.adapter,
    time,
    traces: settings.currents.map((current, column) => {
      const { V, w, steps } = records[row * settings.currents.length + column]!;
      const spikeTimes = Float64Array.from(steps, (step) => stepTime(step, settings.dt));
      return { current, V, w, spikeTimes, ...stepMeasures({ spikeTimes, time, V }, settings) };
    }),
  }));
}

/** What one neuron did. */
interface Recording {
  V: Float32Array;
  w: Float32Array;
  /** Of its spikes. */
  steps: number[];
}

async function record(
  device: Device,
  network: Network,
  settings: StepSettings,
  onProgress: (fraction: number) => void,
): Promise<Recording[]> {
  const counts = stepCounts(settings);
  const samples = Math.ceil(counts.duration / counts.sampleEvery);
  const records = network.populations.map(() => ({
    V: new Float32Array(samples),
    w: new Float32Array(samples),
    steps: [] as number[],
  }));
  await using simulation = await Simulation.create(device, network, {
    traces: network.populations.map(({ name }) => ({ population: name, neurons: [0] })),
    traceEverySteps: counts.sampleEvery,
  });
  let sample = 0;
  for await (const { spikes, traces, endStep } of simulation.run({ duration: network.duration })) {
    spikes.steps.forEach((step, spike) => {
      records[spikes.neurons[spike]!]!.steps.push(step);
    });
    // Each neuron has two channels, V and w, in the order of populations.
    records.forEach(({ V, w }, neuron) => {
      V.set(traces.values[2 * neuron]!, sample);
      w.set(traces.values[2 * neuron + 1]!, sample);
    });
    sample += traces.times.length;
    onProgress(endStep / counts.duration);
  }
  return records;
}
