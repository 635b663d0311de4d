/**
 * `spikefield ring scan`: rings of many parameters against a recording; it can be stopped and taken up again, and shared out. `ring scan merge`
 * puts shards together.
 */
import { createHash } from 'node:crypto';
import { alignTo, RESPONSE_SCALE } from '../analysis/vsd-residual.ts';
import { InputError, NonFiniteError } from '../errors.ts';
import { openDevice } from '../gpu/device.ts';
import { writeWhole } from '../io/output-file.ts';
import { makeFolder } from '../io/run-directory.ts';
import { stimulusPositions } from '../ring/residual.ts';
import { mergeSweeps, parseShard, type SweepResults, shardRange, WHOLE } from '../sweep/folder.ts';
import { smallest } from '../sweep/refine.ts';
import { type Evaluate, runSweep } from '../sweep/run-sweep.ts';
import { writeSweepTable } from '../sweep/table.ts';
import { withProgress } from './aln-options.ts';
import { integerOption, listOption, quantityOption, textOption } from './options.ts';
import { formatSeconds } from './progress.ts';
import { RING_OPTIONS, readRing, UNIT_OPTIONS } from './ring-model.ts';
import { SPACE_OPTIONS, spaceOption } from './ring-scan-options.ts';
import { BATCH, evaluator, prepareScan, type Scan, TOGETHER } from './ring-scan-plan.ts';
import {
  REFINE_OPTIONS,
  type Refined,
  type Refinement,
  refinementPoints,
  refineOption,
  refineScan,
} from './ring-scan-refine.ts';
import { type Found, showScan } from './ring-scan-results.ts';
import type { Given, Verb } from './verbs.ts';
import { RECORDING_OPTIONS, readRecordingOption } from './vsd-recording.ts';

const SCANNED = [
  '--conduction-velocity',
  '--stim-extent',
  '--exc-extent',
  '--inh-extent',
  '--tau1',
  '--tau2',
];

export const ringScanVerb: Verb = {
  run: ringScan,
  what: 'nothing, or merge',
  optional: true,
  options: [
    ...RING_OPTIONS.filter(([flag]) => !SCANNED.includes(flag.split(' ')[0]!)),
    ...RING_OPTIONS.filter(([flag]) => SCANNED.includes(flag.split(' ')[0]!)),
    ...UNIT_OPTIONS,
    ['--data <file>', 'Recording: .mat (struct matNL), .npz, .npy with --time and --space, or .csv'],
    ...RECORDING_OPTIONS,
    ['--scale <number>', 'What responses are divided by, or peak for their own maximum (default: 4/58)'],
    ...SPACE_OPTIONS,
    ...REFINE_OPTIONS,
    ['--shard <i/n>', 'Do part i of n, in a folder of its own'],
    ['--from <folder>', 'scan merge: a folder that a shard wrote; repeat for each'],
    ['--batch <n>', `Rings between two records on the disk (default: ${BATCH})`],
    ['--table <file>', 'The table once more: .csv, .npz or .parquet; may be repeated'],
    [
      '--out <folder>',
      'Result directory; one that holds this scan is gone on with (default: runs/ring-scan)',
    ],
    ['--force', 'Begin anew where a scan is there already'],
    ['--no-figures', 'Draw no figures'],
    ['--dry-run', 'Say what it would cost, and stop'],
    ['--json', 'Print the result as one JSON object'],
    ['--quiet', 'No progress, no summary'],
  ],
};

