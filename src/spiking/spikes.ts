/** Unpacks the device's spike list into steps and neurons. The list's format is in shaders/spiking/network.wgsl. */
import type { NetworkPlan } from './plan.ts';

/** Chunks of steps whose results are computed, copied or waited for at the same time. */
export const chunksInFlight = 3;

/**
 * Entries that a chunk's spikes can take at most. Between two spikes of a neuron lie its refractory steps, and a group
 * writes at most one entry a step, so the list is large enough for any activity whatever: no spike is ever lost.
 */
export function mostSpikeEntries(plan: NetworkPlan): number {
  return plan.populations.reduce((sum, { population, groups }) => {
    if (population.spikes) return sum;
    const apart = Math.max(1, Math.round(population.cell.tau_ref / plan.network.dt));
    const ofGroup = 4 * Math.ceil(plan.chunkSteps / apart);
    // Where one workgroup has all neurons, each spike is an entry of its own.
    return sum + groups * (plan.layout.hearing === 'together' ? ofGroup : Math.min(plan.chunkSteps, ofGroup));
  }, plan.givenEntries);
}

/** Spikes sorted by step, then neuron; neurons are numbered over all populations, without padding. */
export interface Spikes {
  steps: Uint32Array;
  neurons: Uint32Array;
}

/**
 * @param header tail, then the first entry of each window
 * @param entries step in window << 27 | mask << 23 | group
 * @param windows first step of each window, counted from `firstStep`
 */
export function decodeSpikes(
  plan: NetworkPlan,
  header: Uint32Array,
  entries: Uint32Array,
  windows: readonly number[],
  firstStep: number,
): Spikes {
  let count = 0;
  for (const entry of entries) count += bitCount((entry >>> 23) & 15);
  // One sortable number per spike: step within the chunk in the high part, neuron in the low.
  const keys = new Float64Array(count);
  const base = 2 ** 26;
  let written = 0;
  let window = 0;
  for (let index = 0; index < entries.length; index++) {
    while (header[window + 2]! <= index) window++;
    const entry = entries[index]!;
    const step = windows[window]! + (entry >>> 27);
    const group = entry & 0x7fffff;
    for (let mask = (entry >>> 23) & 15, lane = 0; mask !== 0; mask >>>= 1, lane++) {
      if (mask & 1) keys[written++] = step * base + 4 * group + lane;
    }
  }
  keys.sort();
  const steps = new Uint32Array(count);
  const neurons = new Uint32Array(count);
  const unpad = paddedToGlobal(plan);
  keys.forEach((key, index) => {
    const step = Math.floor(key / base);
    steps[index] = firstStep + step;
    neurons[index] = unpad(key - step * base);
  });
  return { steps, neurons };
}

/** Number of a neuron without padding. */
function paddedToGlobal(plan: NetworkPlan): (padded: number) => number {
  const starts = plan.populations.map(({ firstGroup, firstNeuron }) => ({
    from: 4 * firstGroup,
    firstNeuron,
  }));
  return (padded) => {
    let index = 0;
    for (let end = starts.length; end - index > 1; ) {
      const middle = (index + end) >>> 1;
      if (starts[middle]!.from <= padded) index = middle;
      else end = middle;
    }
    return padded - starts[index]!.from + starts[index]!.firstNeuron;
  };
}

function bitCount(mask: number): number {
  return (mask & 1) + ((mask >> 1) & 1) + ((mask >> 2) & 1) + ((mask >> 3) & 1);
}
