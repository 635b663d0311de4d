/** Spikes that are given to populations, packed as the entries that kernels make of spikes. */
import { InputError } from '../errors.ts';
import type { Network, Population } from '../models/network.ts';
import { stepContaining } from '../models/time-step.ts';

/** A population and where it lies. */
interface Place {
  population: Population;
  firstGroup: number;
}

/** Entries sorted by step, then group: mask of neurons << 23 | group, as in shaders/spiking/network.wgsl. */
export interface Trains {
  steps: Uint32Array;
  entries: Uint32Array;
}

/**
 * The given spikes of all populations.
 * @throws InputError where a neuron spikes twice in a step
 */
export function packTrains(plan: { populations: readonly Place[]; network: Pick<Network, 'dt'> }): Trains {
  const { dt } = plan.network;
  const parts = plan.populations.filter(({ population }) => population.spikes);
  const count = parts.reduce((sum, { population }) => sum + population.spikes!.time.length, 0);
  // One sortable number a spike: step in the high part, group and neuron in the low.
  const keys = new Float64Array(count);
  let written = 0;
  for (const { population, firstGroup } of parts) {
    const { time, neuron } = population.spikes!;
    const end = time.at(-1) ?? 0;
    if (stepContaining(end, dt) >= mostSteps)
      throw new InputError(
        `populations.${population.name}.spikes has a spike at ${end} ms, in step ${stepContaining(end, dt)} of ${dt} ms: give spikes of the first ${mostSteps} steps`,
        { field: `populations.${population.name}.spikes` },
      );
    for (let spike = 0; spike < time.length; spike++)
      keys[written++] = stepContaining(time[spike]!, dt) * base + 4 * firstGroup + neuron[spike]!;
  }
  keys.sort();
  const steps = new Uint32Array(count);
  const entries = new Uint32Array(count);
  let last = -1;
  for (const [index, key] of keys.entries()) {
    if (key === keys[index - 1]) throw repeated(parts, key, dt);
    const step = Math.floor(key / base);
    const neuron = key - step * base;
    const group = Math.floor(neuron / 4);
    const mask = (1 << (neuron % 4)) << 23;
    if (last >= 0 && steps[last] === step && (entries[last]! & 0x7fffff) === group) {
      entries[last] = entries[last]! | mask;
    } else {
      last++;
      steps[last] = step;
      entries[last] = mask | group;
    }
  }
  return { steps: steps.slice(0, last + 1), entries: entries.slice(0, last + 1) };
}

/** Neurons are numbered below it, padding included. */
const base = 2 ** 25;
/** So that a key is a whole number in double precision: seven hours at 0.1 ms. */
const mostSteps = 2 ** 28;

function repeated(parts: readonly Place[], key: number, dt: number): InputError {
  const step = Math.floor(key / base);
  const { population, firstGroup } = parts.findLast((each) => 4 * each.firstGroup <= key - step * base)!;
  return new InputError(
    `populations.${population.name}.spikes has two spikes of neuron ${key - step * base - 4 * firstGroup} in the step of ${dt} ms that begins at ${Number((step * dt).toPrecision(12))} ms: leave one out, or lower dt`,
    { field: `populations.${population.name}.spikes` },
  );
}

/** Entries that a chunk's given spikes take, at most; chunks end on multiples of their length. */
export function mostGivenEntries({ steps }: Pick<Trains, 'steps'>, chunkSteps: number): number {
  let most = 0;
  let first = 0;
  steps.forEach((step, index) => {
    if (Math.floor(step / chunkSteps) !== Math.floor(steps[first]! / chunkSteps)) first = index;
    most = Math.max(most, index + 1 - first);
  });
  return most;
}
