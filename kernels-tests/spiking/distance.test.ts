/**
 * Connections, weights and delays by distance, on a line, a ring and a sheet: against the twin, whose distances and probabilities
 * are exact; degrees and distances as asked for; stored and drawn anew the same.
 *
 * Tolerances: kernels have places to 2^-31 of a side, distances to 2^-15 of the longest, and probabilities in tables within 3e-4 of
 * themselves, so up to 1 pair in 500 may differ from the twin (reached: 1 in 2,500). No neuron stands between two targets' cells. Weights are within 1e-3 of the largest, delays within
 * half a step and 1 % of one.
 */
import { describe, expect, test } from 'vitest';
import type { Connect, Network, Projection } from '../../src/models/network.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { chiSquaredTest, uniformityTest, unlikely } from '../statistics.ts';
import { connect } from '../twins/connect.ts';
import { simulateTwin } from '../twins/network.ts';
import type { Pairs } from '../twins/pairs.ts';
import { distance, positionsOf } from '../twins/space.ts';
import { buildPairs } from './build.ts';
import { cases, near, sheet } from './near-networks.ts';
import { record, traceAll } from './record.ts';

function keys({ source, target }: Pairs): Set<number> {
  return new Set(Array.from(source, (each, index) => each * 2 ** 20 + target[index]!));
}

/** Probability of the rule at a distance. */
function probabilityAt(rule: Connect, reach: number, d: number): number {
  if (rule.rule !== 'by-distance' || d > reach) return 0;
  if (rule.profile === 'flat') return rule.probability;
  return (
    rule.probability * Math.exp(rule.profile === 'gaussian' ? -0.5 * (d / rule.scale) ** 2 : -d / rule.scale)
  );
}

/** The distances of all pairs that may be connected, ascending, with the probability of each. */
function chances(model: Network, { from, to, connect: rule, reach, selfConnections }: Projection) {
  const [source, target] = [model.populations[from]!.space!, model.populations[to]!.space!];
  const goals = positionsOf(target);
  return positionsOf(source)
    .flatMap((here, a) =>
      goals.map((there, b) => {
        const d = distance(target, here, there);
        return {
          a,
          b,
          d,
          p: from === to && a === b && !selfConnections ? 0 : probabilityAt(rule, reach!, d),
        };
      }),
    )
    .filter(({ p }) => p > 0)
    .sort((a, b) => a.d - b.d);
}

describe.each(cases)('%s', (_, model) => {
  test('is the twin, but for roundings', async () => {
    const found = await buildPairs(await testDevice(), model, 21);
    found.forEach((pairs, index) => {
      const [mine, twin] = [keys(pairs), keys(connect(model, index, 21))];
      expect(mine.size).toBe(pairs.source.length);
      const different =
        [...mine].filter((key) => !twin.has(key)).length + [...twin].filter((key) => !mine.has(key)).length;
      console.info(`${mine.size} synapses, ${different} other than the twin's`);
      expect(mine.size).toBeGreaterThan(500);
      expect(different).toBeLessThanOrEqual(1 + mine.size / 500);
    });
  });

  test('in- and out-degrees, numbers and distances of synapses are those of the rule', async () => {
    const found = await buildPairs(await testDevice(), model, 4);
    found.forEach((pairs, index) => {
      const projection = model.projections[index]!;
      const all = chances(model, projection);
      const mine = keys(pairs);
      const total = all.reduce((sum, { p }) => sum + p, 0);
      const variance = all.reduce((sum, { p }) => sum + p * (1 - p), 0);
      expect(Math.abs(mine.size - total)).toBeLessThan(4 * Math.sqrt(variance) + 1e-3 * total + 1e-9);
      // The plan's estimate, from which memory is foreseen.
      const { expectedSynapses } = planNetwork(model).projections[index]!;
      expect(Math.abs(expectedSynapses / total - 1)).toBeLessThan(0.02);
      if (variance < 1) return;
      for (const side of ['a', 'b'] as const) {
        const sums = new Map<number, { n: number; mean: number; variance: number }>();
        for (const each of all) {
          const sum = sums.get(each[side]) ?? { n: 0, mean: 0, variance: 0 };
          sum.n += mine.has(each.a * 2 ** 20 + each.b) ? 1 : 0;
          sum.mean += each.p;
          sum.variance += each.p * (1 - each.p);
          sums.set(each[side], sum);
        }
        // Squared deviations of the degrees from their means, in units of their variances.
        const squares = [...sums.values()].map(({ n, mean, variance: own }) => (n - mean) ** 2 / own);
        const mean = squares.reduce((sum, value) => sum + value, 0) / squares.length;
        expect(Math.abs(mean - 1), `degrees by ${side}`).toBeLessThan(5 * Math.sqrt(2 / squares.length));
      }
      // Distances: a chi-squared test in bins, and Kolmogorov and Smirnov's with pairs of one distance spread over their share.
      const bins = 25;
      const longest = all.at(-1)!.d * (1 + 1e-9);
      const [counts, expected] = [new Array<number>(bins).fill(0), new Array<number>(bins).fill(0)];
      const places: number[] = [];
      let below = 0;
      for (const { a, b, d, p } of all) {
        const bin = Math.floor((d / longest) * bins);
        expected[bin]! += p;
        if (mine.has(a * 2 ** 20 + b)) {
          counts[bin]! += 1;
          places.push((below + p / 2) / total);
        }
        below += p;
      }
      const scaled = expected.map((each) => (each * mine.size) / total);
      expect(chiSquaredTest(counts, scaled), 'distances').toBeGreaterThan(unlikely);
      expect(uniformityTest(places), 'distances').toBeGreaterThan(unlikely);
    });
  });
});

