/**
 * What a time step allows: times must be whole numbers of steps, and a step must be short against everything that
 * the equations of a network let change by itself. An Euler step that is too long gives no error, only a wrong result.
 */
import { type Cell, membraneTimeConstant } from './cells.ts';
import type { Network, Noise } from './network.ts';

/** A time counts as a whole number of steps when it is within this fraction of it. */
const STEP_TOLERANCE = 1e-6;

/**
 * Number of steps in a time, or undefined where it is not whole (within 1e-6 of itself: 1.5 / 0.1 is 15).
 *
 * @param time ms, at least 0
 * @param dt ms
 */
export function wholeSteps(time: number, dt: number): number | undefined {
  const steps = Math.round(time / dt);
  return Math.abs(steps * dt - time) <= STEP_TOLERANCE * time ? steps : undefined;
}

/** The step that contains a time (ms): times on the grid up to rounding belong to the step that they begin. */
export function stepContaining(time: number, dt: number): number {
  return Math.floor(time / dt + STEP_TOLERANCE);
}

/** The nearest times below and above that are whole numbers of steps, ms. */
export function nearestWholeTimes(time: number, dt: number): [number, number] {
  const below = Math.floor(time / dt);
  return [tidy(below * dt), tidy((below + 1) * dt)];
}

/** The longest step that something in the network allows, and why. */
export interface StepLimit {
  /** ms */
  limit: number;
  reason: string;
}

/**
 * The strictest upper bound of dt that the network sets: half of every time constant, the refractory period, and for
 * the exponential of AdEx the step in which V at the threshold moves by half of Delta_T.
 */
export function stepLimit(network: Pick<Network, 'receptors' | 'populations'>): StepLimit | undefined {
  const limits = [
    ...receptorLimits(network),
    ...network.populations
      .filter(({ spikes }) => spikes === undefined)
      .flatMap(({ name, cell, noise }) => [
        ...cellStepLimits(cell, `population ${name}`),
        ...noiseLimits(noise, `population ${name}`),
      ]),
  ];
  return strictestOf(limits);
}

/**
 * The strictest upper bound of dt that a cell by itself sets: that of `stepLimit`.
 *
 * @param owner what messages call the cell, as `RS-cell`
 */
export function cellStepLimit(cell: Cell, owner: string): StepLimit {
  return strictestOf(cellStepLimits(cell, owner))!;
}

function strictestOf(limits: readonly StepLimit[]): StepLimit | undefined {
  return limits.reduce<StepLimit | undefined>(
    (strictest, one) => (strictest === undefined || one.limit < strictest.limit ? one : strictest),
    undefined,
  );
}

function receptorLimits({ receptors }: Pick<Network, 'receptors'>): StepLimit[] {
  return receptors.map(({ name, tau }) => ({
    limit: tau / 2,
    reason: `receptor ${name} decays with tau = ${tau} ms, of which a step may be half`,
  }));
}

/** The process itself is exact for any step, but what it does to V is held for one. */
function noiseLimits(noise: Noise | undefined, owner: string): StepLimit[] {
  if (!noise) return [];
  const fluctuations = [
    ...(noise.current ? [{ what: 'current', ...noise.current }] : []),
    ...noise.conductances.map(({ receptor, fluctuation }) => ({
      what: `conductance ${receptor.name}`,
      ...fluctuation,
    })),
  ];
  return fluctuations.map(({ what, tau }) => ({
    limit: tau / 2,
    reason: `the noise of ${owner} has tau = ${tau} ms in its ${what}, of which a step may be half`,
  }));
}

function cellStepLimits(cell: Cell, owner: string): StepLimit[] {
  const tau_m = membraneTimeConstant(cell);
  const limits = [
    {
      limit: tau_m / 2,
      reason: `the membrane of ${owner} has C_m / g_L = ${tidy(tau_m)} ms, of which a step may be half`,
    },
    {
      limit: cell.tau_w / 2,
      reason: `adaptation of ${owner} has tau_w = ${cell.tau_w} ms, of which a step may be half`,
    },
  ];
  if (cell.tau_ref > 0) {
    limits.push({
      limit: cell.tau_ref,
      reason: `${owner} is refractory for tau_ref = ${cell.tau_ref} ms, which a step may not exceed`,
    });
  }
  if (cell.Delta_T > 0) limits.push(spikeOnsetLimit(owner, cell, tau_m));
  return limits;
}

/**
 * Delta_T is the voltage over which the spike-initiation current grows e-fold, and Euler holds that current for a
 * step. At V_T + Delta_T the leak pulls with |V_T - E_L| / tau_m and the exponential pushes with e Delta_T / tau_m:
 * a step in which these move V by more than Delta_T / 2 jumps over the onset of the spike.
 */
function spikeOnsetLimit(owner: string, cell: Cell, tau_m: number): StepLimit {
  const speed = (Math.abs(cell.V_T - cell.E_L) + Math.E * cell.Delta_T) / tau_m;
  return {
    limit: (0.5 * cell.Delta_T) / speed,
    reason: `near the threshold of ${owner} V may move by half of Delta_T = ${cell.Delta_T} mV in a step`,
  };
}

/** The longest step of the series 1, 2, 5, 10, ... within the limit: advice that divides most times of a model. */
export function adviseStep(limit: number): number {
  const decade = 10 ** Math.floor(Math.log10(limit));
  const leading = [5, 2, 1].find((digit) => digit * decade <= limit * (1 + 1e-9)) ?? 1;
  return tidy(leading * decade);
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
