/** `spikefield node` from the outside: what it prints, what it leaves, how it refuses. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readNpy } from '../../src/io/npy.ts';
import { ownFolder } from '../own-folder.ts';
import { runIn } from './spikefield.ts';

const folder = ownFolder();
const node = (...args: string[]) => runIn(folder, 'node', ...args);

test('runs a batch, and leaves arrays, figure and one file more', () => {
  const { status, stdout } = node(
    ...['run', 'hopf', '--set', 'a=-0.1,0.25', '--initial', 'xs_init=0.1', '--initial', 'ys_init=0'],
    ...['--duration', '400ms', '--sampling', '1', '--save', 'hopf.nc', '--json'],
  );
  expect(status).toBe(0);
  const { nodes, figure } = JSON.parse(stdout) as {
    figure: string;
    nodes: { x: { min: number; max: number; mean: number }; frequency: number | null }[];
  };
  // Below the bifurcation it rests, above it turns at w / 2 pi.
  expect(nodes[0]!.frequency).toBeNull();
  expect(Math.abs(nodes[0]!.x.max)).toBeLessThan(1e-3);
  expect(nodes[1]!.frequency!).toBeCloseTo(200 / (2 * Math.PI), 0);
  expect(nodes[1]!.x.max).toBeCloseTo(0.502, 3);
  const x = readNpy(join(folder, 'runs/hopf/x.npy'), 'f4');
  expect(x.shape).toEqual([2, 400]);
  for (const path of ['hopf.nc', figure, 'runs/hopf/series.svg'])
    expect(existsSync(join(folder, path))).toBe(true);
});

test('lists models and parameters with their units', () => {
  const { models } = JSON.parse(node('list', '--json').stdout) as { models: { name: string }[] };
  expect(models.map(({ name }) => name)).toEqual(['wilson-cowan', 'hopf', 'fitzhugh-nagumo']);
  const { parameters } = JSON.parse(node('parameters', 'wilson-cowan', '--json').stdout) as {
    parameters: { name: string; unit: string; default: number }[];
  };
  expect(parameters.find(({ name }) => name === 'tau_exc')).toMatchObject({ unit: 'ms', default: 2.5 });
});

test.each([
  [['run'], 2, 'spikefield node run needs a node model'],
  [['run', 'hopff'], 2, 'there is no node model hopff; did you mean hopf?'],
  [['run', 'hopf', '--set', 'mue_ext_mean=1'], 2, 'the Hopf node has no parameter mue_ext_mean'],
  [['run', 'hopf', '--initial', 'x=1'], 2, 'the Hopf node has no initial value x'],
  [['run', 'hopf', '--set', 'a'], 2, '--set is "a", but is written name=value'],
  [['run', 'hopf', '--duration', '0.05'], 2, 'must be a whole number of steps of 0.1 ms'],
])('refuses %j', (args, exitCode, wanted) => {
  const { status, sentence } = node(...args);
  expect(status).toBe(exitCode);
  expect(sentence).toContain(wanted);
});
