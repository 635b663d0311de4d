/** Rings over time, with everything read back: for one ring or a few. */
import type { Device } from '../gpu/device.ts';
import { type Ring, ringPositions } from '../models/ring.ts';
import { ringInput } from './device-ring.ts';
import { type RingChunk, runRings } from './run-rings.ts';
import type { RingOptions } from './settings.ts';

/** What a ring did. Arrays are `[sample, pixel]`, pixels row by row; sample k is at k dt, sample 0 at rest. */
export interface RingRun {
  ring: Ring;
  /** ms */
  times: Float64Array;
  /** Of units along the ring, mm. */
  positions: Float64Array;
  /** What stimuli give to each afferent synapse, Hz. */
  input: Float32Array;
  /** Hz; absent unless rates are recorded. */
  Fe?: Float32Array;
  Fi?: Float32Array;
  /** |mu_V - mu_V at rest| over |mu_V at rest|, without what excitatory cells receive from the stimulus directly. */
  deltaV: Float32Array;
  adapter: Device['adapter'];
  timing: { run_s: number; unit_steps: number };
}

/**
 * Runs all rings from rest.
 *
 *     const model = meanField(readNetwork('config1'), { formula: 'as-published' });
 *     const [run] = await simulateRings(device, [ZERLAUT_RING], { model, rates: true });
 *     run.deltaV[sample * 30 + unit];
 *
 * @throws InputError where rings or options cannot be meant
 * @throws DeviceMemoryError where one ring does not fit
 */
export async function simulateRings(
  device: Device,
  rings: readonly Ring[],
  options: RingOptions,
): Promise<RingRun[]> {
  const runs: Omit<RingRun, 'timing'>[] = [];
  const timing = await runRings(device, rings, options, async (chunk) => {
    const deltaV = new Float32Array(await device.read(chunk.deltaV, 0, 16 * cellsOf(chunk)));
    const rates = chunk.rates
      ? new Float32Array(await device.read(chunk.rates, 0, 32 * cellsOf(chunk)))
      : undefined;
    chunk.rings.forEach((index, place) => {
      const ring = rings[index];
      if (!ring) return;
      const samples = chunk.samples[place]!;
      runs[index] = {
        ring,
        times: Float64Array.from({ length: samples }, (_, k) => k * chunk.dt),
        positions: ringPositions(ring),
        input: ringInput(ring, samples, chunk.dt),
        ...(rates ? { Fe: gather(chunk, rates, place, 8, 0), Fi: gather(chunk, rates, place, 8, 4) } : {}),
        deltaV: gather(chunk, deltaV, place, 4, 0),
        adapter: device.adapter,
      };
    });
  });
  return runs.map((run) => ({ ...run, timing }));
}

function cellsOf({ quads, stride, pixels }: RingChunk): number {
  return quads * stride * pixels;
}

/** One ring's numbers out of a chunk whose cells are `width` numbers wide. */
function gather(
  { samples, stride, pixels }: RingChunk,
  words: Float32Array,
  place: number,
  width: number,
  offset: number,
): Float32Array {
  const first = Math.floor(place / 4) * stride * pixels * width + offset + (place % 4);
  return Float32Array.from({ length: samples[place]! * pixels }, (_, cell) => words[first + cell * width]!);
}
