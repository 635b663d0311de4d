/**
 * The rule by which Zerlaut et al. 2017 place the points of a row (one nu_i) where the output rate rises:
 *
 *   Column 0 is nu_e = 0. Column c starts one step above column c - 1 (the first step is max_nu_e / (columns - 1), the others
 *   max_nu_e / columns). While its first repeat fires faster than jump(c - 1), jump(k) = k max_rate / (columns - 1), it is
 *   moved half the way back to column c - 1. So column 1 is the first that stays silent.
 *
 * The paper's program simulates these trials one by one. Here all halvings that a column may need are one batch, for all
 * rows together: a round a column.
 */
import { InputError } from '../errors.ts';
import type { AdaptiveGrid } from './grid.ts';

/** Halvings that a round tries at once; another round tries as many more where none of them did. */
const halvingsPerRound = 6;
/** No cell is that steep: one that fires without excitation never comes to an end. */
const mostHalvings = 30;

/** One row while its columns are found. */
interface Row {
  nu_i: number;
  nu_e: number[];
  /** Halvings of the next column that were tried and fired too fast. */
  tried: number;
}

/** A point that a round asks for. */
export interface Trial {
  nu_e: number;
  nu_i: number;
}

export class AdaptiveSearch {
  private readonly grid: AdaptiveGrid;
  private readonly rows: Row[];

  constructor(grid: AdaptiveGrid) {
    this.grid = grid;
    this.rows = grid.nu_i.map((nu_i) => ({ nu_i, nu_e: [0], tried: 0 }));
  }

  /** Columns that all rows have, from 1 to `grid.columns`. */
  get columns(): number {
    return Math.min(...this.rows.map(({ nu_e }) => nu_e.length));
  }

  get done(): boolean {
    return this.columns === this.grid.columns;
  }

  /** nu_e of every point, Hz, `[nu_i, nu_e]`, once it is done. */
  get nu_e(): Float64Array {
    return Float64Array.from(this.rows.flatMap(({ nu_e }) => nu_e));
  }

  /** The points that the next round must measure. */
  trials(): Trial[] {
    return this.openRows().flatMap((row) => this.candidates(row).map((nu_e) => ({ nu_e, nu_i: row.nu_i })));
  }

  /**
   * Takes what the first repeat did at the trials of a round.
   *
   * @param rateOf its output rate at a trial, Hz
   * @throws InputError where a row cannot go on, because its cell fires at any excitation
   */
  decide(rateOf: (trial: Trial) => number): void {
    for (const row of this.openRows()) {
      const { nu_i } = row;
      const column = row.nu_e.length;
      const jump = ((column - 1) * this.grid.max_rate) / (this.grid.columns - 1);
      const candidates = this.candidates(row);
      const found = candidates.find((nu_e) => rateOf({ nu_e, nu_i }) <= jump);
      if (found === undefined) row.tried += candidates.length;
      else {
        row.nu_e.push(found);
        row.tried = 0;
      }
      if (row.tried >= mostHalvings) {
        throw new InputError(
          `at nu_i = ${nu_i} Hz the cell fires above ${jump} Hz however little nu_e exceeds ${row.nu_e.at(-1)} Hz: the adaptive grid has no place for its column ${column}; give a rectangular grid, or a higher max_rate`,
        );
      }
    }
  }

  private openRows(): Row[] {
    return this.rows.filter(({ nu_e }) => nu_e.length < this.grid.columns);
  }

  /** The next column after so many halvings and more, in the order in which the rule tries them. */
  private candidates({ nu_e, tried }: Row): number[] {
    const { columns, max_nu_e } = this.grid;
    const before = nu_e.at(-1)!;
    let candidate = nu_e.length === 1 ? max_nu_e / (columns - 1) : before + max_nu_e / columns;
    const all = [candidate];
    // Midpoints one after the other, so that the last digits are those of the paper's program.
    while (all.length < tried + halvingsPerRound) {
      candidate = (candidate + before) / 2;
      all.push(candidate);
    }
    return all.slice(tried);
  }
}