test.each(cases.filter((_, index) => index % 2 === 0))('%s: drawn anew the same', async (_, model) => {
  const drive = [
    { receptor: model.receptors[0]!, synapses: 300, rate: 12, weight: 1, statistics: 'poisson' as const },
  ];
  const driven = { ...model, populations: model.populations.map((each) => ({ ...each, drives: drive })) };
  const results = [];
  for (const storage of ['stored', 'procedural'] as const) {
    await using simulation = await Simulation.create(await testDevice(), driven, {
      ...{ seed: 6, storage, hearing: 'deliver', traces: traceAll(driven).slice(1) },
    });
    results.push(await record(simulation, 40));
  }
  expect(results[0]!.spikes.length).toBeGreaterThan(200);
  expect(results[1]!.spikes).toEqual(results[0]!.spikes);
  expect(results[1]!.traces).toEqual(results[0]!.traces);
});

test('weights that fall off and delays of a path: a small network in double precision', async () => {
  const model = near(
    [
      [60, sheet(10, true)],
      [20, sheet(5, true)],
    ],
    { probability: 0.9, profile: 'gaussian', scale: 0.3 },
    {
      weight: { falloff: { at_zero: '1.5 nS', profile: 'exponential', scale: 0.2 } },
      delay: { path: { base: '0.5 ms', velocity: '0.3 m/s' } },
    },
  );
  const drive = [
    { receptor: model.receptors[0]!, synapses: 200, rate: 10, weight: 1.5, statistics: 'poisson' as const },
  ];
  const driven = { ...model, populations: model.populations.map((each) => ({ ...each, drives: drive })) };
  for (const storage of ['stored', 'procedural'] as const) {
    await using simulation = await Simulation.create(await testDevice(), driven, {
      ...{ seed: 1, storage, traces: traceAll(driven) },
    });
    const synapses = [];
    for (const { name } of driven.projections) synapses.push(await simulation.synapses(name));
    const twin = simulateTwin(simulation.plan, synapses, { seed: 1, steps: 500 });
    const found = await record(simulation, 50);
    expect(twin.spikes.length).toBeGreaterThan(40);
    expect(found.spikes).toEqual(twin.spikes);
    let worst = 0;
    simulation.channels.forEach(({ population, neuron, variable }, channel) => {
      if (!variable.startsWith('g_')) return;
      const truth = twin.trace(population, neuron, variable);
      found.traces[channel]!.forEach((g, step) => {
        worst = Math.max(worst, Math.abs(g - truth[step]!));
      });
    });
    console.info(`conductances: worst error ${worst.toExponential(1)} nS`);
    expect(worst).toBeLessThan(5e-3);
  }
});
