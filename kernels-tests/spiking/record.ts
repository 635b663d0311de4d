/** Runs a simulation and puts the chunks that it hands over behind each other. */
import type { Network } from '../../src/models/network.ts';
import type { Simulation } from '../../src/spiking/simulation.ts';
import type { TraceRequest } from '../../src/spiking/traces.ts';

export interface Recording {
  spikes: { step: number; neuron: number }[];
  /** Samples of each channel. */
  traces: number[][];
  times: number[];
  /** V of every neuron at the end. */
  V: number[];
  chunks: { firstStep: number; endStep: number }[];
}

/** @param durations ms of one run after the other */
export async function record(simulation: Simulation, ...durations: number[]): Promise<Recording> {
  const found: Recording = {
    spikes: [],
    traces: simulation.channels.map(() => []),
    times: [],
    V: [],
    chunks: [],
  };
  for (const duration of durations) {
    for await (const { firstStep, endStep, spikes, traces, potentials } of simulation.run({ duration })) {
      spikes.steps.forEach((step, index) => {
        found.spikes.push({ step, neuron: spikes.neurons[index]! });
      });
      traces.values.forEach((values, channel) => {
        for (const value of values) found.traces[channel]!.push(value);
      });
      found.times.push(...traces.times);
      found.V = Array.from(potentials.values.at(-1)!);
      found.chunks.push({ firstStep, endStep });
    }
  }
  return found;
}

/** Asks for the traces of all neurons. */
export function traceAll(model: Network): TraceRequest[] {
  return model.populations.map(({ name, size }) => ({
    population: name,
    neurons: Array.from({ length: size }, (_, neuron) => neuron),
  }));
}
