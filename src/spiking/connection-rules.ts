/**
 * The connection rules, each as a draft: what its rows will hold is counted first, and written once all projections are
 * counted and there is room. Rules of chance are drawn by kernels from counter-based streams.
 */
import { InputError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import type { WgslValue } from '../gpu/layout.ts';
import { Purpose, randomKey } from '../random.ts';
import type { NetworkPlan, ProjectionPlan } from './plan.ts';

/** What one projection will write: where its rows begin (absolute), and how to fill them once there is room. */
export interface Draft {
  rowStarts: Uint32Array;
  synapses: number;
  fill(targets: GPUBuffer): Promise<void>;
}

const invocations = 64;
/** Synapses expected in one segment of a row, which one invocation draws. */
const synapsesPerSegment = 64;

/** Counts what a projection will write. `first` is the place of its first synapse. */
export function draftProjection(
  device: Device,
  plan: NetworkPlan,
  projection: ProjectionPlan,
  index: number,
  seed: number,
  first: number,
): Promise<Draft> {
  const { connect } = projection.projection;
  const site = describeSite(plan, projection, index, seed, first);
  switch (connect.rule) {
    case 'fixed-probability':
      if (connect.probability === 0) return Promise.resolve(emptyDraft(site));
      if (connect.probability === 1) return Promise.resolve(regularDraft(device, site, false));
      return probabilityDraft(device, site, connect.probability);
    case 'fixed-out-degree':
      return Promise.resolve(outDegreeDraft(device, site, connect.degree));
    case 'fixed-in-degree':
      return inDegreeDraft(device, site, connect.degree);
    case 'all-to-all':
      return Promise.resolve(regularDraft(device, site, false));
    case 'one-to-one':
      // Within a population every pair is a neuron with itself.
      return Promise.resolve(site.exclude_self ? emptyDraft(site) : regularDraft(device, site, true));
    case 'explicit':
      return Promise.resolve(explicitDraft(device, site, connect.source, connect.target));
  }
}

/** What the kernels need to know of a projection, whatever its rule. */
interface Site {
  name: string;
  key: [number, number, number, number];
  projection: number;
  sources: number;
  targets: number;
  exclude_self: number;
  first_target: number;
  first_synapse: number;
}

function describeSite(
  plan: NetworkPlan,
  { projection }: ProjectionPlan,
  index: number,
  seed: number,
  first: number,
): Site {
  const target = plan.populations[projection.to]!;
  return {
    name: projection.name,
    key: randomKey(seed, Purpose.connect),
    projection: index,
    sources: plan.populations[projection.from]!.population.size,
    targets: target.population.size,
    exclude_self: projection.from === projection.to && !projection.selfConnections ? 1 : 0,
    first_target: 4 * target.firstGroup,
    first_synapse: first,
  };
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

function evenRows(site: Site, rowLength: number): Uint32Array {
  return Uint32Array.from({ length: site.sources }, (_, row) => site.first_synapse + row * rowLength);
}

function emptyDraft(site: Site): Draft {
  return { rowStarts: evenRows(site, 0), synapses: 0, fill: () => Promise.resolve() };
}

/** Runs a connection kernel over `items` invocations. */
async function runKernel(
  device: Device,
  path: string,
  constants: Record<string, boolean>,
  rule: Record<string, WgslValue>,
  buffers: Record<string, GPUBuffer>,
  items: number,
): Promise<void> {
  const kernel = await Kernel.create(device, path, { constants });
  const uniform = await device.upload('connection rule', kernel.pack('rule', rule), GPUBufferUsage.UNIFORM);
  kernel.run(kernel.bind({ ...buffers, rule: uniform }), Math.ceil(items / invocations));
  // What is submitted still reads it; the device frees it afterwards.
  uniform.destroy();
}

async function probabilityDraft(device: Device, site: Site, probability: number): Promise<Draft> {
  const factor = gapFactor(site.name, probability);
  const wanted = Math.ceil(synapsesPerSegment / probability / invocations) * invocations;
  const length = Math.min(site.targets, wanted);
  const segments = Math.ceil(site.targets / length);
  const { key, projection, sources, targets, exclude_self, first_target } = site;
  const rule = {
    ...{ key, projection, sources, targets, exclude_self, first_target },
    ...{ segments, segment_length: length, gap_factor: factor.mantissa, gap_shift: factor.shift },
  };
  const items = sources * segments;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const counts = await device.allocate(`segment counts of ${site.name}`, 4 * items, usage);
  const nowhere = await device.allocate('no synapses', 16, usage);
  const path = 'spiking/connect-probability.wgsl';
  await runKernel(device, path, { FILL: false }, rule, { counts, synapses: nowhere }, items);
  const starts = new Uint32Array(await device.read(counts, 0, 4 * items));
  const end = accumulate(starts, site.first_synapse);
  return {
    rowStarts: starts.filter((_, index) => index % segments === 0),
    synapses: end - site.first_synapse,
    async fill(synapses) {
      device.write(counts, 0, starts);
      await runKernel(device, path, { FILL: true }, rule, { counts, synapses }, items);
      counts.destroy();
      nowhere.destroy();
    },
  };
}

/** 1 / -log2(1 - p) as mantissa / 2^shift, with a mantissa of 32 bits where the shift (at least 6) allows. */
function gapFactor(name: string, probability: number): { mantissa: number; shift: number } {
  const factor = -Math.LN2 / Math.log1p(-probability);
  const shift = Math.max(6, 31 - Math.floor(Math.log2(factor)));
  const mantissa = Math.min(2 ** 32 - 1, Math.round(factor * 2 ** shift));
  if (factor * 2 ** shift > 2 ** 32) {
    throw new InputError(
      `projections.${name}.connect.probability is ${probability}, too small to be told from 0: use 0, or at least 2e-8`,
      { field: `projections.${name}.connect.probability` },
    );
  }
  return { mantissa, shift };
}

function outDegreeDraft(device: Device, site: Site, degree: number): Draft {
  const { key, projection, exclude_self, first_target, first_synapse } = site;
  const rule = {
    key,
    projection,
    exclude_self,
    first_target,
    first_synapse,
    degree,
    owners: site.sources,
    partners: site.targets,
  };
  return {
    rowStarts: evenRows(site, degree),
    synapses: site.sources * degree,
    async fill(synapses) {
      const rows = await device.allocate('no rows', 16, GPUBufferUsage.STORAGE);
      const path = 'spiking/connect-degree.wgsl';
      await runKernel(
        device,
        path,
        { INCOMING: false, FILL: true },
        rule,
        { rows, synapses },
        site.sources * degree,
      );
    },
  };
}

async function inDegreeDraft(device: Device, site: Site, degree: number): Promise<Draft> {
  const { key, projection, exclude_self, first_target, first_synapse } = site;
  const rule = {
    key,
    projection,
    exclude_self,
    first_target,
    first_synapse,
    degree,
    owners: site.targets,
    partners: site.sources,
  };
  const items = site.targets * degree;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const rows = await device.allocate(`row counts of ${site.name}`, 4 * site.sources, usage);
  const nowhere = await device.allocate('no synapses', 16, usage);
  const path = 'spiking/connect-degree.wgsl';
  await runKernel(device, path, { INCOMING: true, FILL: false }, rule, { rows, synapses: nowhere }, items);
  const starts = new Uint32Array(await device.read(rows, 0, 4 * site.sources));
  const end = accumulate(starts, first_synapse);
  return {
    rowStarts: starts,
    synapses: end - first_synapse,
    async fill(synapses) {
      device.write(rows, 0, starts);
      await runKernel(device, path, { INCOMING: true, FILL: true }, rule, { rows, synapses }, items);
      rows.destroy();
      nowhere.destroy();
    },
  };
}

function regularDraft(device: Device, site: Site, oneToOne: boolean): Draft {
  const rowLength = oneToOne ? 1 : site.targets - site.exclude_self;
  const { sources, exclude_self, first_target, first_synapse } = site;
  const rule = {
    sources,
    first_target,
    first_synapse,
    row_length: rowLength,
    one_to_one: oneToOne ? 1 : 0,
    exclude_self,
  };
  const items = sources * rowLength;
  return {
    rowStarts: evenRows(site, rowLength),
    synapses: items,
    fill: (synapses) => runKernel(device, 'spiking/connect-all.wgsl', {}, rule, { synapses }, items),
  };
}

function explicitDraft(device: Device, site: Site, source: Uint32Array, target: Uint32Array): Draft {
  const rowStarts = new Uint32Array(site.sources);
  for (const each of source) rowStarts[each]!++;
  accumulate(rowStarts, 0);
  const next = rowStarts.slice();
  const targets = new Uint32Array(source.length);
  source.forEach((each, index) => {
    targets[next[each]!++] = site.first_target + target[index]!;
  });
  return {
    rowStarts: rowStarts.map((start) => start + site.first_synapse),
    synapses: source.length,
    fill: async (synapses) => device.write(synapses, 4 * site.first_synapse, targets),
  };
}
