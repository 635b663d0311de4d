/**
 * Sweeps a parameter of the ALN node up and down by continuation: each value begins with the state in which the one before it ended,
 * so that a branch is followed until it ends. Where the two sweeps differ there is hysteresis.
 */
import { regionOf } from '../analysis/node-states.ts';
import { InputError } from '../errors.ts';
import { defaultTables } from '../fokker-planck/default-tables.ts';
import type { Device } from '../gpu/device.ts';
import { alnNodes } from '../models/aln.ts';
import { requireDelays } from './aln-checks.ts';
import type { Extremes, Reduction } from './aln-result.ts';
import { type AlnOptions, AlnSimulation } from './aln-simulation.ts';
import { ALN_STARTS, type Axis, checkAxes, type Exploration, outcomeAt } from './explore-aln.ts';

export interface SweepOptions extends Omit<AlnOptions, 'initial' | 'parameters' | 'seed'> {
  /** The same at all values. */
  parameters?: Record<string, number>;
  /** Its values ascend. */
  vary: Axis;
  /** At each value, ms; 5 s. */
  duration?: number;
  /** The closing part of each that is reduced, ms; 3 s. */
  window?: number;
  /** Of the noise, which both sweeps share at equal times; 0. */
  seed?: number;
  onProgress?: (fraction: number) => void;
}

/** The outcomes of a sweep by its direction, each in the order of ascending values. */
export const SWEEPS = ['sweep_up', 'sweep_down'] as const;

/**
 * Runs both sweeps as one batch of two nodes; the upward one begins silent, the downward one active.
 * @throws InputError for a parameter that is not there, values that do not ascend, and as `simulateAln`
 */
export async function sweepAln(device: Device, options: SweepOptions): Promise<Exploration> {
  const { vary, duration = 5000, window = 3000, parameters = {}, onProgress, seed = 0, ...rest } = options;
  checkAxes([vary], parameters);
  const { name, values } = vary;
  const count = values.length;
  if (values.some((value, index) => index > 0 && !(value > values[index - 1]!)))
    throw new InputError(`the values of ${name} do not ascend; order them for a sweep`, { field: name });
  const at = (up: number, down: number) => ({ ...parameters, [name]: [values[up]!, values[down]!] });
  for (let step = 0; step < count; step++) {
    const nodes = alnNodes(at(step, step));
    requireDelays(duration, nodes);
  }
  const { down, up } = ALN_STARTS;
  const initial = Object.fromEntries(
    (Object.keys(down) as (keyof typeof down)[]).map((key) => [key, [down[key], up[key]]]),
  );
  // Created with the largest value in both, so that a delay that varies has room from the beginning.
  await using simulation = await AlnSimulation.create(device, {
    ...{ ...rest, tables: rest.tables ?? defaultTables() },
    ...{ parameters: at(count - 1, count - 1), initial: withInputs(at(0, count - 1), initial) },
    seed: [seed, seed],
  });
  const list = () => new Float64Array(count);
  const extremes = (): Extremes => ({ min: list(), max: list(), mean: list() });
  const outcomes: Record<string, Reduction> = {};
  const outsideTable: Record<string, Float64Array> = {};
  for (const sweep of SWEEPS) {
    outcomes[sweep] = { rates_exc: extremes(), rates_inh: extremes(), frequency: list() };
    outsideTable[sweep] = list();
  }
  for (let step = 0; step < count; step++) {
    simulation.retune(at(step, count - 1 - step));
    const result = await simulation.run({
      ...{ duration, window, sampling: null },
      onProgress: (fraction) => onProgress?.((step + fraction) / count),
    });
    SWEEPS.forEach((sweep, node) => {
      const point = node === 0 ? step : count - 1 - step;
      const to = outcomes[sweep]!;
      for (const population of ['rates_exc', 'rates_inh'] as const) {
        for (const which of ['min', 'max', 'mean'] as const)
          to[population][which][point] = result.reduction![population][which][node]!;
      }
      to.frequency[point] = result.reduction!.frequency[node]!;
      outsideTable[sweep]![point] = result.outsideTable[node]!;
    });
  }
  const regions = Array.from({ length: count }, (_, point) =>
    regionOf(SWEEPS.map((sweep) => outcomeAt(outcomes[sweep]!, point))),
  );
  return {
    ...{ vary: [vary], points: count, starts: SWEEPS, duration, window, outcomes, regions, outsideTable },
  };
}

/** The OU inputs begin at the means that the first value gives them. */
function withInputs(
  parameters: Record<string, number | number[]>,
  initial: Record<string, number[]>,
): Record<string, number | number[]> {
  const nodes = alnNodes(parameters);
  const meanOf = (name: 'mue_ext_mean' | 'mui_ext_mean') => {
    const value = nodes.values[name];
    return typeof value === 'number' ? value : [...value];
  };
  return { ...initial, mue_ou: meanOf('mue_ext_mean'), mui_ou: meanOf('mui_ext_mean') };
}
