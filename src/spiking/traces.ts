/**
 * Which neurons' state variables are recorded, and where the kernel writes them: it writes whole groups of four, from
 * which the host picks.
 */
import { InputError } from '../errors.ts';
import type { NetworkPlan } from './plan.ts';

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
  for (const request of requests) {
    const found = plan.populations.find(({ population }) => population.name === request.population);
    if (!found) {
      const names = plan.populations.map(({ population }) => population.name).join(', ');
      throw new InputError(
        `traces are asked of population ${request.population}, which does not exist: choose from ${names}`,
      );
    }
    if (found.population.spikes && request.neurons.length > 0) {
      throw new InputError(
        `traces are asked of population ${request.population}, whose spikes are given, so that it has no state to record: leave it out`,
      );
    }
    for (const neuron of request.neurons) {
      const { size, cell, name } = found.population;
      if (!Number.isInteger(neuron) || neuron < 0 || neuron >= size) {
        throw new InputError(
          `a trace is asked of neuron ${neuron} of ${name}, whose neurons are 0 to ${size - 1}`,
        );
      }
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
  slots[plan.groups] = groups.length;
  return { everySteps, channels, groups, slots, words, sampleWords: groups.length * values * 4 };
}
