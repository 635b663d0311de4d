/**
 * How a batch of rings is put on the device: four rings of the same connectivity make a quad, which one workgroup advances, and as many
 * quads make a chunk as memory holds. Rings of one quad run as long as its longest, so those of equal duration are put together.
 */
import { DeviceMemoryError } from '../errors.ts';
import { megabytes } from '../gpu/bytes.ts';
import type { Device } from '../gpu/device.ts';
import { pixelCount, type Ring, ringSteps } from '../models/ring.ts';
import { type Connectivity, connectivityKey, ringConnectivity } from './connectivity.ts';

export interface Quad {
  /** Index of each ring in the batch, or -1. */
  rings: readonly number[];
  connectivity: Connectivity;
  /** Samples of each of them, 0 where there is none, and of the longest. */
  samples: readonly number[];
  longest: number;
}

export interface Chunk {
  quads: Quad[];
  /** Past samples kept for each quad, and samples it has room for. */
  slots: number;
  stride: number;
  /** Whether its stimuli are samples; others are never with them, so that each ring is advanced by one kernel alone. */
  sampled: boolean;
}

/** Rings that one workgroup advances together. */
export const TOGETHER = 4;
/** Of a chunk's past or results: more does not make a device faster. */
const MOST_BYTES = 2 ** 29;
/** The history of a unit: rates of two populations of four rings. */
const HISTORY_BYTES = 2 * 4 * TOGETHER;

/** Steps that units of a quad may do without looking at each other. */
export function blockOf({ shortest }: Connectivity): number {
  return Math.min(shortest, 2 ** 16) + 1;
}

/** Past samples that a quad needs, so that none is overwritten that is still on its way. */
function slotsOf(connectivity: Connectivity, longest: number): number {
  const block = Math.min(blockOf(connectivity), longest);
  return Math.min(connectivity.longest, longest) + block + 1;
}

/** Bytes of the largest buffer of results for one sample of a quad: where the state is recorded, `recorded` variables of it. */
function sampleBytes(pixels: number, recorded: number): number {
  return pixels * 4 * TOGETHER * Math.max(1, recorded);
}

export interface ChunkOptions {
  /** Variables of the state that are recorded in each sample, 0 where only responses are. */
  recorded: number;
  /** Vectors of each unit's state that stay on the device beside its past (default: 0). */
  kept?: number;
  /** Places in memory for the units of a ring (default: as many as it has). */
  width?: number | undefined;
}

/**
 * @throws DeviceMemoryError where a single quad does not fit
 */
export function planChunks(
  device: Device,
  rings: readonly Ring[],
  dt: number,
  { recorded, kept = 0, width }: ChunkOptions,
): Chunk[] {
  const room = Math.min(MOST_BYTES, device.limits.maxStorageBufferBindingSize);
  const pixels = width ?? pixelCount(rings[0]!);
  const chunks: Chunk[] = [];
  let chunk: Chunk | undefined;
  for (const { quad, sampled } of quadsOf(rings, dt)) {
    const slots = slotsOf(quad.connectivity, quad.longest);
    const past = slots * pixels * HISTORY_BYTES;
    refuseLong(device, rings[quad.rings[0]!]!, quad, past, pixels, recorded, room);
    const fits = (count: number, ofSlots: number, stride: number) =>
      count * ofSlots * pixels * HISTORY_BYTES <= room &&
      count * stride * sampleBytes(pixels, recorded) <= room &&
      count * pixels * 4 * TOGETHER * kept <= room;
    const most = (a: number, b: number) => Math.max(a, b);
    if (
      chunk &&
      chunk.sampled === sampled &&
      fits(chunk.quads.length + 1, most(chunk.slots, slots), most(chunk.stride, quad.longest))
    ) {
      chunk.quads.push(quad);
      chunk.slots = most(chunk.slots, slots);
      chunk.stride = most(chunk.stride, quad.longest);
    } else {
      chunk = { quads: [quad], slots, stride: quad.longest, sampled };
      chunks.push(chunk);
    }
  }
  return chunks;
}

function quadsOf(rings: readonly Ring[], dt: number): { quad: Quad; sampled: boolean }[] {
  const groups = new Map<string, number[]>();
  rings.forEach((ring, index) => {
    const key = `${ring.stimulus.kind === 'sampled'} ${connectivityKey(ring)}`;
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  });
  const steps = rings.map((ring) => ringSteps(ring, dt));
  const quads: { quad: Quad; sampled: boolean }[] = [];
  for (const group of groups.values()) {
    const connectivity = ringConnectivity(rings[group[0]!]!, dt);
    group.sort((a, b) => steps[a]! - steps[b]! || a - b);
    for (let first = 0; first < group.length; first += TOGETHER) {
      const members = Array.from({ length: TOGETHER }, (_, place) => group[first + place] ?? -1);
      const samples = members.map((index) => (index < 0 ? 0 : steps[index]!));
      quads.push({
        quad: { rings: members, connectivity, samples, longest: Math.max(...samples) },
        sampled: rings[group[0]!]!.stimulus.kind === 'sampled',
      });
    }
  }
  // Slow rings keep a long past: chunks of equal rings waste the least of it.
  return quads.sort(
    (a, b) =>
      Number(a.sampled) - Number(b.sampled) || b.quad.connectivity.longest - a.quad.connectivity.longest,
  );
}

function refuseLong(
  device: Device,
  ring: Ring,
  { connectivity, longest }: Quad,
  past: number,
  pixels: number,
  recorded: number,
  room: number,
): void {
  if (past > room)
    throw new DeviceMemoryError(
      `at ${ring.conduction_velocity} mm/s activity of ring ${ring.name} is on its way for up to ${connectivity.longest} steps, whose history needs ${megabytes(past)}, but ${device.adapter.name} binds ${megabytes(room)}: give a higher conduction velocity, a longer dt or fewer units`,
    );
  const results = longest * sampleBytes(pixels, recorded);
  if (results > room)
    throw new DeviceMemoryError(
      `the ${longest} samples of ring ${ring.name} need ${megabytes(results)}, but ${device.adapter.name} binds ${megabytes(room)}: give a shorter duration, a longer dt or fewer units`,
    );
}
