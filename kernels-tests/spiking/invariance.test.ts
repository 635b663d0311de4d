/**
 * A seed determines a run to the last bit: neither the length of windows or chunks, nor cutting a run in two, nor what is
 * recorded beside may change a spike, a trace or a final potential.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Network } from '../../src/models/network.ts';
import { Simulation, type SimulationOptions } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { cell, exc, inh, network, population, projection } from './networks.ts';
import { type Recording, record } from './record.ts';

const duration = 100;
const drive = {
  receptor: exc,
  synapses: 400,
  rate: 8,
  weight: 1,
  statistics: 'poisson',
} as const;

/** Recurrent, with delays from 1.5 ms, so that windows may have 16 steps; `weight` scales what neurons hear of each other. */
function recurrent(weight = 1): Network {
  const start = {
    V: { kind: 'uniform', low: -65, high: -50 } as const,
    w: { kind: 'constant', value: 0 } as const,
    g: new Map(),
  };
  const p = { rule: 'fixed-probability', probability: 0.1 } as const;
  return network(
    [
      population('exc', 400, cell('RS-cell'), { drives: [drive], initial: start }),
      population('inh', 102, cell('FS-cell', { tau_ref: 0.3 }), { drives: [drive], initial: start }),
    ],
    [
      projection(0, 0, exc, weight, p, { delay: 1.5 }),
      projection(0, 1, exc, 2 * weight, p, { delay: 2 }),
      projection(1, 0, inh, 5 * weight, p, { delay: 1.7 }),
      projection(1, 1, inh, 5 * weight, { rule: 'fixed-in-degree', degree: 10 }, { delay: 1.5 }),
    ],
  );
}

const traces = [
  { population: 'exc', neurons: [0, 399] },
  { population: 'inh', neurons: [50] },
];

async function run(
  options: SimulationOptions,
  durations = [duration],
  model = recurrent(),
): Promise<Recording> {
  await using simulation = await Simulation.create(await testDevice(), model, {
    seed: 1,
    traces,
    ...options,
  });
  const found = await record(simulation, ...durations);
  // Chunks follow each other without gap, whatever their length.
  let next = 0;
  for (const { firstStep, endStep } of found.chunks) {
    expect(firstStep).toBe(next);
    next = endStep;
  }
  expect(next).toBe(Math.round(durations.reduce((sum, each) => sum + each) / model.dt));
  return found;
}

function expectSame(found: Recording, reference: Recording) {
  expect(found.spikes).toEqual(reference.spikes);
  expect(found.traces).toEqual(reference.traces);
  expect(found.times).toEqual(reference.times);
  expect(found.V).toEqual(reference.V);
}

describe('the same bits', () => {
  let reference: Recording;
  beforeAll(async () => {
    reference = await run({});
  });

  test('the reference is a network whose neurons hear each other', async () => {
    expect(reference.spikes.length).toBeGreaterThan(1000);
    const deaf = await run({}, [duration], recurrent(0));
    expect(deaf.spikes).not.toEqual(reference.spikes);
  });

  test.each([
    { windowSteps: 1 },
    { windowSteps: 16 },
    { chunkSteps: 1 },
    { chunkSteps: 1000 },
    { windowSteps: 3, chunkSteps: 7 },
  ])('with %o', async (options) => {
    expectSame(await run(options), reference);
  });

  test('in two runs, cut between chunks or within one', async () => {
    expectSame(await run({}, [50, 50]), reference);
    expectSame(await run({}, [33.3, 0.1, 66.6]), reference);
  });

  test('when the iteration is left and taken up again', async () => {
    await using simulation = await Simulation.create(await testDevice(), recurrent(), {
      seed: 1,
      traces,
      chunkSteps: 100,
    });
    for await (const { endStep } of simulation.run({ duration })) {
      if (endStep === 300) break;
    }
    const rest = await record(simulation, duration - simulation.time);
    expect(rest.chunks[0]!.firstStep).toBe(300);
    expect(rest.spikes).toEqual(reference.spikes.filter(({ step }) => step >= 300));
    expect(rest.V).toEqual(reference.V);
  });

  test('a second time, and without traces', async () => {
    expectSame(await run({}), reference);
    const bare = await run({ traces: [] });
    expect(bare.spikes).toEqual(reference.spikes);
  });

  test('but not with another seed', async () => {
    const other = await run({ seed: 2 });
    expect(other.spikes).not.toEqual(reference.spikes);
    const high = await run({ seed: 1 + 2 ** 32 });
    expect(high.spikes).not.toEqual(reference.spikes);
  });
});
