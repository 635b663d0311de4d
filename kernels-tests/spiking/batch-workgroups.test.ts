/** Networks side by side, each advanced by a workgroup of its own: bit for bit what each does alone. */
import { describe, expect, test } from 'vitest';
import type { Network } from '../../src/models/network.ts';
import { planMember } from '../../src/spiking/batch-plan.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import { testDevice } from '../device.ts';
import { type Change, expectSame, recurrent, together } from './batch-members.ts';
import { cell, exc, network, population, projection } from './networks.ts';

describe('each in a workgroup of its own', () => {
  test.each(['together', 'deliver'] as const)('traces of each, %s', async (hearing) => {
    const traces = [
      { population: 'inh', neurons: [101, 5] },
      { population: 'exc', neurons: [0, 1, 299] },
    ];
    const members = [{}, { weight: 1.2345678 }, { g_L: 12 }].map((change, seed) => ({
      network: recurrent(change),
      seed,
    }));
    const [first] = await expectSame(members, hearing, { traces, traceEverySteps: 7 });
    expect(Object.keys(first!.traces)).toHaveLength(5 * 4);
    expect(first!.traces['inh 101 V']).toHaveLength(Math.ceil((10 * recurrent().duration) / 7));
  });

  const changed = (delay: number): Change[] => [
    { delay },
    { delay, weight: 1.2345678 },
    { delay, probability: 0.02 },
    { delay, rate: 60 },
    { delay, g_L: 12 },
  ];

  test.each([0, 1.5])('as alone, with a delay of %s ms', async (delay) => {
    const members = changed(delay).map((change, index) => ({ network: recurrent(change), seed: index % 2 }));
    const found = await expectSame(members, 'together');
    expect(await together(members, 'deliver')).toEqual(found);
    // Of one size, as kernels are compiled for each.
    const turned = [4, 0, 2, 1, 3];
    const again = await together(
      turned.map((member) => members[member]!),
      'together',
    );
    expect(again).toEqual(turned.map((member) => found[member]));
  });

  test('noise and cells of neurons, and nothing heard of some', async () => {
    const varied = (sd: number): Network => {
      const model = recurrent({ delay: 0.2 });
      const [first, second] = model.populations;
      first!.noise = { white: 0.3, current: { mean: 50, sd: 50 * sd, tau: 5 }, conductances: [] };
      second!.neuronCell = { V_T: { kind: 'normal', mean: -50, sd } };
      model.projections.splice(1, 1);
      return model;
    };
    await expectSame(
      [
        { network: varied(0.5), seed: 1 },
        { network: varied(1), seed: 2 },
      ],
      'together',
    );
  });

  test('a network that fills a workgroup alone, whose results are taken at other times', async () => {
    const large = network(
      [population('cells', 2100, cell('LIF'), { drives: recurrent().populations[0]!.drives })],
      [projection(0, 0, exc, 0.1, { rule: 'fixed-probability', probability: 0.02 })],
    );
    const software = (await testDevice()).adapter.software;
    const alone = planNetwork(large, { software });
    expect(alone.layout.hearing).toBe(software ? 'together' : 'gather');
    expect(alone.snapshotSteps).toBe(software ? 96 : 100);
    const members = [1, 2].map((seed) => ({ network: large, seed }));
    const found = await expectSame(members, 'deliver');
    expect(await together(members, 'together')).toEqual(found);
  });

  test('on CPU drivers, where there is much to do, windows are short, and bits say enough', () => {
    const hearing = (members: number, change: Partial<Network> = {}, software = true) =>
      planMember({ ...recurrent(), duration: 1000, ...change }, members, { software, mostLanes: 256 }).plan
        .layout.hearing;
    expect(hearing(100)).toBe('together');
    expect(hearing(10)).toBe('deliver');
    expect(hearing(100, { duration: 100 })).toBe('deliver');
    expect(hearing(100, {}, false)).toBe('deliver');
    expect(hearing(100, { projections: recurrent({ delay: 1.5 }).projections })).toBe('deliver');
    const delays = recurrent().projections.map((each) => ({ ...each, delay: 0.1 * each.to }));
    expect(hearing(100, { projections: delays })).toBe('deliver');
  });
});
