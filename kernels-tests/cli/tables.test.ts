/** `spikefield tables` from the outside: what it prints, what it leaves, how it refuses. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTables } from '../../src/fokker-planck/table-file.ts';
import { ownFolder } from '../own-folder.ts';
import { runIn } from './spikefield.ts';

const folder = ownFolder();
const spikefield = (...args: string[]) => runIn(folder, ...args);

test('builds the tables of a neuron from a file, and shows them', () => {
  writeFileSync(join(folder, 'mine.yaml'), 'VT: -52 mV\n');
  const grid = ['--mu', '-0.5:2.5:4', '--sigma', '1:2:3'];
  const built = spikefield('tables', 'build', '--neuron', 'mine.yaml', ...grid, '--json');
  expect(built.sentence).toBeUndefined();
  expect(built.status).toBe(0);
  const summary = JSON.parse(built.stdout) as {
    out: string;
    neuron: { VT: number };
    recipe: { step_errors: object };
  };
  expect(summary.out).toBe('runs/tables-mine');
  expect(summary.neuron.VT).toBe(-52);
  expect(Object.keys(summary.recipe.step_errors)).toContain('tau_mu');
  const tables = readTables(join(folder, summary.out));
  expect([...tables.mu]).toEqual([-0.5, 0.5, 1.5, 2.5]);
  expect(tables.values.r[11]!).toBeGreaterThan(50);

  const again = spikefield('tables', 'build', '--neuron', 'mine.yaml', ...grid);
  expect(again.status).toBe(6);
  expect(again.sentence).toMatch(/already holds a run/);

  const shown = spikefield('tables', 'show', summary.out, '--out', 'maps');
  expect(shown.status).toBe(0);
  expect(shown.stdout).toMatch(/tau_mu .* ms /);
  expect(existsSync(join(folder, 'maps.png')) && existsSync(join(folder, 'maps.svg'))).toBe(true);
  expect(spikefield('tables', 'show', summary.out, '--out', 'maps').sentence).toMatch(/give --force/);
});

test('a dry run counts and computes nothing', () => {
  const { status, stdout } = spikefield('tables', 'build', '--dry-run', '--json', '--out', 'not-made');
  expect(status).toBe(0);
  const work = JSON.parse(stdout) as { points: number; cells: number; cell_frequencies: number };
  expect(work.points).toBe(22_400);
  expect(work.cells / work.points).toBeGreaterThan(300);
  expect(work.cell_frequencies / work.cells).toBeGreaterThan(92);
  expect(existsSync(join(folder, 'not-made'))).toBe(false);
});

test('shows the tables that come with Spikefield', () => {
  const { status, stdout } = spikefield('tables', 'show', '--json');
  expect(status).toBe(0);
  expect((JSON.parse(stdout) as { neuron: { name: string } }).neuron.name).toBe('aln');
});

test.each([
  [['tables', 'buidl'], /cannot buidl; did you mean build/],
  [['tables', 'show', '--mu', '0:1:3'], /tables show has no option --mu/],
  [['tables', 'build', '--mu', '0:1'], /--mu is "0:1", but is written from:to:count/],
  [['tables', 'build', '--sigma', '0:1:3'], /sigma begins at 0/],
  [['tables', 'build', '--step', '3 ms'], /--step is in ms but a voltage is needed/],
])('refuses %j', (args, sentence) => {
  const refused = spikefield(...args);
  expect(refused.status).toBe(2);
  expect(refused.sentence).toMatch(sentence);
  expect(existsSync(join(folder, 'runs', 'tables-aln'))).toBe(false);
});
