/** What makes one explored brain better than another: numbers of its row that are to become large, small, or near a value. */
import { InputError } from '../errors.ts';
import { suggestion } from '../models/document/near-names.ts';
import { frontsOf } from '../optimise/nsga.ts';
import type { SweepResults } from '../sweep/folder.ts';

export interface BrainObjective {
  /** Of the row, as `fc_correlation`. */
  name: string;
  aim: 'largest' | 'smallest' | number;
}

/** Where nothing else is said: distances are to become small, all else large. */
function usualAim(name: string): 'largest' | 'smallest' {
  return name === 'fcd_distance' || name === 'outside_table' ? 'smallest' : 'largest';
}

/**
 * `fc_correlation`, `rates_exc_max=smallest`, `frequency_hz=10`.
 * @throws InputError for numbers that a row has not, and aims that are none
 */
export function parseObjective(text: string, names: readonly string[]): BrainObjective {
  const [name = '', aim, ...more] = text.split('=').map((part) => part.trim());
  if (more.length > 0 || name === '' || aim === '')
    throw new InputError(
      `the objective "${text}" is written name, name=largest, name=smallest or name=number, as fc_correlation or frequency_hz=10`,
      { field: 'objective' },
    );
  if (!names.includes(name))
    throw new InputError(
      name === 'fc_correlation' || name === 'fcd_distance'
        ? `${name} needs BOLD, recordings, and a run that is long enough; give --bold, a connectome with recordings, and a longer --duration`
        : `brains leave no number ${name}; ${suggestion(name, names)}`,
      { field: 'objective' },
    );
  if (aim === undefined) return { name, aim: usualAim(name) };
  if (aim === 'largest' || aim === 'smallest') return { name, aim };
  const value = Number(aim);
  if (!Number.isFinite(value))
    throw new InputError(`the aim of ${name} is ${aim}, but must be largest, smallest or a number`, {
      field: 'objective',
    });
  return { name, aim: value };
}

/** A function of rows whose values are the better the smaller they are, one for each objective; NaN stays. */
export function costsOf(
  objectives: readonly BrainObjective[],
  names: readonly string[],
): (row: ArrayLike<number>) => number[] {
  const columns = objectives.map(({ name }) => names.indexOf(name));
  return (row) =>
    objectives.map(({ aim }, k) => {
      const value = row[columns[k]!]!;
      return aim === 'largest' ? -value : aim === 'smallest' ? value : Math.abs(value - aim);
    });
}

/** The cost of every point by each objective, `[objective][point]`; NaN where a point is not done. */
export function pointCosts(
  { plan, rows, done }: SweepResults,
  objectives: readonly BrainObjective[],
): Float64Array[] {
  const cost = costsOf(objectives, plan.results);
  const width = plan.results.length;
  const all = Array.from(done, (_, index) => cost(rows.subarray(index * width, (index + 1) * width)));
  return objectives.map((_, k) => Float64Array.from(all, (each) => each[k]!));
}

/**
 * Points that no other surpasses in every objective, in their order; of points with the same costs (a member of a search that lives on) the
 * first. Points without a number are none of them.
 */
export function frontOf(results: SweepResults, objectives: readonly BrainObjective[]): number[] {
  const costs = pointCosts(results, objectives);
  const seen = new Set<string>();
  const known = Array.from(results.done.keys()).filter((index) => {
    const own = costs.map((each) => each[index]!);
    const text = own.join(' ');
    if (own.some(Number.isNaN) || seen.has(text)) return false;
    seen.add(text);
    return true;
  });
  const [front = []] = frontsOf(known.map((index) => costs.map((each) => each[index]!)));
  return front.map((at) => known[at]!);
}
