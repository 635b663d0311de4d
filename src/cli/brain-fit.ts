/** `spikefield brain fit`: an evolutionary search for the parameters at which whole brains come nearest to recordings. */
import { InputError } from '../errors.ts';
import { searchCourseFigure } from '../figures/search-course.ts';
import { openDevice } from '../gpu/device.ts';
import type { SweepResults } from '../sweep/folder.ts';
import { requireTableEnding } from '../sweep/table.ts';
import { frontOf, pointCosts } from '../whole-brain/brain-objectives.ts';
import { brainsPerPoint } from '../whole-brain/evaluate-brains.ts';
import { type BrainFitPlan, brainSearch, fitBrains } from '../whole-brain/explore-brains.ts';
import { withProgress } from './aln-options.ts';
import {
  bestPoints,
  type Counts,
  finishOutcome,
  pointFigures,
  pointFound,
  resultTitle,
  writeEarlyTable,
} from './brain-explore-results.ts';
import { type BrainTaskPlan, readBrainTask, TASK_OPTIONS } from './brain-task-options.ts';
import { integerOption, listOption, textOption } from './options.ts';
import type { Given, Verb } from './verbs.ts';

export const brainFitVerb: Verb = {
  run: brainFit,
  what: 'nothing',
  optional: true,
  options: [
    ...TASK_OPTIONS,
    ['--generations <n>', 'Of the search; more than a finished one had go on from its end (default: 20)'],
    ['--population <n>', 'Points of a generation (default: 16; 24 with several objectives)'],
    ['--search-seed <number>', 'Of the search, not of the brains (default: 0)'],
    ['--table <file>', 'The table once more: .csv, .npz or .parquet; may be repeated'],
    [
      '--out <folder>',
      'Result directory; one that holds this exploration or fit is gone on with (default: runs/brain-<verb>)',
    ],
  ],
};

const GENERATIONS = 20;

async function brainFit(what: string, given: Given, version: string): Promise<void> {
  if (what !== '')
    throw new InputError(
      `spikefield brain fit takes nothing after it, but was given ${what}; write --connectome ${what}`,
    );
  const plan = await readBrainTask('fit', given, version);
  const { task, ranges, objectives, batch, remember } = plan;
  if (objectives.length === 0)
    throw new InputError(
      'spikefield brain fit needs something to fit: give --bold and a connectome with recordings, or --objective frequency_hz=10',
    );
  const counted = ranges.find(({ count }) => count !== undefined);
  if (counted)
    throw new InputError(
      `a fit searches between two values; write --vary ${counted.name}=${counted.from}:${counted.to}`,
      { field: counted.name },
    );
  const population = integerOption(given.population, '--population', { least: 4, most: 1e6 });
  const fit: BrainFitPlan = {
    ranges: ranges.map(({ name, from, to }) => ({ name, from, to })),
    objectives,
    generations: integerOption(given.generations, '--generations', { least: 1, most: 1e6 }) ?? GENERATIONS,
    ...(population === undefined ? {} : { population }),
    seed: integerOption(given.searchSeed, '--search-seed') ?? 0,
  };
  const out = textOption(given.out, '--out') ?? 'runs/brain-fit';
  for (const path of listOption(given.table, '--table')) requireTableEnding(path);
  // What could be no brain is known before a folder is made.
  const { search, plan: whole } = brainSearch(task, fit, remember);
  const points = search.size * whole.generations;
  if (given.dryRun === true) {
    const brains =
      points *
      brainsPerPoint(
        task,
        ranges.map(({ name }) => name),
      );
    const cost = {
      ...{ points, generations: whole.generations, population: search.size, brains },
      ...{ nodes: task.connectome.nodes, biological_s: (brains * task.duration) / 1000 },
    };
    process.stdout.write(
      given.json === true
        ? `${JSON.stringify(cost)}\n`
        : `${cost.generations} generations of ${cost.population} points, ${brains} brains of ${cost.nodes} nodes, ${cost.biological_s} s of biology\n`,
    );
    return;
  }
  const began = performance.now();
  let adapter = '';
  const run = await withProgress(
    `${points} points`,
    { quiet: given.quiet === true, out, after: `the same command goes on from there (${out})` },
    async (onProgress) => {
      await using device = await openDevice();
      adapter = device.adapter.name;
      return await fitBrains(device, task, fit, {
        ...{ folder: out, force: given.force === true, remember, onProgress },
        ...(batch === undefined ? {} : { batch }),
        onGeneration: (results) => writeEarlyTable(out, results),
      });
    },
  );
  const counts = { found: run.found, evaluated: run.evaluated, wall_s: (performance.now() - began) / 1000 };
  finish(plan, run.results, { out, counts, adapter, size: search.size });
}

function finish(
  plan: BrainTaskPlan,
  results: SweepResults,
  { out, counts, adapter, size }: { out: string; counts: Counts; adapter: string; size: number },
): void {
  const { objectives, run, given } = plan;
  const best = bestPoints(plan, results, objectives[0]!);
  const costs = pointCosts(results, objectives);
  const front = frontOf(results, objectives);
  const figures =
    given.figures === false
      ? []
      : [
          {
            stem: 'course',
            svg: searchCourseFigure({
              ...{ title: 'Course of the search', size, front },
              objectives: objectives.map(({ name }, k) => ({
                title: resultTitle(run, name),
                values: results.column(name),
                costs: costs[k]!,
              })),
            }),
            caption: 'Members of every generation, and the best found so far.',
          },
          ...pointFigures(plan, results, {
            title: 'Fit of a whole brain',
            best: best[0]?.index,
            ordered: true,
            ...(plan.task.each && plan.task.each.length > 1
              ? { note: `mean over ${plan.task.each.length} subjects` }
              : {}),
          }),
        ];
  const more = objectives.length > 1 ? { front: front.map((index) => pointFound(plan, results, index)) } : {};
  finishOutcome({ kind: 'fit', plan, results, out, counts, adapter, best, figures, more });
}