async function ringScan(what: string, given: Given, version: string): Promise<void> {
  if (what !== '' && what !== 'merge')
    throw new InputError(`spikefield ring scan takes nothing or merge after it, but was given ${what}`);
  const path = textOption(given.data, '--data');
  if (path === undefined)
    throw new InputError('spikefield ring scan needs a recording; give it with --data <file>', {
      field: 'data',
    });
  const out = textOption(given.out, '--out') ?? 'runs/ring-scan';
  const shardText = textOption(given.shard, '--shard');
  const shard = shardText === undefined ? WHOLE : parseShard(shardText);
  const refinement = refineOption(given);
  if (refinement && shard.count > 1)
    throw new InputError(
      '--refine needs the whole scan; merge the shards first, with ring scan merge --refine',
    );
  const base = readRing('config1', given);
  const { recording, notes, window, box } = await readRecordingOption(path, given);
  const alignment = alignTo(recording, stimulusPositions(base.ring), {
    dt: base.dt,
    scale: scaleOption(given),
  });
  const space = spaceOption(given);
  if (refinement && !space.axes) throw new InputError('--refine goes on from a grid; leave --design out');
  const scan = prepareScan(
    base,
    alignment,
    space,
    { data: hashOf(recording.data), window, box, version },
    notes,
  );
  scan.batch = integerOption(given.batch, '--batch', { least: 1, most: 1e6 }) ?? BATCH;
  // Every ring is known to be possible before the first is run.
  for (let point = 0; point < space.count; point++) scan.ringsOf([space.point(point)]);
  if (given.dryRun === true) {
    const [from, to] = shardRange(shard, space.count);
    const cost = {
      points: space.count,
      of_this_shard: to - from,
      ...(refinement ? { of_refinement: refinementPoints(refinement, space.names.length) } : {}),
      batch: scan.batch,
      pixels: alignment.pixels,
      times: alignment.times.length,
    };
    process.stdout.write(
      given.json === true
        ? `${JSON.stringify(cost)}\n`
        : `${cost.of_this_shard} of ${cost.points} rings${cost.of_refinement === undefined ? '' : ` and at most ${cost.of_refinement} to refine`}, each compared at ${cost.pixels} pixels and ${cost.times} times\n`,
    );
    return;
  }
  for (const note of notes) process.stderr.write(`spikefield: ${note}\n`);
  if (what === 'merge') return await merge(scan, given, out, refinement);
  const began = performance.now();
  const run = await withProgress(`${space.count} rings`, { quiet: given.quiet === true, out }, (onProgress) =>
    withDevice(scan, (evaluate) =>
      runSweep(scan.plan, evaluate, {
        folder: out,
        batch: scan.batch,
        together: TOGETHER,
        shard,
        force: given.force === true,
        onProgress,
      }),
    ),
  );
  const seconds = (performance.now() - began) / 1000;
  if (shard.count > 1) {
    const summary = {
      out,
      shard: `${shard.index}/${shard.count}`,
      found: run.found,
      evaluated: run.evaluated,
      wall_s: seconds,
    };
    if (given.json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
    else if (given.quiet !== true)
      process.stdout.write(
        `shard ${summary.shard}: ${run.evaluated} rings in ${formatSeconds(seconds)} (${run.found} were done before) in ${out}; put shards together with spikefield ring scan merge\n`,
      );
    return;
  }
  await finish(scan, run.results, given, out, refinement, {
    found: run.found,
    evaluated: run.evaluated,
    wall_s: seconds,
  });
}

async function merge(
  scan: Scan,
  given: Given,
  out: string,
  refinement: Refinement | undefined,
): Promise<void> {
  const folders = listOption(given.from, '--from');
  if (folders.length === 0)
    throw new InputError('ring scan merge needs the folders of the shards; give each with --from <folder>');
  const merged = mergeSweeps(folders, scan.plan);
  await finish(scan, merged, given, out, refinement, { found: merged.count(), evaluated: 0, wall_s: 0 });
}

async function finish(
  scan: Scan,
  results: SweepResults,
  given: Given,
  out: string,
  refinement: Refinement | undefined,
  counts: { found: number; evaluated: number; wall_s: number },
): Promise<void> {
  makeFolder(out);
  for (const ending of ['csv', 'npz', 'parquet']) writeSweepTable(`${out}/table.${ending}`, results);
  for (const path of listOption(given.table, '--table')) writeSweepTable(path, results);
  const residuals = results.column('residual');
  const unstable = unstableNotes(scan, residuals);
  const at = smallest(residuals, 1)[0];
  if (at === undefined) throw new NonFiniteError(unstable[0]!);
  for (const note of unstable) process.stderr.write(`spikefield: ${note}\n`);
  const onGrid = { point: scan.plan.space.point(at), residual: residuals[at]! };
  await using device = await openDevice();
  let refined: Refined | undefined;
  if (refinement)
    refined = await withProgress(
      refinement.how === 'grid' ? 'finer batches' : 'search from the best points',
      { quiet: given.quiet === true, out, after: `the same command goes on from there (${out})` },
      (onProgress) =>
        refineScan(scan, results, evaluator(scan, device), refinement, {
          ...{ out, onProgress, force: given.force === true },
        }),
    );
  const best = refined ?? onGrid;
  const shown = await showScan(scan, results, best, device, {
    ...{ out, figures: given.figures !== false, refined },
  });
  const names = scan.plan.space.names;
  const named = ({ point, residual }: Found) => ({
    ...Object.fromEntries(names.map((name, k) => [name, point[k]])),
    residual,
  });
  const told = ({ point, residual }: Found) =>
    `smallest residual ${residual.toPrecision(5)} at ${names.map((name, k) => `${name} ${Number(point[k]!.toPrecision(6))}`).join(', ')}`;
  const summary = {
    ...{ out, points: scan.plan.space.count, ...counts },
    best: named(best),
    grid_best: named(onGrid),
    grid_best_index: at,
    ...(refined ? { refined: { ...refinement, points: refined.points, found: refined.found } } : {}),
    adapter: device.adapter,
    ...shown,
    unstable: residuals.filter(Number.isNaN).length,
    notes: [...scan.notes, ...unstable],
  };
  writeWhole(`${out}/summary.json`, `${JSON.stringify(summary, undefined, 2)}\n`);
  if (given.json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else if (given.quiet !== true)
    process.stdout.write(
      `${[
        `${counts.evaluated} rings in ${formatSeconds(counts.wall_s)} on ${device.adapter.name}${counts.found > 0 ? `, ${counts.found} done before` : ''}`,
        told(onGrid),
        ...(refined ? [`refined with ${refined.points} more: ${told(refined)}`] : []),
        `table, best run${shown.figures.length > 0 ? ' and figures' : ''} in ${out}`,
      ].join('\n')}\n`,
    );
}

/** What is said of points without a residual: second order does not exclude that a ring becomes unstable. */
function unstableNotes({ plan }: Scan, residuals: Float64Array): string[] {
  const count = residuals.filter(Number.isNaN).length;
  if (count === 0) return [];
  const { names, count: all } = plan.space;
  const first = plan.space.point(residuals.findIndex(Number.isNaN));
  const point = names.map((name, k) => `${name} ${Number(first[k]!.toPrecision(6))}`).join(', ');
  return [
    `${count} of ${all} rings became unstable and have no residual (NaN in the table), the first of them that with ${point}: ring run with these says when and in which unit; give narrower ranges or --order 1 if they are wanted`,
  ];
}

async function withDevice<T>(scan: Scan, work: (evaluate: Evaluate) => Promise<T>): Promise<T> {
  await using device = await openDevice();
  return await work(evaluator(scan, device));
}

function scaleOption(given: Given): number | 'peak' {
  if (textOption(given.scale, '--scale') === 'peak') return 'peak';
  return quantityOption(given.scale, '--scale', 'number') ?? RESPONSE_SCALE;
}

function hashOf(data: Float64Array): string {
  return createHash('sha256').update(new Uint8Array(data.buffer)).digest('hex');
}
