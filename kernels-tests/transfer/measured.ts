/** Small builders for tests of measuring. */
import type { Cell } from '../../src/models/cells.ts';
import { membraneTimeConstant } from '../../src/models/cells.ts';
import type { MeasureSettings, SynapticInput } from '../../src/transfer/data.ts';
import type { Subject } from '../../src/transfer/measure-program.ts';
import { averagesFor, SUM_COUNT, SUMS } from '../../src/transfer/moments.ts';
import { cell } from '../spiking/networks.ts';
import { type MeasuredNeuron, type MeasuredPlace, measure } from '../twins/measure.ts';

/** The synapses of config1. */
export const config1Input: SynapticInput = {
  exc: { K: 400, Q: 1, tau: 5, E_rev: 0 },
  inh: { K: 100, Q: 5, tau: 5, E_rev: -80 },
};

export function subject(
  of: Cell = cell('RS-cell'),
  settings: Partial<MeasureSettings> = {},
  input: SynapticInput = config1Input,
): Subject {
  return {
    cell: of,
    input,
    settings: { dt: 0.05, duration: 200, discard: 0, repeats: 4, seed: 7, ...settings },
  };
}

/** The sums of one repeat by name. */
export function sumsOf(quartet: Float64Array, repeat: number): MeasuredNeuron {
  const values = quartet.subarray(repeat * SUM_COUNT, (repeat + 1) * SUM_COUNT);
  return Object.fromEntries(SUMS.map((name, index) => [name, values[index]!])) as unknown as MeasuredNeuron;
}

/** What the twin finds for one repeat. */
export function twinOf(
  { cell, input, settings }: Subject,
  place: MeasuredPlace,
  disturbance = 0,
): MeasuredNeuron {
  const { T } = averagesFor(membraneTimeConstant(cell), input, settings.dt);
  return measure(cell, input, settings, place, T, disturbance);
}
