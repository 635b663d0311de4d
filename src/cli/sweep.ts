/**
 * `spikefield sweep <network>`: a network with fields varied and several seeds; it can be stopped and taken up again, and shared out.
 * `spikefield sweep <network> merge` puts shards together.
 */
import type { CAC } from 'cac';
import { InputError } from '../errors.ts';
import { openDevice } from '../gpu/device.ts';
import { arrayReaders } from '../io/array-readers.ts';
import { readNetwork } from '../models/read-network.ts';
import { parseNetworkAxis } from '../network-sweep/axis.ts';
import {
  type NetworkSweep,
  networkEvaluator,
  planNetworkSweep,
  sweepBatch,
} from '../network-sweep/network-sweep.ts';
import { mergeSweeps, parseShard, type SweepResults, shardRange, WHOLE } from '../sweep/folder.ts';
import { runSweep } from '../sweep/run-sweep.ts';
import { requireTableEnding } from '../sweep/table.ts';
import { withProgress } from './aln-options.ts';
import { integerOption, listOption, type OptionValue, quantityOption, textOption } from './options.ts';
import { formatSeconds } from './progress.ts';
import { type SweepCounts, saidOfBatches, showSweep } from './sweep-results.ts';

type Given = Record<string, OptionValue>;

export function addSweepCommand(cli: CAC, version: string): void {
  cli
    .command('sweep <network> [merge]', 'Run a spiking network with fields varied and several seeds')
    .option(
      '--vary <path=from:to:n>',
      'A field and its values, as projections.*.weight=4nS:8nS:9; repeat for a grid',
    )
    .option('--seeds <n>', 'Runs of each point, with seeds that follow each other (default: 1)')
    .option('--seed <n>', 'The first seed (default: 1)')
    .option('--duration <time>', "Simulated time of each run, ms (default: the network's own)")
    .option('--dt <time>', "Time step, ms (default: the network's own)")
    .option('--set <path=value>', 'Change a field of every run; may be repeated')
    .option('--discard <time>', 'Time before statistics begin (default: 500 ms, or 0 in shorter runs)')
    .option('--batch <n>', 'Runs side by side (default: as many as suit the device; 1: one after another)')
    .option('--shard <i/n>', 'Do part i of n, in a folder of its own')
    .option('--from <folder>', 'merge: a folder that a shard wrote; repeat for each')
    .option('--table <file>', 'The table once more: .csv, .npz or .parquet; may be repeated')
    .option(
      '--out <folder>',
      'Result directory; one that holds this sweep is gone on with (default: runs/<network>-sweep)',
    )
    .option('--force', 'Begin anew where a sweep is there already')
    .option('--no-figures', 'Draw no figure')
    .option('--dry-run', 'Say how many runs there are, and stop')
    .option('--json', 'Print the result as one JSON object')
    .option('--quiet', 'No progress, no summary')
    .example('spikefield sweep config1 --vary populations.exc.drive.0.rate=2Hz:6Hz:9 --seeds 5')
    .example('spikefield sweep config1 merge --vary populations.exc.drive.0.rate=2Hz:6Hz:9 --from a --from b')
    .action((name: string, what: string | undefined, given: Given) =>
      sweepCommand(String(name), what, given, version),
    );
}

