/**
 * `spikefield brain explore` and `brain fit` from the outside: what they leave, how they refuse, and that killed, resumed and shared out
 * they give what one process left alone gives.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { brainExploreVerb } from '../../src/cli/brain-explore.ts';
import { brainFitVerb } from '../../src/cli/brain-fit.ts';
import type { Given } from '../../src/cli/verbs.ts';
import { readNpz } from '../../src/io/npz-reader.ts';
import { ownFolder } from '../own-folder.ts';
import { killedAfter, runIn } from './spikefield.ts';

const folder = ownFolder();
beforeAll(() => {
  const made = ['--nodes', '8', '--recordings', '2', '--samples', '40', '--out', 'made'];
  expect(runIn(folder, 'connectome', 'make', ...made).status).toBe(0);
});

const brain = (...args: string[]) => runIn(folder, 'brain', ...args);

/** Starts it again and again; each time it ends by SIGKILL when two batches more are on the disk. */
function killed(args: string[], times: number): void {
  for (let time = 0; time < times; time++) killedAfter(2, folder, 'brain', ...args);
}

const text = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8');

const HOPF = [
  '--connectome',
  'made',
  '--model',
  'hopf',
  '--dt',
  '0.5',
  '--set',
  'sigma_ou=0.02',
  '--seeds',
  '2',
];
const BOLD = ['--bold', '--bold-tr', '20ms', '--transient', '200ms', '--fcd-window', '10', '--fcd-step', '2'];
const GRID = [...HOPF, ...BOLD, '--duration', '1s', '--vary', 'a=-0.1:0.1:3', '--vary', 'K_gl=0:0.3:4'];

