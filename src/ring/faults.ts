/**
 * Where and when the state of a ring left all bounds: the kernel for states that are more than rates marks it in each unit. Beyond the
 * reach of second order covariances feed on themselves, and a run that goes on with them would be of no use.
 */
import type { MeanField } from '../mean-field/model.ts';
import { pixelCount, type Ring } from '../models/ring.ts';
import type { Quad } from './chunks.ts';
import type { Unit } from './settings.ts';

/**
 * Vectors that the device keeps of a unit beside its rates: the rest of its state, the sample in which it left all bounds and
 * which variable did. None where the state is rates alone.
 */
export function keptVectors({ state }: Unit): number {
  const hidden = state.length - 2;
  return hidden === 0 ? 0 : hidden + 2;
}

/**
 * A rate that is called unstable, Hz: ten times what transfer functions can give, which is 1/tau_V, and tau_V is above the time
 * constants of synapses.
 */
export function mostRate({ populations }: MeanField): number {
  const taus = populations.flatMap(({ transfer: { input } }) => [input.exc.tau, input.inh.tau]);
  return (10 * 1000) / Math.min(...taus);
}

/** What the variables of a state are called, in its order. */
export function variableNames({ model, exc, inh, order, adapting }: Unit): string[] {
  const [e, i] = [exc, inh].map((index) => model.populations[index]!.name);
  return [
    ...[e, i].map((name) => `the rate of ${name}`),
    ...(order === 2
      ? [`the variance of ${e}`, `the covariance of ${e} and ${i}`, `the variance of ${i}`]
      : []),
    ...(adapting ? [e, i].map((name) => `the adaptation current of ${name}`) : []),
  ];
}

/** Where the state of a ring left all bounds first. */
export interface RingFault {
  /** Index in the batch. */
  ring: number;
  /** ms */
  time: number;
  pixel: number;
  /** Of `variableNames`. */
  variable: string;
  /** All of it as a sentence, with the numbers of the ring and what to do. */
  message: string;
}

/**
 * One fault for each ring that has any, in the order of the batch: the earliest, and of these that of the first unit.
 * @param kept what the device kept, `[quad, pixel, vector, place]`
 */
export function ringFaults(
  kept: Float32Array,
  quads: readonly Quad[],
  rings: readonly Ring[],
  unit: Unit,
): RingFault[] {
  const pixels = pixelCount(rings[0]!);
  const width = keptVectors(unit);
  const names = variableNames(unit);
  const faults: RingFault[] = [];
  quads.forEach(({ rings: members, samples }, quad) => {
    members.forEach((index, place) => {
      if (index < 0) return;
      let first: { sample: number; pixel: number; variable: number } | undefined;
      for (let pixel = 0; pixel < pixels; pixel++) {
        const at = ((quad * pixels + pixel) * width + width - 2) * 4 + place;
        const sample = kept[at]!;
        // A ring goes on as long as the longest of its quad.
        if (sample === 0 || sample >= samples[place]!) continue;
        if (!first || sample < first.sample) first = { sample, pixel, variable: kept[at + 4]! };
      }
      if (!first) return;
      const { sample, pixel, variable } = first;
      const message = sentence(first, rings[index]!, unit);
      faults.push({ ring: index, time: sample * unit.dt, pixel, variable: names[variable]!, message });
    });
  });
  return faults.sort((a, b) => a.ring - b.ring);
}

function sentence(
  { sample, pixel, variable }: { sample: number; pixel: number; variable: number },
  ring: Ring,
  unit: Unit,
): string {
  const { name, rows, units, conduction_velocity, exc_extent, inh_extent, stimulus } = ring;
  const place =
    rows > 1 ? `unit ${pixel % units} of row ${Math.floor(pixel / units)}` : `unit ${pixel} of ${units}`;
  const input =
    stimulus.kind === 'sampled'
      ? 'a stimulus of samples'
      : `a stimulus of ${stimulus.amplitude} Hz over ${stimulus.extent} mm, ${stimulus.tau1} and ${stimulus.tau2} ms`;
  const remedy = unit.order === 2 ? 'a weaker stimulus, a shorter dt or order 1' : 'a shorter dt';
  const bound =
    variable < 2
      ? `not within ${mostRate(unit.model)} Hz, which is ten times what transfer functions give`
      : 'no longer finite';
  return `ring ${name} (${conduction_velocity} mm/s, exc_extent ${exc_extent} mm, inh_extent ${inh_extent} mm, ${input}) became unstable: at ${(sample * unit.dt).toFixed(1)} ms ${variableNames(unit)[variable]} in ${place} was ${bound}; give ${remedy}`;
}
