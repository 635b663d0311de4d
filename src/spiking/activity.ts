/** What a simulation hands over, chunk by chunk, and how it is read from what the device sent. */
import type { NetworkPlan } from './plan.ts';
import { HELD } from './representable.ts';
import type { Spikes } from './spikes.ts';
import type { TracePlan } from './traces.ts';

/** What happened in steps `firstStep` to `endStep` (exclusive). */
export interface Activity {
  firstStep: number;
  endStep: number;
  /** Time at `firstStep` and `endStep`, ms. */
  start: number;
  end: number;
  /** Every spike, by step, then neuron. */
  spikes: Spikes;
  /** Samples of each channel, one after the other, and the time of each sample (ms). */
  traces: { times: Float64Array; values: Float32Array[] };
  /** Membrane potential of every neuron, mV (NaN where spikes are given), in order of populations, at a few instants (ms), the last at `end`. */
  potentials: { times: Float64Array; values: Float32Array[] };
  /** Time that the device spent on these steps, ms, by its own clock; undefined where it has none to read. */
  deviceTime: number | undefined;
}

/**
 * V of all neurons in mV, without padding, from a plane of the state; NaN where spikes are given, and there is no membrane.
 * @param V_r of all neurons, mV from the E_L of their populations
 */
export function membranePotentials(plan: NetworkPlan, plane: Float32Array, V_r: Float32Array): Float32Array {
  const V = new Float32Array(plan.neurons);
  for (const { population, firstNeuron, firstGroup } of plan.populations) {
    if (population.spikes) V.fill(Number.NaN, firstNeuron, firstNeuron + population.size);
    else
      for (let index = 0; index < population.size; index++) {
        const held = plane[4 * firstGroup + index]! >= HELD;
        V[firstNeuron + index] =
          (held ? V_r[firstNeuron + index]! : plane[4 * firstGroup + index]!) + population.cell.E_L;
      }
  }
  return V;
}

/** The channels of traces from the samples of a chunk. */
export function pickTraces(
  { words: channels, sampleWords, everySteps }: TracePlan,
  dt: number,
  { firstSample, samples }: { firstSample: number; samples: number },
  words: Float32Array,
): Activity['traces'] {
  const stepTime = everySteps * dt;
  return {
    times: Float64Array.from({ length: samples }, (_, index) => (firstSample + index) * stepTime),
    values: channels.map(({ word, offset }) =>
      Float32Array.from({ length: samples }, (_, sample) => words[sample * sampleWords + word]! + offset),
    ),
  };
}
