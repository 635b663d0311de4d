/** What a batch takes, how many networks it holds, where it is cut, and what it refuses. */
import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { Network } from '../../src/models/network.ts';
import { planBatch, planMember } from '../../src/spiking/batch-plan.ts';
import { sensibleBatch } from '../../src/spiking/batch-size.ts';
import { estimateMemory } from '../../src/spiking/memory.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import { simulateBatch } from '../../src/spiking/simulate-batch.ts';
import { cutWindows, mostWindows } from '../../src/spiking/windows.ts';
import { testDevice } from '../device.ts';
import { recurrent } from './batch-members.ts';
import { cell, courseOf, exc, network, population, projection } from './networks.ts';

test('windows are cut at the instants when results are taken', () => {
  const plan = { windowSteps: 32, snapshotSteps: 100, chunkSteps: 250 };
  const windows = cutWindows(plan, 500, 750);
  expect(windows.map(({ steps }) => steps)).toEqual([32, 32, 32, 4, 32, 32, 32, 4, 32, 18]);
  expect(windows.map(({ first }) => first - 500)).toEqual([0, 32, 64, 96, 100, 132, 164, 196, 200, 232]);
  expect(windows.flatMap(({ first, steps, last }) => (last ? [first + steps] : []))).toEqual([600, 700, 750]);
  expect(mostWindows(plan)).toBe(10);
});

describe('refusals', () => {
  const refused = async (...models: Network[]) =>
    await simulateBatch(
      await testDevice(),
      models.map((each) => ({ network: each, seed: 1 })),
    ).then(() => 'ran', String);

  test('other shapes', async () => {
    const smaller = recurrent();
    smaller.populations[1]!.size = 101;
    expect(await refused(recurrent(), smaller)).toMatch(/member 1 of a batch differs from the first/);
    expect(await refused(recurrent(), recurrent({ delay: 1 }))).toMatch(/shortest delay/);
    expect(await refused(recurrent(), { ...recurrent(), dt: 0.05 })).toMatch(/times/);
    expect(await refused(recurrent(), { ...recurrent(), method: 'exponential-euler' })).toMatch(/method/);
    expect(await refused()).toMatch(/a batch has no networks/);
  });

  test('inputs of their own that others have not', async () => {
    const profiled = recurrent();
    profiled.populations[0]!.drives = profiled.populations[0]!.drives.map((drive) => ({
      ...drive,
      profile: new Float64Array(300).fill(0.5),
    }));
    expect(await refused(profiled, recurrent())).toMatch(/what acts on its neurons/);
  });

  test('more neurons than can be numbered', () => {
    const { plan } = planMember(network([population('cells', 2 ** 24, cell('LIF'))]), 3);
    expect(() => planBatch([plan, plan, plan])).toThrow(/use a batch of at most 2/);
  });
});

test('as many as fill a device', async () => {
  const device = await testDevice();
  const on = (software: boolean, neurons: number, delay: number, company: number) => {
    const cells = population('cells', neurons, cell('LIF'));
    const model = network(
      [cells],
      [projection(0, 0, exc, 1, { rule: 'fixed-probability', probability: 0.1 }, { delay })],
      { duration: 1000 },
    );
    const { plan } = planMember(model, company, { software, mostLanes: 256 });
    const like = Object.create(device, { adapter: { value: { ...device.adapter, software } } });
    return sensibleBatch(like, plan);
  };
  expect(on(true, 1000, 2, 20)).toBe(20);
  expect(on(true, 50, 2, 20)).toBe(256);
  expect(on(true, 30_000, 2, 20)).toBe(1);
  expect(on(false, 30_000, 2, 20)).toBeLessThanOrEqual(6);
  expect(on(true, 5000, 0, 20)).toBe(Math.min(40, Math.max(4, availableParallelism())));
});

test('chunks are those of the network alone, also where padded groups need more room for rows over time', () => {
  const rates = courseOf(
    0.1,
    Array.from({ length: 1000 }, () => [1]),
  );
  const drives = [1, 2, 3].map(() => ({ ...recurrent().populations[0]!.drives[0]!, neuronRate: rates }));
  const model = network([
    population('a', 2100, cell('LIF'), { drives, neuronCurrents: rates }),
    population('b', 400, cell('LIF'), { neuronCurrents: rates }),
  ]);
  const alone = planNetwork(model);
  for (const hearing of ['together', 'deliver'] as const) {
    const { plan } = planMember(model, 2, { hearing });
    expect(plan.chunkSteps).toBe(alone.chunkSteps);
    expect(plan.snapshots).toBe(alone.snapshots);
    if (hearing === 'together') expect(plan.groups).toBeGreaterThan(alone.groups);
  }
});

test('a batch takes the memory of its members', () => {
  const { plan } = planMember(recurrent({ delay: 1.5 }), 5);
  const one = estimateMemory(plan);
  const five = estimateMemory(planBatch([plan, plan, plan, plan, plan]));
  for (const part of ['synapses', 'state', 'input', 'spikeLists', 'readback'] as const)
    expect(five[part]).toBe(5 * one[part]);
});
