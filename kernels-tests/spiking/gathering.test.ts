/**
 * Neurons that look for spikes themselves do exactly what delivery does, be it in many workgroups or in one: the same integers
 * arrive in the same steps, so spikes and traces are the same, bit for bit.
 */
import { describe, expect, test } from 'vitest';
import type { Network } from '../../src/models/network.ts';
import { receptorsOfSources } from '../../src/spiking/gathering.ts';
import { chooseLayout } from '../../src/spiking/layout.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { mixed } from './mixed-network.ts';
import { exc, inh, projection } from './networks.ts';
import { record, traceAll } from './record.ts';

describe('gathering', () => {
  test.each([
    { hearing: 'gather' as const, chunkSteps: 500, delay: 0, durations: [120] },
    { hearing: 'gather' as const, chunkSteps: 7, delay: 0, durations: [30, 0.1, 89.9] },
    { hearing: 'gather' as const, chunkSteps: 100, delay: 1.5, durations: [17.3, 102.7] },
    { hearing: 'gather' as const, chunkSteps: 77, delay: 4, durations: [60.4, 59.6] },
    { hearing: 'gather' as const, chunkSteps: 100, delay: 0, durations: [120], subgroup: 0 },
    { hearing: 'gather' as const, chunkSteps: 77, delay: 4, durations: [60.4, 59.6], subgroup: 0 },
    { hearing: 'together' as const, chunkSteps: 7, delay: 0, durations: [30, 0.1, 89.9] },
    { hearing: 'together' as const, chunkSteps: 100, delay: 0.2, durations: [45.5, 74.5] },
    { hearing: 'gather' as const, chunkSteps: 50, delay: 1, durations: [60], toB: inh },
  ])(
    '$hearing equals delivering: delay $delay ms, chunks of $chunkSteps steps, subgroups of $subgroup',
    async (each) => {
      const model = mixed(each.delay, each.toB);
      const device = await testDevice();
      // Where nothing is said, subgroups look together on a CPU driver that has them.
      const { subgroup = device.adapter.software && each.hearing === 'gather' ? device.subgroup : 0 } = each;
      const options = { seed: 3, traces: traceAll(model), chunkSteps: each.chunkSteps };
      const results = [];
      for (const hearing of [each.hearing, 'deliver'] as const) {
        const chosen = 'subgroup' in each ? { hearing, subgroup } : { hearing };
        await using simulation = await Simulation.create(device, model, { ...options, ...chosen });
        const expected = hearing === 'deliver' ? 0 : subgroup;
        expect(simulation.plan.layout).toMatchObject({ hearing, subgroup: expected });
        // A nibble for each source, from the last: its receptor + 1 among its targets', or 0 where these differ.
        expect(receptorsOfSources(simulation.plan)).toBe(each.toB === inh ? 0x020 : 0x021);
        results.push(await record(simulation, ...each.durations));
      }
      const [gathered, delivered] = results;
      expect(gathered!.spikes.length).toBeGreaterThan(500);
      expect(gathered!.spikes).toEqual(delivered!.spikes);
      expect(gathered!.traces).toEqual(delivered!.traces);
      expect(gathered!.V.at(-1)).toEqual(delivered!.V.at(-1));
    },
  );

  test('delivery is the same whether the kernel clears its input or the host does', async () => {
    const model = mixed(1.5);
    const results = [];
    for (const software of [true, false]) {
      await using simulation = await Simulation.create(await testDevice(), model, {
        seed: 4,
        hearing: 'deliver',
        software,
        chunkSteps: 90,
      });
      expect(simulation.plan.layout).toMatchObject({ hearing: 'deliver', clearsBetween: software });
      results.push(await record(simulation, 41.3, 60));
    }
    expect(results[0]!.spikes.length).toBeGreaterThan(1000);
    expect(results[0]!.spikes).toEqual(results[1]!.spikes);
  });

  test('is left alone where a bit would not say enough', () => {
    const gathers = (change: (model: Network) => void) => {
      const model = mixed();
      change(model);
      return chooseLayout(model).hearing === 'gather';
    };
    const twin = projection(0, 0, inh, 1, { rule: 'all-to-all' }, { name: 'second' });
    const source = Uint32Array.of(0, 0);
    const listed = projection(2, 1, exc, 1, { rule: 'explicit', source, target: source });
    const delayed = projection(2, 1, exc, 1, { rule: 'all-to-all' }, { delay: 0.5 });
    const events = [{ receptor: exc, weight: 1, time: Float64Array.of(1), neuron: Uint32Array.of(0) }];
    expect(gathers(() => {})).toBe(true);
    expect(gathers((model) => model.projections.push(twin))).toBe(false);
    expect(gathers((model) => model.projections.push(listed))).toBe(false);
    expect(gathers((model) => model.projections.push(delayed))).toBe(false);
    expect(gathers((model) => Object.assign(model.populations[0]!, { events }))).toBe(false);
    expect(gathers((model) => Object.assign(model.populations[0]!, { size: 30_000 }))).toBe(false);
  });

  test('is done in one workgroup by CPU drivers, for networks that are worth it', () => {
    const chosen = (delay: number, software: boolean, size = 301) => {
      const model = mixed(delay);
      Object.assign(model.populations[0]!, { size });
      return chooseLayout(model, { software, mostLanes: 1024 }).hearing;
    };
    expect([chosen(0, true, 4000), chosen(0.2, true, 4000), chosen(1.5, true, 4000)]).toEqual([
      'together',
      'together',
      'gather',
    ]);
    expect([chosen(0, true), chosen(0.2, true)]).toEqual(['gather', 'deliver']);
    expect([chosen(0, false, 4000), chosen(0.2, false, 4000)]).toEqual(['gather', 'deliver']);
  });

  test('refuses a way that is not possible', () => {
    const model = mixed();
    model.projections[0]!.delay = 3;
    expect(() => chooseLayout(model, { hearing: 'together' })).toThrow(
      'cannot be advanced by "together": leave the choice open, or use "deliver"',
    );
  });
});
