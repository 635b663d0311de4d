/** Networks side by side: each does, bit for bit, what it does alone, in whatever company. */
import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { NonFiniteError } from '../../src/errors.ts';
import type { Network } from '../../src/models/network.ts';
import type { Activity } from '../../src/spiking/activity.ts';
import { planBatch, planMember } from '../../src/spiking/batch-plan.ts';
import { sensibleBatch } from '../../src/spiking/batch-size.ts';
import { estimateMemory } from '../../src/spiking/memory.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import { simulate } from '../../src/spiking/simulate.ts';
import { type BatchMember, type BatchOptions, simulateBatch } from '../../src/spiking/simulate-batch.ts';
import { cutWindows, mostWindows } from '../../src/spiking/windows.ts';
import { testDevice } from '../device.ts';
import { line, near } from './near-networks.ts';
import { cell, exc, inh, network, population, projection } from './networks.ts';

type Hearing = NonNullable<BatchOptions['hearing']>;

interface Found {
  spikes: number[];
  V: number[];
  times: number[];
  summary: unknown;
}

function keep(found: Found, { spikes, potentials }: Activity) {
  spikes.steps.forEach((step, index) => {
    found.spikes.push(step, spikes.neurons[index]!);
  });
  for (const values of potentials.values) found.V.push(...values);
  found.times.push(...potentials.times);
}

const nothing = (): Found => ({ spikes: [], V: [], times: [], summary: undefined });

async function alone({ network: model, seed }: BatchMember): Promise<Found> {
  const found = nothing();
  const { timing, ...summary } = await simulate(await testDevice(), model, {
    seed,
    onActivity: (activity) => keep(found, activity),
  });
  expect(timing.window_steps).toBeGreaterThan(0);
  return { ...found, summary };
}

async function together(members: readonly BatchMember[], hearing?: Hearing): Promise<Found[]> {
  const found = members.map(nothing);
  const run = await simulateBatch(await testDevice(), members, {
    ...(hearing === undefined ? {} : { hearing }),
    onActivity: (activity, member) => keep(found[member]!, activity),
  });
  return found.map((each, member) => ({ ...each, summary: run.members[member] }));
}

/** Each alone, and all together. */
async function expectSame(members: readonly BatchMember[], hearing?: Hearing) {
  const batch = await together(members, hearing);
  for (const [index, member] of members.entries()) {
    const reference = await alone(member);
    expect(reference.spikes.length / 2).toBeGreaterThan(20);
    expect(batch[index]).toEqual(reference);
  }
  return batch;
}

const start = {
  V: { kind: 'uniform', low: -65, high: -50 } as const,
  w: { kind: 'normal', mean: 20, sd: 5 } as const,
  g: new Map(),
};

interface Change {
  delay?: number;
  weight?: number;
  probability?: number;
  rate?: number;
  g_L?: number;
}

/** Two populations, of which neither fills its last block; recurrent by chance. */
function recurrent({ delay = 0, weight = 1, probability = 0.1, rate = 8, g_L = 10 }: Change = {}): Network {
  const drives = [{ receptor: exc, synapses: 400, rate, weight: 1, statistics: 'poisson' as const }];
  const p = { rule: 'fixed-probability', probability } as const;
  return network(
    [
      population('exc', 300, cell('RS-cell', { g_L }), { drives, initial: start }),
      population('inh', 102, cell('FS-cell', { tau_ref: 0.3 }), { drives, initial: start }),
    ],
    [
      projection(0, 0, exc, weight, p, { delay }),
      projection(0, 1, exc, 2 * weight, p, { delay }),
      projection(1, 0, inh, 5, p, { delay }),
      projection(1, 1, inh, 5, { rule: 'fixed-in-degree', degree: 10 }, { delay }),
    ],
  );
}

