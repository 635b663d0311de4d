/**
 * The synapses of a network on the device. Stored: one row of target numbers (with weights and delays where a list gives
 * them) for each source neuron and projection, all rows behind each other, in as many buffers as it takes. Drawn: no rows,
 * each is made anew when its neuron spikes (see storage.ts). The same seed gives the same network on every device, however it is kept.
 */
import { DeviceMemoryError } from '../errors.ts';
import { megabytes } from '../gpu/bytes.ts';
import type { Device } from '../gpu/device.ts';
import { type Draft, draftProjection, type Part } from './connection-rules.ts';
import { wordsPerSynapse } from './listed.ts';
import type { NetworkPlan } from './plan.ts';

/** Stored synapses, by projection, source, and place in the row. */
export interface Rows {
  /** Projections that are stored. */
  projections: number[];
  /** First row in `rows` of each of them, by number of the projection. */
  firstRow: Map<number, number>;
  /** Synapses of each of them, likewise. */
  synapses: Map<number, number>;
  total: number;
  /** u32: first word of each row, and one past the last. */
  rows: GPUBuffer;
  /** The synapses, cut between rows. At least one piece. */
  pieces: Piece[];
}

/** u32: words `first` up to `end` of all rows: target neurons, numbered with padding, and what synapses have for themselves. */
export interface Piece {
  first: number;
  end: number;
  targets: GPUBuffer;
}

export interface Connectivity extends Rows {
  /** Synapses of all projections; of those that are drawn at each spike, as many as are expected. */
  total: number;
  /** Of each network of the plan. */
  seeds: readonly number[];
}

/**
 * @param seeds of each network of the plan
 * @throws DeviceMemoryError where the synapses do not fit
 */
export async function buildConnectivity(
  device: Device,
  plan: NetworkPlan,
  seeds: readonly number[],
): Promise<Connectivity> {
  const stored = plan.projections.flatMap(({ storage }, index) => (storage === 'stored' ? [index] : []));
  const rows = await buildRows(device, plan, stored, seeds);
  const drawn = plan.projections.reduce(
    (sum, each) => sum + (each.storage === 'stored' ? 0 : each.expectedSynapses),
    0,
  );
  return { ...rows, total: rows.total + Math.round(drawn), seeds };
}

/** Frees what a network's synapses take. */
export function freeRows({ rows, pieces }: Rows): void {
  rows.destroy();
  for (const { targets } of pieces) targets.destroy();
}

/**
 * Writes down the rows of some projections.
 * @param most bytes of a buffer (default: what the device binds)
 */
export async function buildRows(
  device: Device,
  plan: NetworkPlan,
  projections: number[],
  seeds: readonly number[],
  most = Math.min(device.limits.maxStorageBufferBindingSize, plan.pieceBytes),
): Promise<Rows> {
  const drafts: Draft[] = [];
  let total = 0;
  let words = 0;
  for (const index of projections) {
    const draft = await draftProjection(device, plan, index, seeds, words);
    drafts.push(draft);
    total += draft.synapses;
    words += draft.synapses * (draft.wordsEach ?? 1);
  }
  if (words >= 2 ** 32) {
    throw new DeviceMemoryError(
      `network ${plan.network.name} has ${total} synapses to store, in more than the ${2 ** 32 - 1} words that can be numbered: let the engine draw them at each spike with storage: procedural`,
    );
  }
  const rowCount = drafts.reduce((sum, draft) => sum + draft.rowStarts.length, 0);
  const starts = new Uint32Array(rowCount + 1);
  const firstRow = new Map<number, number>();
  let at = 0;
  drafts.forEach((draft, index) => {
    firstRow.set(projections[index]!, at);
    starts.set(draft.rowStarts, at);
    at += draft.rowStarts.length;
  });
  starts[rowCount] = words;
  const storage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
  const pieces: Piece[] = [];
  for (const [from, end] of cutRows(starts, Math.floor(most / 4))) {
    const [first, last] = [starts[from]!, starts[end]!];
    const label = `${last - first} words of synapses (all that is stored: ${megabytes(4 * words)})`;
    const targets = await device.allocate(label, 4 * (last - first), storage | GPUBufferUsage.COPY_DST);
    pieces.push({ first, end: last, targets });
    let row = 0;
    for (const draft of drafts) {
      const rows = draft.rowStarts.length;
      const part: Part = {
        ...{ targets, first },
        firstRow: Math.min(rows, Math.max(0, from - row)),
        endRow: Math.min(rows, Math.max(0, end - row)),
      };
      if (part.firstRow < part.endRow) await draft.fill(part);
      row += rows;
    }
  }
  for (const buffer of drafts.flatMap(({ scratch }) => scratch)) buffer.destroy();
  return {
    ...{ projections, firstRow, total, pieces },
    synapses: new Map(drafts.map((draft, index) => [projections[index]!, draft.synapses])),
    rows: await device.upload('synapse rows', starts, storage),
  };
}

/** Ranges of rows that hold at most `most` synapses each; one range where there is nothing. */
function cutRows(starts: Uint32Array, most: number): [number, number][] {
  const ranges: [number, number][] = [];
  const last = starts.length - 1;
  let from = 0;
  for (let row = 0; row < last; row++) {
    if (starts[row + 1]! - starts[from]! <= most || row === from) continue;
    ranges.push([from, row]);
    from = row;
  }
  return [...ranges, [from, last]];
}

/** The synapses of a projection as (source, target) pairs, numbered within their populations, sorted. */
export async function readConnectivity(
  device: Device,
  plan: NetworkPlan,
  connectivity: Connectivity,
  projection: number,
): Promise<{ source: Uint32Array; target: Uint32Array }> {
  if (connectivity.firstRow.has(projection)) return readRows(device, plan, connectivity, projection);
  const rows = await buildRows(device, plan, [projection], connectivity.seeds);
  try {
    return await readRows(device, plan, rows, projection);
  } finally {
    freeRows(rows);
  }
}

async function readRows(device: Device, plan: NetworkPlan, stored: Rows, projection: number) {
  const { from, to } = plan.projections[projection]!.projection;
  const each = wordsPerSynapse(plan.projections[projection]!.projection);
  const sources = plan.populations[from]!.population.size;
  const firstTarget = 4 * plan.populations[to]!.firstGroup;
  const firstRow = stored.firstRow.get(projection)!;
  const rows = new Uint32Array(await device.read(stored.rows, 4 * firstRow, 4 * (sources + 1)));
  const count = stored.synapses.get(projection)!;
  const begin = rows[0]!;
  const words = new Uint32Array(count * each);
  for (const { first, end, targets } of stored.pieces) {
    const [low, high] = [Math.max(begin, first), Math.min(begin + words.length, end)];
    if (low >= high) continue;
    const part = new Uint32Array(await device.read(targets, 4 * (low - first), 4 * (high - low)));
    words.set(part, low - begin);
  }
  const target = each === 1 ? words : words.filter((_, place) => place % each === 0);
  const source = new Uint32Array(count);
  for (let row = 0; row < sources; row++) {
    const start = (rows[row]! - begin) / each;
    const end = row + 1 < sources ? (rows[row + 1]! - begin) / each : count;
    source.fill(row, start, end);
    target.subarray(start, end).sort();
  }
  return { source, target: target.map((each) => each - firstTarget) };
}
