/** Keeps of a run what its figure shows: the last stretch of it, and not more neurons than a raster can hold. */
import {
  type PopulationRange,
  populationRanges,
  splitWindow,
  stepsPerBin,
  stepTime,
} from '../analysis/spike-windows.ts';
import type { NetworkActivity } from '../figures/activity.ts';
import type { Network } from '../models/network.ts';
import type { Activity } from '../spiking/activity.ts';
import type { TraceChannel } from '../spiking/traces.ts';
import type { RunOptions } from './run-options.ts';

/** A longer run is shown by its last second. */
const longestShown = 2000;
const shownOfLongRuns = 1000;
/** Neurons of the network whose spikes are kept for the raster; more would not be told apart there. */
const mostNeurons = 20_000;
/** Neurons of each population whose V is drawn: of those recorded, the ones that spike most. */
const drawnNeurons = 2;

export class FigureCollector {
  private readonly network: Network;
  private readonly options: RunOptions;
  private readonly ranges: PopulationRange[];
  private readonly firstStep: number;
  private readonly binSteps: number;
  /** Every how manieth neuron is kept. */
  private readonly stride: number;
  private readonly times: number[][];
  private readonly neurons: number[][];
  private readonly bins: Float64Array[];
  /** Spike times of the neurons with traces, by number, whether the raster has them or not. */
  private readonly traced: Map<number, number[]>[];
  private channels: readonly TraceChannel[] = [];
  private readonly traceTimes: number[] = [];
  private traceValues: number[][] = [];

  constructor(network: Network, options: RunOptions) {
    const { dt } = network;
    const shown = options.duration > longestShown ? shownOfLongRuns : options.duration;
    this.network = network;
    this.options = options;
    this.ranges = populationRanges(network.populations);
    this.binSteps = stepsPerBin(dt, options.rateBin);
    this.firstStep = Math.floor(Math.round((options.duration - shown) / dt) / this.binSteps) * this.binSteps;
    const total = this.ranges.reduce((sum, { size }) => sum + size, 0);
    this.stride = Math.ceil(total / mostNeurons);
    this.times = this.ranges.map(() => []);
    this.neurons = this.ranges.map(() => []);
    this.traced = this.ranges.map(() => new Map());
    const bins = Math.floor((Math.round(options.duration / dt) - this.firstStep) / this.binSteps);
    this.bins = this.ranges.map(() => new Float64Array(Math.max(1, bins)));
  }

  begin(channels: readonly TraceChannel[]): void {
    this.channels = channels;
    this.traceValues = channels.map(() => []);
    for (const { population, neuron } of channels)
      this.traced[this.ranges.findIndex(({ name }) => name === population)]!.set(neuron, []);
  }

  record(activity: Activity): void {
    if (activity.endStep <= this.firstStep) return;
    splitWindow(activity.spikes, this.ranges).forEach(({ steps, neurons }, index) => {
      for (let spike = 0; spike < steps.length; spike++) {
        const step = steps[spike]! - this.firstStep;
        if (step < 0) continue;
        const bin = Math.floor(step / this.binSteps);
        if (bin < this.bins[index]!.length) this.bins[index]![bin]!++;
        const neuron = neurons[spike]!;
        const time = stepTime(steps[spike]!, this.network.dt);
        this.traced[index]!.get(neuron)?.push(time);
        if (neuron % this.stride !== 0) continue;
        this.times[index]!.push(time);
        this.neurons[index]!.push(neuron);
      }
    });
    activity.traces.times.forEach((time, sample) => {
      if (time < stepTime(this.firstStep, this.network.dt)) return;
      this.traceTimes.push(time);
      this.traceValues.forEach((values, channel) => {
        values.push(activity.traces.values[channel]![sample]!);
      });
    });
  }

  activity(): NetworkActivity {
    const { dt } = this.network;
    const total = this.ranges.reduce((sum, { size }) => sum + size, 0);
    const binSeconds = (this.binSteps * dt) / 1000;
    return {
      title: this.network.name,
      subtitle: `${total.toLocaleString('en-US')} ${total === 1 ? 'neuron' : 'neurons'}, seed ${this.options.seed}, dt ${dt} ms`,
      t0_ms: stepTime(this.firstStep, dt),
      t1_ms: this.options.duration,
      populations: this.ranges.map(({ name, size }, index) => ({
        name,
        size,
        recorded: Uint32Array.from({ length: Math.ceil(size / this.stride) }, (_, at) => at * this.stride),
        spikeTimes: this.times[index]!,
        spikeNeurons: this.neurons[index]!,
        rateTime: this.bins[index]!.map((_, bin) => stepTime(this.firstStep + bin * this.binSteps, dt)),
        rate: this.bins[index]!.map((count) => count / (size * binSeconds)),
      })),
      ...(this.channels.length > 0 ? { traces: this.tracesShown() } : {}),
    };
  }

  private tracesShown(): NonNullable<NetworkActivity['traces']> {
    const drawn = this.ranges.flatMap(({ name }, index) =>
      this.mostActive(index).map(({ neuron, spikes }) => ({ population: name, neuron, spikes })),
    );
    const traceOf = (population: string, neuron: number, variable: string) =>
      this.traceValues[
        this.channels.findIndex(
          (each) => each.population === population && each.neuron === neuron && each.variable === variable,
        )
      ]!;
    const first = drawn[0]!;
    const receptors = this.channels
      .filter((each) => each.population === first.population && each.neuron === first.neuron)
      .flatMap(({ variable }) => (variable.startsWith('g_') ? [variable.slice(2)] : []));
    return {
      time: this.traceTimes,
      V: drawn.map((each) => ({ ...each, values: traceOf(each.population, each.neuron, 'V') })),
      conductances: receptors.map((receptor) => ({
        receptor,
        population: first.population,
        neuron: first.neuron,
        values: traceOf(first.population, first.neuron, `g_${receptor}`),
      })),
    };
  }

  /** Of a population's traced neurons those that spike most, with their spike times. */
  private mostActive(index: number): { neuron: number; spikes: number[] }[] {
    return Array.from(this.traced[index]!, ([neuron, spikes]) => ({ neuron, spikes }))
      .sort((a, b) => b.spikes.length - a.spikes.length || a.neuron - b.neuron)
      .slice(0, drawnNeurons);
  }
}
