/** `spikefield transfer fit` from the outside: what it prints, what it leaves, how it refuses. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { OptionValue } from '../../src/cli/options.ts';
import { transferFit } from '../../src/cli/transfer-fit.ts';
import { OutputError } from '../../src/errors.ts';
import { rectangularGrid } from '../../src/transfer/grid.ts';
import type { TransferMeasurement } from '../../src/transfer/measure.ts';
import { writeTransferData } from '../../src/transfer/transfer-directory.ts';
import { readTransferFunction } from '../../src/transfer/transfer-function-file.ts';
import { ownFolder } from '../own-folder.ts';
import { cellOf, config1, dataOf, someCoefficients } from '../transfer/neurons.ts';
import { twinRate } from '../twins/template.ts';
import { printedBy, runIn } from './spikefield.ts';

const template = {
  cell: cellOf('RS-cell'),
  input: config1,
  formula: 'corrected' as const,
  coefficients_mV: someCoefficients,
};
const grid = { nu_e: [0, 1, 2, 3, 4, 6, 8, 10], nu_i: [0, 3, 6, 9, 12] };
/** What measuring would leave, with the rates of the template, or silence. */
function measurement(isSilent = false): TransferMeasurement {
  const data = dataOf(template, (nu_e, nu_i) => (isSilent ? 0 : twinRate(template, nu_e, nu_i)), grid);
  for (const moment of [data.mu_V, data.sigma_V, data.tau_V]) moment.fill(1);
  const { repeats } = data.settings;
  const rates = Float64Array.from(
    { length: repeats * data.rate.length },
    (_, k) => data.rate[Math.floor(k / repeats)]!,
  );
  return {
    ...data,
    rates,
    grid: rectangularGrid(grid.nu_e, grid.nu_i),
    spikes: isSilent ? 0 : 1000,
    adapter: { name: 'none', driver: 'none', vendor: '', architecture: '', software: true },
    timing: { run_s: 1, neuron_steps: 1 },
  };
}

const folder = ownFolder();
beforeAll(() => writeTransferData(join(folder, 'rs'), measurement(), '0.0.0'));

/** The whole command line, in a process of its own. */
const spikefield = (...args: string[]) => runIn(folder, ...args);

/** The command alone; what it prints. */
async function fitFolder(name: string, given: Record<string, OptionValue> = {}): Promise<string> {
  return (await printedBy(() => transferFit(join(folder, name), given, '0.0.0'))).stdout;
}

test('JSON, file, table and figures of a fit belong together', async () => {
  const { status, stdout } = spikefield('transfer', 'fit', 'rs', '--json');
  expect(status).toBe(0);
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({
    cell: 'RS-cell',
    formula: 'corrected',
    form: 'quadratic',
    weighting: 'relative',
    points: 40,
    out: join('rs', 'fit'),
  });
  expect(result.rms_hz).toBeLessThan(0.02);
  expect(result.rms_hz ** 2).toBeCloseTo(result.mse_hz2, 12);
  expect(result.condition_number).toBeGreaterThan(100);
  const read = readTransferFunction(join(folder, 'rs', 'fit', 'transfer-function.json'));
  expect(read.coefficients_mV).toEqual(result.coefficients_mV);
  const [head, ...rows] = readFileSync(join(folder, 'rs', 'fit', 'points.csv'), 'utf8')
    .trim()
    .split('\n');
  expect(rows.length).toBe(40);
  const column = (name: string) => rows.map((row) => Number(row.split(',')[head!.split(',').indexOf(name)]));
  column('fitted_Hz').forEach((rate, index) => {
    expect(rate).toBeCloseTo(read.rate(column('nu_e_Hz')[index]!, column('nu_i_Hz')[index]!), 9);
    expect(column('residual_Hz')[index]).toBeCloseTo(rate - column('rate_Hz')[index]!, 9);
  });
  expect(readdirSync(join(folder, 'rs', 'fit')).sort()).toEqual([
    'fit.png',
    'fit.svg',
    'points.csv',
    'transfer-function.json',
    'transfer-function.png',
    'transfer-function.svg',
  ]);

  await expect(fitFolder('rs')).rejects.toThrow(
    /transfer-function\.json exists already; choose another output folder, or give --force to replace it\.$/,
  );
  const forced = await fitFolder('rs', { force: true, figures: false, weighting: 'plain' });
  expect(forced).toContain('plain weights, formula corrected');
  // Figures of the old fit are gone with it.
  expect(existsSync(join(folder, 'rs', 'fit', 'fit.png'))).toBe(false);
});

test('fits of other kinds go beside it and say what they are', async () => {
  expect(await fitFolder('rs', { linear: true, asPublished: true, quiet: true, figures: false })).toBe('');
  const read = readTransferFunction(join(folder, 'rs', 'fit-linear-as-published', 'transfer-function.json'));
  expect(read.formula).toBe('as-published');
  expect(read.coefficients_mV.length).toBe(5);
});

test('what cannot be fitted is refused in a sentence, and nothing is left', async () => {
  writeTransferData(join(folder, 'silent'), measurement(true), '0.0.0');
  const { status, sentence } = spikefield('transfer', 'fit', 'silent');
  expect(status).toBe(2);
  expect(sentence).toMatch(
    /^spikefield: RS-cell: none of the 40 points has a single spike, and silence says nothing/,
  );
  expect(existsSync(join(folder, 'silent', 'fit'))).toBe(false);
  await expect(fitFolder('rs', { weighting: 'plan' })).rejects.toThrow(
    '--weighting cannot be plan; did you mean plain?',
  );
  await expect(fitFolder('nowhere')).rejects.toThrow(/nowhere.*manifest/);
  writeFileSync(join(folder, 'file'), '');
  await expect(fitFolder('rs', { out: join(folder, 'file') })).rejects.toThrow(OutputError);
});
