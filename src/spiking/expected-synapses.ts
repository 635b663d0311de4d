/** How many synapses a projection has: exactly, or in the mean where chance decides. */
import type { Network, Projection } from '../models/network.ts';
import { falloff, meanOverPairs } from '../models/space.ts';

export function expectedSynapses(network: Network, projection: Projection): number {
  const sources = network.populations[projection.from]!.size;
  const targets = network.populations[projection.to]!.size;
  const self = projection.from === projection.to && !projection.selfConnections ? 1 : 0;
  const { connect } = projection;
  switch (connect.rule) {
    case 'fixed-probability':
      return connect.probability * sources * (targets - self);
    case 'fixed-in-degree':
      return connect.degree * targets;
    case 'fixed-out-degree':
      return connect.degree * sources;
    case 'by-distance':
      return nearSynapses(network, projection) - self * connect.probability * sources;
    case 'all-to-all':
      return sources * (targets - self);
    case 'one-to-one':
      return self === 1 ? 0 : sources;
    case 'explicit':
      return connect.source.length;
  }
}

/** Of all projections. */
export function totalSynapses(network: Network): number {
  return network.projections.reduce((sum, each) => sum + expectedSynapses(network, each), 0);
}

const counted = new WeakMap<Projection, number>();

/** By distance, self-connections included: summed over pairs once, as it takes a while. */
function nearSynapses({ populations }: Network, projection: Projection): number {
  const known = counted.get(projection);
  if (known !== undefined) return known;
  const { connect, reach, from, to } = projection;
  const [source, target] = [populations[from]!, populations[to]!];
  if (connect.rule !== 'by-distance' || !source.space || !target.space || reach === undefined) return 0;
  const mean = meanOverPairs(source.space, target.space, reach, (d) => falloff(connect, d));
  const synapses = connect.probability * mean * source.size * target.size;
  counted.set(projection, synapses);
  return synapses;
}
