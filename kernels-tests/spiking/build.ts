/** Builds the synapses of a network without its neurons, and reads them back. */
import type { Device } from '../../src/gpu/device.ts';
import type { Network, Projection } from '../../src/models/network.ts';
import { buildConnectivity, freeRows, readConnectivity } from '../../src/spiking/connectivity.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import type { Pairs } from '../twins/pairs.ts';
import { cell, exc, network, population, projection } from './networks.ts';

/** The synapses of every projection, as the device drew them. */
export async function buildPairs(device: Device, model: Network, seed: number): Promise<Pairs[]> {
  const plan = planNetwork(model);
  const connectivity = await buildConnectivity(device, plan, [seed]);
  const pairs: Pairs[] = [];
  for (let index = 0; index < model.projections.length; index++)
    pairs.push(await readConnectivity(device, plan, connectivity, index));
  freeRows(connectivity);
  return pairs;
}

/** A network of which only sizes and connections matter; projections run over `[from, to, rule, changes]`. */
export function wiring(
  sizes: readonly number[],
  projections: readonly [number, number, Projection['connect'], Partial<Projection>?][],
): Network {
  return network(
    sizes.map((size, index) => population(`population ${index}`, size, cell('LIF'))),
    projections.map(([from, to, connect, changes], index) =>
      projection(from, to, exc, 1, connect, { name: `projection ${index}`, ...changes }),
    ),
  );
}

/** Number of synapses of each source and of each target. */
export function degrees(pairs: Pairs, sources: number, targets: number): { out: number[]; in: number[] } {
  const found = { out: new Array<number>(sources).fill(0), in: new Array<number>(targets).fill(0) };
  for (const source of pairs.source) found.out[source]! += 1;
  for (const target of pairs.target) found.in[target]! += 1;
  return found;
}
