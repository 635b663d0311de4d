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
  const networks = plan.networks.length;
  const groups = plan.groups / networks;
  const bytes = networks * matrixBytes(groups, plan.layout);
  const connected = await device.allocate('connection matrix', bytes, STORAGE);
  const connect = await Kernel.create(device, 'spiking/connect-matrix.wgsl', {
    constants: { LANES: plan.layout.lanes, QUADS: plan.layout.quads, SPAN: plan.layout.span },
  });
  for (const [index, { projection }] of plan.projections.entries()) {
    const source = plan.populations[projection.from]!;
    const common = {
      first_row: connectivity.firstRow.get(index)!,
      sources: source.population.size,
      first_source: 4 * source.firstGroup,
      row_words: rowWords(groups, plan.layout),
      first_neuron: 4 * groups * source.instance,
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

/** [network, source, target]: what a spike adds to which receptor. */
function linksOf({ populations, projections, networks }: NetworkPlan) {
  const each = populations.length / networks.length;
  return populations.flatMap(({ instance }, from) =>
    Array.from({ length: each }, (_, goal) => {
      const to = instance * each + goal;
      const found = projections.find(({ projection }) => projection.from === from && projection.to === to);
      return { receptor: found?.receptor ?? 0, amount: found?.amount ?? 0, unused_0: 0, unused_1: 0 };
    }),
  );
}

/** Four bits for each source population of a network: its receptor + 1 where all its targets have the same, else 0. */
export function receptorsOfSources({ populations, projections, networks }: NetworkPlan): number {
  const each = populations.length / networks.length;
  if (each > 8) return 0;
  const of = Array.from({ length: each }, (_, from) => {
    const receptors = new Set(
      projections.filter(({ projection }) => projection.from % each === from).map(({ receptor }) => receptor),
    );
    return receptors.size === 1 ? 1 + [...receptors][0]! : 0;
  });
  return of.reduceRight((sum, each) => 16 * sum + each, 0);
}
