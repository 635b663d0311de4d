/**
 * Weights and delays that vary from synapse to synapse: each is the twin's, their distributions are those asked for, and stored
 * synapses have the same as synapses that are drawn anew at each spike.
 *
 * Tolerances: a weight is within 5e-4 of the SD or of itself, whichever is more (straight lines between quantiles; those of
 * log-normal tails bend with the value), and one unit of the sum; a delay likewise, and half a step. Reached: 2.1e-4 SD.
 */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import type { Network } from '../../src/models/network.ts';
import { type Drawn, spreadMean } from '../../src/models/spread.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { chiSquaredTest, uniformityTest, unlikely } from '../statistics.ts';
import { sharesAround, synapseValues } from '../twins/synapse-values.ts';
import { expectTwin } from './expect-twin.ts';
import { cell, exc, inh, network, population, projection } from './networks.ts';
import { record, traceAll } from './record.ts';

const dt = 0.1;
const lif = cell('LIF');
const pulse = { name: 'pulse', tau: dt, E_rev: lif.E_L };
const none = Number.POSITIVE_INFINITY;
const normal = (mean: number, sd: number, min = 0, max = none): Drawn => ({
  kind: 'normal',
  mean,
  sd,
  min,
  max,
});
const lognormal = (mean: number, sd: number, min = 0, max = none): Drawn => ({
  kind: 'lognormal',
  ...{ mean, sd, min, max },
});

/** Every neuron of the first population spikes once, in step 0, and has one synapse, onto its own listener. */
function oneEach(size: number, weights: Drawn | undefined, delays: Drawn | undefined): Network {
  const once = { dt, values: Float64Array.of(20_000, 0) };
  return network(
    [
      population('sources', size, { ...lif, tau_ref: 50 }, { current: once }),
      population('listeners', size, lif),
    ],
    [
      projection(
        0,
        1,
        pulse,
        weights ? spreadMean(weights) : 2,
        { rule: 'one-to-one' },
        {
          delay: delays ? spreadMean(delays) : 0.3,
          ...(weights && { weights }),
          ...(delays && { delays }),
        },
      ),
    ],
    { dt, receptors: [pulse] },
  );
}

/** Weight and steps of delay of each synapse, as listeners hear them. */
async function heard(model: Network, seed: number, storage: 'stored' | 'procedural') {
  await using simulation = await Simulation.create(await testDevice(), model, {
    ...{ seed, storage },
    traces: traceAll(model).slice(1),
  });
  const { plan } = simulation;
  const { traces, spikes } = await record(simulation, (plan.slots + 2) * dt);
  expect(spikes.length).toBe(model.populations[0]!.size);
  const channels = simulation.channels.flatMap(({ variable }, index) =>
    variable === 'g_pulse' ? [index] : [],
  );
  const values = channels.map((channel) => {
    const arrived = traces[channel]!.flatMap((g, step) => (g > 0 ? [{ weight: g, steps: step - 1 }] : []));
    expect(arrived.length).toBe(1);
    return arrived[0]!;
  });
  return { values, unit: plan.populations[1]!.receptors[0]!.unit };
}

function sdOf(spread: Drawn | undefined): number {
  if (!spread) return 0;
  return spread.kind === 'uniform' ? spread.high - spread.low : spread.sd;
}

const cases: [string, Drawn | undefined, Drawn | undefined][] = [
  ['normal weights, uniform delays', normal(2, 0.5), { kind: 'uniform', low: 0.5, high: 4 }],
  ['normal weights cut at 0 and above, normal delays', normal(1, 2, 0, 4), normal(3, 0.8, 1)],
  ['log-normal weights', lognormal(0.5, 0.6), undefined],
  ['log-normal delays', undefined, lognormal(2, 1, 0.4, 20)],
  ['log-normal weights between bounds, short normal delays', lognormal(3, 5, 1, 9), normal(0.1, 0.3)],
];

