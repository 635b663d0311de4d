/** `spikefield meanfield` from the outside: fixed points, and how it refuses. */
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
import { ownFolder } from '../own-folder.ts';
import { caller } from './spikefield.ts';

const folder = ownFolder();

const { said, call: meanfield } = caller(addMeanFieldCommand, 'meanfield');

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
}
const json = () => JSON.parse(said.stdout) as Printed;

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
    expect(said.stdout).toMatch(
      /^config1: 2 fixed points, 2 of them stable \(order 2, formula corrected, T 5 ms\)\n/,
    );
    const [, exc, inh] = /exc ([\d.]+) Hz \(SD [\d.]+\), inh ([\d.]+) Hz/.exec(said.stdout)!;
    // The network fires at 1.69 and 8.43 Hz.
    expect(Number(exc)).toBeGreaterThan(1.6);
    expect(Number(exc)).toBeLessThan(2.05);
    expect(Number(inh)).toBeGreaterThan(8.3);
    expect(Number(inh)).toBeLessThan(9.0);
    expect(said.stdout).toContain('the fit of exc and inh has seen no input rates like these');
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

describe('--adaptation', () => {
  test('has currents in its points, whose rates are lower than those of rested cells', async () => {
    await meanfield('fixed-point', 'config1', '--adaptation', '--order', '1', '--json');
    const { fixed_points } = JSON.parse(said.stdout) as {
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
