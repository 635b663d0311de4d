/**
 * The voltage step of a table: halved until halving it once more changes nothing that matters at sample points spread over
 * the grid. The change from a step to its half estimates three quarters of the step's error, since errors fall with its
 * square.
 */
import type { InputPoint } from './mesh.ts';
import type { TableQuantity } from './tables.ts';

/** Largest changes by halving the step. */
export interface StepErrors {
  /** Of r, relative, where it exceeds 1 Hz, and where it exceeds 1e-9 Hz. */
  r: number;
  small_r: number;
  /** mV. */
  V: number;
  /** Relative, or over 1 ms where the constant is shorter. */
  tau_mu: number;
  tau_sigma: number;
  points: number;
}

/** What is asked; the rest follows and is reported. */
const TOLERATED = { r: 4e-4, small_r: 2e-3, V: 2e-3, tau_mu: 2e-3 } as const;
type Asked = keyof typeof TOLERATED;
/** Where the search begins, mV. */
export const COARSEST = 0.05;
const FINEST = 0.01;
/** Sample points along each axis. */
const ALONG_MU = 9;
const ALONG_SIGMA = 5;
const SMALL_RATE = 1e-9;

type Solve = (points: readonly InputPoint[], step: number) => Promise<Record<TableQuantity, Float64Array>>;

/** The coarsest step (mV) whose errors are tolerated, or the finest that single precision bears, and its errors. */
export async function chooseStep(
  mu: Float64Array,
  sigma: Float64Array,
  solve: Solve,
): Promise<{ step: number; errors: StepErrors }> {
  const points = samples(sigma, ALONG_SIGMA).flatMap((s) =>
    samples(mu, ALONG_MU).map((m) => ({ mu: m, sigma: s })),
  );
  let step = COARSEST;
  let coarse = await solve(points, step);
  for (;;) {
    const fine = await solve(points, step / 2);
    const errors = compare(coarse, fine);
    const good = (Object.keys(TOLERATED) as Asked[]).every((name) => errors[name] <= TOLERATED[name]);
    if (good || step / 2 < FINEST) return { step, errors };
    step /= 2;
    coarse = fine;
  }
}

/** Values spread over an axis, its ends among them. */
function samples(axis: Float64Array, count: number): number[] {
  const most = Math.min(count, axis.length);
  return Array.from(
    { length: most },
    (_, index) => axis[Math.round((index * (axis.length - 1)) / (most - 1))]!,
  );
}

function compare(
  coarse: Record<TableQuantity, Float64Array>,
  fine: Record<TableQuantity, Float64Array>,
): StepErrors {
  const errors: StepErrors = { r: 0, small_r: 0, V: 0, tau_mu: 0, tau_sigma: 0, points: fine.r.length };
  const raise = (name: Asked | 'tau_sigma', error: number) => {
    errors[name] = Math.max(errors[name], error);
  };
  for (let k = 0; k < fine.r.length; k++) {
    const ofRate = Math.abs(coarse.r[k]! / fine.r[k]! - 1);
    if (fine.r[k]! > 1) raise('r', ofRate);
    if (fine.r[k]! > SMALL_RATE) raise('small_r', ofRate);
    raise('V', Math.abs(coarse.V[k]! - fine.V[k]!));
    for (const name of ['tau_mu', 'tau_sigma'] as const)
      raise(name, Math.abs(coarse[name][k]! - fine[name][k]!) / Math.max(1, fine[name][k]!));
  }
  return errors;
}
