/** `spikefield meanfield` from the outside: what it prints, what it leaves, how it refuses. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addMeanFieldCommand } from '../../src/cli/meanfield.ts';
import { refuseNone } from '../../src/cli/meanfield-fixed-point.ts';
import { readNpy } from '../../src/io/npy.ts';
import { fixedPoints } from '../../src/mean-field/fixed-points.ts';
import { libraryTransferFunction, meanField } from '../../src/mean-field/library.ts';
import { readNetwork } from '../../src/models/read-network.ts';
import { writeTransferFunction } from '../../src/transfer/transfer-function-file.ts';
import { changed } from '../mean-field/models.ts';
import { called, ownFolder } from './spikefield.ts';

const folder = ownFolder();

let printed = '';
let warned = '';
async function meanfield(...args: string[]): Promise<void> {
  const said = await called(addMeanFieldCommand, 'meanfield', ...args);
  [printed, warned] = [said.stdout, said.stderr];
}
/** What the tests look at of what is printed. */
interface Point {
  nu_e_hz: number;
  nu_i_hz: number;
  covariance_hz2?: number[][];
  eigenvalues_per_s: [number, number][];
  stable: boolean;
}
interface Printed {
  order: number;
  formula: string;
  fixed_points: [Point, ...Point[]];
  populations: { exc: { first_hz: number; last_hz: number; peak_hz: number } };
  warnings: string[];
  axes: unknown;
  sets: { fixed_points: Point[]; run: { rates_hz: number[]; swing_hz: number[] }; kind: string }[];
}
const json = () => JSON.parse(printed) as Printed;

describe('fixed-point', () => {
  test('of the paper, as JSON', async () => {
    await meanfield('fixed-point', 'config1', '--as-published', '--order', '1', '--json');
    const { fixed_points, order, formula } = json();
    expect([order, formula, fixed_points.length]).toEqual([1, 'as-published', 1]);
    const [{ nu_e_hz, nu_i_hz, eigenvalues_per_s, stable, covariance_hz2 }] = fixed_points;
    expect(nu_e_hz).toBeCloseTo(2.45719671, 7);
    expect(nu_i_hz).toBeCloseTo(9.64063889, 7);
    expect(eigenvalues_per_s[0][0]).toBeCloseTo(-209.890464, 5);
    expect(stable).toBe(true);
    expect(covariance_hz2).toBeUndefined();
  });

  test("Spikefield's own fit, for people, with its figure, and saturation marked as beyond the fit", async () => {
    const out = join(folder, 'points');
    await meanfield('fixed-point', 'config1', '--out', out);
    expect(printed).toMatch(
      /^config1: 2 fixed points, 2 of them stable \(order 2, formula corrected, T 5 ms\)\n/,
    );
    const [, exc, inh] = /exc ([\d.]+) Hz \(SD [\d.]+\), inh ([\d.]+) Hz/.exec(printed)!;
    // The network fires at 1.69 and 8.43 Hz.
    expect(Number(exc)).toBeGreaterThan(1.6);
    expect(Number(exc)).toBeLessThan(2.05);
    expect(Number(inh)).toBeGreaterThan(8.3);
    expect(Number(inh)).toBeLessThan(9.0);
    expect(printed).toContain('the fit of exc and inh has seen no input rates like these');
    expect(existsSync(join(out, 'phase-plane.png'))).toBe(true);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    expect(manifest.status).toBe('complete');
    expect(manifest.transfer_functions[0].coefficients_mV.length).toBe(11);
    await expect(meanfield('fixed-point', 'config1', '--out', out)).rejects.toThrow('already holds a run');
  });

  test('with a fit from a file, and with one of other synapses', async () => {
    const file = join(folder, 'rs.json');
    writeTransferFunction(file, libraryTransferFunction('RS-cell')!);
    await meanfield('fixed-point', 'config1', '--fit', file, '--json', '--order', '1');
    const given = json().fixed_points[0].nu_e_hz;
    await meanfield('fixed-point', 'config1', '--json', '--order', '1');
    expect(json().fixed_points[0].nu_e_hz).toBe(given);
    const other = meanfield('fixed-point', 'config1', '--fit', file, '--set', 'projections.*.weight=1nS');
    await expect(other).rejects.toThrow(
      `${file}: the transfer function was fitted for inhibitory synapses with Q = 5 nS, but RS-cell here has 1 nS`,
    );
    const mixed = join(folder, 'printed.json');
    writeTransferFunction(mixed, libraryTransferFunction('FS-cell', 'as-published')!);
    await expect(meanfield('fixed-point', 'config1', '--fit', file, '--fit', mixed)).rejects.toThrow(
      'the transfer functions belong to different formulas',
    );
  });
});

