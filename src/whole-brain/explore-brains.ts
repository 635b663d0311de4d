/** Explorations of whole brains as sweeps, and fits of them as searches: resumed, shared out and cut into batches by `src/sweep/`. */
import { InputError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import { CmaEs } from '../optimise/cma-es.ts';
import { Nsga } from '../optimise/nsga.ts';
import type { Search } from '../optimise/search.ts';
import type { Shard, SweepPlan } from '../sweep/folder.ts';
import { runSearch, type SearchPlan, type SearchRun } from '../sweep/run-search.ts';
import { runSweep, type SweepRun } from '../sweep/run-sweep.ts';
import type { SweepRange, SweepSpace } from '../sweep/space.ts';
import { type BrainObjective, costsOf } from './brain-objectives.ts';
import { type BrainTask, taskIdentity } from './brain-task.ts';
import {
  brainEvaluator,
  brainsPerPoint,
  pointsInMemory,
  pointsThatFit,
  requireBrains,
  taskMeasures,
} from './evaluate-brains.ts';

/** Points run at once where nothing is said: what keeps a GPU busy, and what a CPU does in a reasonable time. */
const ON_GPU = 256;
const ON_CPU = 8;

export interface ExploreBrainsOptions {
  /** Where the sweep lies; one that holds it is gone on with. */
  folder: string;
  /** Points run at once, at most; what fits the device. */
  batch?: number;
  shard?: Shard;
  /** Begin anew where the folder holds an exploration. */
  force?: boolean;
  onProgress?: (fraction: number) => void;
  onBatch?: (results: SweepRun['results']) => void;
  /** What else decides on the numbers, to be remembered with them. */
  remember?: unknown;
}

/** The plan of an exploration, by which its folder is known. Throws InputError where points could be no brains. */
export function brainSweepPlan(task: BrainTask, space: SweepSpace, remember?: unknown): SweepPlan {
  requireBrains(task, rangesOf(space));
  return { space, results: taskMeasures(task), settings: { ...(taskIdentity(task) as object), remember } };
}

/**
 * Runs brains at all points of a space (or of a shard of it) and keeps a row of numbers for each: rates, rhythm, and where there is
 * BOLD and something to compare it with, the fit.
 *
 *     const task = brainTask({ connectome, duration: 60_000, bold: true, parameters: { mui_ext_mean: 1.6, sigma_ou: 0.09 } });
 *     const space = gridSpace([{ name: 'mue_ext_mean', values: [1.4, 1.5, 1.6] }, { name: 'b', values: [0, 5, 20] }]);
 *     const { results } = await exploreBrains(device, task, space, { folder: 'runs/exploration' });
 *     results.column('fc_correlation');
 *
 * @throws InputError where points could be no brains
 * @throws OutputError where the folder cannot be used
 * @throws DeviceMemoryError where not even one brain fits
 */
export async function exploreBrains(
  device: Device,
  task: BrainTask,
  space: SweepSpace,
  options: ExploreBrainsOptions,
): Promise<SweepRun> {
  const { remember, batch, ...rest } = options;
  const plan = brainSweepPlan(task, space, remember);
  const { evaluate } = brainEvaluator(device, task, space.names);
  return await runSweep(plan, evaluate, { ...rest, batch: batchOf(device, task, rangesOf(space), batch) });
}

export interface BrainFitPlan {
  ranges: readonly SweepRange[];
  /** One: covariance matrix adaptation. Several: the front that NSGA-II finds. */
  objectives: readonly BrainObjective[];
  generations: number;
  /** Points of a generation; 16 for one objective, 24 for several. */
  population?: number;
  /** Of the search, not of the brains; 0. */
  seed?: number;
}

export interface FitBrainsOptions extends Omit<ExploreBrainsOptions, 'shard' | 'onBatch'> {
  onGeneration?: (results: SearchRun['results'], generation: number) => void;
}

const POPULATION = { one: 16, several: 24 };

/**
 * Searches for the parameters at which brains come nearest to the objectives; the generation is the batch.
 * @throws as `exploreBrains`
 */
export async function fitBrains(
  device: Device,
  task: BrainTask,
  plan: BrainFitPlan,
  options: FitBrainsOptions,
): Promise<SearchRun> {
  const { remember, batch, ...rest } = options;
  const { search, plan: whole } = brainSearch(task, plan, remember);
  const { names, evaluate } = brainEvaluator(
    device,
    task,
    plan.ranges.map(({ name }) => name),
  );
  return await runSearch(whole, search, costsOf(plan.objectives, names), evaluate, {
    ...rest,
    batch: batchOf(device, task, plan.ranges, batch),
  });
}

/** The search and its plan, without a device. Throws InputError. */
export function brainSearch(
  task: BrainTask,
  { ranges, objectives, generations, population, seed = 0 }: BrainFitPlan,
  remember?: unknown,
): { search: Search; plan: SearchPlan } {
  if (objectives.length === 0)
    throw new InputError('a fit needs an objective; name one, as fc_correlation', { field: 'objective' });
  requireBrains(task, ranges);
  const isSingle = objectives.length === 1;
  const size = population ?? (isSingle ? POPULATION.one : POPULATION.several);
  const shape = { dimensions: ranges.length, seed, size };
  const search = isSingle ? new CmaEs(shape) : new Nsga({ ...shape, objectives: objectives.length });
  const settings = {
    ...(taskIdentity(task) as object),
    ...{ remember, objectives, search: isSingle ? 'cma-es' : 'nsga-ii', search_seed: seed },
  };
  return { search, plan: { ranges, generations, results: taskMeasures(task), settings } };
}

/** How many points are run at once. Throws as `exploreBrains`. */
export function batchOf(
  device: Device,
  task: BrainTask,
  ranges: readonly SweepRange[],
  wanted?: number,
): number {
  const names = ranges.map(({ name }) => name);
  const brains = brainsPerPoint(task, names);
  // Where velocities differ each point has tables of its own, which its seeds share; of an axis of subjects a batch may meet them all.
  const count = task.each?.length ?? 1;
  const varies = names.includes('signalV');
  const tables = { own: varies ? brains / task.seeds.length : 0, shared: varies ? 0 : count };
  const fit = pointsThatFit(device, requireBrains(task, ranges), { brains, tables });
  const usual = Math.max(1, Math.floor((device.adapter.software ? ON_CPU : ON_GPU) / brains));
  return Math.min(fit, pointsInMemory(task, brains), wanted ?? usual);
}

/** From the smallest to the largest value of each parameter. */
function rangesOf({ names, count, point }: SweepSpace): SweepRange[] {
  const ranges = names.map((name) => ({
    name,
    from: Number.POSITIVE_INFINITY,
    to: Number.NEGATIVE_INFINITY,
  }));
  for (let index = 0; index < count; index++)
    point(index).forEach((value, k) => {
      const range = ranges[k]!;
      range.from = Math.min(range.from, value);
      range.to = Math.max(range.to, value);
    });
  return ranges;
}
