/**
 * The dispatches that bring a window's spikes to their targets: one for two buffers of stored synapses, and one for all
 * projections whose rows are drawn at each spike. What they add commutes, so their order is of no account.
 */
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import type { WgslValue } from '../gpu/layout.ts';
import { Purpose, randomKey } from '../random.ts';
import type { Connectivity } from './connectivity.ts';
import { ownValues } from './listed.ts';
import { nearValue, spaceValue, usesDistance } from './near-rules.ts';
import type { NetworkPlan, ProjectionPlan } from './plan.ts';
import { describeSite, gapsOf, type Site } from './row-rules.ts';
import { type SynapseSpreads, synapseSpreads } from './synapse-spreads.ts';

export interface Delivery {
  kernel: Kernel;
  /** Buffers by the names they have in the shader, without those that belong to a chunk or to the neurons. */
  buffers: Record<string, GPUBuffer>;
}

type Shared = Record<'NETWORKS' | 'POPULATIONS' | 'GROUPS' | 'WORDS' | 'SLOTS' | 'WINDOWS', number>;

/** What all dispatches have. */
interface Common {
  constants: Shared & { ALONE: boolean; SPREADS: boolean; DISTANCES: boolean; SPACES: number };
  /** Of each network's random numbers, whatever their purpose. */
  keys: number[][];
  values: SynapseSpreads;
  spreads: GPUBuffer;
  /** Projections that go by distance, in the order of their spaces. */
  near: ProjectionPlan[];
  spaces: WgslValue[];
}

/** Invocations of a workgroup, as LANES in deliver-drawn.wgsl. */
const lanes = 64;
/** Synapses that an invocation draws at least, where a row may be shared at will. */
const synapsesPerInvocation = 16;

export async function compileDeliveries(
  device: Device,
  plan: NetworkPlan,
  connectivity: Connectivity,
  shared: Shared,
): Promise<Delivery[]> {
  const values = synapseSpreads(plan);
  const near = plan.projections.filter(({ projection }) => usesDistance(projection));
  const spaces = near.map(({ projection }) => spaceValue(plan, projection));
  const SPACES = Math.max(1, spaces.length);
  const common: Common = {
    ...{ near, spaces },
    constants: {
      ...shared,
      ...{ ALONE: plan.networks.length === 1, SPREADS: values.some, DISTANCES: values.distances, SPACES },
    },
    keys: connectivity.seeds.map((seed) => randomKey(seed, Purpose.synapse)),
    values,
    spreads: await device.upload('weights and delays', values.words, GPUBufferUsage.STORAGE),
  };
  const deliveries: Delivery[] = [];
  const drawn = plan.projections.some(({ storage, amount }) => storage === 'procedural' && amount > 0);
  // Somebody must note where a window's spikes end, also where there are no synapses.
  if (connectivity.projections.length > 0 || !drawn)
    deliveries.push(...(await storedDeliveries(device, plan, connectivity, common)));
  if (drawn) deliveries.push(await drawnDelivery(device, plan, connectivity.seeds, common));
  return deliveries;
}

/** Where neurons look for spikes themselves: of several networks, what notes where a window's spikes end. */
export async function compileMark(device: Device, plan: NetworkPlan, shared: Shared): Promise<Delivery[]> {
  if (plan.networks.length === 1) return [];
  const kernel = await Kernel.create(device, 'spiking/mark.wgsl', { dynamic: ['window'], constants: shared });
  return [{ kernel, buffers: {} }];
}

async function storedDeliveries(
  device: Device,
  plan: NetworkPlan,
  { pieces, rows, projections, firstRow }: Connectivity,
  common: Common,
): Promise<Delivery[]> {
  const { constants, keys, spreads, spaces } = common;
  const listed = projections.some((index) => ownValues(plan.projections[index]!.projection) > 0);
  const paired = pieces.length > 1 && !listed;
  const kernel = await Kernel.create(device, 'spiking/deliver.wgsl', {
    dynamic: ['window'],
    constants: {
      ...constants,
      PROJECTIONS: Math.max(1, projections.length),
      LANES: plan.layout.lanes,
      CUT: pieces.length > 1,
      PAIRED: paired,
      OWN_VALUES: listed,
    },
  });
  const value = routesValue(plan, 'stored', keys, (each, index) => ({
    ...synapsesValue(plan, each, common),
    first_row: firstRow.get(index)!,
  }));
  const packed = kernel.pack('routes', { key: keys[0]!, spaces, ...value });
  const routes = await device.upload('routes', packed, routesUsage());
  const deliveries: Delivery[] = [];
  for (let at = 0; at < pieces.length; at += paired ? 2 : 1) {
    const { first, end, targets } = pieces[at]!;
    // The last of an odd number stands alone: no row is in a piece without words.
    const more = (paired && pieces[at + 1]) || { first: 0, end: 0, targets };
    const range = kernel.pack('piece', { first, end, more_first: more.first, more_end: more.end });
    const piece = await device.upload('piece of synapses', range, GPUBufferUsage.UNIFORM);
    const buffers = { routes, rows, targets, piece, spreads };
    deliveries.push({ kernel, buffers: paired ? { ...buffers, more_targets: more.targets } : buffers });
  }
  return deliveries;
}

