/** Twin of shaders/spiking/connect-all.wgsl: every source to every target, or each to its own. */
import { type Ends, type Pairs, sortPairs } from './pairs.ts';

export function connectAll({ sources, targets, excludeSelf }: Ends): Pairs {
  const pairs: [number, number][] = [];
  for (let source = 0; source < sources; source++) {
    for (let target = 0; target < targets; target++) {
      if (!(excludeSelf && source === target)) pairs.push([source, target]);
    }
  }
  return sortPairs(pairs);
}

export function connectOneToOne({ sources, excludeSelf }: Ends): Pairs {
  if (excludeSelf) return sortPairs([]);
  return sortPairs(Array.from({ length: sources }, (_, neuron) => [neuron, neuron] as const));
}
