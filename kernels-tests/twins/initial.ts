/** The state before the first step, from the twin's own random numbers. */
import type { Initial } from '../../src/models/network.ts';
import { keyOf, purpose, threefry } from './threefry.ts';

/** @param variable 0 for V, 1 for w, 2 + r for the conductance of receptor r */
export function initialValue(
  initial: Initial,
  neuron: number,
  seed: number,
  population: number,
  variable: number,
): number {
  const uniform = (index: number) => {
    const block = threefry([Math.floor(index / 4), 0, variable, population], keyOf(seed, purpose.initial));
    return (block[index % 4]! + 0.5) / 2 ** 32;
  };
  switch (initial.kind) {
    case 'constant':
      return initial.value;
    case 'values':
      return initial.values[neuron]!;
    case 'uniform':
      return initial.low + (initial.high - initial.low) * uniform(neuron);
    case 'normal': {
      // Box and Muller: two uniform numbers make two normal ones, the even neuron's and the odd one's.
      const even = neuron - (neuron % 2);
      const radius = Math.sqrt(-2 * Math.log(uniform(even)));
      const angle = 2 * Math.PI * uniform(even + 1);
      return initial.mean + initial.sd * radius * (neuron === even ? Math.cos(angle) : Math.sin(angle));
    }
  }
}
