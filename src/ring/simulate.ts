/** Rings over time, with everything read back: for one ring or a few. */
import { NonFiniteError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import { isAdapting } from '../mean-field/model.ts';
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
  /** Covariances of a unit's rates, Hz^2; recorded with rates in second order. */
  Cee?: Float32Array;
  Cei?: Float32Array;
  Cii?: Float32Array;
  /** Mean adaptation currents, pA; recorded with rates where populations adapt. */
  we?: Float32Array;
  wi?: Float32Array;
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
 * @throws NonFiniteError where the state of a ring leaves all bounds: when, in which unit, and which variable of it
 */
export async function simulateRings(
  device: Device,
  rings: readonly Ring[],
  options: RingOptions,
): Promise<RingRun[]> {
  const runs: Omit<RingRun, 'timing'>[] = [];
  const timing = await runRings(device, rings, options, async (chunk) => {
    const [fault] = chunk.faults;
    if (fault) throw new NonFiniteError(fault.message);
    const deltaV = new Float32Array(await device.read(chunk.deltaV, 0, 16 * cellsOf(chunk)));
    const width = 4 * chunk.variables;
    const states = chunk.rates
      ? new Float32Array(await device.read(chunk.rates, 0, 4 * width * cellsOf(chunk)))
      : undefined;
    const names = variablesOf(options);
    chunk.rings.forEach((index, place) => {
      const ring = rings[index];
      if (!ring) return;
      const samples = chunk.samples[place]!;
      runs[index] = {
        ring,
        times: Float64Array.from({ length: samples }, (_, k) => k * chunk.dt),
        positions: ringPositions(ring),
        input: ringInput(ring, samples, chunk.dt),
        ...(states
          ? Object.fromEntries(names.map((name, v) => [name, gather(chunk, states, place, width, 4 * v)]))
          : {}),
        deltaV: gather(chunk, deltaV, place, 4, 0),
        adapter: device.adapter,
      };
    });
  });
  return runs.map((run) => ({ ...run, timing }));
}

/** Names of the variables of a state, in its order. */
function variablesOf({ model, order = 1 }: RingOptions) {
  return [
    'Fe' as const,
    'Fi' as const,
    ...(order === 2 ? (['Cee', 'Cei', 'Cii'] as const) : []),
    ...(isAdapting(model) ? (['we', 'wi'] as const) : []),
  ];
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
