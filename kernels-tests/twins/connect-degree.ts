/** Twin of shaders/spiking/connect-degree.wgsl: the first `degree` places of a permutation of the partners. */
import { type Pairs, type RandomEnds, sortPairs } from './pairs.ts';
import { permute } from './permutation.ts';
import { keyOf, purpose, threefry } from './threefry.ts';

/** @param direction whether each source has `degree` targets (`out`) or each target `degree` sources (`in`) */
export function connectDegree(direction: 'in' | 'out', degree: number, ends: RandomEnds): Pairs {
  const [owners, partners] =
    direction === 'out' ? [ends.sources, ends.targets] : [ends.targets, ends.sources];
  const pairs: [number, number][] = [];
  for (let owner = 0; owner < owners; owner++) {
    const key = threefry([owner, 0, 0, ends.projection], keyOf(ends.seed, purpose.connect));
    const candidates = Array.from({ length: partners }, (_, neuron) => neuron).filter(
      (neuron) => !(ends.excludeSelf && neuron === owner),
    );
    for (let draw = 0; draw < degree; draw++) {
      const partner = candidates[permute(draw, candidates.length, key)]!;
      pairs.push(direction === 'out' ? [owner, partner] : [partner, owner]);
    }
  }
  return sortPairs(pairs);
}
