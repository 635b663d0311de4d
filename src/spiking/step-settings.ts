/**
 * When a current step comes, how large it is and how finely its response is computed: what a user may choose, the
 * defaults, and the sentences that refuse what cannot be. Times become whole steps here.
 */
import { InputError } from '../errors.ts';
import type { Cell } from '../models/cells.ts';
import { MAX_STEPS } from '../models/network-schema.ts';
import { adviseStep, cellStepLimit, nearestWholeTimes, wholeSteps } from '../models/time-step.ts';

/** All times in ms. */
export interface StepSettings {
  /** Amplitude of each step, pA. */
  currents: readonly number[];
  /** Onset and end of the current. */
  start: number;
  stop: number;
  /** Of the whole run. */
  duration: number;
  dt: number;
  /** Between two samples of V and w. */
  sampleEvery: number;
}

/** The protocol of Zerlaut et al. 2017 (Fig. 1), time step included. */
export const STEP_DEFAULTS = {
  currents: [200, -200],
  start: 100,
  stop: 500,
  duration: 700,
  dt: 0.01,
  sampleEvery: 0.1,
} as const satisfies StepSettings;

/** Samples of all responses together at most: V and w of them fill 1 GiB. */
const mostSamples = 2 ** 27;

/** Shift I / g_L of the resting potential, mV, beyond which a current can only be in the wrong unit. */
const largestShift = 10_000;

/** The times among the settings, in the order in which they are checked. */
const TIMES = ['dt', 'start', 'stop', 'duration', 'sampleEvery'] as const;

/** What messages call them. */
const named: Readonly<Record<(typeof TIMES)[number], string>> = {
  start: 'the onset of the step',
  stop: 'the end of the step',
  duration: 'the duration',
  dt: 'dt',
  sampleEvery: 'the time between samples',
};

/** The same in steps of dt. */
export interface StepCounts {
  start: number;
  stop: number;
  duration: number;
  sampleEvery: number;
}

/**
 * Fills in the defaults.
 *
 * @param cells how many cells receive the steps
 * @throws InputError where a time is no multiple of dt, the step does not lie within the run, a current is no finite
 *   number or given twice, or more samples would be recorded than can be held
 */
export function stepSettings(given: Partial<StepSettings>, cells: number): StepSettings {
  const chosen: StepSettings = { ...STEP_DEFAULTS, ...defined(given) };
  for (const name of TIMES) {
    const value = chosen[name];
    const isPositive = name === 'start' ? value >= 0 : value > 0;
    if (isPositive && Number.isFinite(value)) continue;
    throw new InputError(
      `${named[name]} is ${value} ms; give a time ${name === 'start' ? 'of at least 0 ms' : 'above 0 ms'}`,
      { field: name },
    );
  }
  const { dt } = chosen;
  if (given.sampleEvery === undefined) {
    const steps = Math.max(1, Math.round(STEP_DEFAULTS.sampleEvery / dt));
    chosen.sampleEvery = Number((steps * dt).toPrecision(12));
  }
  checkCurrents(chosen.currents);
  for (const name of ['start', 'stop', 'duration', 'sampleEvery'] as const) wholeStepsOf(name, chosen);
  checkOrder(chosen);
  if (chosen.duration / dt > MAX_STEPS) {
    throw new InputError(
      `the duration is ${chosen.duration} ms, or ${Math.round(chosen.duration / dt)} steps of dt; give at most ${MAX_STEPS} steps`,
      { field: 'duration' },
    );
  }
  const samples = Math.ceil(chosen.duration / chosen.sampleEvery) * chosen.currents.length * cells;
  if (samples > mostSamples) {
    throw new InputError(
      `${samples.toPrecision(3)} samples of V would be recorded, more than the ${mostSamples} that can be held; record less often, or shorten the run`,
      { field: 'sampleEvery' },
    );
  }
  return chosen;
}

/** The times of settings in whole steps. */
export function stepCounts(settings: StepSettings): StepCounts {
  return {
    start: wholeStepsOf('start', settings),
    stop: wholeStepsOf('stop', settings),
    duration: wholeStepsOf('duration', settings),
    sampleEvery: wholeStepsOf('sampleEvery', settings),
  };
}

/** @throws InputError where dt is too coarse for the cell, or its refractory period is no multiple of it */
export function checkCellStep(cell: Cell, dt: number): void {
  const { limit, reason } = cellStepLimit(cell, cell.name);
  if (dt > limit * (1 + 1e-9)) {
    throw new InputError(`dt is ${dt} ms, too coarse: ${reason}; use ${adviseStep(limit)} ms or less`, {
      field: 'dt',
    });
  }
  if (wholeSteps(cell.tau_ref, dt) === undefined)
    throw new InputError(notWhole(`tau_ref of ${cell.name}`, cell.tau_ref, dt), { field: 'tau_ref' });
}

/** @throws InputError for a current that would drive the cell far out of all bounds: one in the wrong unit */
export function checkCellCurrent(cell: Cell, current: number): void {
  const shift = Math.abs(current) / cell.g_L;
  if (shift <= largestShift) return;
  throw new InputError(
    `${current} pA through the g_L of ${cell.name}, ${cell.g_L} nS, is ${Number((shift / 1000).toPrecision(3))} V, more than any membrane bears; give a current of at most ${Number((largestShift * cell.g_L).toPrecision(6))} pA`,
    { field: 'currents' },
  );
}

function checkCurrents(currents: readonly number[]): void {
  if (currents.length === 0)
    throw new InputError('no current is given; give at least one, as 200 pA', { field: 'currents' });
  currents.forEach((current, index) => {
    if (!Number.isFinite(current)) {
      throw new InputError(`the current is ${current}, which is not a finite number; give it in pA`, {
        field: 'currents',
      });
    }
    if (currents.indexOf(current) < index)
      throw new InputError(`the current ${current} pA is given twice; give each once`, { field: 'currents' });
  });
}

function checkOrder({ start, stop, duration }: StepSettings): void {
  if (start >= stop) {
    throw new InputError(
      `the step begins at ${start} ms and ends at ${stop} ms; let it end after it begins`,
      { field: 'stop' },
    );
  }
  if (stop > duration * (1 + 1e-9)) {
    throw new InputError(
      `the step ends at ${stop} ms, after the run of ${duration} ms; end it earlier, or run longer`,
      { field: 'duration' },
    );
  }
}

function wholeStepsOf(name: keyof StepCounts, settings: StepSettings): number {
  const steps = wholeSteps(settings[name], settings.dt);
  if (steps === undefined || (steps === 0 && name !== 'start'))
    throw new InputError(notWhole(named[name], settings[name], settings.dt), { field: name });
  return steps;
}

function notWhole(what: string, time: number, dt: number): string {
  const near = nearestWholeTimes(time, dt).filter((each) => each > 0);
  return `${what} is ${time} ms, which is not a multiple of dt = ${dt} ms; use ${near.join(' or ')} ms, or another dt`;
}

/** Options that are given: an undefined one means its default. */
function defined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
