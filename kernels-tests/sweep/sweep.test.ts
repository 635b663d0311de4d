/** Sweeps that are killed, shared out, refused or run out of disk end with the numbers of one left alone. */
import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { InputError, OutputError } from '../../src/errors.ts';
import { readNpz } from '../../src/io/npz-reader.ts';
import { mergeSweeps, parseShard, type SweepPlan, sweepHash } from '../../src/sweep/folder.ts';
import { runSweep } from '../../src/sweep/run-sweep.ts';
import { gridSpace, latinSpace, listSpace, randomSpace, spaced } from '../../src/sweep/space.ts';
import { writeSweepTable } from '../../src/sweep/table.ts';
import { newPaths } from '../own-folder.ts';
import { evaluate, slowPlan } from './slow-sweep.ts';

const folder = newPaths();

const whole = evaluate(Array.from({ length: 150 }, (_, index) => slowPlan.space.point(index)));
const child = fileURLToPath(new URL('child.ts', import.meta.url));

/** Runs the child and kills it after so many batches began (never: until its end); returns its last line. */
function runChild(path: string, killAfter = Number.POSITIVE_INFINITY): Promise<string> {
  const running = spawn(process.execPath, ['--import', 'tsx', child, path, '1/1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  running.stdout.on('data', (data: Buffer) => {
    text += data.toString();
    if (text.split('begin').length - 1 >= killAfter) running.kill('SIGKILL');
  });
  return new Promise((resolve) => {
    running.on('close', () => resolve(text.trim().split('\n').at(-1)!));
  });
}

test('several batches at a time are kept in their order, and what fails ends the sweep with what came before it', async () => {
  let [running, most] = [0, 0];
  const slow = async (points: readonly (readonly number[])[], onProgress: (fraction: number) => void) => {
    most = Math.max(most, ++running);
    // Later batches are done first.
    await new Promise((resolve) => setTimeout(resolve, 30 - 9 * running));
    onProgress(0.5);
    running--;
    return evaluate(points);
  };
  const fractions: number[] = [];
  const { results, evaluated } = await runSweep(slowPlan, slow, {
    ...{ folder: folder(), batch: 7, together: 3 },
    onProgress: (fraction) => fractions.push(fraction),
  });
  expect([evaluated, most]).toEqual([150, 3]);
  expect(Array.from(results.rows)).toEqual(whole);
  expect(fractions.at(-1)).toBe(1);
  expect(Math.max(...fractions)).toBe(1);

  const path = folder();
  const failing: typeof slow = async (points, onProgress) => {
    if (points[0]![0] === slowPlan.space.point(35)[0] && points[0]![1] === slowPlan.space.point(35)[1])
      throw new Error('no more');
    return slow(points, onProgress);
  };
  const options = { folder: path, batch: 7, together: 2 };
  await expect(runSweep(slowPlan, failing, options)).rejects.toThrow('no more');
  const taken = await runSweep(slowPlan, slow, options);
  expect(taken.found).toBe(35);
  expect(Array.from(taken.results.rows)).toEqual(whole);
});

test('killed at random moments and taken up again, it equals one left alone', async () => {
  const path = folder();
  for (const after of [1, 7, 4]) expect(await runChild(path, after)).toMatch(/^begin/);
  const [word, found, evaluated] = (await runChild(path)).split(' ');
  expect(word).toBe('done');
  // At least the batches before each kill were kept, and none of them was run again.
  expect(Number(found)).toBeGreaterThanOrEqual(5 * 9);
  expect(Number(found) + Number(evaluated)).toBe(150);
  expect(Number(evaluated)).toBeGreaterThan(0);
  const { results, evaluated: again } = await runSweep(
    slowPlan,
    () => Promise.reject(new Error('not again')),
    {
      folder: path,
      batch: 5,
    },
  );
  expect(again).toBe(0);
  expect(Array.from(results.rows)).toEqual(whole);
}, 30_000);

test('a record that was cut short or damaged is dropped, and its points run again', async () => {
  const path = folder();
  await runSweep(slowPlan, async (points) => evaluate(points), { folder: path, batch: 50 });
  const file = join(path, 'results.bin');
  const size = statSync(file).size;
  for (const spoil of [
    () => truncateSync(file, size - 3),
    () => appendFileSync(file, 'SWP1 and then the machine stopped'),
    () => {
      const bytes = readFileSync(file);
      bytes[size - 100]! ^= 1;
      writeFileSync(file, bytes);
    },
  ]) {
    spoil();
    const run = await runSweep(slowPlan, async (points) => evaluate(points), { folder: path, batch: 50 });
    expect(run.found + run.evaluated).toBe(150);
    expect([0, 50]).toContain(run.evaluated);
    expect(Array.from(run.results.rows)).toEqual(whole);
    expect(statSync(file).size).toBe(size);
  }
});

test('shards put together equal the whole; a missing one is named', async () => {
  const folders = [folder(), folder(), folder()];
  for (const [k, path] of folders.entries())
    await runSweep(slowPlan, async (points) => evaluate(points), {
      folder: path,
      batch: 7,
      shard: { index: k + 1, count: 3 },
    });
  expect(Array.from(mergeSweeps(folders, slowPlan).rows)).toEqual(whole);
  expect(() => mergeSweeps(folders.slice(1), slowPlan)).toThrow(/50 of 150 points/);
});

