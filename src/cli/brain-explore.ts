/**
 * `spikefield brain explore`: whole brains over grids and designs of parameters, a row of numbers each; it can be stopped and taken up
 * again, and shared out. `brain explore merge` puts shards together.
 */
import { InputError } from '../errors.ts';
import { openDevice } from '../gpu/device.ts';
import { mergeSweeps, parseShard, type SweepResults, shardRange, WHOLE } from '../sweep/folder.ts';
import { acrossSpace, gridSpace, latinSpace, randomSpace, type SweepSpace, spaced } from '../sweep/space.ts';
import { requireTableEnding } from '../sweep/table.ts';
import { SUBJECT_AXIS } from '../whole-brain/brain-task.ts';
import { brainSweepPlan, exploreBrains } from '../whole-brain/explore-brains.ts';
import { withProgress } from './aln-options.ts';
import {
  bestPoints,
  type Counts,
  finishOutcome,
  pointFigures,
  pointFound,
  writeEarlyTable,
} from './brain-explore-results.ts';
import { meanOverSubjects, ofSubject } from './brain-explore-subjects.ts';
import { type BrainTaskPlan, readBrainTask, TASK_OPTIONS } from './brain-task-options.ts';
import { integerOption, listOption, textOption } from './options.ts';
import { formatSeconds } from './progress.ts';
import type { Given, Verb } from './verbs.ts';

export const brainExploreVerb: Verb = {
  run: brainExplore,
  what: 'nothing, or merge',
  optional: true,
  options: [
    ...TASK_OPTIONS,
    ['--random <n>', 'So many points drawn at random, in place of a grid'],
    ['--latin <n>', 'So many points that cover each parameter evenly, in place of a grid'],
    ['--design-seed <number>', 'Of drawn points (default: 0)'],
    ['--shard <i/n>', 'Do part i of n, in a folder of its own'],
    ['--from <folder>', 'explore merge: a folder that a shard wrote; repeat for each'],
    ['--table <file>', 'The table once more: .csv, .npz or .parquet; may be repeated'],
    [
      '--out <folder>',
      'Result directory; one that holds this exploration or fit is gone on with (default: runs/brain-<verb>)',
    ],
  ],
};

