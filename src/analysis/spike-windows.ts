/**
 * The form in which spikes leave a simulation, window by window, and how a window is shared out among populations.
 * Recorders and statistics both start from here, so that they agree on whose spike is whose and when it was.
 */
import { InputError } from '../errors.ts';

/** Spikes of some consecutive steps, sorted by step, then by neuron: spike k is of `neurons[k]` in step `steps[k]`. */
export interface SpikeWindow {
  /** Steps since the start of the run, [spike]. */
  steps: Uint32Array;
  /** Index in the whole network, [spike]. */
  neurons: Uint32Array;
}

/** The neurons `first` to `first + size - 1` of the network. */
export interface PopulationRange {
  name: string;
  first: number;
  size: number;
}

/** Numbers the neurons of all populations through, in their order. */
export function populationRanges(populations: readonly { name: string; size: number }[]): PopulationRange[] {
  let first = 0;
  return populations.map(({ name, size }) => {
    const range = { name, first, size };
    first += size;
    return range;
  });
}

/**
 * The spikes of each population in turn, [population], with `neurons` counted within the population. Takes
 * consecutive ranges as `populationRanges` makes them. Throws InputError for a neuron outside all of them.
 */
export function splitWindow(window: SpikeWindow, ranges: readonly PopulationRange[]): SpikeWindow[] {
  const { steps, neurons } = window;
  const owner = new Uint16Array(neurons.length);
  const counts = new Uint32Array(ranges.length);
  let p = 0;
  for (let k = 0; k < neurons.length; k++) {
    // Within a step neurons ascend, so the population moves on only a few times a step.
    if (p > 0 && neurons[k] < ranges[p].first) p = 0;
    while (p < ranges.length && neurons[k] >= ranges[p].first + ranges[p].size) p++;
    if (p === ranges.length || neurons[k] < ranges[p].first) {
      throw new InputError(
        `A spike names neuron ${neurons[k]}, and the network has no neuron of that index.`,
      );
    }
    owner[k] = p;
    counts[p]++;
  }
  const parts = ranges.map((_, i) => ({
    steps: new Uint32Array(counts[i]),
    neurons: new Uint32Array(counts[i]),
  }));
  counts.fill(0);
  for (let k = 0; k < neurons.length; k++) {
    const part = parts[owner[k]];
    const place = counts[owner[k]]++;
    part.steps[place] = steps[k];
    part.neurons[place] = neurons[k] - ranges[owner[k]].first;
  }
  return parts;
}

/**
 * The time of a step, ms: step k starts at k dt. Where a millisecond holds a whole number of steps it is divided
 * instead of multiplied, so that step 3 of 0.1 ms is at 0.3 and not at 0.30000000000000004.
 */
export function stepTime(step: number, dt: number): number {
  const stepsPerMs = Math.round(1 / dt);
  return Math.abs(stepsPerMs * dt - 1) < 1e-12 ? step / stepsPerMs : step * dt;
}

/**
 * How many steps of `dt` a time bin has. Without a wish it is the whole number of steps nearest to 5 ms; a wished
 * width (ms) that is not a whole number of steps throws InputError, because bins of unequal length make ripples.
 */
export function stepsPerBin(dt: number, width?: number): number {
  const steps = Math.max(1, Math.round((width ?? 5) / dt));
  if (width !== undefined && !(Math.abs(steps * dt - width) <= 1e-6 * dt)) {
    throw new InputError(
      `rate_bin_ms is ${width}, which is not a whole number of time steps of ${dt} ms; choose a multiple, as ${stepTime(steps, dt)}.`,
      { field: 'rate_bin_ms' },
    );
  }
  return steps;
}
