/** `--subjects each`: brains of subjects beside each other are what each would be alone, in runs and explorations. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { eachOption } from '../../src/cli/connectome-option.ts';
import { readNpy } from '../../src/io/npy.ts';
import { writeNpz } from '../../src/io/npz.ts';
import { readRunManifest } from '../../src/io/run-manifest.ts';
import { syntheticSource } from '../../src/models/synthetic-connectome.ts';
import { withSyntheticRecordings } from '../../src/models/synthetic-recordings.ts';
import { ownFolder } from '../own-folder.ts';
import { runIn } from './spikefield.ts';

const [NODES, SAMPLES] = [8, 40];
const NAMES = ['subject 1', 'subject 2', 'subject 3'];
const folder = ownFolder();

beforeAll(() => {
  // Three brains that have nothing in common but their size.
  const all = [11, 12, 13].map(
    (seed) =>
      withSyntheticRecordings(syntheticSource({ nodes: NODES, seed }), { subjects: 1, samples: SAMPLES })
        .subjects[0]!,
  );
  const stack = (of: (subject: (typeof all)[number]) => Float64Array) =>
    Float64Array.from(all.flatMap((subject) => Array.from(of(subject))));
  const square = [NAMES.length, NODES, NODES];
  writeNpz(join(folder, 'three.npz'), {
    weights: { data: stack(({ weights }) => weights), shape: square },
    lengths: { data: stack(({ lengths }) => lengths!), shape: square },
    bold: { data: stack(({ bold }) => bold!.data), shape: [NAMES.length, NODES, SAMPLES] },
  });
});

const HOPF = ['--connectome', 'three.npz', '--model', 'hopf', '--dt', '0.5', '--set', 'sigma_ou=0.02'];
const BOLD = ['--bold', '--bold-tr', '20ms', '--transient', '200ms', '--duration', '1s', '--seeds', '2'];

const brain = (...args: string[]) => runIn(folder, 'brain', ...args);

interface Fit {
  mean: number;
  per_subject: Record<string, number>;
  per_seed: number[];
  with_others: number | null;
}
const fitOf = (stdout: string) => (JSON.parse(stdout) as { fc_correlation: Fit }).fc_correlation;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('a run gives for each subject what that subject gives alone', () => {
  const together = brain('run', ...HOPF, ...BOLD, '--subjects', 'each', '--out', 'each', '--json');
  expect(together.status).toBe(0);
  expect(JSON.parse(together.stdout)).toMatchObject({ brains: 6, subjects: NAMES });
  const fit = fitOf(together.stdout);
  const rows = (out: string) => {
    const { data, shape } = readNpy(join(folder, out, 'bold.npy'), 'f4');
    return { data: Array.from(data), shape };
  };
  const all = rows('each');
  expect(all.shape).toEqual([50, 6, NODES]);
  const fcs: number[] = [];
  NAMES.forEach((name, place) => {
    const args = ['run', ...HOPF, ...BOLD, '--subjects', name, '--out', `alone ${place}`, '--no-figures'];
    const alone = fitOf(brain(...args, '--json').stdout);
    expect(fit.per_subject[name]).toBeCloseTo(alone.mean, 12);
    fcs.push(...alone.per_seed);
    // Two brains of this subject, bit for bit.
    const width = 2 * NODES;
    const own = all.data.filter((_, at) => Math.floor((at % (6 * NODES)) / width) === place);
    expect(own).toEqual(rows(`alone ${place}`).data);
  });
  expect(new Set(Object.values(fit.per_subject)).size).toBe(3);
  expect(fit.mean).toBeCloseTo(mean(Object.values(fit.per_subject)), 12);
  expect(fit.per_seed[1]).toBeCloseTo(mean([fcs[1]!, fcs[3]!, fcs[5]!]), 12);
  const table = readNpy(join(folder, 'each', 'fc_correlation.npy'), 'f8');
  expect(table.shape).toEqual([3, 3]);
  expect(table.data[4]).toBeCloseTo(fit.per_subject[NAMES[1]!]!, 12);
  expect(fit.with_others).toBeCloseTo(mean(Array.from(table.data).filter((_, at) => at % 4 !== 0)), 12);
  expect(readRunManifest(join(folder, 'each'))).toMatchObject({
    brains: NAMES.flatMap((subject) => [0, 1].map((seed) => ({ subject, seed }))),
  });
  for (const name of ['subjects.png', 'fc.svg', 'report.html'])
    expect(existsSync(join(folder, 'each', name))).toBe(true);

  // One brain after the other leaves the same.
  expect(
    brain('run', ...HOPF, ...BOLD, '--subjects', 'each', '--batch', '1', '--out', 'apart', '--no-figures')
      .status,
  ).toBe(0);
  for (const name of ['bold.npy', 'fc.npy', 'x.npy', 'x_mean.npy', 'fc_correlation.npy'])
    expect(readFileSync(join(folder, 'apart', name))).toEqual(readFileSync(join(folder, 'each', name)));
}, 120_000);

test('an exploration has subjects for an axis, and each best point can be run again', () => {
  const grid = [...HOPF, ...BOLD, '--vary', 'a=-0.1:0.1:2', '--vary', 'K_gl=0.1:0.3:3'];
  const { stdout, status } = brain('explore', ...grid, '--subjects', 'each', '--out', 'grid', '--json');
  expect(status).toBe(0);
  interface Point {
    parameters: Record<string, number>;
    results: Record<string, number>;
    command: string;
  }
  const summary = JSON.parse(stdout) as {
    points: number;
    subjects: string[];
    best: Point[];
    best_per_subject: Record<string, Point>;
  };
  expect(summary).toMatchObject({ points: 18, subjects: NAMES });
  const [head, ...rows] = readFileSync(join(folder, 'grid', 'table.csv'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  expect(head!.slice(0, 4)).toEqual(['subject', 'a', 'K_gl', 'fc_correlation']);
  expect(rows).toHaveLength(18);
  const fits = rows.map((row) => Number(row[3]));
  // Each is compared with its own recording.
  NAMES.forEach((name, place) => {
    const column = head!.indexOf(`fc_correlation.${name}`);
    for (const row of rows.slice(6 * place, 6 * place + 6)) expect(row[column]).toBe(row[3]);
    expect(summary.best_per_subject[name]!.results.fc_correlation).toBe(
      Math.max(...fits.slice(6 * place, 6 * place + 6)),
    );
  });
  const means = [0, 1, 2, 3, 4, 5].map((point) => mean([0, 6, 12].map((first) => fits[first + point]!)));
  expect(summary.best[0]!.results.fc_correlation).toBeCloseTo(Math.max(...means), 12);
  expect(Object.keys(summary.best[0]!.parameters)).toEqual(['a', 'K_gl']);
  expect(mean(NAMES.map((name) => summary.best[0]!.results[`fc_correlation.${name}`]!))).toBeCloseTo(
    Math.max(...means),
    12,
  );
  for (const name of ['maps.png', 'report.html']) expect(existsSync(join(folder, 'grid', name))).toBe(true);

  const again = (point: Point, out: string) => {
    // As a shell would take it apart.
    const words = point.command.match(/'[^']*'|\S+/g)!.map((word) => word.replaceAll("'", ''));
    return fitOf(brain(...words.slice(2), '--out', out, '--json', '--no-figures').stdout).mean;
  };
  expect(again(summary.best[0]!, 'again')).toBeCloseTo(Math.max(...means), 9);
  const second = summary.best_per_subject[NAMES[1]!]!;
  expect(again(second, 'again 2')).toBeCloseTo(second.results.fc_correlation!, 9);
  expect(
    brain('explore', ...grid, '--subjects', 'each:subject 1,subject 2', '--out', 'grid').sentence,
  ).toMatch(/holds another sweep/);
}, 120_000);

test('how it is written', () => {
  expect(eachOption({ subjects: 'each' })).toEqual({ each: true, given: {} });
  expect(eachOption({ subjects: 'each:NAP_1,NAP_2' })).toEqual({
    each: true,
    given: { subjects: 'NAP_1,NAP_2' },
  });
  expect(eachOption({ subjects: 'NAP_1' })).toEqual({ each: false, given: { subjects: 'NAP_1' } });
  expect(eachOption({})).toEqual({ each: false, given: {} });
  expect(brain('run', ...HOPF, '--subjects', 'each:nobody', '--out', 'nobody').sentence).toMatch(
    /has no subject nobody/,
  );
});
