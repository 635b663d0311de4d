/** `spikefield aln` from the outside: what it prints, what it leaves, how it refuses. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readNpy } from '../../src/io/npy.ts';
import { ownFolder } from '../own-folder.ts';
import { runIn } from './spikefield.ts';

const folder = ownFolder();
const aln = (...args: string[]) => runIn(folder, 'aln', ...args);

test('runs nodes, and leaves arrays, figure and one file of each kind', () => {
  const { status, stdout } = aln(
    ...['run', '--set', 'mue_ext_mean=1,2', '--b', '20pA', '--duration', '100', '--sampling', '1'],
    ...['--start', 'mid', '--save', 'a.nc', '--save', 'a.npz', '--json'],
  );
  expect(status).toBe(0);
  const summary = JSON.parse(stdout) as {
    out: string;
    nodes: { rates_exc: { max: number } }[];
    warning: null;
  };
  expect(summary.nodes).toHaveLength(2);
  expect(summary.warning).toBeNull();
  const rates = readNpy(join(folder, summary.out, 'rates_exc.npy'), 'f4');
  expect(rates.shape).toEqual([2, 100]);
  expect(Math.max(...rates.data)).toBeGreaterThan(10);
  for (const name of ['a.nc', 'a.npz', 'runs/aln-run/rates.png', 'runs/aln-run/rates.svg'])
    expect(existsSync(join(folder, name))).toBe(true);
  expect(aln('run', '--save', 'a.nc').sentence).toMatch(/a.nc is there already/);
});

test('bifurcates by continuation both ways, or from initial states where they are named', () => {
  const line = ['bifurcate', '--vary', 'mue_ext_mean=1:2.5:3', '--set', 'mui_ext_mean=2.5'];
  const brief = ['--duration', '400', '--window', '200', '--force', '--json'];
  const swept = aln(...line, ...brief);
  expect(swept.status).toBe(0);
  expect(JSON.parse(swept.stdout)).toMatchObject({ points: 3, runs: 6 });
  const mean = (name: string) =>
    readNpy(join(folder, `runs/aln-bifurcate/rates_exc_mean_${name}.npy`), 'f8').data;
  expect(mean('sweep_down')[2]! - mean('sweep_up')[2]!).toBeGreaterThan(20);
  expect(aln(...line, ...brief, '--start', 'up').status).toBe(0);
  expect(mean('up')[2]!).toBeGreaterThan(20);
  expect(aln(...line, '--sweep', '--start', 'up').sentence).toContain('give one of the two');
});

test('maps states', () => {
  const vary = ['--vary', 'mue_ext_mean=0.2:2.6:3', '--vary', 'mui_ext_mean=0.4:2:2'];
  const { status, stdout } = aln('map', ...vary, '--duration', '800', '--window', '400', '--json');
  expect(status).toBe(0);
  const summary = JSON.parse(stdout) as { points: number; runs: number; states: Record<string, number> };
  expect(summary).toMatchObject({ points: 6, runs: 12 });
  expect(Object.values(summary.states).reduce((a, b) => a + b)).toBe(6);
  const max = readNpy(join(folder, 'runs/aln-map/rates_exc_max_up.npy'), 'f8');
  // Rows are the vertical axis.
  expect(max.shape).toEqual([2, 3]);
  expect(readNpy(join(folder, 'runs/aln-map/mue_ext_mean.npy'), 'f8').data).toHaveLength(3);
});

/** Each takes a process; the sentences themselves are tested in whole-brain/aln-model.test.ts and below. */
test.each([
  [['fly'], 2, 'spikefield aln cannot fly'],
  [['run', '--vary', 'b=0:1:2'], 2, 'spikefield aln run has no option --vary'],
  [
    ['run', '--set', 'VT=-48'],
    2,
    "the node's neuron has VT -48 mV, but its look-up table was made for VT -50 mV",
  ],
  [['run', '--save', 'a.csv'], 2, 'a.csv does not end in .npz, .nc or .h5'],
  [['bifurcate'], 2, '--vary is given 0 times, but one parameter varies'],
])('%j is refused before anything is made', (args, code, sentence) => {
  const before = readdirSync(join(folder, 'runs'));
  const refused = aln(...args);
  expect(refused.status).toBe(code);
  expect(refused.sentence).toContain(sentence);
  expect(readdirSync(join(folder, 'runs'))).toEqual(before);
});
