/** How a chunk of steps is cut into windows, at whose ends results may be taken. */
import type { NetworkPlan } from './plan.ts';

export interface Window {
  first: number;
  steps: number;
  /** Membrane potentials are copied after it. */
  last: boolean;
}

type Cut = Pick<NetworkPlan, 'windowSteps' | 'snapshotSteps'>;

/** The windows of steps `firstStep` to `endStep` (exclusive). Those between two snapshots are as long as can be. */
export function cutWindows(
  { windowSteps, snapshotSteps }: Cut,
  firstStep: number,
  endStep: number,
): Window[] {
  const windows: Window[] = [];
  for (let first = firstStep; first < endStep; ) {
    const snapshot = firstStep + (Math.floor((first - firstStep) / snapshotSteps) + 1) * snapshotSteps;
    const end = Math.min(endStep, snapshot);
    const steps = Math.min(windowSteps, end - first);
    windows.push({ first, steps, last: first + steps === end });
    first += steps;
  }
  return windows;
}

/** Windows in a chunk at most. */
export function mostWindows(plan: Cut & Pick<NetworkPlan, 'chunkSteps'>): number {
  return cutWindows(plan, 0, plan.chunkSteps).length;
}