async function drawnDelivery(
  device: Device,
  plan: NetworkPlan,
  seeds: readonly number[],
  common: Common,
): Promise<Delivery> {
  const { constants, keys, spreads, spaces, near } = common;
  const drawn = plan.projections.flatMap((each, index) =>
    each.storage === 'procedural' ? [drawnRule(plan, each, describeSite(plan, index, seeds), near)] : [],
  );
  const kernel = await Kernel.create(device, 'spiking/deliver-drawn.wgsl', {
    dynamic: ['window'],
    constants: {
      ...constants,
      PROJECTIONS: drawn.length,
      NEARS: Math.max(1, near.length),
      SPAN: spanOf(Math.max(...drawn.map(({ shares }) => shares))),
      PAIRS: drawn.some(({ value }) => value.rule === rules.pairs),
      DEGREES: drawn.some(({ value }) => value.rule === rules.degree),
      NEARNESS: drawn.some(({ value }) => value.rule === rules.near),
      REGULAR: drawn.some(({ value }) => value.rule === rules.all || value.rule === rules.own),
    },
  });
  const routes = routesValue(plan, 'procedural', keys, (each, index) => ({
    ...drawnRule(plan, each, describeSite(plan, index, seeds), near).value,
    synapses: synapsesValue(plan, each, common),
  }));
  const nears = near.map((each) => ({
    ...nearValue(plan, each.projection).value,
    share: common.values.shareOf.get(each) ?? 0,
  }));
  const value = kernel.pack('routes', { key: keys[0]!, spaces, nears, ...routes });
  const buffer = await device.upload('routes', value, routesUsage());
  return { kernel, buffers: { routes: buffer, spreads } };
}

/** A batch has too many for a uniform. */
const routesUsage = () => GPUBufferUsage.UNIFORM | GPUBufferUsage.STORAGE;

/** The power of two of invocations that share a row of so many shares. */
function spanOf(shares: number): number {
  return 2 ** Math.ceil(Math.log2(Math.min(lanes, Math.max(1, shares))));
}

/** As in shaders/spiking/deliver-drawn.wgsl. */
const rules = { pairs: 0, degree: 1, all: 2, own: 3, near: 4 } as const;

/** A rule as the kernel draws it, and between how many invocations a row of it can be shared. */
function drawnRule(plan: NetworkPlan, each: ProjectionPlan, site: Site, near: ProjectionPlan[]) {
  const { connect } = each.projection;
  const { targets, exclude_self } = site;
  const common = {
    ...{ rule: rules.all as number, targets, exclude_self },
    ...{ segments: 0, segment_length: 1, gap_factor: 0, gap_shift: 6, detail: 0 },
  };
  const shared = (synapses: number) => Math.ceil(synapses / synapsesPerInvocation);
  switch (connect.rule) {
    case 'fixed-probability': {
      if (connect.probability === 1) return { value: common, shares: shared(targets) };
      const nothing = { ...common, rule: rules.pairs };
      if (connect.probability === 0) return { value: nothing, shares: 1 };
      const gaps = gapsOf(site, connect.probability);
      return { value: { ...nothing, ...gaps }, shares: gaps.segments };
    }
    case 'fixed-out-degree': {
      const { degree } = connect;
      return { value: { ...common, rule: rules.degree, detail: degree }, shares: shared(degree) };
    }
    case 'by-distance': {
      const { gap_factor, gap_shift } = gapsOf(site, connect.probability);
      const { segments } = nearValue(plan, each.projection);
      const value = { ...common, rule: rules.near, segments, gap_factor, gap_shift };
      return { value: { ...value, detail: near.indexOf(each) }, shares: segments };
    }
    case 'one-to-one':
      // Within a population without self-connections every pair is left out: no segments.
      return { value: { ...common, rule: exclude_self ? rules.pairs : rules.own }, shares: 1 };
    default:
      return { value: common, shares: shared(targets) };
  }
}

/** What one spike adds where and when. */
function synapsesValue(plan: NetworkPlan, each: ProjectionPlan, { values, near }: Common) {
  const { amount, receptor, delaySteps, projection } = each;
  const { packed, populations } = plan;
  const shift = packed ? 16 * (receptor % 2) : 0;
  return {
    ...{ projection: each.index, first_target: 4 * populations[projection.to]!.firstGroup },
    ...{ amount: amount * 2 ** shift, shift, word: packed ? Math.floor(receptor / 2) : receptor },
    ...{ arrival: delaySteps + 1, ...values.placeOf.get(each)! },
    ...{ space: Math.max(0, near.indexOf(each)), first_row: 0, own: ownValues(projection) },
  };
}

/** The projections of each source population side by side, as the kernels walk them. */
function routesValue(
  plan: NetworkPlan,
  storage: ProjectionPlan['storage'],
  keys: readonly number[][],
  describe: (each: ProjectionPlan, index: number) => Record<string, WgslValue>,
) {
  const projections: Record<string, WgslValue>[] = [];
  const sources = plan.populations.map(({ firstGroup, instance }, source) => {
    const first = projections.length;
    plan.projections.forEach((each, index) => {
      if (each.projection.from !== source || each.amount === 0 || each.storage !== storage) return;
      projections.push(describe(each, index));
    });
    return {
      first_group: firstGroup,
      first_projection: first,
      end_projection: projections.length,
      unused: 0,
      ...(plan.networks.length > 1 && { key: keys[instance]! }),
    };
  });
  return { sources, projections };
}
