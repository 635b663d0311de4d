/**
 * The folder of a sweep, or of one shard of it: what is swept (`sweep.json`), the batches that are done (`results.bin`), and a lock while
 * somebody writes. Two sweeps are the same where their points, their results and everything else that decides on these are.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, OutputError } from '../errors.ts';
import { attempt, writeWhole } from '../io/output-file.ts';
import { makeFolder } from '../io/run-directory.ts';
import { Journal, type WriteAt } from './journal.ts';
import { lockFolder } from './lock.ts';
import type { SweepSpace } from './space.ts';

export interface SweepPlan {
  space: SweepSpace;
  /** Names of the numbers that each point gives. */
  results: readonly string[];
  /** Everything else that decides on results, as JSON: model, data, settings. */
  settings: unknown;
}

/** Part `index` of `count`, from 1. */
export interface Shard {
  index: number;
  count: number;
}

export const WHOLE: Shard = { index: 1, count: 1 };
const FORMAT = 'spikefield-sweep';
const PLAN = 'sweep.json';
const RESULTS = 'results.bin';
const LOCK = 'lock';

interface PlanFile {
  format: typeof FORMAT;
  hash: string;
  shard: Shard;
  points: number;
  names: readonly string[];
  results: readonly string[];
}

/** Tells sweeps apart. */
export function sweepHash({ space, results, settings }: SweepPlan): string {
  const { names, count, recipe, grows } = space;
  return createHash('sha256')
    .update(JSON.stringify({ names, ...(grows ? {} : { count }), recipe, results, settings }))
    .digest('hex');
}

/** First point of a shard, and the one after its last: shards are as equal as can be. */
export function shardRange({ index, count }: Shard, points: number): [from: number, to: number] {
  return [Math.floor(((index - 1) * points) / count), Math.floor((index * points) / count)];
}

/** `2/4`; throws InputError. */
export function parseShard(text: string): Shard {
  const [, index, count] = /^\s*(\d+)\s*\/\s*(\d+)\s*$/.exec(text)?.map(Number) ?? [];
  if (index === undefined || count === undefined || index < 1 || index > count)
    throw new InputError(`a shard is written i/n with i from 1 to n, as 2/4, not "${text}"`, {
      field: 'shard',
    });
  return { index, count };
}

/** What is done of a sweep. `rows` is `[point, result]`, NaN where a point is missing. */
export class SweepResults {
  readonly plan: SweepPlan;
  readonly rows: Float64Array;
  readonly done: Uint8Array;

  constructor(plan: SweepPlan) {
    this.plan = plan;
    this.rows = new Float64Array(plan.space.count * plan.results.length).fill(Number.NaN);
    this.done = new Uint8Array(plan.space.count);
  }

  take(index: number, row: ArrayLike<number>): void {
    if (!(index < this.done.length)) return;
    this.done[index] = 1;
    this.rows.set(row, index * this.plan.results.length);
  }

  count(from = 0, to = this.done.length): number {
    return this.done.subarray(from, to).reduce((sum, each) => sum + each, 0);
  }

  /** One result of all points. Throws InputError for one that the sweep has not. */
  column(name: string): Float64Array {
    const at = this.plan.results.indexOf(name);
    if (at < 0)
      throw new InputError(`the sweep has no result ${name}; it has ${this.plan.results.join(', ')}`);
    return Float64Array.from(this.done, (_, point) => this.rows[point * this.plan.results.length + at]!);
  }
}

export interface OpenSweep {
  results: SweepResults;
  /** Adds a finished batch. Throws OutputError. */
  add(indices: readonly number[], rows: ArrayLike<number>): void;
  close(): void;
}

/**
 * Opens a folder to go on with a sweep, or to begin it.
 * @throws OutputError where it holds something else, or another process writes it
 */
export function openSweep(
  folder: string,
  plan: SweepPlan,
  { shard = WHOLE, force = false, write }: { shard?: Shard; force?: boolean; write?: WriteAt } = {},
): OpenSweep {
  makeFolder(folder);
  const present = attempt(folder, () => readdirSync(folder));
  if (present.length > 0 && !present.includes(PLAN) && !present.every((name) => name.startsWith(LOCK)))
    throw new OutputError(
      `${folder} holds files that are not a sweep of Spikefield, and they are left alone; choose another output folder.`,
    );
  const unlock = lockFolder(folder, join(folder, LOCK));
  try {
    if (force)
      for (const name of [RESULTS, PLAN]) attempt(folder, () => rmSync(join(folder, name), { force: true }));
    const hash = sweepHash(plan);
    const known = readPlan(folder);
    if (known) refuseOther(folder, known, hash, shard);
    // The points of a search become more when it goes on.
    if (known?.points !== plan.space.count) {
      const file: PlanFile = {
        ...{ format: FORMAT, hash, shard, points: plan.space.count },
        ...{ names: plan.space.names, results: plan.results },
      };
      const all = { ...file, space: plan.space.recipe, settings: plan.settings };
      writeWhole(join(folder, PLAN), `${JSON.stringify(all, undefined, 2)}\n`);
    }
    const results = new SweepResults(plan);
    const journal = new Journal(
      join(folder, RESULTS),
      plan.results.length,
      (index, row) => results.take(index, row),
      write,
    );
    return {
      results,
      add: (indices, rows) => {
        journal.append(indices, rows);
        const width = plan.results.length;
        indices.forEach((index, k) => {
          results.take(
            index,
            Array.from({ length: width }, (_, each) => rows[k * width + each]!),
          );
        });
      },
      close: () => {
        journal.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/**
 * Puts shards together.
 * @throws OutputError where a folder is of another sweep
 * @throws InputError where points are missing
 */
export function mergeSweeps(folders: readonly string[], plan: SweepPlan): SweepResults {
  const results = new SweepResults(plan);
  const hash = sweepHash(plan);
  for (const folder of folders) {
    const known = readPlan(folder);
    if (!known) throw new InputError(`${folder} holds no sweep; give folders that --shard wrote`);
    if (known.hash !== hash) throw otherSweep(folder);
    const unlock = lockFolder(folder, join(folder, LOCK));
    try {
      new Journal(join(folder, RESULTS), plan.results.length, (index, row) =>
        results.take(index, row),
      ).close();
    } finally {
      unlock();
    }
  }
  const missing = plan.space.count - results.count();
  if (missing > 0)
    throw new InputError(
      `${missing} of ${plan.space.count} points are in none of ${folders.join(', ')}: run the missing shards, or finish those that stopped`,
    );
  return results;
}

function readPlan(folder: string): PlanFile | undefined {
  const path = join(folder, PLAN);
  if (!statSync(path, { throwIfNoEntry: false })) return undefined;
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as PlanFile;
    if (file.format === FORMAT && typeof file.hash === 'string' && file.shard) return file;
  } catch {}
  throw new OutputError(`${path} is no plan of a sweep; choose another output folder.`);
}

function refuseOther(folder: string, known: PlanFile, hash: string, { index, count }: Shard): void {
  if (known.hash !== hash) throw otherSweep(folder);
  if (known.shard.index !== index || known.shard.count !== count)
    throw new OutputError(
      `${folder} holds shard ${known.shard.index}/${known.shard.count} of this sweep, not ${index}/${count}; give each shard a folder of its own.`,
    );
}

function otherSweep(folder: string): OutputError {
  return new OutputError(
    `${folder} holds another sweep: its points, model, data or settings differ; choose another folder, or give --force to begin anew.`,
  );
}
