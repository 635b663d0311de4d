/**
 * Runs an evolutionary search as a sweep whose points are not known beforehand: generation after generation, each in batches that are
 * on the disk before the next. A search that was killed, or is to go on for more generations, is told again what the folder holds, and so
 * comes to where it was.
 */
import { InputError } from '../errors.ts';
import type { Search } from '../optimise/search.ts';
import { openSweep, type SweepPlan, type SweepResults } from './folder.ts';
import type { Evaluate } from './run-sweep.ts';
import type { SweepRange, SweepSpace } from './space.ts';

export interface SearchPlan {
  ranges: readonly SweepRange[];
  generations: number;
  /** Names of the numbers that each point gives. */
  results: readonly string[];
  /** Everything else that decides on points and results, as JSON: method, seed, objectives, model, data. */
  settings: unknown;
}

export interface SearchOptions {
  folder: string;
  /** Points evaluated together, at most; whole generations where they are smaller. */
  batch: number;
  force?: boolean;
  /** Called with the part that is done; throwing stops the search. */
  onProgress?: (fraction: number) => void;
  /** Called after each generation, but not while the folder holds points of later ones, which only the search can place. */
  onGeneration?: (results: SweepResults, generation: number) => void;
}

export interface SearchRun {
  /** Points in the order of generations. */
  results: SweepResults;
  found: number;
  evaluated: number;
}

/**
 * @param objectives of a row of results, to become small
 * @throws InputError for generations that are none
 * @throws OutputError where the folder cannot be used
 */
export async function runSearch(
  { ranges, generations, results: names, settings }: SearchPlan,
  search: Search,
  objectives: (row: Float64Array) => number[],
  evaluate: Evaluate,
  { folder, batch, force = false, onProgress, onGeneration }: SearchOptions,
): Promise<SearchRun> {
  if (!Number.isInteger(generations) || generations < 1 || generations * search.size > 2 ** 32 - 1)
    throw new InputError(`generations is ${generations}, but must be a whole number of at least 1`, {
      field: 'generations',
    });
  const known: number[][] = [];
  const count = generations * search.size;
  const space: SweepSpace = {
    names: ranges.map(({ name }) => name),
    count,
    point: (index) => [...known[index]!],
    // Without the number of generations: a search that has ended can go on.
    grows: true,
    recipe: { design: 'search', ranges, size: search.size },
  };
  const plan: SweepPlan = { space, results: names, settings };
  const sweep = openSweep(folder, plan, { force });
  try {
    const { results } = sweep;
    const found = results.count();
    let evaluated = 0;
    for (let generation = 0; generation < generations; generation++) {
      const first = generation * search.size;
      const points = search
        .ask()
        .map((point) => point.map((each, k) => ranges[k]!.from + (ranges[k]!.to - ranges[k]!.from) * each));
      known.push(...points);
      const missing = points.flatMap((_, k) => (results.done[first + k] ? [] : [first + k]));
      for (let at = 0; at < missing.length; at += batch) {
        const indices = missing.slice(at, at + batch);
        const share = (fraction: number) =>
          onProgress?.((found + evaluated + fraction * indices.length) / count);
        const rows = await evaluate(indices.map(space.point), share);
        if (rows.length !== indices.length * names.length)
          throw new Error(`${indices.length} points gave ${rows.length} numbers`);
        sweep.add(indices, rows);
        evaluated += indices.length;
        share(0);
      }
      const rowOf = (index: number) =>
        results.rows.subarray(index * names.length, (index + 1) * names.length);
      search.tell(points.map((_, k) => objectives(rowOf(first + k))));
      if (results.count(known.length) === 0) onGeneration?.(results, generation);
    }
    return { results, found, evaluated };
  } finally {
    sweep.close();
  }
}