describe('explore', () => {
  test('a grid leaves tables, maps, a report, and best points that can be run again', () => {
    const { status, stdout } = brain('explore', ...GRID, '--out', 'grid', '--json', '--table', 'own.npz');
    expect(status).toBe(0);
    const summary = JSON.parse(stdout) as {
      points: number;
      evaluated: number;
      best: {
        index: number;
        parameters: Record<string, number>;
        results: Record<string, number>;
        command: string;
      }[];
    };
    expect(summary).toMatchObject({ points: 12, evaluated: 12, found: 0, warning: null });
    expect(summary.best).toHaveLength(5);
    const best = summary.best[0]!;
    const fits = summary.best.map(({ results }) => results.fc_correlation!);
    expect(fits).toEqual(fits.toSorted((x, y) => y - x));
    const [head, ...rows] = text('grid', 'table.csv').trim().split('\n');
    expect(head).toBe(
      'a,K_gl,fc_correlation,fcd_distance,x_mean,x_sd,x_max,y_mean,frequency_hz,outside_table,fc_correlation.made-01,fc_correlation.made-02',
    );
    expect(rows).toHaveLength(12);
    expect(Math.max(...rows.map((row) => Number(row.split(',')[2])))).toBe(best.results.fc_correlation);
    expect(Array.from(readNpz(join(folder, 'own.npz')).arrays.get('K_gl')!.data).slice(0, 4)).toEqual([
      ...[0, 0.1, 0.2, 0.3].map((value) => expect.closeTo(value, 12) as number),
    ]);
    for (const name of ['table.parquet', 'maps.png', 'report.html', 'summary.json'])
      expect(existsSync(join(folder, 'grid', name))).toBe(true);
    const report = text('grid', 'report.html');
    expect(report).toContain('<svg');
    expect(report).toContain('Best point');

    const again = brain(...best.command.split(' ').slice(2), '--out', 'again', '--json', '--no-figures');
    const run = JSON.parse(again.stdout) as { fc_correlation: { mean: number } };
    expect(run.fc_correlation.mean).toBeCloseTo(best.results.fc_correlation!, 9);
    // Finished, it has nothing left to do.
    const idle = brain('explore', ...GRID, '--out', 'grid', '--json', '--no-figures');
    expect(JSON.parse(idle.stdout)).toMatchObject({ found: 12, evaluated: 0 });
    expect(brain('explore', ...GRID, '--out', 'grid', '--seed', '1').sentence).toMatch(/holds another sweep/);
    expect(brain('explore', ...GRID, '--set', 'w=0.3', '--out', 'grid').sentence).toMatch(
      /holds another sweep/,
    );
  }, 120_000);

  test('killed and resumed, and in shards, it gives what one left alone gives', () => {
    const design = [
      ...HOPF,
      '--duration',
      '400ms',
      '--vary',
      'a=-0.1:0.1',
      '--vary',
      'K_gl=0:0.3',
      '--latin',
      '12',
    ];
    const rest = ['--no-figures', '--quiet'];
    expect(brain('explore', ...design, ...rest, '--out', 'whole').status).toBe(0);
    const cut = ['explore', ...design, ...rest, '--batch', '1', '--out', 'cut'];
    killed(cut, 2);
    // Early rows are there before the end.
    expect(text('cut', 'table.csv').trim().split('\n').length).toBe(4);
    expect(brain(...cut).status).toBe(0);
    expect(text('cut', 'table.csv')).toBe(text('whole', 'table.csv'));
    expect(JSON.parse(text('cut', 'summary.json')) as { found: number }).toMatchObject({
      ...{ points: 12, found: 4, evaluated: 8 },
    });

    for (const part of [1, 2])
      expect(
        brain('explore', ...design, ...rest, '--shard', `${part}/2`, '--out', `part${part}`).status,
      ).toBe(0);
    expect(
      brain('explore', 'merge', ...design, ...rest, '--from', 'part2', '--from', 'part1', '--out', 'merged')
        .status,
    ).toBe(0);
    expect(text('merged', 'table.csv')).toBe(text('whole', 'table.csv'));
    expect(brain('explore', 'merge', ...design, '--from', 'part1', '--out', 'refused').sentence).toMatch(
      /6 of 12 points are in none of part1/,
    );
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  }, 120_000);

  test('a dry run says what it would cost', () => {
    const { stdout } = brain('explore', ...GRID, '--shard', '1/3', '--dry-run', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      points: 12,
      of_this_shard: 4,
      brains: 8,
      nodes: 8,
      biological_s: 8,
    });
  });

  test.each([
    [{ vary: [] }, 'needs a parameter that varies'],
    [{ vary: 'a' }, '--vary is "a", but is written name=from:to'],
    [{ vary: 'a=0:1' }, '--vary a needs the number of its values on a grid'],
    [{ vary: 'a=1:0:3' }, '--vary a runs from 1 to 0'],
    [{ vary: 'a=0:1:3', random: 5 }, '--vary a counts its values'],
    [{ vary: 'a=0:1', random: 5, latin: 5 }, 'are two designs'],
    [{ vary: 'a=0:1:3', designSeed: 5 }, '--design-seed belongs to --random or --latin'],
    [{ vary: 'q=0:1:3' }, 'the Hopf node has no parameter q'],
    [{ vary: ['a=0:1:3', 'a=0:2:3'] }, 'a varies twice'],
    [{ vary: 'a=0:1:3', set: 'a=1' }, 'a is set and varied'],
    [{ vary: 'signalV=0:1:3' }, 'signalV is 0, but signals must move'],
    [{ vary: 'a=0:1:3', objective: 'fc_correlation' }, 'fc_correlation needs BOLD'],
    [{ vary: 'a=0:1:3', objective: ['x_mean', 'x_mean=1'] }, 'the objective x_mean is given twice'],
    [{ vary: 'a=0:1:3', fcdWindow: 5 }, 'are of use with --bold alone'],
    [{ vary: 'a=0:1:3', shard: '3/2' }, 'a shard is written i/n'],
    [{ vary: 'a=0:1:3', table: 'a.xlsx' }, 'is no table that can be written'],
  ])('%o is refused before anything is made', async (options, message) => {
    const out = join(folder, 'refused');
    const given = { connectome: 'synthetic:8', model: 'hopf', duration: '100ms', ...options, out } as Given;
    await expect(brainExploreVerb.run('', given, '0')).rejects.toThrow(message);
    expect(existsSync(out)).toBe(false);
  });

  test('any step that suits the duration will do', async () => {
    const out = join(folder, 'refused');
    const given = {
      connectome: 'synthetic:8',
      model: 'hopf',
      duration: '90ms',
      dt: '0.3',
      vary: 'a=0:1:2',
      out,
    };
    await expect(brainExploreVerb.run('', { ...given, shard: '3/2' }, '0')).rejects.toThrow(
      'a shard is written',
    );
  });

  test('what is missing or stands alone is refused', async () => {
    await expect(brainExploreVerb.run('', {}, '0')).rejects.toThrow(
      'spikefield brain explore needs a connectome',
    );
    await expect(brainExploreVerb.run('made', {}, '0')).rejects.toThrow('takes nothing or merge');
    const given = { connectome: 'synthetic:8', model: 'hopf', vary: 'a=0:1:3', quiet: true };
    await expect(brainExploreVerb.run('merge', given, '0')).rejects.toThrow(
      'needs the folders of the shards',
    );
  });
});

