/** A measured point is a pure function of cell, input, settings and its rates: of nothing else in the batch. */
import { describe, expect, test } from 'vitest';
import { evenly, rectangularGrid } from '../../src/transfer/grid.ts';
import { measureTransferFunction } from '../../src/transfer/measure.ts';
import { measureBlock } from '../../src/transfer/measure-block.ts';
import { type Quartet, QuartetStore } from '../../src/transfer/quartets.ts';
import { testDevice } from '../device.ts';
import { cell } from '../spiking/networks.ts';
import { config1Input, subject, sumsOf } from './measured.ts';

const point = { nu_e: 6, nu_i: 6, index: 0 };
const others = Array.from(
  { length: 20 },
  (_, at): Quartet => ({ nu_e: at / 2, nu_i: at % 7, index: at % 3 }),
);

describe('what a quartet does', () => {
  const of = subject(undefined, { duration: 120 });

  test('does not depend on its place, its company or the tables that others need', async () => {
    const device = await testDevice();
    const [alone] = await measureBlock(device, of, [point]);
    const among = await measureBlock(device, of, [...others, point, ...others]);
    expect(among[others.length]).toEqual(alone);
    // 2,000 Hz needs tables that are looked up, 150 Hz the larger ones in registers.
    for (const nu_e of [150, 2000]) {
      const crowded = await measureBlock(device, of, [point, { nu_e, nu_i: 2000, index: 0 }]);
      expect(crowded[0]).toEqual(alone);
    }
  });

  test('goes with seed, rates and repeat', async () => {
    const device = await testDevice();
    const near: Quartet[] = [
      { ...point, index: 1 },
      { ...point, nu_e: 6.000001 },
      { ...point, nu_i: 6.000001 },
    ];
    const [first, ...rest] = await measureBlock(device, of, [point, ...near]);
    const other = { ...of, settings: { ...of.settings, seed: 8 } };
    const far = { ...of, settings: { ...of.settings, seed: 7 + 2 ** 32 } };
    const seeded = [await measureBlock(device, other, [point]), await measureBlock(device, far, [point])];
    const means = [first!, ...rest, ...seeded.flat()].flatMap((each) =>
      [0, 1, 2, 3].map((repeat) => sumsOf(each, repeat).V / sumsOf(each, repeat).counted),
    );
    expect(new Set(means).size).toBe(means.length);
  });

  test('what is discarded counts for nothing, and changes nothing after it', async () => {
    const device = await testDevice();
    const part = (discard: number, duration: number) => ({
      ...of,
      settings: { ...of.settings, discard, duration },
    });
    const [[whole], [head], [tail]] = await Promise.all(
      [part(0, 120), part(0, 30), part(30, 120)].map((each) => measureBlock(device, each, [point])),
    );
    for (let repeat = 0; repeat < 4; repeat++) {
      const [all, early, late] = [whole!, head!, tail!].map((each) => sumsOf(each!, repeat));
      for (const name of ['spikes', 'counted', 'V', 'VV', 'fast', 'slow', 'fastGain', 'slowGain'] as const) {
        const sum = early![name] + late![name];
        expect(Math.abs(sum - all![name]), name).toBeLessThanOrEqual(1e-5 * Math.abs(all![name]) + 1e-5);
      }
      expect(early!.counted).toBeGreaterThan(0);
      expect(late!.counted).toBeGreaterThan(early!.counted);
    }
  });
});

describe('a measurement', () => {
  const grid = rectangularGrid(evenly(0, 9, 4), [0, 5, 10]);
  const settings = { duration: 150, repeats: 6, seed: 3 };

  test('that goes on from what was kept is the same as one in one go', async () => {
    const device = await testDevice();
    const kept = new QuartetStore();
    const whole = await measureTransferFunction(device, cell('FS-cell'), config1Input, grid, {
      ...settings,
      onBlock: (quartets, sums) => {
        quartets.forEach((quartet, at) => {
          // Every other quartet, as if the rest had been lost.
          if (at % 2 === 0) kept.set(quartet, sums[at]!);
        });
      },
    });
    let added = 0;
    const again = await measureTransferFunction(device, cell('FS-cell'), config1Input, grid, {
      ...settings,
      store: kept,
      onBlock: (quartets) => {
        added += quartets.length;
      },
    });
    const quartets = 2 * grid.nu_e.length * grid.nu_i.length;
    expect(added).toBe(quartets / 2);
    expect({ ...again, timing: 0 }).toEqual({ ...whole, timing: 0 });
    expect(whole.spikes).toBeGreaterThan(100);
  });

  test('of a larger grid holds the smaller one', async () => {
    const device = await testDevice();
    const large = rectangularGrid(evenly(0, 9, 7), [0, 2, 5, 10]);
    const [a, b] = [
      await measureTransferFunction(device, cell('RS-cell'), config1Input, grid, settings),
      await measureTransferFunction(device, cell('RS-cell'), config1Input, large, settings),
    ];
    a.rate.forEach((rate, at) => {
      const same = b.nu_e.findIndex((nu_e, index) => nu_e === a.nu_e[at] && b.nu_i[index] === a.nu_i[at]);
      expect(b.rate[same]).toBe(rate);
      expect(b.tau_V[same]).toBe(a.tau_V[at]);
    });
  });

  test('reports rates, their SD over repeats, and progress up to 1', async () => {
    const fractions: number[] = [];
    const data = await measureTransferFunction(await testDevice(), cell('FS-cell'), config1Input, grid, {
      ...settings,
      onProgress: (fraction) => fractions.push(fraction),
    });
    expect(data.shape).toEqual([3, 4]);
    expect(Array.from(data.nu_i.slice(3, 5))).toEqual([0, 5]);
    const at = 3;
    const own = Array.from(data.rates.subarray(at * 6, at * 6 + 6));
    const mean = own.reduce((a, b) => a + b, 0) / 6;
    expect(data.rate[at]).toBeCloseTo(mean, 12);
    expect(data.rate_sd[at]).toBeCloseTo(Math.sqrt(own.reduce((a, b) => a + (b - mean) ** 2, 0) / 5), 12);
    expect(mean).toBeGreaterThan(10);
    expect(own.every((rate) => Math.abs(rate * 0.15 - Math.round(rate * 0.15)) < 1e-9)).toBe(true);
    expect(fractions.at(-1)).toBe(1);
    expect(fractions.every((each, index) => index === 0 || each >= fractions[index - 1]!)).toBe(true);
  });

  test('ends with the error that its progress throws, and can begin again', async () => {
    const device = await testDevice();
    const stop = new Error('stop');
    const interrupted = measureTransferFunction(device, cell('RS-cell'), config1Input, grid, {
      ...settings,
      onProgress: () => {
        throw stop;
      },
    });
    await expect(interrupted).rejects.toBe(stop);
    await expect(
      measureTransferFunction(device, cell('RS-cell'), config1Input, grid, settings),
    ).resolves.toBeDefined();
  });
});
