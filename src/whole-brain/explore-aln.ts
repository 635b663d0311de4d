/** Explores parameters of the ALN node: every combination from several initial states, in one batch. */
import { type NodeState, type Outcome, regionOf } from '../analysis/node-states.ts';
import { InputError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import { ALN_NAMES, alnNodes, unknownParameter } from '../models/aln.ts';
import type { AlnInitialName } from '../models/aln-state.ts';
import { suggestion } from '../models/document/near-names.ts';
import { mostNodes, ringSlots } from './aln-constants.ts';
import type { Extremes, Reduction } from './aln-result.ts';
import type { AlnOptions } from './aln-simulation.ts';
import { simulateAln } from './simulate-aln.ts';

type Start = Readonly<Record<Exclude<AlnInitialName, 'mue_ou' | 'mui_ou'>, number>>;

/** Initial states: silent under strong inhibition, active, and in between. */
export const ALN_STARTS = {
  down: {
    ...{ mufe_init: -2, mufi_init: 2.5, IA_init: 0, rates_exc_init: 0, rates_inh_init: 30 },
    ...{ seem_init: 0, seim_init: 0.4, siem_init: 0, siim_init: 0.4 },
    ...{ seev_init: 0, seiv_init: 0.001, siev_init: 0, siiv_init: 0.001 },
  },
  mid: {
    ...{ mufe_init: 1.5, mufi_init: 1.5, IA_init: 100, rates_exc_init: 0.005, rates_inh_init: 0.005 },
    ...{ seem_init: 0.25, seim_init: 0.25, siem_init: 0.25, siim_init: 0.25 },
    ...{ seev_init: 0.0005, seiv_init: 0.0005, siev_init: 0.005, siiv_init: 0.005 },
  },
  up: {
    ...{ mufe_init: 3, mufi_init: 2.5, IA_init: 0, rates_exc_init: 40, rates_inh_init: 60 },
    ...{ seem_init: 0.4, seim_init: 0.3, siem_init: 0.4, siim_init: 0.3 },
    ...{ seev_init: 0.0005, seiv_init: 0.001, siev_init: 0.0005, siiv_init: 0.001 },
  },
} as const satisfies Record<string, Start>;

export type AlnStart = keyof typeof ALN_STARTS;

/** One parameter and the values it takes. */
export interface Axis {
  name: string;
  values: Float64Array;
}

export interface ExploreOptions extends Omit<AlnOptions, 'initial' | 'parameters'> {
  /** The same for all points. */
  parameters?: Record<string, number>;
  /** The last one varies fastest. */
  vary: readonly Axis[];
  /** Each point is run from each of these. */
  starts: readonly AlnStart[];
  /** ms; 5 s. */
  duration?: number;
  /** The closing part that is reduced, ms; 3 s. */
  window?: number;
  onProgress?: (fraction: number) => void;
  /** Most nodes in one batch; as many as the device takes. No number depends on it. */
  mostAtOnce?: number;
}

export interface Exploration {
  vary: readonly Axis[];
  /** Points of the grid. */
  points: number;
  /** Names of the initial states, or of the sweeps: the keys of outcomes. */
  starts: readonly string[];
  duration: number;
  window: number;
  /** For each start the rates of all points over the window, the last axis fastest. */
  outcomes: Record<string, Reduction>;
  /** Of each point, from all its starts. */
  regions: NodeState[];
  /** Part of the steps beyond the table, for each start and point. */
  outsideTable: Record<string, Float64Array>;
}

/**
 * Runs the whole grid.
 * @throws InputError for unknown or repeated parameters, too few values or starts, and as `simulateAln`
 */
export async function exploreAln(device: Device, options: ExploreOptions): Promise<Exploration> {
  const { vary, starts, duration = 5000, window = 3000, parameters = {}, mostAtOnce, ...rest } = options;
  checkAxes(vary, parameters);
  if (starts.length === 0)
    throw new InputError('an exploration needs at least one initial state', { field: 'starts' });
  const unknown = starts.find((start) => !Object.hasOwn(ALN_STARTS, start));
  if (unknown !== undefined)
    throw new InputError(
      `there is no initial state ${unknown}; ${suggestion(unknown, Object.keys(ALN_STARTS))}`,
      { field: 'starts' },
    );
  const points = vary.reduce((product, { values }) => product * values.length, 1);
  const varied: Record<string, Float64Array> = {};
  let stride = points;
  for (const { name, values } of vary) {
    stride /= values.length;
    const step = stride;
    varied[name] = Float64Array.from(
      { length: points * starts.length },
      (_, index) => values[Math.floor((index % points) / step) % values.length]!,
    );
  }
  const result = await runInBatches(device, {
    ...{ rest, parameters, varied, duration, window },
    initial: startsOf(starts, points),
    // Every start of a point meets the same noise.
    seed: seedsOf(options.seed ?? 0, points, starts.length),
    most: mostAtOnce,
  });
  const part = (values: Float64Array, start: number) => values.slice(start * points, (start + 1) * points);
  const byStart = <T>(take: (start: number) => T) =>
    Object.fromEntries(starts.map((name, start) => [name, take(start)])) as Record<string, T>;
  const { reduction } = result;
  const extremes = (of: Extremes, start: number): Extremes => ({
    min: part(of.min, start),
    max: part(of.max, start),
    mean: part(of.mean, start),
  });
  const outcomes = byStart((start) => ({
    rates_exc: extremes(reduction.rates_exc, start),
    rates_inh: extremes(reduction.rates_inh, start),
    frequency: part(reduction.frequency, start),
  }));
  const regions = Array.from({ length: points }, (_, point) =>
    regionOf(starts.map((start) => outcomeAt(outcomes[start]!, point))),
  );
  const outsideTable = byStart((start) => part(result.outsideTable, start));
  return { vary, points, starts, duration, window, outcomes, regions, outsideTable };
}

interface Batches {
  rest: Omit<AlnOptions, 'initial' | 'parameters'> & { onProgress?: (fraction: number) => void };
  parameters: Record<string, number>;
  /** `[start, point]` each, as all that follows. */
  varied: Record<string, Float64Array>;
  initial: Record<string, Float64Array>;
  seed: Float64Array;
  duration: number;
  window: number;
  most: number | undefined;
}

/** Runs one batch after another, each as large as the device takes, and puts what they give side by side. */
async function runInBatches(
  device: Device,
  { rest, parameters, varied, initial, seed, duration, window, most }: Batches,
): Promise<{ reduction: Reduction; outsideTable: Float64Array }> {
  const total = seed.length;
  const slots = ringSlots(alnNodes({ ...parameters, ...varied }), rest.dt ?? 0.1);
  const size = most ?? mostNodes(device.limits.maxStorageBufferBindingSize, slots);
  const list = () => new Float64Array(total);
  const rates = (): Extremes => ({ min: list(), max: list(), mean: list() });
  const reduction: Reduction = { rates_exc: rates(), rates_inh: rates(), frequency: list() };
  const outsideTable = list();
  for (let from = 0; from < total; from += size) {
    const to = Math.min(total, from + size);
    const cut = (lists: Record<string, Float64Array>) =>
      Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values.subarray(from, to)]));
    const result = await simulateAln(device, {
      ...rest,
      ...{
        parameters: { ...parameters, ...cut(varied) },
        initial: cut(initial),
        seed: seed.subarray(from, to),
      },
      ...{ duration, window, sampling: null },
      onProgress: (fraction) => rest.onProgress?.((from + fraction * (to - from)) / total),
    });
    const given = result.reduction!;
    for (const population of ['rates_exc', 'rates_inh'] as const) {
      for (const which of ['min', 'max', 'mean'] as const)
        reduction[population][which].set(given[population][which], from);
    }
    reduction.frequency.set(given.frequency, from);
    outsideTable.set(result.outsideTable, from);
  }
  return { reduction, outsideTable };
}