describe('each as alone', () => {
  test('seeds, without delay: gathered alone, delivered together', async () => {
    const model = recurrent();
    const found = await expectSame([7, 8, 2 ** 40 + 9].map((seed) => ({ network: model, seed })));
    expect(found[1]!.spikes).not.toEqual(found[0]!.spikes);
  });

  test('the same twice gives the same twice', async () => {
    const model = recurrent({ delay: 1.5 });
    const [a, b, c] = await together([3, 3, 4].map((seed) => ({ network: model, seed })));
    expect(b).toEqual(a);
    expect(c!.spikes).not.toEqual(a!.spikes);
  });

  test('with delay: weights, probabilities, rates, cells and seeds', async () => {
    const changes: Change[] = [
      { delay: 1.5 },
      // No common unit, and sums beyond 16 bits.
      { delay: 1.5, weight: 1.2345678 },
      { delay: 1.5, probability: 0.02 },
      // Its counts are looked up.
      { delay: 1.5, rate: 60 },
      { delay: 1.5, g_L: 12 },
    ];
    const models = changes.map(recurrent);
    // In windows that a longer delay of another projection does not change.
    models[2]!.projections[1]!.delay = 4;
    await expectSame(models.map((each, index) => ({ network: each, seed: index % 2 })));
  });

  test('nothing depends on the cut of a batch', async () => {
    const members = [1, 2, 3, 4, 5].map((seed) => ({
      network: recurrent({ delay: 1.5, weight: seed / 3 }),
      seed,
    }));
    const whole = await together(members);
    const cut = [...(await together(members.slice(0, 2))), ...(await together(members.slice(2)))];
    expect(cut).toEqual(whole);
    const [last] = await together(members.slice(4));
    expect(last).toEqual(whole[4]);
    const turned = await together(members.toReversed());
    expect(turned.toReversed()).toEqual(whole);
  });

  test('values that vary between synapses and neurons, and noise', async () => {
    const varied = (sd: number, sigma: number): Network => {
      const model = recurrent({ delay: 1 });
      const [first, second] = model.populations;
      first!.noise = {
        white: 0.3,
        current: { mean: 50, sd: sigma, tau: 5 },
        conductances: [{ receptor: inh, fluctuation: { mean: 3, sd: 1, tau: 10 } }],
      };
      second!.neuronCell = {
        V_T: { kind: 'normal', mean: -50, sd: 1 },
        C_m: { kind: 'uniform', low: 150, high: 250 },
      };
      first!.neuronCurrent = Float64Array.from({ length: 300 }, (_, k) => k / 10);
      const bounds = { min: 0, max: 10 };
      model.projections[0]!.weights = { kind: 'lognormal', mean: 1, sd, ...bounds };
      model.projections[1]!.delays = { kind: 'uniform', low: 1, high: 3 };
      model.projections[2]!.weights = { kind: 'normal', mean: 5, sd, ...bounds };
      return model;
    };
    await expectSame([
      { network: varied(0.5, 100), seed: 1 },
      { network: varied(1, 20), seed: 2 },
    ]);
  });

  test('rows drawn at each spike, and rows that are stored', async () => {
    const drawn = (probability: number): Network => {
      const model = recurrent({ delay: 1.5, probability });
      model.projections.pop();
      model.projections.push(
        projection(1, 1, inh, 5, { rule: 'fixed-out-degree', degree: 12 }, { delay: 2 }),
        projection(1, 0, exc, 0.2, { rule: 'all-to-all' }, { delay: 1.5, name: 'all' }),
      );
      model.projections[0]!.weights = { kind: 'uniform', low: 0.5, high: 1.5 };
      return { ...model, storage: 'procedural' };
    };
    await expectSame([
      { network: drawn(0.1), seed: 1 },
      { network: { ...drawn(0.05), storage: 'stored' }, seed: 1 },
      { network: drawn(0.05), seed: 2 },
    ]);
  });

  test('currents in time, given events and given spikes', async () => {
    const given = (shift: number): Network => {
      const model = recurrent({ delay: 1 });
      model.populations[0]!.current = {
        dt: 10,
        values: Float64Array.from({ length: 5 }, (_, k) => shift * k),
      };
      model.populations[1]!.events = [
        {
          receptor: exc,
          weight: 3,
          time: Float64Array.of(5, 20 + shift, 60),
          neuron: Uint32Array.of(0, 101, 50),
        },
      ];
      model.populations.push(
        population('source', 10, cell('LIF'), {
          spikes: { time: Float64Array.of(3, 3, 40 + shift), neuron: Uint32Array.of(1, 9, 5) },
        }),
      );
      model.projections.push(projection(2, 0, exc, 4, { rule: 'all-to-all' }, { delay: 1, name: 'given' }));
      return model;
    };
    await expectSame([
      { network: given(10), seed: 1 },
      { network: given(20), seed: 1 },
    ]);
  });

  test('rules by distance, and lists with weights and delays of their own', async () => {
    const { drives } = recurrent().populations[0]!;
    const placed = (scale: number, weight: number, storage: Network['storage']): Network => {
      const ends: Parameters<typeof near>[0] = [
        [300, line],
        [120, line],
      ];
      const rule = { probability: 0.3, profile: 'gaussian', scale };
      const model = near(ends, rule, { delay: { path: { base: 1, velocity: 0.5 } }, weight: 0.5 });
      const connect = {
        ...{ rule: 'explicit' as const, source: Uint32Array.of(0, 5, 5), target: Uint32Array.of(299, 1, 2) },
        ...{ weight: Float64Array.of(weight, 2, 3.3), delay: Float64Array.of(1, 2, 3) },
      };
      const listed = projection(1, 0, model.receptors[0]!, weight, connect, { delay: 2, name: 'list' });
      const populations = model.populations.map((each) => ({
        ...each,
        drives: drives.map((drive) => ({ ...drive, receptor: model.receptors[0]! })),
      }));
      return { ...model, duration: 60, storage, populations, projections: [...model.projections, listed] };
    };
    await expectSame([
      { network: placed(0.1, 1, 'auto'), seed: 1 },
      { network: placed(0.1, 1.7, 'auto'), seed: 2 },
      { network: placed(0.15, 1, 'procedural'), seed: 2 },
    ]);
  });

  test('a hundred', async () => {
    const model = recurrent({ delay: 1.5 });
    const found = await together(Array.from({ length: 100 }, (_, seed) => ({ network: model, seed })));
    expect(found[99]).toEqual(await alone({ network: model, seed: 99 }));
    expect(new Set(found.map(({ spikes }) => spikes.join())).size).toBe(100);
  });
});

