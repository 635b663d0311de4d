/** The synapses of a projection as its rule and a seed determine them, by the twins of the connection kernels. */
import type { Network } from '../../src/models/network.ts';
import { connectAll, connectOneToOne } from './connect-all.ts';
import { connectDegree } from './connect-degree.ts';
import { connectNear } from './connect-near.ts';
import { connectProbability } from './connect-probability.ts';
import { type Pairs, sortPairs } from './pairs.ts';

/** @param projection index in `network.projections` */
export function connect(network: Network, projection: number, seed: number): Pairs {
  const { from, to, connect: rule, selfConnections } = network.projections[projection]!;
  const ends = {
    seed,
    projection,
    sources: network.populations[from]!.size,
    targets: network.populations[to]!.size,
    excludeSelf: from === to && !selfConnections,
  };
  switch (rule.rule) {
    case 'fixed-probability':
      if (rule.probability === 0) return sortPairs([]);
      if (rule.probability === 1) return connectAll(ends);
      return connectProbability(rule.probability, ends);
    case 'fixed-in-degree':
      return connectDegree('in', rule.degree, ends);
    case 'fixed-out-degree':
      return connectDegree('out', rule.degree, ends);
    case 'all-to-all':
      return connectAll(ends);
    case 'by-distance':
      return connectNear(network, projection, seed);
    case 'one-to-one':
      return connectOneToOne(ends);
    case 'explicit':
      return sortPairs(Array.from(rule.source, (source, edge) => [source, rule.target[edge]!] as const));
  }
}
