/** Sweeps of networks: axes as they are written, plans, and runs that are those of `simulate` whatever batch they are in. */
import { describe, expect, test } from 'vitest';
import { networkFromObject } from '../../src/models/read-network.ts';
import { axisOverride, parseNetworkAxis } from '../../src/network-sweep/axis.ts';
import {
  type NetworkSweepSettings,
  networkEvaluator,
  planNetworkSweep,
  sweepBatch,
} from '../../src/network-sweep/network-sweep.ts';
import { overSeeds } from '../../src/network-sweep/over-seeds.ts';
import { simulate } from '../../src/spiking/simulate.ts';
import { testDevice } from '../device.ts';

const read = (overrides: readonly string[]) =>
  networkFromObject(
    {
      duration: 60,
      receptors: { fast: { tau: 5, E_rev: 0 } },
      populations: {
        a: {
          ...{
            size: 40,
            cell: 'RS-cell',
            current: '350 pA',
            initial: { V: { uniform: { low: -70, high: -50 } } },
          },
          drive: [{ receptor: 'fast', synapses: 20, rate: 10, weight: 2 }],
        },
        b: { size: 10, cell: 'FS-cell', current: '100 pA' },
      },
      projections: {
        ab: {
          ...{ from: 'a', to: 'b', receptor: 'fast', weight: 3, delay: 1.5 },
          connect: { rule: 'fixed-in-degree', degree: 10 },
        },
      },
    },
    { overrides },
  );

const settings = (change: Partial<NetworkSweepSettings> = {}): NetworkSweepSettings => ({
  ...{ read, seeds: 2, firstSeed: 7, version: '0.0.0' },
  axes: [parseNetworkAxis('projections.ab.weight=2nS:6nS:2')],
  ...change,
});

describe('axes', () => {
  test('values in the unit that was written', () => {
    const axis = parseNetworkAxis(' projections.*.delay = 500us:1500 us:3');
    expect(axis).toEqual({
      path: 'projections.*.delay',
      unit: 'us',
      name: 'projections.*.delay_us',
      values: [500, 1000, 1500],
    });
    expect(axisOverride(axis, 1000)).toBe('projections.*.delay=1000us');
    expect(parseNetworkAxis('receptors.i.E_rev=-80:-70:2')).toMatchObject({
      name: 'receptors.i.E_rev',
      unit: '',
      values: [-80, -70],
    });
    expect(parseNetworkAxis('p=1e-3nS:2.5e-3nS:2').values).toEqual([1e-3, 2.5e-3]);
  });

  test.each([
    ['weight', /written path=from:to:n/],
    ['weight=4nS:8nS', /written path=from:to:n/],
    ['=1:2:3', /written path=from:to:n/],
    ['w=4nS:8pS:3', /same unit/],
    ['w=8nS:4nS:3', /end above its beginning/],
    ['w=4nS:4nS:3', /end above its beginning/],
    ['w=4nS:xnS:3', /needs a number/],
    ['w=4nS:8nS:1', /whole number from 2/],
    ['w=4nS:8nS:2.5', /whole number from 2/],
  ])('refuses %s', (text, message) => {
    expect(() => parseNetworkAxis(text)).toThrow(message);
  });
});

describe('plans', () => {
  test('seeds vary fastest', () => {
    const { plan, combinations, populations } = planNetworkSweep(settings());
    expect(plan.space.names).toEqual(['projections.ab.weight_nS', 'seed']);
    expect(Array.from({ length: plan.space.count }, (_, k) => plan.space.point(k))).toEqual([
      [2, 7],
      [2, 8],
      [6, 7],
      [6, 8],
    ]);
    expect([combinations, populations]).toEqual([2, ['a', 'b']]);
    expect(plan.results).toHaveLength(19);
  });

  test('every point is read before any is run', () => {
    const axis = (text: string) => settings({ axes: [parseNetworkAxis(text)] });
    expect(() => planNetworkSweep(axis('projections.ab.wieght=2nS:6nS:2'))).toThrow(/wieght/);
    expect(() => planNetworkSweep(axis('projections.ab.weight=2mV:6mV:2'))).toThrow(/mV/);
    expect(() => planNetworkSweep(axis('projections.ab.connect.degree=1:40:3'))).toThrow(/20.5/);
    expect(() => planNetworkSweep(axis('duration=40ms:80ms:2'))).not.toThrow();
    expect(() => planNetworkSweep({ ...axis('duration=40ms:80ms:2'), discard: 40 })).toThrow(
      /40 ms are to be discarded of a run of 40 ms/,
    );
    expect(() => planNetworkSweep(settings({ axes: [], seeds: 1 }))).toThrow(/--vary/);
  });
});