describe('fit', () => {
  const FIT = [
    ...HOPF,
    ...BOLD,
    '--duration',
    '600ms',
    '--vary',
    'a=-0.1:0.1',
    '--vary',
    'K_gl=0:0.3',
    '--population',
    '6',
    '--generations',
    '4',
  ];

  test('killed in the middle of generations, it gives what one left alone gives', () => {
    const { status, stdout } = brain('fit', ...FIT, '--out', 'fit', '--json');
    expect(status).toBe(0);
    const summary = JSON.parse(stdout) as { points: number; best: { results: Record<string, number> }[] };
    expect(summary.points).toBe(24);
    const rows = text('fit', 'table.csv').trim().split('\n').slice(1);
    const fits = rows.map((row) => Number(row.split(',')[2]));
    expect(summary.best[0]!.results.fc_correlation).toBe(Math.max(...fits));
    for (const name of ['course.png', 'points.png', 'report.html'])
      expect(existsSync(join(folder, 'fit', name))).toBe(true);
    const cut = ['fit', ...FIT, '--batch', '1', '--no-figures', '--quiet', '--out', 'fit-cut'];
    killed(cut, 3);
    expect(brain(...cut).status).toBe(0);
    expect(text('fit-cut', 'table.csv')).toBe(text('fit', 'table.csv'));
    expect(brain(...cut, '--search-seed', '1').sentence).toMatch(/holds another sweep/);

    // Finished, it goes on for more generations, and leaves what one run of so many would have left.
    const longer = brain(...cut.map((word, at) => (cut[at - 1] === '--generations' ? '6' : word)), '--json');
    expect(JSON.parse(longer.stdout)).toMatchObject({ points: 36, found: 24, evaluated: 12 });
    const atOnce = [...FIT.slice(0, -1), '6', '--no-figures', '--quiet', '--out', 'fit-long'];
    expect(brain('fit', ...atOnce).status).toBe(0);
    expect(text('fit-cut', 'table.csv')).toBe(text('fit-long', 'table.csv'));
  }, 120_000);

  test('several objectives leave a front', () => {
    const { stdout } = brain(
      ...['fit', ...FIT, '--objective', 'fc_correlation', '--objective', 'fcd_distance', '--json'],
      ...['--out', 'front'],
    );
    const { front } = JSON.parse(stdout) as {
      front: { results: Record<string, number> }[];
    };
    expect(front.length).toBeGreaterThan(0);
    for (const a of front)
      for (const b of front)
        expect(
          a.results.fc_correlation! > b.results.fc_correlation! &&
            a.results.fcd_distance! < b.results.fcd_distance!,
        ).toBe(false);
  }, 120_000);

  test.each([
    [{ vary: 'a=0:1' }, 'needs something to fit'],
    [{ vary: 'a=0:1:3', objective: 'x_mean=1' }, 'a fit searches between two values; write --vary a=0:1'],
    [{ vary: 'a=0:1', objective: 'x_mean', population: 3 }, '--population is 3'],
    [{ vary: 'a=0:1', objective: 'x_mean=much' }, 'must be largest, smallest or a number'],
    [{ vary: 'sigma_ou=-1:1', objective: 'x_mean' }, 'sigma_ou'],
  ])('%o is refused before anything is made', async (options, message) => {
    const out = join(folder, 'refused');
    const given = { connectome: 'synthetic:8', model: 'hopf', duration: '100ms', ...options, out } as Given;
    await expect(brainFitVerb.run('', given, '0')).rejects.toThrow(message);
    expect(existsSync(out)).toBe(false);
  });

  test('a dry run says what it would cost', () => {
    const { stdout } = brain('fit', ...FIT, '--dry-run', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ points: 24, brains: 48, population: 6, generations: 4 });
  });
});