async function brainExplore(what: string, given: Given, version: string): Promise<void> {
  if (what !== '' && what !== 'merge')
    throw new InputError(`spikefield brain explore takes nothing or merge after it, but was given ${what}`);
  const plan = await readBrainTask('explore', given, version);
  const { task, batch, remember } = plan;
  const { each } = task;
  const inner = spaceOf(plan);
  const space = each
    ? acrossSpace({ name: SUBJECT_AXIS, values: each.map((_, place) => place) }, inner)
    : inner;
  const shardText = textOption(given.shard, '--shard');
  const shard = shardText === undefined ? WHOLE : parseShard(shardText);
  const out = textOption(given.out, '--out') ?? 'runs/brain-explore';
  for (const path of listOption(given.table, '--table')) requireTableEnding(path);
  // What could be no brain is known before a folder is made.
  const sweep = brainSweepPlan(task, space, remember);
  if (given.dryRun === true) {
    const [from, to] = shardRange(shard, space.count);
    const cost = {
      ...{ points: space.count, of_this_shard: to - from, brains: (to - from) * task.seeds.length },
      ...{
        nodes: task.connectome.nodes,
        biological_s: ((to - from) * task.seeds.length * task.duration) / 1000,
      },
      numbers: sweep.results,
    };
    process.stdout.write(
      given.json === true
        ? `${JSON.stringify(cost)}\n`
        : `${cost.of_this_shard} of ${cost.points} points, ${cost.brains} brains of ${cost.nodes} nodes, ${cost.biological_s} s of biology\n`,
    );
    return;
  }
  if (what === 'merge') {
    const folders = listOption(given.from, '--from');
    if (folders.length === 0)
      throw new InputError(
        'brain explore merge needs the folders of the shards; give each with --from <folder>',
      );
    const merged = mergeSweeps(folders, sweep);
    finish(plan, inner, merged, out, { found: merged.count(), evaluated: 0, wall_s: 0 }, null);
    return;
  }
  const began = performance.now();
  let adapter = '';
  const run = await withProgress(
    `${space.count} points`,
    { quiet: given.quiet === true, out, after: `the same command goes on from there (${out})` },
    async (onProgress) => {
      await using device = await openDevice();
      adapter = device.adapter.name;
      return await exploreBrains(device, task, space, {
        ...{ folder: out, shard, force: given.force === true, remember, onProgress },
        ...(batch === undefined ? {} : { batch }),
        onBatch: (results) => writeEarlyTable(out, results),
      });
    },
  );
  const { found, evaluated } = run;
  const counts = { found, evaluated, wall_s: (performance.now() - began) / 1000 };
  if (shard.count === 1) {
    finish(plan, inner, run.results, out, counts, adapter);
    return;
  }
  const summary = { out, shard: `${shard.index}/${shard.count}`, ...counts };
  if (given.json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else if (given.quiet !== true)
    process.stdout.write(
      `shard ${summary.shard}: ${evaluated} points in ${formatSeconds(counts.wall_s)} (${found} were done before) in ${out}; put shards together with spikefield brain explore merge\n`,
    );
}

/** @param inner the space without its axis of subjects */
function finish(
  plan: BrainTaskPlan,
  inner: SweepSpace,
  results: SweepResults,
  out: string,
  counts: Counts,
  adapter: string | null,
): void {
  const { each } = plan.task;
  const [objective] = plan.objectives;
  // With an axis of subjects, points are told apart by their means over subjects, and then for each subject alone.
  const means = each
    ? meanOverSubjects(
        results,
        inner,
        each.map(({ name }) => name),
      )
    : results;
  const best = objective ? bestPoints(plan, means, objective) : [];
  const perSubject = (objective && each ? each : []).flatMap(({ name }, place) =>
    bestPoints(plan, ofSubject(results, inner, place), objective!, 1).map(({ index }) => ({
      name,
      best: pointFound(plan, results, place * inner.count + index),
    })),
  );
  const figures =
    plan.given.figures === false
      ? []
      : pointFigures(plan, means, {
          title: 'Exploration of a whole brain',
          best: best[0]?.index,
          ...(each && each.length > 1 ? { note: `mean over ${each.length} subjects` } : {}),
        });
  finishOutcome({
    kind: 'explore',
    plan,
    results,
    out,
    counts,
    adapter,
    best,
    perSubject,
    figures,
    more: {},
  });
}

function spaceOf({ ranges, given }: BrainTaskPlan): SweepSpace {
  const random = integerOption(given.random, '--random', { least: 1 });
  const latin = integerOption(given.latin, '--latin', { least: 1 });
  if (random !== undefined && latin !== undefined)
    throw new InputError('--random and --latin are two designs; give one of them');
  const seed = integerOption(given.designSeed, '--design-seed');
  const count = random ?? latin;
  if (count === undefined) {
    if (seed !== undefined)
      throw new InputError('--design-seed belongs to --random or --latin; a grid has no seed');
    return gridSpace(
      ranges.map(({ name, from, to, count: each }) => {
        if (each === undefined)
          throw new InputError(
            `--vary ${name} needs the number of its values on a grid, as ${name}=${from}:${to}:7; or give --random or --latin`,
            { field: name },
          );
        return { name, values: spaced(from, to, each) };
      }),
    );
  }
  const counted = ranges.find((range) => range.count !== undefined);
  if (counted)
    throw new InputError(
      `--vary ${counted.name} counts its values, which --random and --latin draw; write ${counted.name}=${counted.from}:${counted.to}`,
      { field: counted.name },
    );
  const bare = ranges.map(({ name, from, to }) => ({ name, from, to }));
  return random === undefined ? latinSpace(bare, count, seed ?? 0) : randomSpace(bare, count, seed ?? 0);
}
