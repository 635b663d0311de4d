/** From what the kernel gathers over a closing window to minimum, maximum, mean and frequency. */
import type { Column } from '../gpu/columns.ts';
import type { Reduction } from './aln-result.ts';

/** Fields of struct Reduced in shaders/whole-brain/aln.wgsl, read back. */
export type ReducedColumns = Record<string, Float32Array>;

/** What a second pass over the window counts: rises through a level, given the rate before the window. */
export interface Crossings {
  level: ArrayLike<number>;
  before: ArrayLike<number>;
}

/** No rate reaches it: a first pass counts nothing. */
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

/** @param counted of the second pass; undefined where no rate oscillates */
export function reductionOf(
  reduced: ReducedColumns,
  counted: ReducedColumns | undefined,
  steps: number,
  dt: number,
  leastAmplitude: number,
): Reduction {
  const of = (suffix: 'e' | 'i') => {
    const [min, max] = [
      Float64Array.from(reduced[`least_${suffix}`]!),
      Float64Array.from(reduced[`most_${suffix}`]!),
    ];
    const sum = reduced[`sum_${suffix}`]!;
    const block = reduced[`block_${suffix}`]!;
    return { min, max, mean: Float64Array.from(sum, (value, node) => (value + block[node]!) / steps) };
  };
  const rates_exc = of('e');
  const frequency = Float64Array.from(rates_exc.max, (most, node) => {
    if (!counted || most - rates_exc.min[node]! < leastAmplitude) return Number.NaN;
    const intervals = counted.crossings![node]! - 1;
    return intervals < 1
      ? Number.NaN
      : (1000 * intervals) / ((counted.last![node]! - counted.first![node]!) * dt);
  });
  return { rates_exc, rates_inh: of('i'), frequency };
}