test('a run of a sweep is that of simulate, in whatever batch', async () => {
  const device = await testDevice();
  const sweep = planNetworkSweep(settings());
  const evaluate = networkEvaluator(sweep, device);
  const points = [0, 1, 2, 3].map(sweep.plan.space.point);
  const fractions: number[] = [];
  const together = Array.from(await evaluate(points, (fraction) => fractions.push(fraction)));
  const width = sweep.plan.results.length;
  // The last first, and alone.
  for (const k of [3, 0])
    expect(Array.from(await evaluate([points[k]!], () => {}))).toEqual(
      together.slice(k * width, (k + 1) * width),
    );
  const alone = await simulate(device, read(['projections.ab.weight=6']), { seed: 8 });
  const of = (k: number, name: string) => together[k * width + sweep.plan.results.indexOf(name)];
  expect(of(3, 'spikes')).toBe(alone.spikes);
  expect(of(3, 'b.rate_hz')).toBe(alone.populations.b!.rate_hz);
  expect(of(3, 'a.mean_V_mV')).toBe(alone.populations.a!.mean_V_mV);
  expect(of(3, 'synapses')).toBe(100);
  // The axis and the seed both reach the network.
  expect(of(2, 'b.mean_V_mV')).not.toBe(of(0, 'b.mean_V_mV'));
  expect(of(2, 'a.mean_V_mV')).toBe(of(0, 'a.mean_V_mV'));
  expect(of(1, 'a.mean_V_mV')).not.toBe(of(0, 'a.mean_V_mV'));
  expect(fractions.at(-1)).toBe(1);
  expect(fractions).toEqual(fractions.toSorted((x, y) => x - y));
});

describe('batches', () => {
  const runAll = async (change: Partial<NetworkSweepSettings>, batch?: number) => {
    const device = await testDevice();
    const sweep = planNetworkSweep(settings(change));
    const sizes: number[] = [];
    const evaluate = networkEvaluator(sweep, device, {
      ...(batch === undefined ? {} : { batch }),
      onBatch: (runs) => sizes.push(runs),
    });
    const points = Array.from({ length: sweep.plan.space.count }, (_, k) => sweep.plan.space.point(k));
    return { rows: Array.from(await evaluate(points, () => {})), sizes, suits: sweepBatch(sweep, device, 4) };
  };

  test('as many as are asked for, with the same results', async () => {
    const inTurn = await runAll({}, 1);
    expect(inTurn.sizes).toEqual([1, 1, 1, 1]);
    // As equal as can be.
    const cut = await runAll({}, 3);
    expect(cut.sizes).toEqual([2, 2]);
    const whole = await runAll({});
    expect(whole.sizes).toEqual([4]);
    expect(whole.suits).toBe(4);
    expect(cut.rows).toEqual(inTurn.rows);
    expect(whole.rows).toEqual(inTurn.rows);
  });

  test.each([
    // Windows of 6, 11 and 16 steps; the seeds of each go together.
    ['projections.ab.delay=0.5ms:1.5ms:3', [2, 2, 2]],
    ['populations.b.size=10:12:3', [2, 2, 2]],
    ['duration=40ms:80ms:2', [2, 2]],
    ['projections.ab.connect.degree=10:12:3', [6]],
    ['populations.a.drive.0.rate=0Hz:2000Hz:2', [4]],
  ])('%s', async (vary, sizes) => {
    const axes = [parseNetworkAxis(vary)];
    const together = await runAll({ axes });
    expect(together.sizes).toEqual(sizes);
    expect(together.rows).toEqual((await runAll({ axes }, 1)).rows);
  });
});

test('a run that blows up is a row without numbers', async () => {
  const device = await testDevice();
  // Two events within a few ms, and the conductance is more than a number holds.
  const sweep = planNetworkSweep(
    settings({ seeds: 1, axes: [parseNetworkAxis('populations.a.drive.0.weight=2nS:3e38nS:2')] }),
  );
  const rows = await networkEvaluator(sweep, device)([[2], [3e38]], () => {});
  const width = sweep.plan.results.length;
  expect(Number.isFinite(rows[0]!)).toBe(true);
  expect(rows[width - 1]).toBe(0);
  expect(Array.from({ length: width - 1 }, (_, k) => rows[width + k])).toEqual(
    new Array(width - 1).fill(Number.NaN),
  );
  expect(rows[2 * width - 1]).toBe(1);
});

test('over seeds', () => {
  const { mean, sd } = overSeeds(
    [1, 2, 3, Number.NaN, 4, 6, Number.NaN, Number.NaN, Number.NaN, 5, Number.NaN, Number.NaN],
    3,
  );
  expect(Array.from(mean)).toEqual([2, 5, Number.NaN, 5]);
  expect(sd[0]).toBeCloseTo(1, 12);
  expect(sd[1]).toBeCloseTo(Math.SQRT2, 12);
  expect([sd[2], sd[3]]).toEqual([Number.NaN, Number.NaN]);
});