describe('each in a workgroup of its own', () => {
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

test('windows are cut at the instants when results are taken', () => {
  const plan = { windowSteps: 32, snapshotSteps: 100, chunkSteps: 250 };
  const windows = cutWindows(plan, 500, 750);
  expect(windows.map(({ steps }) => steps)).toEqual([32, 32, 32, 4, 32, 32, 32, 4, 32, 18]);
  expect(windows.map(({ first }) => first - 500)).toEqual([0, 32, 64, 96, 100, 132, 164, 196, 200, 232]);
  expect(windows.flatMap(({ first, steps, last }) => (last ? [first + steps] : []))).toEqual([600, 700, 750]);
  expect(mostWindows(plan)).toBe(10);
});

test('one that blows up does not stop the others', async () => {
  const broken = recurrent({ delay: 1.5 });
  broken.populations[0]!.drives[0]!.weight = 3e38;
  const well = { network: recurrent({ delay: 1.5 }), seed: 1 };
  const members = [well, { network: broken, seed: 1 }, { ...well, seed: 2 }];
  const run = await simulateBatch(await testDevice(), members);
  expect(run.members[1]).toBeInstanceOf(NonFiniteError);
  expect((run.members[1] as Error).message).toMatch(/in population exc became/);
  for (const index of [0, 2]) expect(run.members[index]).toEqual((await alone(members[index]!)).summary);
  const all = await simulateBatch(await testDevice(), [members[1]!, members[1]!]);
  expect(all.members.every((each) => each instanceof NonFiniteError)).toBe(true);
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

  test('rates of neurons of their own', async () => {
    const profiled = recurrent();
    profiled.populations[0]!.drives = profiled.populations[0]!.drives.map((drive) => ({
      ...drive,
      profile: new Float64Array(300).fill(0.5),
    }));
    expect(await refused(profiled, profiled)).toMatch(
      /over time of their own, .* member 0 cannot stand beside/,
    );
    const [one] = await together([{ network: profiled, seed: 1 }]);
    expect(one).toEqual(await alone({ network: profiled, seed: 1 }));
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

test('a batch takes the memory of its members', () => {
  const { plan } = planMember(recurrent({ delay: 1.5 }), 5);
  const one = estimateMemory(plan);
  const five = estimateMemory(planBatch([plan, plan, plan, plan, plan]));
  for (const part of ['synapses', 'state', 'input', 'spikeLists', 'readback'] as const)
    expect(five[part]).toBe(5 * one[part]);
});