describe.each(cases)('%s', (_, weights, delays) => {
  const [size, seed] = [3000, 11];
  const model = oneEach(size, weights, delays);

  test('are those of the twin, and distributed as asked for', async () => {
    const { values, unit } = await heard(model, seed, 'stored');
    let worst = 0;
    values.forEach(({ weight, steps }, neuron) => {
      const exact = synapseValues(model.projections[0]!, 0, seed, neuron, neuron);
      const error = Math.abs(weight - exact.weight);
      // Traces are in single precision.
      expect(error).toBeLessThan(5e-4 * Math.max(sdOf(weights), weights ? weight : 0) + unit + 1e-6 * weight);
      if (weights) worst = Math.max(worst, (error - unit) / sdOf(weights));
      const late = Math.abs(steps - exact.delay / dt);
      const bend = delays ? 5e-4 * Math.max(sdOf(delays), exact.delay) : 0;
      expect(late).toBeLessThan(0.5 + bend / dt + 1e-4);
    });
    console.info(`weights: worst error ${worst.toExponential(1)} SD`);
    if (weights) {
      const shares = values.map(({ weight }) => sharesAround(weights, weight)[0]);
      expect(uniformityTest(shares), 'weights').toBeGreaterThan(unlikely);
    }
    if (delays) {
      const longest = Math.max(...values.map(({ steps }) => steps));
      const counts = new Array<number>(longest + 2).fill(0);
      for (const { steps } of values) counts[steps]! += 1;
      const [least, most] = delays.kind === 'uniform' ? [delays.low, delays.high] : [delays.min, delays.max];
      const upTo = (x: number) => (x <= least ? 0 : x >= most ? 1 : sharesAround(delays, x)[0]);
      const expected = counts.map((_, steps) => size * (upTo((steps + 0.5) * dt) - upTo((steps - 0.5) * dt)));
      expect(chiSquaredTest(counts, expected), 'delays').toBeGreaterThan(unlikely);
    }
  });

  test('are the same where synapses are drawn anew', async () => {
    const [stored, drawn] = [await heard(model, 3, 'stored'), await heard(model, 3, 'procedural')];
    expect(drawn).toEqual(stored);
  });
});

describe('a small network in double precision', () => {
  const drives = [{ receptor: exc, synapses: 100, rate: 12, weight: 2, statistics: 'poisson' as const }];
  const model = network(
    [population('a', 60, cell('RS-cell'), { drives }), population('b', 21, cell('FS-cell'), { drives })],
    [
      projection(
        0,
        0,
        exc,
        0.7,
        { rule: 'fixed-probability', probability: 0.3 },
        {
          weights: lognormal(0.7, 0.5),
          delays: { kind: 'uniform', low: 0.7, high: 3.1 },
          delay: 1.9,
        },
      ),
      projection(0, 1, exc, 0.7, { rule: 'fixed-out-degree', degree: 9 }, { weights: normal(0.7, 0.3) }),
      projection(
        1,
        0,
        inh,
        3,
        { rule: 'fixed-in-degree', degree: 6 },
        {
          delays: { kind: 'uniform', low: 0, high: 1 },
          delay: 0.5,
        },
      ),
      projection(1, 1, inh, 3, { rule: 'all-to-all' }, { weights: { kind: 'uniform', low: 1, high: 5 } }),
    ],
    { dt },
  );

  test('spike by spike, conductances within 1e-3, stored and drawn, whatever the window', async () => {
    const options = { seed: 2, traces: traceAll(model) };
    await using simulation = await Simulation.create(await testDevice(), model, options);
    const found = await expectTwin(simulation, 2);
    for (const other of [{ storedBytes: 0 }, { pieceBytes: 500, chunkSteps: 7 }]) {
      await using again = await Simulation.create(await testDevice(), model, { ...options, ...other });
      const same = await record(again, 60);
      expect(same.spikes).toEqual(found.spikes);
      expect(same.traces).toEqual(found.traces);
    }
  });
});

describe('what cannot be', () => {
  test('a delay longer than can be kept', () => {
    const model = oneEach(10, undefined, lognormal(5, 500));
    expect(() => planNetwork(model)).toThrow(InputError);
    expect(() => planNetwork(model)).toThrow(
      /^projections\.p01\.delay may be as long as \S+ ms, more than the 32768 steps of 0\.1 ms for which input can be kept: bound it with max, make its sd smaller, or its velocity larger$/,
    );
  });

  test('weights that vary too widely for sums of 32 bits', () => {
    const model = network(
      [population('a', 5000, lif)],
      [projection(0, 0, exc, 1, { rule: 'all-to-all' }, { weights: lognormal(1, 100) })],
    );
    expect(() => planNetwork(model)).toThrow(
      /^projections\.p00\.weight varies so widely that sums of it in 32 bits would count in units of \S+ nS, too coarse for a mean of 1 nS: bound the distribution with max, or make its sd smaller$/,
    );
    model.projections[0]!.weights = lognormal(1, 1);
    expect(planNetwork(model).projections[0]!.amount).toBeGreaterThan(1000);
  });
});
