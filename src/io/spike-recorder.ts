/**
 * Streams the spikes of a run to its directory, window by window: times and neurons of each spike, the rate of each
 * population in bins, and how often each neuron fired. Memory does not grow with the length of the run.
 *
 * Files, for each population P:
 *   P.spike_times_ms.npy  f8 [spike]   time of each recorded spike, ascending
 *   P.spike_neurons.npy   u4 [spike]   index within P
 *   P.rate_hz.npy         f8 [bin]     spikes of all neurons of P / (size x width of the bin)
 *   P.spike_counts.npy    u4 [neuron]  spikes of each neuron over the whole run
 * and rate_time_ms.npy    f8 [bin]     start of each bin.
 */
import {
  type PopulationRange,
  type SpikeWindow,
  splitWindow,
  stepsPerBin,
  stepTime,
} from '../analysis/spike-windows.ts';
import { InputError } from '../errors.ts';
import type { NpyWriter } from './npy-writer.ts';
import type { RunDirectory } from './run-directory.ts';

/** Whose spikes are written one by one: all, none (0), the first n, or a list of indices within the population. */
export type RecordedNeurons = 'all' | number | ArrayLike<number>;

export interface SpikeRecorderOptions {
  /** Time step, ms. */
  dt: number;
  /** Width of the bins of the population rate, ms; a whole number of steps. By default 5 ms, rounded to steps. */
  rateBin?: number;
  /** By name of the population; a population that is not named has all its spikes recorded. Rates and counts are always of all. */
  neurons?: Readonly<Record<string, RecordedNeurons>>;
}

export class SpikeRecorder {
  /** Width of the rate bins, ms. */
  readonly rateBin: number;
  private readonly populations: PopulationRecorder[];
  private readonly ranges: readonly PopulationRange[];
  private readonly run: RunDirectory;
  private readonly dt: number;
  private readonly binSteps: number;
  private nextStep = 0;
  private total = 0;

  /** Opens the arrays of all `ranges` (consecutive, in network order) in `run`. Throws OutputError, InputError. */
  constructor(run: RunDirectory, ranges: readonly PopulationRange[], options: SpikeRecorderOptions) {
    this.run = run;
    this.ranges = ranges;
    this.dt = options.dt;
    this.binSteps = stepsPerBin(options.dt, options.rateBin);
    this.rateBin = stepTime(this.binSteps, options.dt);
    for (const name of Object.keys(options.neurons ?? {})) {
      if (ranges.some((range) => range.name === name)) continue;
      throw new InputError(
        `Spikes of "${name}" are to be recorded, and the network has only ${ranges.map((r) => r.name).join(', ')}.`,
        { field: `record.spikes.${name}` },
      );
    }
    this.populations = ranges.map(
      (range) => new PopulationRecorder(run, range, options.dt, this.binSteps, options.neurons?.[range.name]),
    );
  }

  /** Spikes seen so far, recorded or not. */
  get spikes(): number {
    return this.total;
  }

  /** Index within the population of each neuron of `population` whose spikes are written, ascending. */
  recordedNeurons(population: string): Uint32Array {
    const found = this.populations.find(({ range }) => range.name === population);
    return found ? found.recordedNeurons() : new Uint32Array();
  }

  /** Takes the next window; its arrays may be reused at once. Throws InputError, OutputError. */
  record(window: SpikeWindow): void {
    const { steps } = window;
    if (steps.length === 0) return;
    if (steps[0] < this.nextStep) {
      throw new InputError(
        `A window of spikes starts at step ${steps[0]} after one that ended at step ${this.nextStep}; give windows in the order of time.`,
      );
    }
    const parts = splitWindow(window, this.ranges);
    for (let i = 0; i < parts.length; i++) this.populations[i].record(parts[i]);
    this.nextStep = steps[steps.length - 1];
    this.total += steps.length;
  }

