/** How long a run is and what its statistics leave out: the network's own times or those that are given, checked. */
import { InputError } from '../errors.ts';
import type { Network } from '../models/network.ts';

export interface RunTimes {
  /** ms. */
  duration: number;
  steps: number;
  /** ms before statistics begin. */
  discard: number;
}

/**
 * @param given ms; where not given, the network's duration, and 500 ms or, in runs that are not longer, 0 to discard
 * @throws InputError for times that cannot be
 */
export function runTimes(
  { dt, duration: usual }: Network,
  given: { duration?: number; discard?: number },
): RunTimes {
  const duration = given.duration ?? usual;
  const steps = Math.round(duration / dt);
  if (
    !(steps >= 1) ||
    !Number.isFinite(duration) ||
    Math.abs(steps * dt - duration) > 1e-6 * dt * Math.max(1, steps)
  ) {
    throw new InputError(
      `the duration is ${duration} ms, which is not a whole number of steps of ${dt} ms; use ${Math.max(1, steps) * dt} ms`,
    );
  }
  const discard = given.discard ?? (duration > 500 ? 500 : 0);
  if (!(discard >= 0 && discard < duration)) {
    throw new InputError(
      `${discard} ms are to be discarded of a run of ${duration} ms: discard less, or run longer`,
    );
  }
  return { duration, steps, discard };
}
