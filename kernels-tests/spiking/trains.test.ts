/**
 * Populations whose spikes are given: they spike when they are told to, are recorded as others are, and their spikes travel through
 * projections of any kind. The twin in double precision is the judge, spike by spike.
 */
import { describe, expect, test } from 'vitest';
import { SPIKE_SOURCE } from '../../src/models/cells.ts';
import type { Network, SpikeList } from '../../src/models/network.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import { simulate } from '../../src/spiking/simulate.ts';
import { Simulation, type SimulationOptions } from '../../src/spiking/simulation.ts';
import { mostGivenEntries, packTrains } from '../../src/spiking/trains.ts';
import { testDevice } from '../device.ts';
import { draws } from '../draws.ts';
import { connect } from '../twins/connect.ts';
import { simulateTwin } from '../twins/network.ts';
import { cell, exc, inh, network, population, projection } from './networks.ts';
import { record } from './record.ts';

const dt = 0.1;
const duration = 60;

/** Random trains, with each neuron at most once in a step, some after the end. */
function trains(size: number, count: number, seed: number): SpikeList {
  const draw = draws(seed);
  const seen = new Map<string, [number, number]>();
  for (let spike = 0; spike < count; spike++) {
    const step = draw.integer(0, 1.2 * (duration / dt));
    const neuron = draw.integer(0, size - 1);
    // Anywhere in the step, its beginning as rounding has it included.
    seen.set(`${step} ${neuron}`, [(step + draw.pick([0, 0.3, 0.99])) * dt, neuron]);
  }
  const all = [...seen.values()].sort(([a], [b]) => a - b);
  return {
    time: Float64Array.from(all, ([time]) => time),
    neuron: Uint32Array.from(all, ([, neuron]) => neuron),
  };
}

const source = (name: string, size: number, spikes: SpikeList) =>
  population(name, size, SPIKE_SOURCE, { spikes });

/** Two sources onto cells that also hear each other; all is delayed by at least `delay`. */
function fed(delay: number, changes: Partial<Network> = {}): Network {
  const half = { rule: 'fixed-probability', probability: 0.5 } as const;
  const low = 0.5;
  return network(
    [
      source('first', 37, trains(37, 900, 1)),
      population('cells', 50, cell('RS-cell')),
      source('second', 6, trains(6, 200, 2)),
    ],
    [
      projection(0, 1, exc, 3, half, { name: 'a', delay }),
      projection(2, 1, inh, 2, { rule: 'all-to-all' }, { name: 'b', delay: delay + 0.3 }),
      projection(2, 1, exc, 1, { rule: 'fixed-out-degree', degree: 7 }, { name: 'c', delay }),
      projection(1, 1, exc, 1, half, { name: 'd', delay: delay + 1 }),
      projection(0, 1, exc, 1, half, {
        name: 'e',
        delay: delay + 1,
        delays: { kind: 'uniform', low: delay + low, high: delay + 2 - low },
      }),
    ],
    { dt, duration, ...changes },
  );
}

async function run(model: Network, options: SimulationOptions = {}, durations = [duration]) {
  await using simulation = await Simulation.create(await testDevice(), model, {
    seed: 3,
    traces: [{ population: 'cells', neurons: [0, 1, 49] }],
    ...options,
  });
  return { ...(await record(simulation, ...durations)), channels: simulation.channels };
}

describe('a network with sources', () => {
  test.each([0, 1.5])('is that of the twin, with delays from %f ms', async (delay) => {
    const model = fed(delay);
    const plan = planNetwork(model);
    const synapses = model.projections.map((_, index) => connect(model, index, 3));
    const steps = duration / dt;
    const twin = simulateTwin(plan, synapses, { seed: 3, steps });
    const found = await run(model);
    expect(found.spikes).toEqual(twin.spikes);
    const heard = twin.spikes.filter(({ neuron }) => neuron >= 37 && neuron < 87);
    expect(heard.length).toBeGreaterThan(50);
    found.channels.forEach(({ neuron, variable }, channel) => {
      const truth = twin.trace('cells', neuron, variable);
      const most = truth.reduce((sum, value) => Math.max(sum, Math.abs(value)), 0);
      found.traces[channel]!.forEach((value, step) => {
        expect(Math.abs(value - truth[step]!)).toBeLessThan(1e-3 * most + 1e-9);
      });
    });
  });

  test('spikes as it is told to, and no more', async () => {
    const model = fed(0);
    const { spikes } = await run(model);
    const first = model.populations[0]!.spikes!;
    const expected = [...first.time]
      .map((time, spike) => ({ step: Math.floor(time / dt + 1e-6), neuron: first.neuron[spike]! }))
      .filter(({ step }) => step < duration / dt)
      .sort((a, b) => a.step - b.step || a.neuron - b.neuron);
    expect(expected.length).toBeLessThan(first.time.length);
    expect(spikes.filter(({ neuron }) => neuron < 37)).toEqual(expected);
  });

  test('does not depend on windows, chunks, cuts or storage', async () => {
    const reference = await run(fed(1.5));
    const same = ({ spikes, traces, V }: typeof reference) => {
      expect(spikes).toEqual(reference.spikes);
      expect(traces).toEqual(reference.traces);
      expect(V).toEqual(reference.V);
    };
    same(await run(fed(1.5), { windowSteps: 1 }));
    same(await run(fed(1.5), { windowSteps: 7, chunkSteps: 13 }));
    same(await run(fed(1.5), { chunkSteps: 1 }));
    same(await run(fed(1.5), {}, [13.3, 0.1, 46.6]));
    same(await run(fed(1.5, { storage: 'procedural' })));
  });

  test('has no membranes to speak of in its sources', async () => {
    const { V } = await run(fed(0));
    expect(V.slice(0, 37).every(Number.isNaN)).toBe(true);
    expect(V.slice(37, 87).every(Number.isFinite)).toBe(true);
    const summary = await simulate(await testDevice(), fed(0), { duration: 20, discard: 0 });
    expect(summary.populations.first!.mean_V_mV).toBeNull();
    expect(summary.populations.cells!.mean_V_mV).toBeLessThan(-40);
    const count = [...fed(0).populations[0]!.spikes!.time].filter((time) => time < 20 - 1e-6).length;
    expect(summary.populations.first!.rate_hz).toBeCloseTo(count / 37 / 0.02, 9);
    await expect(run(fed(0), { traces: [{ population: 'first', neurons: [0] }] })).rejects.toThrow(
      'traces are asked of population first, whose spikes are given, so that it has no state to record: leave it out',
    );
  });
});

