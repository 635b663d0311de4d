/**
 * Twin of shaders/transfer/measure.wgsl for one neuron: the equations as they are printed, absolute voltages, in double precision,
 * event counts by summing Poisson probabilities, and what is summed up written out over the whole run.
 */
import type { Cell } from '../../src/models/cells.ts';
import type { MeasureSettings, SynapseGroup, SynapticInput } from '../../src/transfer/data.ts';
import { advance, type Neuron } from './advance.ts';
import { keyOf, purpose, threefry } from './threefry.ts';

/** Sums over the steps that count; voltages from E_L. */
export interface MeasuredNeuron {
  spikes: number;
  counted: number;
  V: number;
  VV: number;
  fast: number;
  slow: number;
  /** How far the running averages moved while steps counted. */
  fastGain: number;
  slowGain: number;
}

export interface MeasuredPlace {
  nu_e: number;
  nu_i: number;
  repeat: number;
}

/**
 * Runs one repeat.
 * @param averages time constants of the running averages of V, ms
 * @param disturbance mV added to V in each step, to learn what rounding may do
 */
export function measure(
  cell: Cell,
  { exc, inh }: SynapticInput,
  settings: MeasureSettings,
  place: MeasuredPlace,
  averages: { fast: number; slow: number },
  disturbance = 0,
): MeasuredNeuron {
  const { dt, duration, discard, seed } = settings;
  const receptors = [
    { name: 'exc', tau: exc.tau, E_rev: exc.E_rev },
    { name: 'inh', tau: inh.tau, E_rev: inh.E_rev },
  ];
  const neuron: Neuron = { V: cell.E_L, w: 0, g: [0, 0], lastSpike: Number.NEGATIVE_INFINITY };
  const sums = { spikes: 0, counted: 0, V: 0, VV: 0, fast: 0, slow: 0, fastGain: 0, slowGain: 0 };
  const refractory = Math.round(cell.tau_ref / dt);
  const average = { fast: 0, slow: 0 };
  const start = { fast: 0, slow: 0 };
  const discarded = Math.round(discard / dt);
  for (let step = 0; step < Math.round(duration / dt); step++) {
    if (step === discarded) Object.assign(start, average);
    const counts = step >= discarded;
    const free = step - neuron.lastSpike >= refractory;
    const driven = [
      exc.Q * poissonCount(meanCount(exc, place.nu_e, dt), randomBits(seed, place, step, 0)),
      inh.Q * poissonCount(meanCount(inh, place.nu_i, dt), randomBits(seed, place, step, 1)),
    ];
    const inputs = { current: 0, driven, disturbance };
    const spiked = advance(neuron, cell, receptors, { dt, method: 'exponential-euler' }, step, inputs);
    if (spiked && counts) sums.spikes++;
    if (!free || spiked) continue;
    const x = neuron.V - cell.E_L;
    if (counts) {
      sums.counted++;
      sums.V += x;
      sums.VV += x * x;
      sums.fast += x * average.fast;
      sums.slow += x * average.slow;
    }
    average.fast += (1 - Math.exp(-dt / averages.fast)) * (x - average.fast);
    average.slow += (1 - Math.exp(-dt / averages.slow)) * (x - average.slow);
  }
  return { ...sums, fastGain: average.fast - start.fast, slowGain: average.slow - start.slow };
}

function meanCount({ K }: SynapseGroup, rate: number, dt: number): number {
  return K * rate * dt * 1e-3;
}

/** The 32 random bits of a repeat in a step; kind 0 is excitation, 1 inhibition. */
export function randomBits(
  seed: number,
  { nu_e, nu_i, repeat }: MeasuredPlace,
  step: number,
  kind: number,
): number {
  const [e, i] = new Uint32Array(Float32Array.of(nu_e, nu_i).buffer);
  const quartet = Math.floor(repeat / 4);
  return threefry([e!, i!, step, 2 * quartet + kind], keyOf(seed, purpose.transfer))[repeat % 4]!;
}

/** The smallest count whose distribution function exceeds the random number. */
export function poissonCount(mean: number, random: number): number {
  const u = random / 2 ** 32;
  let probability = Math.exp(-mean);
  let cumulative = probability;
  let count = 0;
  // The tail beyond what 32 bits resolve is cut off.
  while (u >= cumulative && 1 - cumulative >= 2 ** -33) {
    count++;
    probability *= mean / count;
    cumulative += probability;
  }
  return count;
}
