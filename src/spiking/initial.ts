/** Draws the state of a population before its first step. */
import type { Initial, Population } from '../models/network.ts';
import { normals, Purpose, randomKey, uniforms } from '../random.ts';

/**
 * Initial values of one variable of a population, one per neuron.
 * @param variable number of the variable, so that V, w and each conductance have streams of their own
 */
export function drawInitial(
  initial: Initial,
  size: number,
  seed: number,
  population: number,
  variable: number,
): Float64Array {
  const key = randomKey(seed, Purpose.initial);
  switch (initial.kind) {
    case 'constant':
      return new Float64Array(size).fill(initial.value);
    case 'uniform':
      return uniforms(key, [variable, population], size).map(
        (u) => initial.low + (initial.high - initial.low) * u,
      );
    case 'normal':
      return normals(key, [variable, population], size).map((z) => initial.mean + initial.sd * z);
    case 'values':
      return initial.values;
  }
}

/** Initial conductance of a population's receptor: 0 where the network does not say. */
export function initialConductance(population: Population, receptor: string): Initial {
  return population.initial.g.get(receptor) ?? { kind: 'constant', value: 0 };
}
