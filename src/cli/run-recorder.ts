/** Takes the activity of a run to its directory and its figure. */
import { populationRanges } from '../analysis/spike-windows.ts';
import { networkActivityFigure } from '../figures/network-activity.ts';
import { writeFigure } from '../figures/write-figure.ts';
import type { NpyWriter } from '../io/npy-writer.ts';
import { RunDirectory } from '../io/run-directory.ts';
import { SpikeRecorder } from '../io/spike-recorder.ts';
import type { Network } from '../models/network.ts';
import { JSON_UNITS, networkToJSON } from '../models/network-to-json.ts';
import type { Activity } from '../spiking/activity.ts';
import type { RunSummary } from '../spiking/simulate.ts';
import type { Simulation } from '../spiking/simulation.ts';
import type { TraceRequest } from '../spiking/traces.ts';
import { FigureCollector } from './figure-collector.ts';
import type { RunOptions } from './run-options.ts';

export class RunRecorder {
  /** Neurons whose state is recorded: the first ones of each population. */
  readonly traceRequests: TraceRequest[];
  /** Path of the figure's PNG, once it is drawn. */
  figure: string | undefined;
  private readonly network: Network;
  private readonly directory: RunDirectory;
  private readonly spikes: SpikeRecorder;
  private readonly collector: FigureCollector | undefined;
  private traces: TraceWriter | undefined;
  private steps = 0;

  private constructor(network: Network, options: RunOptions, directory: RunDirectory) {
    this.network = network;
    this.directory = directory;
    const membranes = network.populations.filter(({ spikes }) => spikes === undefined);
    this.traceRequests = membranes.map(({ name, size }) => ({
      population: name,
      neurons: Array.from({ length: Math.min(options.traces, size) }, (_, index) => index),
    }));
    const neurons = Object.fromEntries(network.populations.map(({ name }) => [name, options.spikes]));
    this.spikes = new SpikeRecorder(directory, populationRanges(network.populations), {
      dt: network.dt,
      neurons,
      ...(options.rateBin === undefined ? {} : { rateBin: options.rateBin }),
    });
    this.collector = options.figures ? new FigureCollector(network, options) : undefined;
  }

  /**
   * Makes the run directory and opens its arrays.
   * @throws OutputError where there is a run already, or nothing can be written
   */
  static create(network: Network, options: RunOptions, version: string): RunRecorder {
    const manifest = {
      spikefield: version,
      node: process.version,
      command: process.argv.slice(2),
      seed: options.seed,
      dt_ms: network.dt,
      duration_ms: options.duration,
      units: JSON_UNITS,
      network: networkToJSON(network),
    };
    const directory = RunDirectory.create(options.out, { force: options.force, manifest });
    try {
      return new RunRecorder(network, options, directory);
    } catch (error) {
      directory.abandon(String(error));
      throw error;
    }
  }

  /** Opens the trace arrays, now that the recorded variables are known. */
  begin(simulation: Simulation): void {
    this.traces = new TraceWriter(this.directory, simulation);
    this.collector?.begin(simulation.channels);
  }

  record(activity: Activity): void {
    this.spikes.record(activity.spikes);
    this.traces?.record(activity);
    this.collector?.record(activity);
    this.steps = activity.endStep;
  }

  /** Draws the figure, closes everything and marks the run complete. */
  finish(summary: RunSummary): void {
    this.spikes.finish(this.steps);
    if (this.collector) {
      const svg = networkActivityFigure(this.collector.activity());
      const paths = writeFigure(this.directory.file('activity.svg'), svg);
      this.directory.file('activity.png');
      this.figure = paths.png;
    }
    this.directory.finish({
      ...summary,
      network: networkToJSON(this.network),
      traces: this.traces?.manifest(),
    });
  }

  /** Leaves the run marked incomplete, with the reason. */
  abandon(reason: string): void {
    this.directory.abandon(reason);
  }
}

/** `P.traces.npy`, f4 [sample, neuron, variable], and `trace_time_ms.npy`, f8 [sample]. */
class TraceWriter {
  private readonly time: NpyWriter | undefined;
  private readonly populations: {
    name: string;
    neurons: number[];
    variables: string[];
    channels: number[];
    writer: NpyWriter;
  }[] = [];

  constructor(directory: RunDirectory, simulation: Simulation) {
    for (const { population } of simulation.plan.populations) {
      const channels = simulation.channels.flatMap((channel, index) =>
        channel.population === population.name ? [index] : [],
      );
      if (channels.length === 0) continue;
      const neurons = [...new Set(channels.map((index) => simulation.channels[index]!.neuron))];
      const variables = [...new Set(channels.map((index) => simulation.channels[index]!.variable))];
      const writer = directory.writer(`${population.name}.traces`, 'f4', [neurons.length, variables.length]);
      this.populations.push({ name: population.name, neurons, variables, channels, writer });
    }
    if (this.populations.length > 0) this.time = directory.writer('trace_time_ms', 'f8');
  }

  record({ traces }: Activity): void {
    this.time?.append(traces.times);
    for (const { channels, writer } of this.populations) {
      const rows = new Float32Array(traces.times.length * channels.length);
      channels.forEach((channel, at) => {
        const values = traces.values[channel]!;
        for (let sample = 0; sample < values.length; sample++)
          rows[sample * channels.length + at] = values[sample]!;
      });
      writer.append(rows);
    }
  }

  /** Which neurons and variables the axes of the trace arrays stand for. */
  manifest(): Record<string, { neurons: number[]; variables: string[] }> {
    return Object.fromEntries(
      this.populations.map(({ name, neurons, variables }) => [name, { neurons, variables }]),
    );
  }
}
