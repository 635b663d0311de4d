/** How `spikefield ring scan` goes on from its grid: with finer batches around the best points, or with a bounded search from them. */
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import type { SweepResults } from '../sweep/folder.ts';
import { rangesOf, refinedSpace, searchFrom, smallest, valleys } from '../sweep/refine.ts';
import { runSearch } from '../sweep/run-search.ts';
import { type Evaluate, runSweep } from '../sweep/run-sweep.ts';
import { writeSweepTable } from '../sweep/table.ts';
import { integerOption, textOption } from './options.ts';
import type { Scan } from './ring-scan-plan.ts';
import type { Given } from './verbs.ts';

export const REFINE_OPTIONS: readonly (readonly [flag: string, about: string])[] = [
  [
    '--refine <how>',
    'grid or a number of rounds: finer batches around the best points, half as far apart each round; search: CMA-ES from them',
  ],
  ['--generations <n>', 'Of --refine search (default: 40)'],
  ['--population <n>', 'Points of a generation for each start (default: 16)'],
  ['--starts <n>', 'Best points of the grid that are no neighbours, from which searches begin (default: 2)'],
  ['--search-seed <number>', 'Of --refine search (default: 0)'],
];

/** Rounds of `--refine grid`. */
const ROUNDS = 2;
const [GENERATIONS, POPULATION, STARTS] = [40, 16, 2];
/** Points of the grid around which the first finer batch lies. */
const CENTRES = 2;

export type Refinement =
  | { how: 'grid'; rounds: number }
  | { how: 'search'; generations: number; population: number; starts: number; seed: number };

/** How the grid is gone on with, if at all. Throws InputError. */
export function refineOption(given: Given): Refinement | undefined {
  const text = textOption(given.refine, '--refine');
  const search = {
    generations: integerOption(given.generations, '--generations', { least: 1, most: 1e6 }),
    population: integerOption(given.population, '--population', { least: 4, most: 1e6 }),
    starts: integerOption(given.starts, '--starts', { least: 1, most: 100 }),
    seed: integerOption(given.searchSeed, '--search-seed'),
  };
  const { generations = GENERATIONS, population = POPULATION, starts = STARTS, seed = 0 } = search;
  if (text === 'search') return { how: 'search', generations, population, starts, seed };
  if (Object.values(search).some((each) => each !== undefined))
    throw new InputError(
      '--generations, --population, --starts and --search-seed belong to --refine search; add it, or leave them out',
    );
  if (text === undefined) return undefined;
  if (text === 'grid') return { how: 'grid', rounds: ROUNDS };
  const rounds = Number(text.trim() === '' ? Number.NaN : text);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 10)
    throw new InputError(
      `--refine is ${text}, but must be grid, search, or a whole number of rounds from 1 to 10`,
      {
        field: 'refine',
      },
    );
  return { how: 'grid', rounds };
}

/** The most points that a refinement runs. */
export function refinementPoints(refinement: Refinement, axes: number): number {
  if (refinement.how === 'grid') return (CENTRES + refinement.rounds - 1) * 3 ** axes;
  return refinement.generations * refinement.population * refinement.starts;
}

/** What a refinement found. */
export interface Refined {
  /** Its best point, or that of the grid where it found none better. */
  point: readonly number[];
  residual: number;
  /** Points that it compared, and how many of these were on the disk before. */
  points: number;
  found: number;
  /** Of a search: the residual of each of its points, and how many make a generation. */
  course?: { residuals: Float64Array; size: number };
}

export interface RefineOptions {
  out: string;
  force: boolean;
  onProgress: (fraction: number) => void;
}

/**
 * @throws InputError where no point of the grid has a residual
 * @throws OutputError where folders cannot be used
 */
export async function refineScan(
  scan: Scan,
  grid: SweepResults,
  evaluate: Evaluate,
  refinement: Refinement,
  options: RefineOptions,
): Promise<Refined> {
  if (refinement.how === 'grid') return await finerBatches(scan, grid, evaluate, refinement.rounds, options);
  return await searchOn(scan, grid, evaluate, refinement, options);
}

async function finerBatches(
  scan: Scan,
  grid: SweepResults,
  evaluate: Evaluate,
  rounds: number,
  { out, force, onProgress }: RefineOptions,
): Promise<Refined> {
  const { space } = scan.plan;
  const first = grid.column('residual');
  let centres = smallest(first, CENTRES).map((index) => space.point(index));
  let best = { point: centres[0]!, residual: first[smallest(first, 1)[0]!]! };
  let [points, before] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const finer = refinedSpace(space.axes!, centres, 0.5 ** (round + 1));
    const { results, found } = await runSweep({ ...scan.plan, space: finer }, evaluate, {
      folder: join(out, `refine-${round + 1}`),
      batch: scan.batch,
      force,
      onProgress: (fraction) => onProgress((round + fraction) / rounds),
    });
    points += finer.count;
    before += found;
    const residuals = results.column('residual');
    const at = smallest(residuals, 1)[0]!;
    if (residuals[at]! < best.residual) best = { point: finer.point(at), residual: residuals[at]! };
    centres = [[...best.point]];
  }
  return { ...best, points, found: before };
}

/** Searches from the best valleys of the grid, within its borders; a generation of all of them is one batch. */
async function searchOn(
  scan: Scan,
  grid: SweepResults,
  evaluate: Evaluate,
  { generations, population, starts: most, seed }: Extract<Refinement, { how: 'search' }>,
  { out, force, onProgress }: RefineOptions,
): Promise<Refined> {
  const { space, results: names, settings } = scan.plan;
  const axes = space.axes!;
  const first = grid.column('residual');
  const { indices, starts } = valleys(axes, first, most);
  const search = searchFrom(axes, starts, { size: population, seed });
  const method = { name: 'cma-es', axes, starts, population, seed };
  const { results, found } = await runSearch(
    { ranges: rangesOf(axes), generations, results: names, settings: { method, settings } },
    search,
    (row) => [row[names.indexOf('residual')]!],
    evaluate,
    {
      ...{ folder: join(out, 'refine-search'), batch: scan.batch, force, onProgress },
      onGeneration: (results) => writeSweepTable(join(out, 'search.csv'), results),
    },
  );
  writeSweepTable(join(out, 'search.csv'), results);
  const residuals = results.column('residual');
  const at = smallest(residuals, 1)[0];
  const onGrid = { point: starts[0]!, residual: first[indices[0]!]! };
  const best =
    at !== undefined && residuals[at]! < onGrid.residual
      ? { point: results.plan.space.point(at), residual: residuals[at]! }
      : onGrid;
  return {
    ...best,
    ...{ points: residuals.length, found },
    course: { residuals, size: search.size },
  };
}
