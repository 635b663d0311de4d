/** A scan as a sweep: its points as rings, everything that decides on their residuals, and how a batch of them is found. */
import type { Alignment } from '../analysis/vsd-residual.ts';
import type { Device } from '../gpu/device.ts';
import { isAdapting } from '../mean-field/model.ts';
import type { Ring } from '../models/ring.ts';
import { ringResiduals } from '../ring/residual.ts';
import { changedRing, type ScanParameter } from '../ring/scan.ts';
import type { SweepPlan } from '../sweep/folder.ts';
import type { Evaluate } from '../sweep/run-sweep.ts';
import type { SweepSpace } from '../sweep/space.ts';
import type { ChosenRing } from './ring-model.ts';

export const RESULT_NAMES = ['residual', 'peak_time', 'largest_response'] as const;
/** Rings between two records on the disk: a kill loses at most so many. */
export const BATCH = 256;
/** Batches at a time: the device computes one while the other is prepared or its residuals are read. */
export const TOGETHER = 2;

/** What stays the same for all points of a scan. */
export interface Scan {
  chosen: ChosenRing;
  alignment: Alignment;
  plan: SweepPlan;
  notes: string[];
  batch: number;
  ringsOf(points: readonly (readonly number[])[]): Ring[];
}

/** Everything that decides on residuals goes into the plan, so that a folder of another scan is refused. */
export function prepareScan(
  chosen: ChosenRing,
  alignment: Alignment,
  space: SweepSpace,
  data: Record<string, unknown>,
  notes: string[],
): Scan {
  const { ring, model, order, dt, fraction, formula } = chosen;
  const names = space.names as readonly ScanParameter[];
  const { scale, first, pixels } = alignment;
  const settings = {
    ...{ ring, dt, fraction, formula, T: model.T, ...data, scale, first, pixels },
    units: model.populations.map(({ name, transfer: { cell, input, coefficients_mV }, drives }) => ({
      name,
      cell,
      input,
      coefficients_mV,
      drives,
    })),
    // Where units are more than rates, what these do not depend on decides too; folders of other scans stay as they were.
    ...(order === 2 || isAdapting(model)
      ? {
          order,
          sizes: model.populations.map(({ size }) => size),
          adaptation: model.populations.map(({ adaptation }) => adaptation ?? null),
        }
      : {}),
  };
  return {
    ...{ chosen, alignment, notes, batch: BATCH },
    plan: { space, results: RESULT_NAMES, settings },
    ringsOf: (points) => points.map((point) => changedRing(ring, names, point, dt)),
  };
}

/** Residuals of a batch of points. */
export function evaluator(scan: Scan, device: Device): Evaluate {
  const { model, order, dt, fraction } = scan.chosen;
  return async (points, onProgress) => {
    const found = await ringResiduals(device, scan.ringsOf(points), scan.alignment, {
      model,
      order,
      dt,
      fraction,
      onProgress,
    });
    return Float64Array.from(
      { length: 3 * points.length },
      (_, k) => [found.residuals, found.peakTimes, found.tops][k % 3]![Math.floor(k / 3)]!,
    );
  };
}
