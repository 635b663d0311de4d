/**
 * The connection rules, each as a draft: what its rows will hold is counted first, and written once all projections are
 * counted and there is room. Rules of chance are drawn by kernels from counter-based streams.
 */
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import type { WgslValue } from '../gpu/layout.ts';
import { Purpose, randomKey } from '../random.ts';
import { listRows, wordsPerSynapse } from './listed.ts';
import { nearValue } from './near-rules.ts';
import type { NetworkPlan, ProjectionPlan } from './plan.ts';
import { describeSite, gapsOf, type Site } from './row-rules.ts';
import { synapseSpreads } from './synapse-spreads.ts';

/** Rows of one projection, from `firstRow` to `endRow`, in a buffer that begins with synapse `first` of all. */
export interface Part {
  targets: GPUBuffer;
  first: number;
  firstRow: number;
  endRow: number;
}

/** What one projection will write: where its rows begin (among all synapses), and how to fill them once there is room. */
export interface Draft {
  rowStarts: Uint32Array;
  synapses: number;
  /** Words of a synapse, where it has more than its target. */
  wordsEach?: number;
  fill(part: Part): Promise<void>;
  /** Needed until all parts are filled. */
  scratch: GPUBuffer[];
}

const invocations = 64;
/** Items of one dispatch at most, so that none takes long: segments of 64 synapses, or single synapses. */
const mostSegments = 2 ** 16;
const mostSynapses = 2 ** 22;

/** Counts what projection number `index` will write. `first` is the number of its first synapse among all. */
export function draftProjection(
  device: Device,
  plan: NetworkPlan,
  index: number,
  seeds: readonly number[],
  first: number,
): Promise<Draft> {
  const { connect, selfConnections, from, to } = plan.projections[index]!.projection;
  const site = describeSite(plan, index, seeds);
  switch (connect.rule) {
    case 'fixed-probability':
      if (connect.probability === 0) return Promise.resolve(emptyDraft(site, first));
      if (connect.probability === 1) return Promise.resolve(regularDraft(device, site, first, false));
      return probabilityDraft(device, site, first, connect.probability);
    case 'fixed-out-degree':
      return outDegreeDraft(device, site, first, connect.degree);
    case 'fixed-in-degree':
      return inDegreeDraft(device, site, first, connect.degree);
    case 'by-distance':
      return nearDraft(device, plan, index, site, first, connect.probability, seeds);
    case 'all-to-all':
      return Promise.resolve(regularDraft(device, site, first, false));
    case 'one-to-one':
      // Within a population every pair is a neuron with itself.
      return Promise.resolve(
        from === to && !selfConnections ? emptyDraft(site, first) : regularDraft(device, site, first, true),
      );
    case 'explicit':
      return Promise.resolve(explicitDraft(device, plan, plan.projections[index]!, site, first));
  }
}

/** Turns counts into the places where each begins, from `first` on; returns the place after the last. */
function accumulate(counts: Uint32Array, first: number): number {
  let place = first;
  for (let index = 0; index < counts.length; index++) {
    const count = counts[index]!;
    counts[index] = place;
    place += count;
  }
  return place;
}

function evenRows(site: Site, first: number, rowLength: number): Uint32Array {
  const starts = new Uint32Array(site.sources);
  for (let row = 0; row < starts.length; row++) starts[row] = first + row * rowLength;
  return starts;
}

function emptyDraft(site: Site, first: number): Draft {
  return { rowStarts: evenRows(site, first, 0), synapses: 0, fill: () => Promise.resolve(), scratch: [] };
}

/** Runs a connection kernel over the items `from` to `end`, in dispatches of at most `most`. */
async function runKernel(
  device: Device,
  path: string,
  constants: Record<string, boolean>,
  rule: (first: number) => Record<string, WgslValue>,
  buffers: Record<string, GPUBuffer>,
  [from, end]: readonly [number, number],
  most: number,
): Promise<void> {
  const kernel = await Kernel.create(device, path, { constants });
  for (let first = from; first < end; first += most) {
    const items = Math.min(most, end - first);
    const value = kernel.pack('rule', { ...rule(first), first_item: first, items });
    const uniform = await device.upload('connection rule', value, GPUBufferUsage.UNIFORM);
    kernel.run(kernel.bind({ ...buffers, rule: uniform }), Math.ceil(items / invocations));
    // What is submitted still reads it; the device frees it afterwards.
    uniform.destroy();
  }
}

const scratchUsage = () => GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;

function probabilityDraft(device: Device, site: Site, first: number, probability: number): Promise<Draft> {
  const { key, projection, targets, exclude_self, first_target } = site;
  const gaps = gapsOf(site, probability);
  const rule = { key, projection, targets, exclude_self, first_target, ...gaps };
  return segmentsDraft(device, 'spiking/connect-probability.wgsl', rule, site, first, gaps.segments, {});
}

async function nearDraft(
  device: Device,
  plan: NetworkPlan,
  index: number,
  site: Site,
  first: number,
  probability: number,
  seeds: readonly number[],
): Promise<Draft> {
  const each = plan.projections[index]!;
  const { words, shareOf } = synapseSpreads(plan);
  const spreads = await device.upload('weights and delays', words, GPUBufferUsage.STORAGE);
  const { key, projection, exclude_self, first_target } = site;
  const { gap_factor, gap_shift } = gapsOf(site, probability);
  const { value, segments } = nearValue(plan, each.projection);
  const rule = {
    ...{ key, projection, exclude_self, first_target, gap_factor, gap_shift, segments },
    synapse_key: randomKey(seeds[each.instance]!, Purpose.synapse),
    near: { ...value, share: shareOf.get(each)! },
  };
  return segmentsDraft(device, 'spiking/connect-near.wgsl', rule, site, first, segments, { spreads });
}