/** Exported for tests; `what` is `merge` or nothing. */
export async function sweepCommand(
  name: string,
  what: string | undefined,
  given: Given,
  version: string,
): Promise<void> {
  if (what !== undefined && what !== 'merge')
    throw new InputError(
      `spikefield sweep takes a network and nothing or merge after it, but was given ${what}`,
    );
  const from = listOption(given.from, '--from');
  if (what === 'merge' && from.length === 0)
    throw new InputError(
      'spikefield sweep merge needs the folders of the shards; give each with --from <folder>',
    );
  if (what === undefined && from.length > 0)
    throw new InputError('--from belongs to spikefield sweep <network> merge; write merge after the network');
  const shardText = textOption(given.shard, '--shard');
  if (what === 'merge' && shardText !== undefined)
    throw new InputError('--shard says which part to run, but merge runs none; leave it out');
  const shard = shardText === undefined ? WHOLE : parseShard(shardText);
  const tables = listOption(given.table, '--table');
  for (const path of tables) requireTableEnding(path);
  const sweep = readSweep(name, given, version);
  const { space } = sweep.plan;
  const out = textOption(given.out, '--out') ?? `runs/${sweep.base.name}-sweep`;
  const show = { json: given.json === true, quiet: given.quiet === true };
  if (given.dryRun === true) {
    const [first, end] = shardRange(shard, space.count);
    const cost = {
      ...{ points: sweep.combinations, seeds: sweep.seeds, runs: space.count, of_this_shard: end - first },
      duration_ms: sweep.base.duration,
    };
    process.stdout.write(
      show.json
        ? `${JSON.stringify(cost)}\n`
        : `${cost.of_this_shard} of ${cost.runs} runs of ${cost.duration_ms} ms; spikefield run ${name} --dry-run says what one of them costs\n`,
    );
    return;
  }
  const finish = (results: SweepResults, counts: SweepCounts) => {
    const shown = showSweep(sweep, results, { out, tables, figures: given.figures !== false, counts });
    if (show.json) process.stdout.write(`${JSON.stringify(shown.summary)}\n`);
    else if (!show.quiet) process.stdout.write(`${shown.text}\n`);
  };
  if (what === 'merge') {
    const merged = mergeSweeps(from, sweep.plan);
    const none = { batches: 0, largest_batch: 0 };
    finish(merged, { found: merged.count(), evaluated: 0, wall_s: 0, ...none });
    return;
  }
  const batch = integerOption(given.batch, '--batch', { least: 1, most: 4096 });
  const batches = { count: 0, largest: 0 };
  const began = performance.now();
  const progress = { quiet: show.quiet, out, after: `the same command goes on from there, in ${out}` };
  const run = await withProgress(`${space.count} runs`, progress, async (onProgress) => {
    await using device = await openDevice();
    const evaluate = networkEvaluator(sweep, device, {
      ...(batch === undefined ? {} : { batch }),
      onBatch: (runs) => {
        batches.count += 1;
        batches.largest = Math.max(batches.largest, runs);
      },
    });
    const [first, end] = shardRange(shard, space.count);
    // Each batch is on the disk before the next begins.
    return await runSweep(sweep.plan, evaluate, {
      ...{ folder: out, batch: batch ?? sweepBatch(sweep, device, end - first), shard },
      ...{ force: given.force === true, onProgress },
    });
  });
  const counts = {
    ...{ found: run.found, evaluated: run.evaluated },
    wall_s: (performance.now() - began) / 1000,
    ...{ batches: batches.count, largest_batch: batches.largest },
  };
  if (shard.count === 1) {
    finish(run.results, counts);
    return;
  }
  const part = `${shard.index}/${shard.count}`;
  if (show.json) process.stdout.write(`${JSON.stringify({ out, shard: part, ...counts })}\n`);
  else if (!show.quiet)
    process.stdout.write(
      `shard ${part}: ${run.evaluated} runs in ${formatSeconds(counts.wall_s)} (${run.found} were done before)${saidOfBatches(counts)} in ${out}; put shards together with spikefield sweep ${name} merge\n`,
    );
}

function readSweep(name: string, given: Given, version: string): NetworkSweep {
  const fixed = listOption(given.set, '--set');
  const dt = textOption(given.dt, '--dt');
  if (dt !== undefined) fixed.push(`dt=${dt}`);
  const duration = textOption(given.duration, '--duration');
  if (duration !== undefined) fixed.push(`duration=${duration}`);
  const discard = quantityOption(given.discard, '--discard', 'time');
  return planNetworkSweep({
    read: (overrides) => readNetwork(name, [...fixed, ...overrides], arrayReaders),
    axes: listOption(given.vary, '--vary').map(parseNetworkAxis),
    seeds: integerOption(given.seeds, '--seeds', { least: 1, most: 100_000 }) ?? 1,
    firstSeed: integerOption(given.seed, '--seed', { most: 2 ** 32 - 1 }) ?? 1,
    ...(discard === undefined ? {} : { discard }),
    version,
  });
}
