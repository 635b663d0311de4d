/**
 * What neurons need that look for spikes themselves: a bit for each pair of neurons, what a spike of one population does in
 * another, and room for the spikes of the last steps.
 */
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import type { Connectivity } from './connectivity.ts';
import { matrixBytes, recentSteps, rowWords } from './layout.ts';
import type { NetworkPlan } from './plan.ts';

/** Buffers by the names they have in shaders/spiking/gathering.wgsl. */
export interface Gathering {
  links: GPUBuffer;
  connected: GPUBuffer;
  recent: GPUBuffer;
}

export async function prepareGathering(
  device: Device,
  plan: NetworkPlan,
  advance: Kernel,
  connectivity: Connectivity,
): Promise<Gathering> {
  const { STORAGE, UNIFORM } = GPUBufferUsage;
  const connected = await device.allocate(
    'connection matrix',
    matrixBytes(plan.groups, plan.layout),
    STORAGE,
  );
  const connect = await Kernel.create(device, 'spiking/connect-matrix.wgsl', {
    constants: { LANES: plan.layout.lanes, QUADS: plan.layout.quads, SPAN: plan.layout.span },
  });
  for (const [index, { projection }] of plan.projections.entries()) {
    const source = plan.populations[projection.from]!;
    const common = {
      first_row: connectivity.firstRow.get(index)!,
      sources: source.population.size,
      first_source: 4 * source.firstGroup,
      row_words: rowWords(plan.groups, plan.layout),
    };
    const { rows, pieces } = connectivity;
    for (const { first, end, targets } of pieces) {
      const rule = connect.pack('rule', { ...common, first_synapse: first, end_synapse: end });
      const uniform = await device.upload('connection rule', rule, UNIFORM);
      connect.run(connect.bind({ rule: uniform, rows, targets, connected }), Math.ceil(common.sources / 64));
      uniform.destroy();
    }
  }
  return {
    links: await device.upload('links', advance.pack('links', linksOf(plan)), UNIFORM),
    connected,
    recent: await device.allocate(
      'recent spikes',
      advance.sizeOf('recent') + 16 * recentSteps(plan.layout) * plan.groups,
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

/** Four bits for each source population: its receptor + 1 where all its targets have the same, else 0. */
export function receptorsOfSources({ populations, projections }: NetworkPlan): number {
  if (populations.length > 8) return 0;
  const of = populations.map((_, from) => {
    const receptors = new Set(
      projections.filter(({ projection }) => projection.from === from).map(({ receptor }) => receptor),
    );
    return receptors.size === 1 ? 1 + [...receptors][0]! : 0;
  });
  return of.reduceRight((sum, each) => 16 * sum + each, 0);
}
