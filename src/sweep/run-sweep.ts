/**
 * Runs a sweep, whatever it is a sweep of: asks for the points that are not done yet, batch by batch, and puts each batch on the disk before
 * it asks for the next. A sweep that was killed goes on where it was; shards of it are run by different processes or machines.
 */
import { openSweep, type Shard, type SweepPlan, type SweepResults, shardRange, WHOLE } from './folder.ts';
import type { WriteAt } from './journal.ts';

/** @returns rows one after another, one number for each result of the plan; they may not depend on the batch */
export type Evaluate = (
  points: readonly (readonly number[])[],
  onProgress: (fraction: number) => void,
) => Promise<ArrayLike<number>>;

export interface SweepOptions {
  folder: string;
  /** Points of a batch. */
  batch: number;
  /** Batches that are evaluated at a time: with two, a device computes one while the other is prepared or looked at (default: 1). */
  together?: number;
  shard?: Shard;
  /** Begin anew where the folder holds a sweep. */
  force?: boolean;
  /** Called with the part of this process's points that is done, those of earlier runs included; throwing stops the sweep. */
  onProgress?: (fraction: number) => void;
  /** Called after each batch with all that is done, for an early look. */
  onBatch?: (results: SweepResults) => void;
  write?: WriteAt;
}

export interface SweepRun {
  results: SweepResults;
  /** Points done before, and by this run. */
  found: number;
  evaluated: number;
}

/** @throws OutputError where the folder cannot be used */
export async function runSweep(
  plan: SweepPlan,
  evaluate: Evaluate,
  options: SweepOptions,
): Promise<SweepRun> {
  const { folder, batch, together = 1, shard = WHOLE, force = false, onProgress, onBatch, write } = options;
  const sweep = openSweep(folder, plan, { shard, force, ...(write ? { write } : {}) });
  const { results } = sweep;
  try {
    const [from, to] = shardRange(shard, plan.space.count);
    const found = results.count(from, to);
    let evaluated = 0;
    const running: { indices: number[]; rows: Promise<ArrayLike<number>>; fraction: number }[] = [];
    const tell = () => {
      const parts = running.reduce((sum, { indices, fraction }) => sum + fraction * indices.length, 0);
      onProgress?.((found + evaluated + parts) / (to - from));
    };
    const begin = (indices: number[]) => {
      const one = { indices, rows: Promise.resolve<ArrayLike<number>>([]), fraction: 0 };
      one.rows = evaluate(indices.map(plan.space.point), (fraction) => {
        one.fraction = fraction;
        tell();
      });
      // It is waited for in its turn; a failure before that must not end the process.
      one.rows.catch(() => undefined);
      running.push(one);
    };
    const finish = async () => {
      const { indices, rows: pending } = running[0]!;
      const rows = await pending;
      if (rows.length !== indices.length * plan.results.length)
        throw new Error(`${indices.length} points gave ${rows.length} numbers`);
      sweep.add(indices, rows);
      evaluated += indices.length;
      running.shift();
      onBatch?.(results);
      tell();
    };
    for (let next = from; next < to; ) {
      const indices: number[] = [];
      for (; next < to && indices.length < batch; next++) if (!results.done[next]) indices.push(next);
      if (indices.length === 0) break;
      begin(indices);
      if (running.length >= together) await finish();
    }
    while (running.length > 0) await finish();
    return { results, found, evaluated };
  } finally {
    sweep.close();
  }
}