test('a folder of another sweep, another shard, another process or of something else is refused', async () => {
  const path = folder();
  const options = { folder: path, batch: 50 };
  const run = (plan: SweepPlan, more = {}) =>
    runSweep(plan, async (points) => evaluate(points), { ...options, ...more });
  await run(slowPlan);
  await expect(run({ ...slowPlan, settings: { formula: 2 } })).rejects.toThrow(/another sweep/);
  await expect(run(slowPlan, { shard: parseShard('2/4') })).rejects.toThrow(/holds shard 1\/1/);
  const open = runSweep(slowPlan, async () => await run(slowPlan).then(() => []), {
    ...options,
    force: true,
  });
  await expect(open).rejects.toThrow(/is being written by process/);
  writeFileSync(join(path, 'lock'), JSON.stringify({ pid: 1, host: 'elsewhere' }));
  await expect(run(slowPlan)).rejects.toThrow(/process 1 on elsewhere/);
  const other = folder();
  await runSweep(slowPlan, async (points) => evaluate(points), { folder: other, batch: 150 });
  rmSync(join(other, 'sweep.json'));
  await expect(run(slowPlan, { folder: other })).rejects.toThrow(OutputError);
  for (const text of ['0/3', '4/3', '1', 'a/b']) expect(() => parseShard(text)).toThrow(InputError);
});

test('a disk that fills keeps the batches before, and the sweep goes on later', async () => {
  const path = folder();
  let room = 2000;
  const full = () => {
    throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  };
  const { writeSync } = await import('node:fs');
  const write = (descriptor: number, bytes: Uint8Array, offset: number, position: number) => {
    if (room <= 0) return full();
    const some = Math.min(room, bytes.length - offset);
    room -= some;
    return writeSync(descriptor, bytes, offset, some, position);
  };
  const options = { folder: path, batch: 25 };
  await expect(runSweep(slowPlan, async (points) => evaluate(points), { ...options, write })).rejects.toThrow(
    /The disk is full/,
  );
  const run = await runSweep(slowPlan, async (points) => evaluate(points), options);
  expect(run.found).toBe(75);
  expect(Array.from(run.results.rows)).toEqual(whole);
});

test('designs: points by index alone, in their ranges, and bad ones in a sentence', () => {
  const ranges = [
    { name: 'a', from: 0, to: 1 },
    { name: 'b', from: -5, to: 5 },
  ];
  const latin = latinSpace(ranges, 40, 3);
  const column = (axis: number) => Array.from({ length: 40 }, (_, k) => latin.point(k)[axis]!);
  expect(
    column(0)
      .map((value) => Math.floor(40 * value))
      .sort((a, b) => a - b),
  ).toEqual(Array.from({ length: 40 }, (_, k) => k));
  expect(
    column(1)
      .map((value) => Math.floor(4 * (value + 5)))
      .sort((a, b) => a - b),
  ).toEqual(Array.from({ length: 40 }, (_, k) => k));
  const random = randomSpace(ranges, 1000, 3);
  expect(random.point(7)).toEqual(randomSpace(ranges, 10, 3).point(7));
  expect(random.point(7)).not.toEqual(randomSpace(ranges, 10, 4).point(7));
  const mean = Array.from({ length: 1000 }, (_, k) => random.point(k)[1]!).reduce(
    (sum, x) => sum + x / 1000,
    0,
  );
  expect(Math.abs(mean)).toBeLessThan(0.5);
  expect(listSpace(['x'], [[3], [1]]).point(1)).toEqual([1]);
  expect(spaced(0.2, 2, 5)[4]).toBe(2);
  expect(() => gridSpace([{ name: 'a', values: [1] }])).toThrow(/at least 2/);
  expect(() => gridSpace([{ name: 'a', values: [2, 1] }])).toThrow(/must rise/);
  expect(() => gridSpace([])).toThrow(/at least one/);
  expect(() => randomSpace([{ name: 'a', from: 1, to: 1 }], 3, 1)).toThrow(/above its beginning/);
  expect(() => listSpace(['x'], [[Number.NaN]])).toThrow(/point 0/);
  expect(sweepHash(slowPlan)).not.toBe(sweepHash({ ...slowPlan, results: ['sum'] }));
});

test('tables hold points and results', async () => {
  const path = folder();
  const { results } = await runSweep(slowPlan, async (points) => evaluate(points), {
    folder: path,
    batch: 150,
  });
  const stem = join(path, 'table');
  for (const ending of ['.csv', '.npz', '.parquet']) writeSweepTable(stem + ending, results);
  const [head, first, ...rest] = readFileSync(`${stem}.csv`, 'utf8').trim().split('\n');
  expect(head).toBe('a,b,sum,product');
  expect(first!.split(',').map(Number)).toEqual([0, -1, whole[0], whole[1]]);
  expect(rest.length).toBe(148 + 1 - 0);
  expect(Array.from(readNpz(`${stem}.npz`).arrays.get('sum')!.data)).toEqual(
    Array.from(results.column('sum')),
  );
  expect(() => writeSweepTable(`${stem}.xls`, results)).toThrow(/\.csv, \.npz, \.parquet/);
});
