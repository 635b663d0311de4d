/** Mean fields as `shaders/mean-field/advance.wgsl` wants them: one record a population, and the time courses of drives by step. */
import type { WgslValue } from '../gpu/layout.ts';
import { deviceFunction } from '../transfer/device-function.ts';
import { fluctuationFields } from './fluctuation.ts';
import { type ExternalDrive, type MeanField, valueAt } from './model.ts';

/** Time courses that populations share, each once; row 0 is always without input. */
export class CourseTable {
  private readonly rows: (readonly ExternalDrive[])[] = [[]];
  private readonly known = new Map<string, number>();
  private readonly numbers = new Map<object, number>();

  get length(): number {
    return this.rows.length;
  }

  /** The row of a population's sampled drives. */
  rowOf(drives: readonly ExternalDrive[]): number {
    const sampled = drives.filter(({ rate }) => typeof rate !== 'number');
    if (sampled.length === 0) return 0;
    const name = sampled
      .map(({ kind, rate, share }) => `${kind} ${share} ${this.numberOf(rate as object)}`)
      .join();
    const known = this.known.get(name);
    if (known !== undefined) return known;
    this.known.set(name, this.rows.length);
    return this.rows.push(sampled) - 1;
  }

  /** (nu_e, nu_i) of each row in each of `steps` steps, `[row, step]`, Hz: their values where a step begins. */
  values(firstStep: number, steps: number, dt: number): Float32Array {
    const values = new Float32Array(2 * this.rows.length * steps);
    this.rows.forEach((drives, row) => {
      for (const { kind, rate, share } of drives)
        for (let step = 0; step < steps; step++)
          values[2 * (row * steps + step) + (kind === 'exc' ? 0 : 1)]! +=
            share * valueAt(rate, (firstStep + step) * dt);
    });
    return values;
  }

  /** Courses are told apart by identity: the same samples twice cost memory, never a wrong result. */
  private numberOf(course: object): number {
    const known = this.numbers.get(course);
    if (known !== undefined) return known;
    this.numbers.set(course, this.numbers.size);
    return this.numbers.size - 1;
  }
}

/**
 * The fields of the WGSL struct Population for each population of a model.
 * @param noise where the kernel knows fluctuating drives: the instance's seed, and the time step, ms
 */
export function devicePopulations(
  { populations, T }: MeanField,
  courses: CourseTable,
  noise?: { seed: number; dt: number },
): WgslValue[] {
  return populations.map((population) => {
    const { size, transfer, from, drives, adaptation } = population;
    const constant = (kind: ExternalDrive['kind']) =>
      drives.reduce(
        (sum, drive) =>
          drive.kind === kind && typeof drive.rate === 'number' ? sum + drive.share * drive.rate : sum,
        0,
      );
    return {
      transfer: deviceFunction(transfer),
      shares: from.exc.map((share, index) => [share, from.inh[index]!]),
      drive: [constant('exc'), constant('inh')],
      inverse_size: 1 / size,
      inverse_T: 1 / T,
      course: courses.rowOf(drives),
      inverse_g: 1 / transfer.cell.g_L,
      adaptation: adaptation ? [adaptation.a, 1e-3 * adaptation.b, 1 / adaptation.tau_w] : [0, 0, 1 / T],
      ...(noise ? fluctuationFields(population, noise.seed, noise.dt) : {}),
    };
  });
}
