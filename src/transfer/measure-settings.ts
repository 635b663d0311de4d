/**
 * How a transfer function is measured, checked before anything is computed: times that are whole numbers of steps, a step
 * that the cell and its synapses allow, numbers that single precision holds.
 */
import { InputError } from '../errors.ts';
import { CELL_PARAMETERS, type Cell, spikeLevel } from '../models/cells.ts';
import { adviseStep, cellStepLimit, nearestWholeTimes, wholeSteps } from '../models/time-step.ts';
import { formatQuantity } from '../units.ts';
import type { MeasureSettings, SynapticInput } from './data.ts';

/** Those of the paper's program, with one seed for all neurons. */
export const defaultSettings: MeasureSettings = {
  dt: 0.05,
  duration: 10_000,
  discard: 0,
  repeats: 4,
  seed: 1,
};

/** The kernel counts steps in 32 bits. */
const mostSteps = 2 ** 32 - 1;
const mostRepeats = 1e6;

/**
 * Settings with their defaults filled in.
 * @throws InputError where one cannot be meant, or does not go with the cell and its synapses
 */
export function resolveSettings(
  given: Partial<MeasureSettings>,
  cell: Cell,
  input: SynapticInput,
): MeasureSettings {
  const settings = { ...defaultSettings, ...given };
  const { dt, duration, discard, repeats, seed } = settings;
  if (!(Number.isFinite(dt) && dt > 0)) throw refuse('dt', `is ${dt} ms, but must be a time above 0 ms`);
  checkStep(dt, cell, input);
  checkTime('duration', duration, dt);
  checkTime('discard', discard, dt);
  if (duration < dt) throw refuse('duration', `is ${duration} ms, but must be at least one step of ${dt} ms`);
  if (discard >= duration) {
    throw refuse(
      'discard',
      `is ${discard} ms of a duration of ${duration} ms: discard less, or simulate longer`,
    );
  }
  if (duration / dt > mostSteps) {
    throw refuse(
      'duration',
      `is ${duration} ms, more than ${mostSteps} steps of ${dt} ms: shorten it, or use a longer dt`,
    );
  }
  if (!Number.isInteger(repeats) || repeats < 2 || repeats > mostRepeats) {
    throw refuse(
      'repeats',
      `is ${repeats}, but must be a whole number from 2 to ${mostRepeats}: rates get their SD from repeats`,
    );
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw refuse('seed', `is ${seed}, but must be a whole number from 0 to 2^53 - 1`);
  }
  return { dt, duration, discard, repeats, seed };
}

function refuse(field: string, what: string): InputError {
  return new InputError(`${field} ${what}`, { field });
}

function checkTime(field: string, time: number, dt: number): void {
  if (!(Number.isFinite(time) && time >= 0))
    throw refuse(field, `is ${time} ms, but must be a time of 0 ms or more`);
  if (wholeSteps(time, dt) !== undefined) return;
  const [below, above] = nearestWholeTimes(time, dt).map((near) => formatQuantity(near, 'time'));
  throw refuse(
    field,
    `is ${time} ms, but must be a multiple of dt = ${dt} ms; use ${below} or ${above}, or another dt`,
  );
}

function checkStep(dt: number, cell: Cell, { exc, inh }: SynapticInput): void {
  const synapses = Math.min(exc.tau, inh.tau);
  const limits = [
    cellStepLimit(cell, cell.name),
    { limit: synapses / 2, reason: `synapses decay with tau = ${synapses} ms, of which a step may be half` },
  ];
  const { limit, reason } = limits.reduce((a, b) => (b.limit < a.limit ? b : a));
  if (dt > limit * (1 + 1e-9)) {
    throw refuse(
      'dt',
      `is ${dt} ms, but ${reason}; use ${formatQuantity(adviseStep(limit), 'time')} or less`,
    );
  }
  if (wholeSteps(cell.tau_ref, dt) === undefined) {
    throw refuse(
      'dt',
      `is ${dt} ms, of which the refractory period of ${cell.name}, ${cell.tau_ref} ms, is no multiple; use another dt or another tau_ref`,
    );
  }
}

/**
 * Refuses a cell or synapses with a parameter that is missing, or not finite in single precision.
 * @throws InputError that names the parameter
 */
export function checkParameters(cell: Cell, { exc, inh }: SynapticInput): void {
  for (const { symbol, dimension } of CELL_PARAMETERS) {
    if (Number.isFinite(Math.fround(cell[symbol]))) continue;
    const value = Number.isFinite(cell[symbol])
      ? formatQuantity(cell[symbol], dimension)
      : String(cell[symbol]);
    throw refuse(
      `cell.${symbol}`,
      `of ${cell.name} is ${value}, which single precision does not hold: give a number up to 3.4e38`,
    );
  }
  if (cell.V_r > spikeLevel(cell)) {
    throw refuse(
      'cell.V_r',
      `of ${cell.name} is ${cell.V_r} mV, above the spike level of ${spikeLevel(cell)} mV, so that the first spike would never end: lower V_r`,
    );
  }
  for (const [name, group] of Object.entries({ exc, inh })) {
    for (const [field, value] of Object.entries(group)) {
      const least = field === 'E_rev' ? Number.NEGATIVE_INFINITY : 0;
      if (Number.isFinite(Math.fround(value)) && value >= least && !(field === 'tau' && value === 0))
        continue;
      throw refuse(
        `${name}.${field}`,
        `is ${value}, but must be a number ${field === 'tau' ? 'above 0' : field === 'E_rev' ? 'up to 3.4e38' : 'of 0 or more'}`,
      );
    }
  }
}
