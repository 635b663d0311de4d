/**
 * A mean field over many parameter sets: the whole grid runs on the device in one batch, from silence, and where it ends is one of the
 * starts from which each set's fixed points are then found in double precision.
 */
import { InputError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import { type FixedPoint, fixedPoints } from './fixed-points.ts';
import { isAdapting, type MeanField, stateLength } from './model.ts';
import type { MeanFieldRun } from './run.ts';
import type { MeanFieldSettings } from './settings.ts';
import { simulateMeanField } from './simulate.ts';
import { extrapolationWarning, type Variable, variable, varied } from './vary.ts';

export interface ScanAxis {
  /** What is varied (`variable`). */
  name: string;
  values: readonly number[];
}

/** What activity does at a parameter set, as far as the fits have seen it. */
export type ScanKind = 'stable node' | 'stable focus' | 'several stable' | 'none stable' | 'beyond the fit';
export const SCAN_KINDS: readonly ScanKind[] = [
  'stable node',
  'stable focus',
  'several stable',
  'none stable',
  'beyond the fit',
];

export interface Scan {
  axes: (Variable & { values: readonly number[] })[];
  /** Parameter sets, the last axis fastest. */
  sets: {
    values: number[];
    model: MeanField;
    points: FixedPoint[];
    kind: ScanKind;
    /** Mean of each population's rate over the last third of the run, Hz, and how far it goes up and down in it. */
    rates: number[];
    swing: number[];
  }[];
  run: MeanFieldRun;
  /** What a user should know of the axes, one sentence each. */
  warnings: string[];
}

export interface ScanOptions extends Omit<MeanFieldSettings, 'duration' | 'initial'> {
  /** ms, default 300, and with adaptation six times its longest tau_w besides. */
  duration?: number;
  /** Called with the part of the work that is done, 0 to 1; throwing stops it. */
  onProgress?: (fraction: number) => void;
}

/** Parameter sets of one scan, at most. */
const MOST_SETS = 250_000;
/** Of all samples of a scan. */
const MOST_NUMBERS = 2 ** 26;
/** Starts besides the states that the run and the neighbouring set end in. */
const STARTS = 12;
/** Of the progress, what the run takes. */
const RUN_PART = 0.3;

/** Steps between samples: about 2 ms, or more where so many numbers a sample would not fit into memory. */
function sampleSteps(numbers: number, duration: number, dt: number): number {
  const most = Math.max(6, Math.floor(MOST_NUMBERS / numbers));
  return Math.max(1, Math.round(2 / dt), Math.ceil(duration / dt / most));
}

/** The parameter sets of a grid, the last axis fastest. Throws InputError where an axis cannot be meant. */
export function scanGrid(
  model: MeanField,
  axes: readonly ScanAxis[],
): { values: number[]; model: MeanField }[] {
  if (axes.length === 0) throw new InputError('a scan varies nothing: give an axis, as drive from 1 to 8 Hz');
  const twice = axes.find(({ name }, index) => axes.findIndex((each) => each.name === name) !== index);
  if (twice) throw new InputError(`${twice.name} is varied twice: give it once`, { field: twice.name });
  for (const { name, values } of axes) {
    variable(model, name);
    if (values.length === 0)
      throw new InputError(`${name} has no values to take: give at least one`, { field: name });
  }
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > MOST_SETS)
    throw new InputError(
      `the scan has ${count} parameter sets, but at most ${MOST_SETS} are done at once: give shorter axes`,
    );
  return Array.from({ length: count }, (_, index) => {
    let rest = index;
    const values: number[] = [];
    for (const axis of [...axes].reverse()) {
      values.unshift(axis.values[rest % axis.values.length]!);
      rest = Math.floor(rest / axis.values.length);
    }
    const changes = Object.fromEntries(axes.map(({ name }, k) => [name, values[k]!]));
    return { values, model: varied(model, changes) };
  });
}

/**
 * Runs the grid and finds the fixed points of each of its sets.
 * @throws InputError where axes or settings cannot be meant
 */
export async function scanMeanField(
  device: Device,
  model: MeanField,
  axes: readonly ScanAxis[],
  options: ScanOptions = {},
): Promise<Scan> {
  const { onProgress, duration = settlingTime(model), order = 2, dt = 0.1, ...settings } = options;
  const grid = scanGrid(model, axes);
  const run = await simulateMeanField(
    device,
    grid.map((set) => set.model),
    {
      ...settings,
      order,
      dt,
      duration,
      every:
        settings.every ??
        sampleSteps(
          grid.length * stateLength(model.populations.length, order, isAdapting(model)),
          duration,
          dt,
        ) * dt,
      ...(onProgress ? { onProgress: (fraction: number) => onProgress(RUN_PART * fraction) } : {}),
    },
  );
  const sets: Scan['sets'] = [];
  for (const [index, set] of grid.entries()) {
    const neighbour = sets[index - 1]?.points.map(({ state }) => state) ?? [];
    const end = run.last(index).subarray(0, model.populations.length);
    const from = [...neighbour, ...(end.every((rate) => rate >= 0) ? [end] : [])];
    const points = fixedPoints(set.model, { order, from, starts: STARTS });
    sets.push({ ...set, points, kind: kindOf(points), ...lastThird(run, index) });
    if (index % 16 !== 15) continue;
    onProgress?.(RUN_PART + ((1 - RUN_PART) * (index + 1)) / grid.length);
    // An interrupt is heard between two turns of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const described = axes.map((axis) => ({ ...variable(model, axis.name), values: axis.values }));
  const warnings = described.filter(({ fitted }) => fitted).map(extrapolationWarning);
  return { axes: described, sets, run, warnings };
}

/** So long that what is left of the beginning is nothing in the last third, ms. */
export function settlingTime({ populations }: MeanField): number {
  return 300 + 6 * Math.max(...populations.map(({ adaptation }) => adaptation?.tau_w ?? 0));
}

function kindOf(points: readonly FixedPoint[]): ScanKind {
  const seen = points.filter(({ extrapolates }) => extrapolates.length === 0);
  const stable = seen.filter((point) => point.stable);
  if (stable.length > 1) return 'several stable';
  if (stable.length === 1) return stable[0]!.stability as ScanKind;
  return points.some((point) => point.stable) ? 'beyond the fit' : 'none stable';
}

function lastThird(run: MeanFieldRun, instance: number): { rates: number[]; swing: number[] } {
  const all = run.populations.map((_, population) => {
    const rate = run.rate(population, instance);
    return rate.subarray(Math.floor((2 * rate.length) / 3));
  });
  return {
    rates: all.map((rate) => rate.reduce((sum, value) => sum + value, 0) / rate.length),
    swing: all.map(
      (rate) =>
        rate.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY) -
        rate.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
    ),
  };
}
