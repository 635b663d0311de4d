/**
 * The synapses of a network on the device: one row of target numbers for each source neuron and projection, all rows behind
 * each other in one buffer. The same seed gives the same network on every device.
 */
import type { Device } from '../gpu/device.ts';
import { type Draft, draftProjection } from './connection-rules.ts';
import type { NetworkPlan } from './plan.ts';

/** Synapses on the device, by projection, source, and place in the row. */
export interface Connectivity {
  /** First row of each projection in `rows`. */
  firstRow: number[];
  /** Synapses of each projection. */
  synapses: number[];
  total: number;
  /** u32: first synapse of each row, and one past the last. */
  rows: GPUBuffer;
  /** u32: target neuron, numbered with padding. */
  targets: GPUBuffer;
}

/** @throws DeviceMemoryError where the synapses do not fit */
export async function buildConnectivity(
  device: Device,
  plan: NetworkPlan,
  seed: number,
): Promise<Connectivity> {
  const drafts: Draft[] = [];
  let total = 0;
  for (const [index, projection] of plan.projections.entries()) {
    const draft = await draftProjection(device, plan, projection, index, seed, total);
    drafts.push(draft);
    total += draft.synapses;
  }
  const rowCount = drafts.reduce((sum, draft) => sum + draft.rowStarts.length, 0);
  const rows = new Uint32Array(rowCount + 1);
  const firstRow: number[] = [];
  let at = 0;
  for (const draft of drafts) {
    firstRow.push(at);
    rows.set(draft.rowStarts, at);
    at += draft.rowStarts.length;
  }
  rows[rowCount] = total;
  const storage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
  const targets = await device.allocate(`${total} synapses`, 4 * total, storage | GPUBufferUsage.COPY_DST);
  for (const draft of drafts) await draft.fill(targets);
  return {
    firstRow,
    synapses: drafts.map((draft) => draft.synapses),
    total,
    rows: await device.upload('synapse rows', rows, storage),
    targets,
  };
}

/** The synapses of a projection as (source, target) pairs, numbered within their populations, sorted. */
export async function readConnectivity(
  device: Device,
  plan: NetworkPlan,
  connectivity: Connectivity,
  projection: number,
): Promise<{ source: Uint32Array; target: Uint32Array }> {
  const { from, to } = plan.projections[projection]!.projection;
  const sources = plan.populations[from]!.population.size;
  const firstTarget = 4 * plan.populations[to]!.firstGroup;
  const first = connectivity.firstRow[projection]!;
  const rows = new Uint32Array(await device.read(connectivity.rows, 4 * first, 4 * (sources + 1)));
  const count = connectivity.synapses[projection]!;
  const begin = rows[0]!;
  const target = new Uint32Array(await device.read(connectivity.targets, 4 * begin, 4 * count));
  const source = new Uint32Array(count);
  for (let row = 0; row < sources; row++) {
    const [start, end] = [rows[row]! - begin, row + 1 < sources ? rows[row + 1]! - begin : count];
    source.fill(row, start, end);
    target.subarray(start, end).sort();
  }
  return { source, target: target.map((each) => each - firstTarget) };
}