  /**
   * Completes rates (the last bin may be shorter) and writes the counts of a run that took `steps` steps.
   * `RunDirectory.finish` or `abandon` closes the files. Throws OutputError.
   */
  finish(steps: number): void {
    const bins = Math.ceil(steps / this.binSteps);
    const starts = Float64Array.from({ length: bins }, (_, bin) => stepTime(bin * this.binSteps, this.dt));
    this.run.write('rate_time_ms', starts);
    for (const population of this.populations) population.finish(steps);
  }
}

/** The files of one population. */
class PopulationRecorder {
  private readonly run: RunDirectory;
  readonly range: PopulationRange;
  private readonly dt: number;
  private readonly binSteps: number;
  private readonly times: NpyWriter;
  private readonly neurons: NpyWriter;
  private readonly rates: NpyWriter;
  private readonly counts: Uint32Array;
  /** 1 for each neuron whose spikes are written; undefined for all. */
  private readonly chosen: Uint8Array | undefined;
  private bin = 0;
  private spikesInBin = 0;

  constructor(
    run: RunDirectory,
    range: PopulationRange,
    dt: number,
    binSteps: number,
    recorded: RecordedNeurons = 'all',
  ) {
    this.run = run;
    this.range = range;
    this.dt = dt;
    this.binSteps = binSteps;
    this.chosen = chosenNeurons(range, recorded);
    this.counts = new Uint32Array(range.size);
    this.times = run.writer(`${range.name}.spike_times_ms`, 'f8');
    this.neurons = run.writer(`${range.name}.spike_neurons`, 'u4');
    this.rates = run.writer(`${range.name}.rate_hz`, 'f8');
  }

  recordedNeurons(): Uint32Array {
    return Uint32Array.from({ length: this.range.size }, (_, i) => i).filter(
      (i) => this.chosen === undefined || this.chosen[i] === 1,
    );
  }

  record({ steps, neurons }: SpikeWindow): void {
    const times = new Float64Array(steps.length);
    const indices = new Uint32Array(steps.length);
    let kept = 0;
    for (let k = 0; k < steps.length; k++) {
      const bin = Math.floor(steps[k] / this.binSteps);
      while (this.bin < bin) this.closeBin(this.binSteps);
      this.spikesInBin++;
      this.counts[neurons[k]]++;
      if (this.chosen && this.chosen[neurons[k]] === 0) continue;
      times[kept] = stepTime(steps[k], this.dt);
      indices[kept++] = neurons[k];
    }
    this.times.append(times.subarray(0, kept));
    this.neurons.append(indices.subarray(0, kept));
  }

  finish(steps: number): void {
    for (let left = steps - this.bin * this.binSteps; left > 0; left -= this.binSteps) {
      this.closeBin(Math.min(left, this.binSteps));
    }
    this.run.write(`${this.range.name}.spike_counts`, this.counts);
  }

  private closeBin(steps: number): void {
    const seconds = (steps * this.dt) / 1000;
    this.rates.append(Float64Array.of(this.spikesInBin / (this.range.size * seconds)));
    this.spikesInBin = 0;
    this.bin++;
  }
}

function chosenNeurons(range: PopulationRange, recorded: RecordedNeurons): Uint8Array | undefined {
  if (recorded === 'all') return undefined;
  const chosen = new Uint8Array(range.size);
  if (typeof recorded === 'number') {
    if (!Number.isInteger(recorded) || recorded < 0) {
      throw new InputError(
        `Spikes of ${recorded} neurons of "${range.name}" are to be recorded; give a whole number of 0 or more.`,
        { field: `record.spikes.${range.name}` },
      );
    }
    return chosen.fill(1, 0, Math.min(recorded, range.size));
  }
  for (const neuron of Array.from(recorded)) {
    if (!Number.isInteger(neuron) || neuron < 0 || neuron >= range.size) {
      throw new InputError(
        `Spikes of neuron ${neuron} of "${range.name}" are to be recorded, and its neurons are 0 to ${range.size - 1}.`,
        { field: `record.spikes.${range.name}` },
      );
    }
    chosen[neuron] = 1;
  }
  return chosen;
}
