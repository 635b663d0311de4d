/** Numbers with a shape, whatever file they came from. */
import type { NpyData } from './npy-header.ts';

export interface NumericArray {
  /** Sizes, slowest index first. */
  shape: number[];
  /** C order. */
  data: Float64Array;
}

/** As double precision; 64-bit whole numbers too large for it are rounded. */
export function asDoubles(data: NpyData): Float64Array {
  if (data instanceof Float64Array) return data;
  return data instanceof BigInt64Array || data instanceof BigUint64Array
    ? Float64Array.from(data, Number)
    : Float64Array.from(data);
}
