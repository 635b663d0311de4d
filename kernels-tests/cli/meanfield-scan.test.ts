/** `spikefield meanfield scan` and `continue` from the outside: what they print and leave. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addMeanFieldCommand } from '../../src/cli/meanfield.ts';
import { readNpy } from '../../src/io/npy.ts';
import { ownFolder } from '../own-folder.ts';
import { caller } from './spikefield.ts';

const folder = ownFolder();

const { said, call: meanfield } = caller(addMeanFieldCommand, 'meanfield');

/** What the tests look at of what is printed. */
interface Printed {
  axes: unknown;
  sets: {
    fixed_points: { nu_e_hz: number; stable: boolean }[];
    run: { rates_hz: number[]; swing_hz: number[] };
    kind: string;
  }[];
}
const json = () => JSON.parse(said.stdout) as Printed;

describe('continue', () => {
  test('folds between silence and saturation, in tables, as JSON and drawn', async () => {
    const out = join(folder, 'continue');
    await meanfield(
      'continue',
      'config1',
      '--as-published',
      '--order',
      '1',
      '--vary',
      'q_i=8nS:1nS',
      '--out',
      out,
      '--json',
    );
    const result = JSON.parse(said.stdout) as {
      parameter: object;
      branches: { points: { value: number; rates_hz: { exc: number }; stable: boolean }[] }[];
      special_points: { kind: string; value: number; frequency_hz: number | null }[];
      warnings: string[];
    };
    expect(result.parameter).toEqual({ name: 'q_i', unit: 'nS', range: [1, 8] });
    expect(result.branches.length).toBe(1);
    expect(result.special_points.map(({ kind, frequency_hz }) => [kind, frequency_hz])).toEqual([
      ['fold', null],
      ['fold', null],
    ]);
    const [{ points }] = result.branches as [(typeof result.branches)[number]];
    expect(points.some(({ stable }) => !stable)).toBe(true);
    expect(new Set([points[0]!.value, points.at(-1)!.value])).toEqual(new Set([1, 8]));
    expect(result.warnings.join()).toContain('q_i is part of what the transfer functions were fitted to');
    const table = readFileSync(join(out, 'branches.csv'), 'utf8').trim().split('\n');
    expect(table[0]).toMatch(/^branch,q_i_nS,rate_exc_Hz,rate_inh_Hz,stable,/);
    expect(table.length).toBe(1 + points.length);
    for (const line of table) expect(line.split(',').length).toBe(table[0]!.split(',').length);
    const special = readFileSync(join(out, 'special-points.csv'), 'utf8').trim().split('\n');
    expect(special.length).toBe(3);
    for (const line of special) expect(line.split(',').length).toBe(special[0]!.split(',').length);
    expect(existsSync(join(out, 'continuation.png'))).toBe(true);
    expect(readFileSync(join(out, 'continuation.svg'), 'utf8')).toContain('fold');
  });

  test('for people, with adaptation', async () => {
    const out = join(folder, 'continue-adapting');
    const options = ['--adaptation', '--order', '1', '--vary', 'drive=2Hz:6Hz', '--out', out];
    await meanfield('continue', 'config1', ...options);
    expect(said.stdout).toMatch(/^config1: one branch of fixed points, no folds, no Hopf points \(order 1/);
    expect(readFileSync(join(out, 'branches.csv'), 'utf8')).toContain('adaptation_exc_pA');
  });
});

describe('scan', () => {
  test('one parameter: each set as the fixed-point command has it', async () => {
    const out = join(folder, 'scan');
    await meanfield('scan', 'config1', '--as-published', '--vary', 'drive=2Hz:6Hz:3', '--out', out, '--json');
    const { sets, axes } = json();
    expect(axes).toEqual([{ name: 'drive', unit: 'Hz', values: [2, 4, 6] }]);
    const stable = sets[1].fixed_points.filter((point) => point.stable);
    expect(stable.length).toBe(1);
    expect(stable[0].nu_e_hz).toBeCloseTo(2.4596211336, 8);
    // Where activity on the device ends is the stable point.
    expect(sets[1].run.rates_hz[0]).toBeCloseTo(2.4596211336, 3);
    expect(sets[1].run.swing_hz[0]).toBeLessThan(1e-3);
    expect(sets[1].kind).toBe('stable node');
    expect(existsSync(join(out, 'scan.png'))).toBe(true);
    expect(readNpy(join(out, 'rates.npy')).shape).toEqual([3, 2]);
    const table = readFileSync(join(out, 'fixed-points.csv'), 'utf8').trim().split('\n');
    expect(table[0]).toContain('drive_Hz,rate_exc_Hz,rate_inh_Hz,covariance_exc_exc_Hz2');
    for (const line of table) expect(line.split(',').length).toBe(table[0]!.split(',').length);
    expect(table.length).toBeGreaterThan(3);
  });

  test('two parameters make a map; a number of the fit is warned of', async () => {
    const out = join(folder, 'map');
    const vary = ['--vary', 'drive=2,4', '--vary', 'q_i=4.9nS,5nS,5.1nS'];
    await meanfield('scan', 'config1', ...vary, '--order', '1', '--duration', '100ms', '--out', out);
    expect(said.stdout).toMatch(/^config1: 6 parameter sets, order 1/);
    expect(said.stderr).toContain('q_i is part of what the transfer functions were fitted to');
    expect(readNpy(join(out, 'kind.npy')).shape).toEqual([2, 3]);
    expect(readFileSync(join(out, 'scan.svg'), 'utf8')).toContain('Weight of inhibitory synapses (nS)');
  });
});

test('a dry run computes and writes nothing', async () => {
  await meanfield(
    'scan',
    'config1',
    '--vary',
    'drive=1:2:3',
    '--dry-run',
    '--json',
    '--out',
    join(folder, 'dry'),
  );
  expect(json()).toEqual({ network: 'config1', parameter_sets: 3, steps: 3000 });
  expect(existsSync(join(folder, 'dry'))).toBe(false);
});
