/** The largest network of a kind that a device holds, by the same arithmetic that refuses larger ones. */
import { DeviceMemoryError } from '../errors.ts';
import type { Network } from '../models/network.ts';
import { type Room, refuseTooLarge } from './memory.ts';
import { type PlanOptions, planNetwork } from './plan.ts';
import type { Kept } from './storage.ts';

/** Neurons are numbered in 32 bits, padding included. */
const mostNeurons = 2 ** 31;

/** The network with `neurons` neurons, in the same parts, each with as many synapses as before on average. Rules must be probabilities. */
export function resized(network: Network, neurons: number): Network {
  const before = network.populations.reduce((sum, { size }) => sum + size, 0);
  const factor = neurons / before;
  return {
    ...network,
    populations: network.populations.map((each) => ({
      ...each,
      size: Math.max(1, Math.round(factor * each.size)),
    })),
    projections: network.projections.map((each) => {
      if (each.connect.rule !== 'fixed-probability') throw new TypeError(`${each.name} has no probability`);
      return { ...each, connect: { ...each.connect, probability: each.connect.probability / factor } };
    }),
  };
}

/** Neurons of the largest network like `network` that fits, to 1 %, with its synapses kept as `storage` says. */
export function largestSize(network: Network, storage: Kept, room: Room, options: PlanOptions = {}): number {
  const holds = (neurons: number) => {
    try {
      refuseTooLarge(planNetwork(resized(network, neurons), { ...options, storage }), room);
      return true;
    } catch (error) {
      if (error instanceof DeviceMemoryError) return false;
      throw error;
    }
  };
  let fits = network.populations.reduce((sum, { size }) => sum + size, 0);
  if (!holds(fits)) return 0;
  let beyond = 2 * fits;
  while (beyond < mostNeurons && holds(beyond)) [fits, beyond] = [beyond, 2 * beyond];
  while (beyond / fits > 1.01) {
    const middle = Math.floor((fits + beyond) / 2);
    if (holds(middle)) fits = middle;
    else beyond = middle;
  }
  return fits;
}