describe('run', () => {
  test('a dry run counts fluctuations among the numbers of a sample', async () => {
    const options = ['--duration', '50ms', '--dry-run', '--json'];
    await meanfield('run', 'config1', ...options, '--ou-sd', '1Hz');
    expect(JSON.parse(printed)).toEqual({
      ...{ network: 'config1', order: 2, steps: 500, samples: 51, variables: 7 },
    });
  });

  test("the paper's waveform: rates rise and return; arrays, figure and manifest", async () => {
    const out = join(folder, 'run');
    const options = ['--waveform', '2Hz,100ms,20ms,30ms', '--duration', '300ms', '--out', out, '--json'];
    await meanfield('run', 'config1', '--as-published', ...options);
    const { populations, warnings } = json();
    expect(populations.exc.first_hz).toBeCloseTo(2.4596, 3);
    expect(populations.exc.last_hz).toBeCloseTo(2.4596, 3);
    expect(populations.exc.peak_hz).toBeGreaterThan(8);
    expect(warnings).toEqual([]);
    const rate = readNpy(join(out, 'rate_exc.npy'));
    expect(rate.shape).toEqual([301]);
    expect(readNpy(join(out, 'covariance_exc_inh.npy')).shape).toEqual([301]);
    expect(existsSync(join(out, 'rates.png'))).toBe(true);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    expect(manifest.status).toBe('complete');
    expect(manifest.waveform).toBe('2Hz,100ms,20ms,30ms');
  });

  test('says what cannot be trusted', async () => {
    const out = join(folder, 'beyond');
    // 60 Hz more excitation than any fit has seen, within a ms.
    await meanfield(
      'run',
      'config1',
      '--waveform',
      '60Hz,20ms,1ms,1ms',
      '--duration',
      '40ms',
      '--out',
      out,
      '--quiet',
    );
    expect(warned).toMatch(/input to exc reaches rates that its fit has not seen, so it extrapolates there/);
    expect(warned).toMatch(/knows nothing shorter than its time scale T of 5 ms/);
    expect(readFileSync(join(out, 'rates.svg'), 'utf8')).toContain('beyond the range fitted');
  });

  test('says where second order leaves the rates that there are', async () => {
    const out = join(folder, 'negative');
    const options = ['--waveform', '40Hz,50ms,20ms,20ms', '--duration', '40ms', '--no-figures', '--out', out];
    await meanfield('run', 'config1', ...options, '--json');
    expect(json().warnings.join()).toMatch(
      /the rate of exc is below 0 Hz at \d+\.0 ms, which second order does not/,
    );
    expect(readNpy(join(out, 'rate_exc.npy')).data.some((rate) => rate < 0)).toBe(true);
  });
});

describe('drives that fluctuate', () => {
  test('leave their fluctuations, which the seed determines', async () => {
    const rates = async (name: string, seed: string) => {
      const out = join(folder, name);
      const options = ['--ou-sd', '0.5Hz', '--ou-tau', '4ms', '--seed', seed, '--duration', '60ms'];
      await meanfield('run', 'config1', ...options, '--order', '1', '--out', out, '--quiet');
      return { out, rate: readNpy(join(out, 'rate_exc.npy')).data as Float32Array };
    };
    const one = await rates('ou-1', '1');
    const same = await rates('ou-same', '1');
    const other = await rates('ou-2', '2');
    expect(same.rate).toEqual(one.rate);
    expect(other.rate).not.toEqual(one.rate);
    expect(Math.max(...one.rate) - Math.min(...one.rate)).toBeGreaterThan(0.3);
    expect(readNpy(join(one.out, 'fluctuation_inh.npy')).shape).toEqual([61]);
    const manifest = JSON.parse(readFileSync(join(one.out, 'manifest.json'), 'utf8'));
    expect(manifest.fluctuation).toEqual({ sd: 0.5, tau: 4 });
    expect(manifest.settings.seed).toBe(1);
    expect(readFileSync(join(one.out, 'rates.svg'), 'utf8')).toContain('drive +- 0.5 Hz over 4 ms');
  });

  test('are warned of where they would fall below 0', async () => {
    const out = join(folder, 'ou-wide');
    await meanfield(
      'run',
      'config1',
      '--ou-sd',
      '3Hz',
      '--duration',
      '5ms',
      '--out',
      out,
      '--no-figures',
      '--json',
    );
    expect(json().warnings.join()).toContain(
      'the external rate of exc, 4 Hz at its lowest, fluctuates with an SD of 3 Hz',
    );
  });
});

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
    const result = JSON.parse(printed) as {
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
    expect(printed).toMatch(/^config1: one branch of fixed points, no folds, no Hopf points \(order 1/);
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
    expect(printed).toMatch(/^config1: 6 parameter sets, order 1/);
    expect(warned).toContain('q_i is part of what the transfer functions were fitted to');
    expect(readNpy(join(out, 'kind.npy')).shape).toEqual([2, 3]);
    expect(readFileSync(join(out, 'scan.svg'), 'utf8')).toContain('Weight of inhibitory synapses (nS)');
  });
});

