/** From what the kernel gathers over a closing window to minimum, maximum, mean and frequency. */
import type { Column } from '../gpu/columns.ts';

/** Of a variable over a closing window, in its unit, `[node]` each. */
export interface Extremes {
  min: Float64Array;
  max: Float64Array;
  mean: Float64Array;
}

export interface NodeReduction {
  /** Of the two variables that a node emits, by their names. */
  extremes: Record<string, Extremes>;
  /**
   * Of the first, Hz, `[node]`: one over the mean time between rises through the middle of its extremes; NaN where it moves by less
   * than the model's least amplitude or rises only once.
   */
  frequency: Float64Array;
}

/** Fields of struct Reduced in shaders/whole-brain/single.wgsl, read back. */
export type ReducedColumns = Record<string, Float32Array>;

/** What a second pass over the window counts: rises through a level, given the value before the window. */
export interface Crossings {
  level: ArrayLike<number>;
  before: ArrayLike<number>;
}

/** No value reaches it: a first pass counts nothing. */
const NEVER = 3e38;

export function startOfWindow(crossings?: Crossings): Record<string, Column> {
  return {
    ...{ least_e: NEVER, most_e: -NEVER, sum_e: 0, block_e: 0 },
    ...{ least_i: NEVER, most_i: -NEVER, sum_i: 0, block_i: 0 },
    level: crossings?.level ?? NEVER,
    before: crossings?.before ?? 0,
    ...{ crossings: 0, first: 0, last: 0 },
  };
}

interface Shape {
  names: readonly [string, string];
  steps: number;
  dt: number;
  leastAmplitude: number;
}

/** @param counted of the second pass; undefined where nothing oscillates */
export function reductionOf(
  reduced: ReducedColumns,
  counted: ReducedColumns | undefined,
  { names, steps, dt, leastAmplitude }: Shape,
): NodeReduction {
  const of = (suffix: 'e' | 'i'): Extremes => {
    const [min, max] = [
      Float64Array.from(reduced[`least_${suffix}`]!),
      Float64Array.from(reduced[`most_${suffix}`]!),
    ];
    const sum = reduced[`sum_${suffix}`]!;
    const block = reduced[`block_${suffix}`]!;
    return { min, max, mean: Float64Array.from(sum, (value, node) => (value + block[node]!) / steps) };
  };
  const first = of('e');
  const frequency = Float64Array.from(first.max, (most, node) => {
    if (!counted || most - first.min[node]! < leastAmplitude) return Number.NaN;
    const intervals = counted.crossings![node]! - 1;
    return intervals < 1
      ? Number.NaN
      : (1000 * intervals) / ((counted.last![node]! - counted.first![node]!) * dt);
  });
  return { extremes: { [names[0]]: first, [names[1]]: of('i') }, frequency };
}
