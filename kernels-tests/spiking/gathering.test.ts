/**
 * Neurons that look for spikes themselves (small networks without delays) do exactly what delivery does: the same
 * integers arrive in the same steps, so spikes and traces are the same, bit for bit.
 */
import { describe, expect, test } from 'vitest';
import type { Network } from '../../src/models/network.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { cell, exc, inh, network, population, projection } from './networks.ts';
import { record, traceAll } from './record.ts';

/** Three populations, every rule of chance, self-connections, two receptors, populations that do not fill a group. */
function mixed(): Network {
  const drives = [{ receptor: exc, synapses: 100, rate: 20, weight: 3, statistics: 'poisson' as const }];
  return network(
    [
      population('a', 301, cell('RS-cell'), { drives }),
      population('b', 97, cell('FS-cell'), { drives }),
      population('c', 18, cell('LIF', { tau_ref: 0.1 }), { current: 400 }),
    ],
    [
      projection(0, 0, exc, 1.5, { rule: 'fixed-probability', probability: 0.1 }, { selfConnections: true }),
      projection(0, 1, exc, 2, { rule: 'fixed-in-degree', degree: 30 }),
      projection(1, 0, inh, 6, { rule: 'fixed-out-degree', degree: 40 }),
      projection(1, 1, inh, 5, { rule: 'all-to-all' }),
      projection(2, 2, inh, 4, { rule: 'one-to-one' }, { selfConnections: true }),
      projection(2, 0, inh, 1, { rule: 'all-to-all' }),
    ],
  );
}

describe('gathering', () => {
  test.each([
    { chunkSteps: 500, durations: [120] },
    { chunkSteps: 7, durations: [30, 0.1, 89.9] },
  ])('equals delivering: chunks of $chunkSteps steps', async ({ chunkSteps, durations }) => {
    const model = mixed();
    const options = { seed: 3, traces: traceAll(model), chunkSteps };
    const results = [];
    for (const gather of [true, false]) {
      expect(planNetwork(model, { gather }).gather).toBe(gather);
      await using simulation = await Simulation.create(await testDevice(), model, { ...options, gather });
      results.push(await record(simulation, ...durations));
    }
    const [gathered, delivered] = results;
    expect(gathered!.spikes.length).toBeGreaterThan(1000);
    expect(gathered!.spikes).toEqual(delivered!.spikes);
    expect(gathered!.traces).toEqual(delivered!.traces);
    expect(gathered!.V).toEqual(delivered!.V);
  });

  test('is left alone where a bit would not say enough', () => {
    const gathers = (change: (model: Network) => void) => {
      const model = mixed();
      change(model);
      return planNetwork(model).gather;
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
});
