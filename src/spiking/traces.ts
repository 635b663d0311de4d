/**
 * Which neurons' state variables are recorded, and where the kernel writes them: it writes whole groups of four, from
 * which the host picks.
 */
import { InputError } from '../errors.ts';
import type { NetworkPlan, PopulationPlan } from './plan.ts';

export interface TraceRequest {
  /** Name of a population. */
  population: string;
  /** Neurons, numbered within the population. */
  neurons: number[];
}

/** One recorded variable of one neuron. */
export interface TraceChannel {
  population: string;
  neuron: number;
  /** `V` (mV), `w` (pA), or `g_<receptor>` (nS). */
  variable: string;
}

export interface TracePlan {
  everySteps: number;
  channels: TraceChannel[];
  /** Groups that are written, in order. */
  groups: number[];
  /** For each group 0 or 1 + its place in `groups`; then the number of groups traced. */
  slots: Uint32Array;
  /** For each channel: word within a sample, and what to add to its value. */
  words: { word: number; offset: number }[];
  /** Words of one sample. */
  sampleWords: number;
}

/**
 * @param everySteps steps between samples
 * @throws InputError where a population or neuron does not exist
 */
export function planTraces(
  plan: NetworkPlan,
  requests: readonly TraceRequest[],
  everySteps: number,
): TracePlan {
  const channels: TraceChannel[] = [];
  const words: TracePlan['words'] = [];
  const groups: number[] = [];
  const slots = new Uint32Array(plan.groups + 1);
  const values = plan.receptors + 2;
  // Of each network of a batch, one network's behind another's.
  for (const instance of plan.networks.keys()) {
    const populations = plan.populations.filter((each) => each.instance === instance);
    for (const { population, neurons } of requests) {
      const found = tracedPopulation(populations, population, neurons);
      for (const neuron of neurons) {
        const { cell, name } = found.population;
        const group = found.firstGroup + Math.floor(neuron / 4);
        if (slots[group] === 0) slots[group] = groups.push(group);
        const word = (variable: number) => ((slots[group]! - 1) * values + variable) * 4 + (neuron % 4);
        const add = (variable: string, at: number, offset = 0) => {
          channels.push({ population: name, neuron, variable });
          words.push({ word: word(at), offset });
        };
        add('V', 0, cell.E_L);
        add('w', 1);
        found.receptors.forEach(({ receptor }, r) => {
          add(`g_${receptor.name}`, 2 + r);
        });
      }
    }
  }
  slots[plan.groups] = groups.length;
  return { everySteps, channels, groups, slots, words, sampleWords: groups.length * values * 4 };
}

/** Bytes of the samples of a chunk. */
export function traceBytes({ chunkSteps }: NetworkPlan, { sampleWords, everySteps }: TracePlan): number {
  return 4 * sampleWords * Math.ceil(chunkSteps / everySteps + 1);
}

/** The population of this name, which has these neurons and a state to record. */
function tracedPopulation(
  populations: readonly PopulationPlan[],
  name: string,
  neurons: readonly number[],
): PopulationPlan {
  const found = populations.find(({ population }) => population.name === name);
  if (!found) {
    const names = populations.map(({ population }) => population.name).join(', ');
    throw new InputError(
      `traces are asked of population ${name}, which does not exist: choose from ${names}`,
    );
  }
  const { size, spikes } = found.population;
  if (spikes && neurons.length > 0)
    throw new InputError(
      `traces are asked of population ${name}, whose spikes are given, so that it has no state to record: leave it out`,
    );
  const missing = neurons.find((neuron) => !(Number.isInteger(neuron) && neuron >= 0 && neuron < size));
  if (missing !== undefined)
    throw new InputError(
      `a trace is asked of neuron ${missing} of ${name}, whose neurons are 0 to ${size - 1}`,
    );
  return found;
}
