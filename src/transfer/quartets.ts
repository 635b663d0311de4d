/**
 * What has been measured: four repeats of one point of the grid at a time, as one invocation of the kernel carries them. Their
 * sums are all that later steps need, so an interrupted measurement goes on from a list of them.
 */
import { SUM_COUNT } from './moments.ts';

/** Repeats 4 `index` to 4 `index` + 3 at input rates nu_e and nu_i, Hz per synapse. */
export interface Quartet {
  nu_e: number;
  nu_i: number;
  index: number;
}

/** Numbers that are kept of a quartet: `[repeat, SUMS]`. */
export const quartetSums = 4 * SUM_COUNT;

export class QuartetStore {
  private readonly sums = new Map<string, Float64Array>();

  get size(): number {
    return this.sums.size;
  }

  has(quartet: Quartet): boolean {
    return this.sums.has(keyOf(quartet));
  }

  set(quartet: Quartet, sums: Float64Array): void {
    this.sums.set(keyOf(quartet), sums);
  }

  /** The sums of the first `repeats` neurons at a point, `[repeat, SUMS]`; all of them must have been measured. */
  repeatsAt({ nu_e, nu_i }: Omit<Quartet, 'index'>, repeats: number): Float64Array {
    const all = new Float64Array(repeats * SUM_COUNT);
    for (let index = 0; 4 * index < repeats; index++) {
      const sums = this.sums.get(keyOf({ nu_e, nu_i, index }));
      if (!sums) throw new RangeError(`nothing was measured at nu_e = ${nu_e}, nu_i = ${nu_i}`);
      const wanted = Math.min(4, repeats - 4 * index) * SUM_COUNT;
      all.set(sums.subarray(0, wanted), index * quartetSums);
    }
    return all;
  }
}

function keyOf({ nu_e, nu_i, index }: Quartet): string {
  return `${nu_e} ${nu_i} ${index}`;
}

/** The quartets that `repeats` neurons at a point make, the last one filled up. */
export function quartetsAt(nu_e: number, nu_i: number, repeats: number): Quartet[] {
  return Array.from({ length: Math.ceil(repeats / 4) }, (_, index) => ({ nu_e, nu_i, index }));
}