test('every neuron of a large source in one step, and the next', async () => {
  const size = 20_000;
  const all = Uint32Array.from({ length: 2 * size }, (_, index) => index % size);
  const time = Float64Array.from(all, (_, index) => (index < size ? 1 : 1.1));
  const still = cell('LIF', { E_L: -60 });
  const model = network(
    [source('all', size, { time, neuron: all }), population('cells', size, still)],
    [projection(0, 1, { ...exc, E_rev: -60 }, 1, { rule: 'one-to-one' })],
    { dt, duration: 2, receptors: [{ ...exc, E_rev: -60 }] },
  );
  model.projections[0]!.receptor = model.receptors[0]!;
  await using simulation = await Simulation.create(await testDevice(), model, {
    traces: [{ population: 'cells', neurons: [0, 12_345, size - 1] }],
  });
  const found = await record(simulation, 2);
  expect(found.spikes.length).toBe(2 * size);
  expect(found.spikes.filter(({ step }) => step === 10).map(({ neuron }) => neuron)).toEqual([
    ...all.slice(0, size),
  ]);
  simulation.channels.forEach(({ variable }, channel) => {
    if (variable !== 'g_exc') return;
    const g = found.traces[channel]!;
    expect(g.slice(9, 13)).toEqual([0, 0, 1, Math.fround(Math.fround(1 * Math.fround(0.98)) + 1)]);
  });
});

describe('packing', () => {
  const plan = (spikes: SpikeList) => {
    const model = network([population('cells', 300, cell('LIF')), source('given', 9, spikes)], [], { dt });
    const { populations } = planNetwork({
      ...model,
      populations: [model.populations[0]!, source('given', 9, trains(9, 3, 1))],
    });
    populations[1] = { ...populations[1]!, population: model.populations[1]! };
    return { network: model, populations };
  };

  test('neurons of a group share an entry of their step', () => {
    const spikes = { time: Float64Array.of(0.5, 0.5, 0.55, 0.6, 0.6), neuron: Uint32Array.of(8, 1, 2, 1, 0) };
    const { populations, network: model } = plan(spikes);
    const { firstGroup } = populations[1]!;
    expect(firstGroup).toBeGreaterThan(0);
    const { steps, entries } = packTrains({ populations, network: model });
    expect([...steps]).toEqual([5, 5, 6]);
    expect([...entries]).toEqual([
      (0b110 << 23) | firstGroup,
      (0b1 << 23) | (firstGroup + 2),
      (0b11 << 23) | firstGroup,
    ]);
  });

  test('a neuron that spikes twice in a step is refused', () => {
    const spikes = { time: Float64Array.of(0.5, 0.58), neuron: Uint32Array.of(7, 7) };
    expect(() => packTrains(plan(spikes))).toThrow(
      'populations.given.spikes has two spikes of neuron 7 in the step of 0.1 ms that begins at 0.5 ms: leave one out, or lower dt',
    );
  });

  test('a time that cannot be counted is refused', () => {
    const spikes = { time: Float64Array.of(1e9), neuron: Uint32Array.of(7) };
    expect(() => packTrains(plan(spikes))).toThrow(
      'has a spike at 1000000000 ms, in step 10000000000 of 0.1 ms',
    );
  });

  test('room for the fullest chunk', () => {
    const steps = Uint32Array.of(0, 1, 9, 10, 11, 12, 13, 25, 40);
    expect(mostGivenEntries({ steps }, 10)).toBe(4);
    expect(mostGivenEntries({ steps }, 1)).toBe(1);
    expect(mostGivenEntries({ steps }, 1000)).toBe(9);
    expect(mostGivenEntries({ steps: Uint32Array.of() }, 10)).toBe(0);
  });
});
