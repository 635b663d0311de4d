/**
 * Twin of shaders/spiking/fields.wgsl: Poisson counts by inversion, with products rounded to single precision as IEEE 754 has it;
 * and the rows that hold in a step.
 */
import type { Drive, NeuronCourse } from '../../src/models/network.ts';
import { keyOf, purpose, threefry } from './threefry.ts';

const ONE = 2 ** 32;

/** P(0), P(0) + P(1), ... in units of 2^-32, as far as they grow. @param lambda rounded to single precision */
export function poissonSums(lambda: number): number[] {
  const { fround, floor } = Math;
  const sums = [Math.min(ONE - 1, floor(Math.exp(-lambda) * ONE))];
  let term = fround(sums[0]!);
  for (let k = 1; k < 32 && term >= 1; k++) {
    term = fround(term * fround(lambda * fround(1 / k)));
    sums.push(Math.min(ONE - 1, sums.at(-1)! + floor(term)));
  }
  return sums;
}

/** The count that 32 random bits mean. */
export function poissonCount(sums: readonly number[], bits: number): number {
  const random = Math.min(bits, ONE - 2);
  const found = sums.findIndex((sum) => random < sum);
  // Beyond what the terms add up to, the last one that adds something counts.
  return found >= 0 ? found : sums.length - 1;
}

/** A value that a neuron has in a step. */
export function valueOfNeuron(
  course: Pick<NeuronCourse, 'dt' | 'rows' | 'row'>,
  neuron: number,
  step: number,
  dt: number,
) {
  const row = Math.floor((step * dt) / course.dt + 1e-9);
  return course.row(Math.min(row, course.rows - 1))[neuron]!;
}

/** Events of a drive whose neurons have rates of their own, in one step of one neuron. */
export function neuronEvents(
  drive: Drive,
  { parts, dt }: { parts: number; dt: number },
  {
    seed,
    population,
    drive: number,
    neuron,
    step,
  }: Record<'seed' | 'population' | 'drive' | 'neuron' | 'step', number>,
): number {
  const rate = rateOf(drive, neuron, step, dt);
  const lambda = Math.fround(rate * ((drive.synapses * dt) / 1000 / parts));
  const sums = poissonSums(lambda);
  let count = 0;
  for (let part = 0; part < parts; part++) {
    const counter = [Math.floor(neuron / 4), step, number + part * 2 ** 16, population] as const;
    count += poissonCount(sums, threefry([...counter], keyOf(seed, purpose.drive))[neuron % 4]!);
  }
  return count;
}

function rateOf({ neuronRate, profile, rate }: Drive, neuron: number, step: number, dt: number): number {
  if (neuronRate) return valueOfNeuron(neuronRate, neuron, step, dt);
  if (typeof rate === 'number') return profile![neuron]! * rate;
  const sample = Math.floor((step * dt) / rate.dt + 1e-9);
  return profile![neuron]! * rate.values[Math.min(sample, rate.values.length - 1)]!;
}