/** The excitatory rate at one point. */
export function outcomeAt({ rates_exc, frequency }: Reduction, point: number): Outcome {
  const { min, max, mean } = rates_exc;
  return { min: min[point]!, max: max[point]!, mean: mean[point]!, frequency: frequency[point]! };
}

function startsOf(starts: readonly AlnStart[], points: number): Record<string, Float64Array> {
  const names = Object.keys(ALN_STARTS.mid) as (keyof Start)[];
  return Object.fromEntries(
    names.map((name) => [
      name,
      Float64Array.from(
        { length: points * starts.length },
        (_, index) => ALN_STARTS[starts[Math.floor(index / points)]!][name],
      ),
    ]),
  );
}

function seedsOf(seed: number | ArrayLike<number>, points: number, starts: number): Float64Array {
  const of = (point: number) => (typeof seed === 'number' ? seed + point : seed[point]!);
  return Float64Array.from({ length: points * starts }, (_, index) => of(index % points));
}

/** @throws InputError for axes of no parameter, of too few values, or given twice */
export function checkAxes(vary: readonly Axis[], parameters: Record<string, number>): void {
  if (vary.length === 0)
    throw new InputError('nothing varies; name a parameter and its values', { field: 'vary' });
  vary.forEach(({ name, values }, index) => {
    const field = { field: name };
    if (!(ALN_NAMES as readonly string[]).includes(name)) throw unknownParameter(name);
    if (values.length < 2)
      throw new InputError(`${name} varies over ${values.length} values; give at least 2`, field);
    if (vary.findIndex((each) => each.name === name) < index)
      throw new InputError(`${name} varies twice; name it once`, field);
    if (Object.hasOwn(parameters, name))
      throw new InputError(`${name} varies and has a fixed value as well; give one of the two`, field);
  });
}
