/** Networks side by side: each does, bit for bit, what it does alone, in whatever company. */
import { describe, expect, test } from 'vitest';
import { NonFiniteError } from '../../src/errors.ts';
import type { Network } from '../../src/models/network.ts';
import { planBatch, planMember } from '../../src/spiking/batch-plan.ts';
import { simulateBatch } from '../../src/spiking/simulate-batch.ts';
import { testDevice } from '../device.ts';
import { alone, type Change, expectSame, recurrent, together } from './batch-members.ts';
import { line, near } from './near-networks.ts';
import { cell, courseOf, exc, inh, population, projection } from './networks.ts';

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

  test.each([
    ['deliver', 1.5],
    ['deliver', 0],
    ['together', 0],
  ] as const)(
    'currents and rates over time that neurons have of their own; %s, delay %s ms',
    async (hearing, delay) => {
      const given = (scale: number): Network => {
        const model = recurrent({ delay });
        const rows = (size: number, factor: number) =>
          courseOf(
            7,
            Array.from({ length: 12 }, (_, row) =>
              Array.from({ length: size }, (_, neuron) => factor * ((row + 3 * neuron) % 5)),
            ),
          );
        const [first, second] = model.populations;
        first!.neuronCurrents = rows(300, 20 * scale);
        first!.drives = [
          { ...first!.drives[0]!, profile: Float64Array.from({ length: 300 }, (_, k) => k / 150) },
          { ...first!.drives[0]!, synapses: 10, neuronRate: rows(300, scale) },
        ];
        second!.drives = [{ ...second!.drives[0]!, neuronRate: rows(102, 3 * scale) }];
        return model;
      };
      // The first two read the same rows.
      const one = given(1);
      const members = [
        { network: one, seed: 1 },
        { network: one, seed: 2 },
        { network: given(1.5), seed: 1 },
      ];
      const found = await expectSame(members, hearing);
      expect(found[1]!.spikes).not.toEqual(found[0]!.spikes);
      const [single] = await together(members.slice(2), hearing);
      expect(single).toEqual(found[2]);
      const plans = members.map(({ network }) => planMember(network, 3).plan);
      expect(planBatch(plans).fields).toHaveLength(2 * 4);
      expect(planBatch(plans).fieldWords).toBe(2 * plans[0]!.fieldWords);
    },
  );

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