/** Rows whose segments are counted first, each by an invocation. */
async function segmentsDraft(
  device: Device,
  path: string,
  rule: Record<string, WgslValue>,
  site: Site,
  first: number,
  segments: number,
  buffers: Record<string, GPUBuffer>,
): Promise<Draft> {
  const { sources } = site;
  const items = sources * segments;
  const counts = await device.allocate(`segment counts of ${site.name}`, 4 * items, scratchUsage());
  const nowhere = await device.allocate('no synapses', 16, scratchUsage());
  const run = (fill: boolean, synapses: GPUBuffer, first_synapse: number, range: [number, number]) =>
    runKernel(
      device,
      path,
      { FILL: fill },
      () => ({ ...rule, first_synapse }),
      { ...buffers, counts, synapses },
      range,
      mostSegments,
    );
  await run(false, nowhere, 0, [0, items]);
  const starts = new Uint32Array(await device.read(counts, 0, 4 * items));
  const end = accumulate(starts, first);
  device.write(counts, 0, starts);
  return {
    rowStarts: starts.filter((_, index) => index % segments === 0),
    synapses: end - first,
    fill: (part) => run(true, part.targets, part.first, [part.firstRow * segments, part.endRow * segments]),
    scratch: [counts, nowhere, ...Object.values(buffers)],
  };
}

async function outDegreeDraft(device: Device, site: Site, first: number, degree: number): Promise<Draft> {
  const { key, projection, exclude_self, first_target, targets } = site;
  const rule = { key, projection, exclude_self, first_target, degree, partners: targets };
  const rows = await device.allocate('no rows', 16, GPUBufferUsage.STORAGE);
  return {
    rowStarts: evenRows(site, first, degree),
    synapses: site.sources * degree,
    fill: (part) =>
      runKernel(
        device,
        'spiking/connect-degree.wgsl',
        { INCOMING: false, FILL: true },
        (item) => ({
          ...rule,
          ...{ first_place: first + item - part.first, first_row: 0, end_row: 0, first_synapse: 0 },
        }),
        { rows, synapses: part.targets },
        [part.firstRow * degree, part.endRow * degree],
        mostSynapses,
      ),
    scratch: [rows],
  };
}

async function inDegreeDraft(device: Device, site: Site, first: number, degree: number): Promise<Draft> {
  const { key, projection, exclude_self, first_target, sources, targets } = site;
  const rule = { key, projection, exclude_self, first_target, degree, partners: sources, first_place: 0 };
  const rows = await device.allocate(`row counts of ${site.name}`, 4 * sources, scratchUsage());
  const nowhere = await device.allocate('no synapses', 16, scratchUsage());
  const run = (fill: boolean, { targets: synapses, first: first_synapse, firstRow, endRow }: Part) =>
    runKernel(
      device,
      'spiking/connect-degree.wgsl',
      { INCOMING: true, FILL: fill },
      () => ({ ...rule, first_row: firstRow, end_row: endRow, first_synapse }),
      { rows, synapses },
      [0, targets * degree],
      mostSynapses,
    );
  await run(false, { targets: nowhere, first: 0, firstRow: 0, endRow: sources });
  const starts = new Uint32Array(await device.read(rows, 0, 4 * sources));
  const end = accumulate(starts, first);
  device.write(rows, 0, starts);
  return {
    rowStarts: starts,
    synapses: end - first,
    fill: (part) => run(true, part),
    scratch: [rows, nowhere],
  };
}

function regularDraft(device: Device, site: Site, first: number, oneToOne: boolean): Draft {
  const row_length = oneToOne ? 1 : site.targets - site.exclude_self;
  const { sources, exclude_self, first_target } = site;
  const rule = { first_target, row_length, one_to_one: oneToOne ? 1 : 0, exclude_self };
  return {
    rowStarts: evenRows(site, first, row_length),
    synapses: sources * row_length,
    fill: (part) =>
      runKernel(
        device,
        'spiking/connect-all.wgsl',
        {},
        (item) => ({ ...rule, first_place: first + item - part.first }),
        { synapses: part.targets },
        [part.firstRow * row_length, part.endRow * row_length],
        mostSynapses,
      ),
    scratch: [],
  };
}

function explicitDraft(
  device: Device,
  plan: NetworkPlan,
  { projection, receptor }: ProjectionPlan,
  site: Site,
  first: number,
): Draft {
  const { unit } = plan.populations[projection.to]!.receptors[receptor]!;
  const { sources, first_target: firstTarget } = site;
  const { words, starts } = listRows(projection, { sources, firstTarget, unit, dt: plan.network.dt });
  const wordsEach = wordsPerSynapse(projection);
  return {
    rowStarts: starts.map((start) => start + first),
    synapses: words.length / wordsEach,
    wordsEach,
    fill: async (part) => {
      const from = starts[part.firstRow] ?? words.length;
      const end = starts[part.endRow] ?? words.length;
      device.write(part.targets, 4 * (first + from - part.first), words.subarray(from, end));
    },
    scratch: [],
  };
}
