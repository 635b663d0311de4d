/** How many synapses a projection has: exactly, or in the mean where chance decides. */
import type { Network, Projection } from '../models/network.ts';

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
    case 'all-to-all':
      return sources * (targets - self);
    case 'one-to-one':
      return self === 1 ? 0 : sources;
    case 'explicit':
      return connect.source.length;
  }
}
