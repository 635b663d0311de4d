/**
 * Lists of connections with weights and delays of each edge: against the twin in double precision, spike by spike, and each value
 * by itself, as a listener hears it. Tolerance of a weight: half a unit of the sum, and single precision of traces.
 */
import { describe, expect, test } from 'vitest';
import type { Network, Projection } from '../../src/models/network.ts';
import { networkToJSON } from '../../src/models/network-to-json.ts';
import { networkFromObject } from '../../src/models/read-network.ts';
import type { Activity } from '../../src/spiking/activity.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import { simulate } from '../../src/spiking/simulate.ts';
import { simulateBatch } from '../../src/spiking/simulate-batch.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { draws } from '../draws.ts';
import { expectTwin } from './expect-twin.ts';
import { cell, exc, inh, network, population, projection } from './networks.ts';
import { record, traceAll } from './record.ts';

const dt = 0.1;
const lif = cell('LIF');
const pulse = { name: 'pulse', tau: dt, E_rev: lif.E_L };

/** `edges` of random pairs, some of them named twice, weights in thousandths of nS, delays that are no whole numbers of steps. */
function randomList(seed: number, [sources, targets]: [number, number], edges: number, longest: number) {
  const draw = draws(seed);
  const whole = (most: number) => Uint32Array.from({ length: edges }, () => draw.integer(0, most - 1));
  return {
    rule: 'explicit' as const,
    source: whole(sources),
    target: whole(targets),
    weight: Float64Array.from({ length: edges }, () => draw.between(0.001, 4)),
    delay: Float64Array.from({ length: edges }, () => draw.between(0.26, longest)),
  };
}
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('each weight and delay, as listeners hear them', async () => {
  const [sources, edges] = [40, 700];
  // Each edge onto a listener of its own, in an order of its own.
  const list = randomList(1, [sources, edges], edges, 9);
  list.target.set(Uint32Array.from({ length: edges }, (_, edge) => (edge * 13) % edges));
  const model = network(
    [
      population(
        'sources',
        sources,
        { ...lif, tau_ref: 50 },
        { current: { dt, values: Float64Array.of(20_000, 0) } },
      ),
      population('listeners', edges, lif),
    ],
    [projection(0, 1, pulse, mean(list.weight), list, { delay: mean(list.delay) })],
    { dt, receptors: [pulse] },
  );
  await using simulation = await Simulation.create(await testDevice(), model, {
    traces: traceAll(model).slice(1),
    // Rows in several buffers.
    pieceBytes: 500,
  });
  const { plan } = simulation;
  expect(plan.windowSteps).toBeGreaterThan(1);
  const { traces, spikes } = await record(simulation, (plan.slots + 2) * dt);
  expect(spikes.length).toBe(sources);
  const { unit } = plan.populations[1]!.receptors[0]!;
  const [start] = spikes;
  const heard = simulation.channels.flatMap(({ variable, neuron }, channel) =>
    variable === 'g_pulse'
      ? traces[channel]!.flatMap((g, step) =>
          g > 0 ? [{ neuron, weight: g, steps: step - start!.step - 1 }] : [],
        )
      : [],
  );
  expect(heard.length).toBe(edges);
  for (const { neuron, weight, steps } of heard) {
    const edge = list.target.indexOf(neuron);
    expect(Math.abs(weight - list.weight[edge]!)).toBeLessThan(unit / 2 + 1e-6 * weight);
    expect(steps).toBe(Math.round(list.delay[edge]! / dt));
  }
  // A list is read back as it was given, without what stands beside its targets.
  const read = await simulation.synapses('p01');
  const key = (source: number, target: number) => source * edges + target;
  expect([...read.source].map((source, at) => key(source, read.target[at]!))).toEqual(
    [...list.source].map((source, edge) => key(source, list.target[edge]!)).sort((a, b) => a - b),
  );
});

describe('a small network in double precision', () => {
  const drives = [{ receptor: exc, synapses: 100, rate: 12, weight: 2, statistics: 'poisson' as const }];
  const recurrent = randomList(2, [60, 60], 1200, 4);
  const { delay: _, ...weighted } = randomList(3, [60, 21], 200, 1);
  const { weight: __, ...delayed } = randomList(4, [21, 60], 300, 2);
  const model = network(
    [population('a', 60, cell('RS-cell'), { drives }), population('b', 21, cell('FS-cell'), { drives })],
    [
      projection(0, 0, exc, mean(recurrent.weight), recurrent, { delay: mean(recurrent.delay) }),
      projection(0, 1, exc, mean(weighted.weight), weighted, { delay: 0.5 }),
      // Onto the receptor of another list, with one weight for all.
      projection(1, 0, inh, 3, delayed, { delay: mean(delayed.delay), name: 'delayed' }),
      projection(
        1,
        0,
        inh,
        1.5,
        { rule: 'fixed-probability', probability: 0.1 },
        { delay: 0.3, name: 'plain' },
      ),
      projection(
        1,
        1,
        inh,
        2,
        { rule: 'fixed-out-degree', degree: 5 },
        { weights: { kind: 'uniform', low: 1, high: 3 }, delay: 0.3 },
      ),
    ],
    { dt },
  );

  test.each([
    ['that is stored', {}],
    ['of which all else is drawn', { storage: 'procedural' as const }],
    ['in several buffers and short chunks', { pieceBytes: 600, chunkSteps: 7 }],
  ])('%s: spike by spike, conductances within 1e-3', async (_name, options) => {
    await using simulation = await Simulation.create(await testDevice(), model, {
      ...{ seed: 2, traces: traceAll(model) },
      ...options,
    });
    await expectTwin(simulation, 2);
  });
});