test.each([
  [['fix', 'config1'], 'spikefield meanfield cannot fix; choose run, fixed-point, continue or scan'],
  [['fixed-point', 'config1', '--vary', 'T=1:2:3'], 'spikefield meanfield fixed-point has no option --vary'],
  [['scan', 'config1'], 'a scan needs something to vary'],
  [['scan', 'config1', '--vary', 'drive'], '--vary is "drive", but must be name=first:last:count'],
  [['scan', 'config1', '--vary', 'drive=1:2:1'], 'with a count from 2 to'],
  [['scan', 'config1', '--vary', 'q_e=1mV:2mV:3'], '--vary q_e is in mV but a conductance is needed'],
  [['run', 'config1', '--T', '0ms'], 'T is 0 ms, but the time scale of a mean field must be above 0 ms'],
  [['run', 'config1', '--waveform', '2Hz'], '--waveform is "2Hz", but must be peak, time of the peak'],
  [['run', 'config1', '--fraction', '0.5'], '--fraction divides an afferent input, so it needs --waveform'],
  [['run', 'config1', '--as-published', '--fit', 'x.json'], 'it cannot stand beside --fit'],
  [['run', 'config1', '--ou-sd', '0.5ms'], '--ou-sd is in ms but a rate is needed'],
  [['run', 'config1', '--ou-tau', '5ms'], '--ou-tau is of drives that fluctuate, so it needs their SD'],
  [['run', 'config1', '--seed', '2'], '--seed is of drives that fluctuate, so it needs their SD'],
  [['run', 'config1', '--ou-sd=-1Hz'], 'fluctuates with an SD of -1 Hz'],
  [['continue', 'config1'], 'but --vary is given 0 times: give it once, as --vary drive=1Hz:8Hz'],
  [['continue', 'config1', '--vary', 'drive=1Hz'], '--vary is "drive=1Hz", but must be name=first:last'],
  [['continue', 'config1', '--vary', 'drive=1:2:9'], 'but must be name=first:last, as drive=1Hz:8Hz'],
  [['continue', 'config1', '--vary', 'drive=2:2'], 'which goes nowhere: give two different ends'],
  [['continue', 'config1', '--vary', 'drift=1:2'], 'has no drift that could be varied'],
  [['run', 'config1', '--order', '3'], '--order is 3, but must be a whole number from 1 to 2'],
])('refuses %j', async (args, message) => {
  await expect(meanfield(...args)).rejects.toThrow(message);
});

test('a mean field without fixed point is refused with what to try', () => {
  // Of so little of a neuron that no rate is as large as its fluctuations.
  const model = changed(meanField(readNetwork('config1')), () => ({ size: 1e-9 }));
  const points = fixedPoints(model);
  expect(points).toEqual([]);
  const chosen = {
    ...{ network: readNetwork('config1'), model, order: 2 as const },
    formula: 'as given' as const,
  };
  expect(() => refuseNone(points, chosen)).toThrow(
    'the mean field of config1 has no fixed point (order 2): fluctuations of so small or so strongly coupled populations have no stationary size: try --order 1',
  );
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

describe('--adaptation', () => {
  test('has currents in its points, whose rates are lower than those of rested cells', async () => {
    await meanfield('fixed-point', 'config1', '--adaptation', '--order', '1', '--json');
    const { fixed_points } = JSON.parse(printed) as {
      fixed_points: { nu_e_hz: number; stable: boolean; adaptation_pA: Record<string, number> }[];
    };
    const point = fixed_points.find(({ stable }) => stable)!;
    expect(point.nu_e_hz).toBeGreaterThan(1.5);
    expect(point.nu_e_hz).toBeLessThan(2.1);
    // With every spike 20 pA, which last 500 ms, and 4 nS times a good 8 mV.
    expect(point.adaptation_pA.exc).toBeGreaterThan(10 * point.nu_e_hz + 25);
    expect(point.adaptation_pA.inh).toBe(0);
  });

  test('a run leaves the currents, and begins at rest', async () => {
    const out = join(folder, 'adapting');
    await meanfield(
      'run',
      'config1',
      '--adaptation',
      '--duration',
      '50ms',
      '--no-figures',
      '--out',
      out,
      '--json',
    );
    const w = readNpy(join(out, 'adaptation_exc.npy')).data as Float32Array;
    expect(w).toHaveLength(51);
    expect(w[0]).toBeGreaterThan(30);
    expect(Math.abs(w[50]! / w[0]! - 1)).toBeLessThan(1e-4);
  });

  test('is refused beside functions that hold adaptation already', async () => {
    await expect(meanfield('fixed-point', 'config1', '--adaptation', '--as-published')).rejects.toThrow(
      'leave out --as-published or --adaptation',
    );
    const file = join(folder, 'adapting-cell.json');
    writeTransferFunction(file, libraryTransferFunction('RS-cell')!);
    await expect(meanfield('fixed-point', 'config1', '--adaptation', '--fit', file)).rejects.toThrow(
      'would count twice',
    );
  });
});
