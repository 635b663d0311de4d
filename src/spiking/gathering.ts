/**
 * What neurons need that look for spikes themselves: a bit for each pair of neurons, what a spike of one population does in
 * another, and room for the spikes of three steps.
 */
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import type { Connectivity } from './connectivity.ts';
import { matrixBytes, type NetworkPlan } from './plan.ts';

/** Buffers by the names they have in shaders/spiking/advance-gathering.wgsl. */
export interface Gathering {
  links: GPUBuffer;
  connected: GPUBuffer;
  recent: GPUBuffer;
}

/** Words of a row of the connection matrix. */
export function rowWords(plan: NetworkPlan): number {
  return plan.groups / 8;
}

export async function prepareGathering(
  device: Device,
  plan: NetworkPlan,
  advance: Kernel,
  connectivity: Connectivity,
): Promise<Gathering> {
  const { STORAGE, UNIFORM } = GPUBufferUsage;
  const connected = await device.allocate('connection matrix', matrixBytes(plan.groups), STORAGE);
  const connect = await Kernel.create(device, 'spiking/connect-matrix.wgsl');
  for (const [index, { projection }] of plan.projections.entries()) {
    const source = plan.populations[projection.from]!;
    const rule = {
      first_row: connectivity.firstRow[index]!,
      sources: source.population.size,
      first_source: 4 * source.firstGroup,
      row_words: rowWords(plan),
    };
    const uniform = await device.upload('connection rule', connect.pack('rule', rule), UNIFORM);
    const { rows, targets } = connectivity;
    connect.run(connect.bind({ rule: uniform, rows, targets, connected }), Math.ceil(rule.sources / 64));
    uniform.destroy();
  }
  return {
    links: await device.upload('links', advance.pack('links', linksOf(plan)), UNIFORM),
    connected,
    recent: await device.allocate(
      'recent spikes',
      advance.sizeOf('recent') + 4 * 3 * 4 * plan.groups,
      STORAGE,
    ),
  };
}

/** [source, target]: what a spike adds to which receptor. */
function linksOf({ populations, projections }: NetworkPlan) {
  return populations.flatMap((_, from) =>
    populations.map((_, to) => {
      const found = projections.find(({ projection }) => projection.from === from && projection.to === to);
      return { receptor: found?.receptor ?? 0, amount: found?.amount ?? 0, unused_0: 0, unused_1: 0 };
    }),
  );
}
