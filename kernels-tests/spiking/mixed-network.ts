/** A network in which neurons can look for spikes themselves. */
import type { Network } from '../../src/models/network.ts';
import { cell, exc, inh, network, population, projection } from './networks.ts';

/**
 * Three populations, every rule of chance, self-connections, two receptors, populations that do not fill a group. All 18 neurons of
 * the last spike in the same steps: more than are counted at once.
 */
export function mixed(delay = 0, toB = exc): Network {
  const drives = [{ receptor: exc, synapses: 100, rate: 20, weight: 3, statistics: 'poisson' as const }];
  const model = network(
    [
      population('a', 301, cell('RS-cell'), { drives }),
      population('b', 97, cell('FS-cell'), { drives }),
      population('c', 18, cell('LIF', { tau_ref: 0.1 }), { current: 400 }),
    ],
    [
      projection(0, 0, exc, 1.5, { rule: 'fixed-probability', probability: 0.1 }, { selfConnections: true }),
      projection(0, 1, toB, toB === exc ? 2 : 0.5, { rule: 'fixed-in-degree', degree: 30 }),
      projection(1, 0, inh, 6, { rule: 'fixed-out-degree', degree: 40 }),
      projection(1, 1, inh, 5, { rule: 'all-to-all' }),
      projection(2, 2, inh, 4, { rule: 'one-to-one' }, { selfConnections: true }),
      projection(2, 0, inh, 1, { rule: 'all-to-all' }),
    ],
  );
  for (const each of model.projections) each.delay = delay;
  return model;
}
