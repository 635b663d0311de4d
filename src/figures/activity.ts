/**
 * What a figure of network activity is drawn from, and the check that its parts belong together.
 */
import { InputError } from '../errors.ts';

/** What one population did. */
export interface PopulationActivity {
  name: string;
  size: number;
  /** Index within the population of the neurons whose spikes are given; all where it is missing. */
  recorded?: ArrayLike<number>;
  /** ms, ascending, [spike]. */
  spikeTimes: ArrayLike<number>;
  /** Index within the population, [spike]. */
  spikeNeurons: ArrayLike<number>;
  /** Start of each bin of the population rate, ms, [bin]. */
  rateTime: ArrayLike<number>;
  /** Hz, [bin]. */
  rate: ArrayLike<number>;
}

export interface VoltageTrace {
  population: string;
  /** Index within the population. */
  neuron: number;
  /** mV, [sample]. */
  values: ArrayLike<number>;
  /** Times of its spikes, ms. */
  spikes: ArrayLike<number>;
}

export interface ConductanceTrace {
  receptor: string;
  population: string;
  neuron: number;
  /** nS, [sample]. */
  values: ArrayLike<number>;
}

export interface NetworkActivity {
  /** The name of the network, bold. */
  title: string;
  /** Beside it: number of neurons, seed. */
  subtitle: string;
  /** The window shown, ms. */
  t0_ms: number;
  t1_ms: number;
  populations: readonly PopulationActivity[];
  traces?: {
    /** ms, ascending, [sample]. */
    time: ArrayLike<number>;
    V: readonly VoltageTrace[];
    conductances: readonly ConductanceTrace[];
  };
}

/** Throws InputError where the window is empty or arrays that belong together differ in length. */
export function checkActivity(data: NetworkActivity): void {
  if (!(data.t1_ms > data.t0_ms) || !Number.isFinite(data.t1_ms - data.t0_ms)) {
    throw new InputError(
      `A figure from ${data.t0_ms} to ${data.t1_ms} ms shows nothing; let t1_ms be after t0_ms.`,
    );
  }
  if (data.populations.length === 0) {
    throw new InputError('A figure of network activity needs at least one population; give populations.');
  }
  for (const population of data.populations) {
    sameLength(`spikes of "${population.name}"`, population.spikeTimes, population.spikeNeurons);
    sameLength(`rate of "${population.name}"`, population.rateTime, population.rate);
  }
  for (const trace of data.traces?.V ?? []) {
    sameLength(`V of "${trace.population}" ${trace.neuron}`, data.traces!.time, trace.values);
  }
  for (const trace of data.traces?.conductances ?? []) {
    sameLength(`conductance of "${trace.population}" ${trace.neuron}`, data.traces!.time, trace.values);
  }
}

function sameLength(what: string, a: ArrayLike<number>, b: ArrayLike<number>): void {
  if (a.length === b.length) return;
  throw new InputError(
    `The ${what} has ${a.length} times and ${b.length} values; give one value for each time.`,
  );
}
