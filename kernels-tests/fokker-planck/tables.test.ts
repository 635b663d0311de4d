/** Tables as data: axes, files that come back as they went, look-up between and beyond grid points, and refusals. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InputError, OutputError } from '../../src/errors.ts';
import { buildTables } from '../../src/fokker-planck/build-tables.ts';
import { TableLookup } from '../../src/fokker-planck/lookup.ts';
import { createTableDirectory, readTables, writeTables } from '../../src/fokker-planck/table-file.ts';
import {
  axisValues,
  type CascadeTables,
  QUANTITY_NAMES,
  type TableQuantity,
} from '../../src/fokker-planck/tables.ts';
import { writeNpy } from '../../src/io/npy.ts';
import { ALN_NEURON } from '../../src/models/eif.ts';
import { testDevice } from '../device.ts';
import { ownFolder } from '../own-folder.ts';

const folder = ownFolder();

/** Values that are bilinear in mu and sigma, different for each quantity. */
function bilinear(): CascadeTables {
  const mu = axisValues({ from: -1, to: 3, count: 9 }, 'mu');
  const sigma = axisValues({ from: 0.5, to: 2.5, count: 5 }, 'sigma');
  const value = (which: number, m: number, s: number) => which + 2 * m - s + 0.5 * m * s;
  const values = Object.fromEntries(
    QUANTITY_NAMES.map((name, which) => [
      name,
      Float32Array.from({ length: 45 }, (_, k) => value(which, mu[Math.floor(k / 5)]!, sigma[k % 5]!)),
    ]),
  ) as Record<TableQuantity, Float32Array>;
  return {
    neuron: { ...ALN_NEURON, name: 'mine', VT: -48 },
    mu,
    sigma,
    values,
    recipe: { voltage_step: 0.05 },
  };
}

describe('files', () => {
  test('give back what was written', () => {
    const path = join(folder, 'round');
    const tables = bilinear();
    writeTables(path, tables, { version: '1.2.3' });
    expect(readTables(path)).toEqual(tables);
    expect(() => writeTables(path, tables)).toThrow(OutputError);
    writeTables(path, tables, { force: true });
  });

  test('are refused where they are not whole, not tables, or not of one size', () => {
    const tables = bilinear();
    const unfinished = join(folder, 'unfinished');
    createTableDirectory(unfinished, tables.neuron);
    expect(() => readTables(unfinished)).toThrow(/not finished; build them again/);

    const path = join(folder, 'spoilt');
    writeTables(path, tables);
    writeNpy(join(path, 'V.npy'), new Float32Array(40), [8, 5]);
    expect(() => readTables(path)).toThrow(
      /V\.npy: the array is of shape \(8, 5\), but the axes have 9 and 5/,
    );
    writeNpy(join(path, 'V.npy'), new Float32Array(45).fill(Number.NaN), [9, 5]);
    expect(() => readTables(path)).toThrow(/row 0 and column 0 is NaN/);
    writeNpy(join(path, 'mu.npy'), Float64Array.of(0, 1, 5));
    expect(() => readTables(path)).toThrow(/the axis mu is not evenly spaced/);
    const manifest = readFileSync(join(path, 'manifest.json'), 'utf8');
    writeFileSync(join(path, 'manifest.json'), manifest.replace('cascade-tables', 'current steps'));
    expect(() => readTables(path)).toThrow(/holds no tables; name a folder/);
    expect(() => readTables(join(folder, 'nowhere'))).toThrow(InputError);
  });
});

describe('look-up', () => {
  const tables = bilinear();
  test('is exact for what is bilinear', () => {
    const lookup = new TableLookup(tables);
    for (const [m, s] of [
      [-1, 0.5],
      [3, 2.5],
      [0.3, 1.1],
      [2.99, 0.51],
      [-0.5, 1],
    ] as const)
      expect(lookup.value('tau_mu', m, s)).toBeCloseTo(2 + 2 * m - s + 0.5 * m * s, 5);
    expect([lookup.count, lookup.clipped]).toEqual([5, 0]);
  });

  test('beyond the edges gives the edge, and counts it', () => {
    const lookup = new TableLookup(tables);
    expect(lookup.value('r', -7, 1.3)).toBe(new TableLookup(tables).value('r', -1, 1.3));
    expect(lookup.value('r', 2, 9)).toBe(new TableLookup(tables).value('r', 2, 2.5));
    expect(lookup.value('r', 99, 0)).toBe(new TableLookup(tables).value('r', 3, 0.5));
    lookup.value('r', 0, 1);
    expect([lookup.count, lookup.clipped]).toEqual([4, 3]);
  });
});

describe('building', () => {
  test('a small grid: rates rise with mu, the recipe says how, the row order is mu', async () => {
    const done: number[] = [];
    const built = await buildTables(
      await testDevice(),
      { ...ALN_NEURON, name: 'mine', VT: -52 },
      {
        mu: { from: -0.5, to: 2.5, count: 4 },
        sigma: { from: 0.8, to: 2.8, count: 3 },
        onProgress: (fraction) => done.push(fraction),
      },
    );
    const rate = (row: number, column: number) => built.values.r[row * 3 + column]!;
    for (let row = 1; row < 4; row++)
      for (let column = 0; column < 3; column++)
        expect(rate(row, column)).toBeGreaterThan(rate(row - 1, column));
    expect(rate(0, 2)).toBeGreaterThan(rate(0, 0));
    expect(done.at(-1)).toBe(1);
    expect(built.recipe.step_errors!.r).toBeLessThan(4e-4);
    expect(built.recipe.voltage_step).toBeGreaterThan(0);
    const finer = await buildTables(await testDevice(), built.neuron, {
      mu: { from: -0.5, to: 2.5, count: 4 },
      sigma: { from: 0.8, to: 2.8, count: 3 },
      voltageStep: built.recipe.voltage_step / 2,
    });
    expect(finer.recipe.step_errors).toBeNull();
    finer.values.tau_mu.forEach((tau, k) => {
      expect(Math.abs(built.values.tau_mu[k]! - tau) / tau).toBeLessThan(5e-3);
    });
  });

  test('refuses grids without noise, axes that do not ascend and steps that are none', async () => {
    const device = await testDevice();
    const build = (options: Parameters<typeof buildTables>[2]) => buildTables(device, ALN_NEURON, options);
    await expect(build({ sigma: { from: 0, to: 2, count: 3 } })).rejects.toThrow(/begin above 0/);
    await expect(build({ mu: { from: 2, to: -1, count: 3 } })).rejects.toThrow(/mu runs from 2 to -1/);
    await expect(build({ mu: { from: -1, to: 1, count: 1 } })).rejects.toThrow(/at least 2/);
    await expect(build({ voltageStep: -1 })).rejects.toThrow(/voltage step is -1 mV/);
  });

  test('refuses what single precision cannot resolve, and says where', async () => {
    const build = buildTables(await testDevice(), ALN_NEURON, {
      mu: { from: -60, to: -40, count: 2 },
      sigma: { from: 0.02, to: 0.03, count: 2 },
      voltageStep: 0.5,
    });
    await expect(build).rejects.toThrow(InputError);
  });
});