test('networks side by side, each with a list of its own', async () => {
  const device = await testDevice();
  const model = (seed: number) => {
    const list = randomList(seed, [60, 60], 900, 4);
    // The shortest delay is that of the batch.
    list.delay[0] = 0.3;
    return network(
      [population('a', 60, cell('RS-cell'), { current: 600 + 30 * seed })],
      [projection(0, 0, exc, mean(list.weight), list, { delay: mean(list.delay) })],
      { dt, duration: 60 },
    );
  };
  const members = [5, 6, 7].map((seed) => ({ network: model(seed), seed }));
  const found = members.map((): number[] => []);
  const keep = (list: number[], { spikes }: Activity) => {
    spikes.steps.forEach((step, at) => {
      list.push(step, spikes.neurons[at]!);
    });
  };
  await simulateBatch(device, members, { onActivity: (activity, at) => keep(found[at]!, activity) });
  for (const [at, { network: one, seed }] of members.entries()) {
    const alone: number[] = [];
    await simulate(device, one, { seed, onActivity: (activity) => keep(alone, activity) });
    expect(alone.length).toBeGreaterThan(200);
    expect(found[at]).toEqual(alone);
  }
  expect(found[1]).not.toEqual(found[0]);
});

describe('the plan', () => {
  const listOf = (weight: number[], target: number[], delay?: number[]): Network => {
    const connect: Projection['connect'] = {
      rule: 'explicit',
      source: Uint32Array.from(weight, () => 0),
      target: Uint32Array.from(target),
      weight: Float64Array.from(weight),
      ...(delay && { delay: Float64Array.from(delay) }),
    };
    return network([population('a', 4, lif)], [projection(0, 0, exc, 1, connect)], { dt });
  };
  const receptor = (model: Network) => planNetwork(model).populations[0]!.receptors[0]!;

  test('weights with a common unit are counted in it, and share words', () => {
    const model = listOf([0.5, 1.25, 3, 0.25], [0, 1, 2, 2]);
    expect(receptor(model).unit).toBe(0.25);
    const { packed, projections, warnings } = planNetwork(model);
    expect({ packed, amount: projections[0]!.amount, warnings }).toEqual({
      packed: true,
      amount: 12,
      warnings: [],
    });
  });

  test('weights without a common unit fill 32 bits by the largest sum onto a neuron', () => {
    const weight = [Math.PI, Math.E, Math.SQRT2, 1];
    const { unit } = receptor(listOf(weight, [0, 1, 1, 3]));
    expect(unit).toBeCloseTo((Math.E + Math.SQRT2) / (2 ** 32 - 3), 18);
  });

  test('sums of 16 bits at most share a word, larger ones do not', () => {
    const many = (count: number) =>
      listOf(new Array<number>(count).fill(1).concat(256), new Array<number>(count + 1).fill(2));
    expect(planNetwork(many(100)).packed).toBe(true);
    expect(planNetwork(many(70_000)).packed).toBe(false);
  });

  test('delays set windows and the ring', () => {
    const { windowSteps, slots } = planNetwork(listOf([1, 1, 1], [0, 1, 2], [0.74, 2, 3.16]));
    expect({ windowSteps, slots }).toEqual({ windowSteps: 8, slots: 33 });
  });

  test('a delay longer than the ring may be', () => {
    expect(planNetwork(listOf([1, 1], [0, 1], [1, 3276.8])).slots).toBe(32_769);
    expect(() => planNetwork(listOf([1, 1], [0, 1], [1, 3276.9]))).toThrow(
      /^projections\.p00\.connect has a delay of 3276\.9 ms, more than the 32768 steps of 0\.1 ms for which input can be kept: shorten it, or choose a larger dt$/,
    );
  });

  test('weights that differ too widely', () => {
    expect(() => planNetwork(listOf([1e8, 1e-3, 1.1e-3, Math.PI / 1e3], [0, 1, 2, 3]))).toThrow(
      /^projections\.p00\.connect has weights that differ so widely that sums of them in 32 bits would count in units of 0\.023 nS, too coarse for half of them, which are at most 0\.00314 nS: give weights closer to each other$/,
    );
    const { warnings } = planNetwork(listOf([3e4, Math.PI, Math.PI, 1], [0, 1, 2, 3]));
    expect(warnings).toEqual([]);
  });
});

test('a network file with a list of its own values, and what is written down of it', () => {
  const network = networkFromObject({
    receptors: { exc: { tau: 5, E_rev: 0 } },
    populations: { a: { size: 3, cell: 'LIF' } },
    projections: {
      aa: {
        ...{ from: 'a', to: 'a', receptor: 'exc' },
        connect: {
          rule: 'explicit',
          sources: [0, 2],
          targets: [1, 1],
          weights: ['1 nS', '500 pS'],
          delays: [1, '200 us'],
        },
      },
    },
  });
  const [aa] = network.projections;
  expect(aa).toMatchObject({ weight: 0.75, delay: 0.6 });
  const own = { weights: [1, 0.5], delays: [1, 0.2] };
  const written = networkToJSON(network).projections.aa!;
  expect(written.connect).toEqual({ rule: 'explicit', sources: [0, 2], targets: [1, 1], ...own });
  expect(Object.keys(written)).not.toContain('weight');
  expect(Object.keys(written)).not.toContain('delay');
});
