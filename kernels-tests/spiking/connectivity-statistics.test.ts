/**
 * What random connectivity must be: degrees distributed binomially, no pair preferred, nothing in common between seeds or
 * projections. All from fixed seeds, so results never change; `unlikely` is the threshold of each test.
 */
import { describe, expect, test } from 'vitest';
import type { Connect } from '../../src/models/network.ts';
import { testDevice } from '../device.ts';
import { draws } from '../draws.ts';
import {
  binomialPmf,
  chiSquaredTest,
  histogram,
  normalTails,
  uniformityTest,
  unlikely,
  varianceTails,
} from '../statistics.ts';
import type { Pairs } from '../twins/pairs.ts';
import { buildPairs, degrees, wiring } from './build.ts';

/** The same projection within one population of `size` neurons, built once for each seed. */
async function builds(size: number, connect: Connect, seeds: number): Promise<Pairs[]> {
  const device = await testDevice();
  const model = wiring([size], [[0, 0, connect]]);
  const found: Pairs[] = [];
  for (let seed = 0; seed < seeds; seed++) found.push((await buildPairs(device, model, seed))[0]!);
  return found;
}

function expectBinomial(counts: readonly number[], n: number, p: number, what: string) {
  const expected = Array.from({ length: n + 1 }, (_, k) => counts.length * binomialPmf(k, n, p));
  expect(chiSquaredTest(histogram(counts, n + 1), expected), what).toBeGreaterThan(unlikely);
}

/** P(X < count) + v P(X = count) for v uniform: uniform itself where counts are B(n, p). */
function uniformized(count: number, n: number, p: number, v: number): number {
  let below = 0;
  for (let k = 0; k < count; k++) below += binomialPmf(k, n, p);
  return below + v * binomialPmf(count, n, p);
}

describe('fixed probability', () => {
  test.each([
    [400, 0.05],
    [400, 0.5],
    [700, 0.003],
    [300, 0.97],
  ])('%i neurons at %d: degrees are binomial', async (size, probability) => {
    const seeds = 12;
    const found = await builds(size, { rule: 'fixed-probability', probability }, seeds);
    const each = found.map((pairs) => degrees(pairs, size, size));
    expectBinomial(
      each.flatMap((one) => one.out),
      size - 1,
      probability,
      'out-degrees',
    );
    expectBinomial(
      each.flatMap((one) => one.in),
      size - 1,
      probability,
      'in-degrees',
    );
  });

  test('degrees of one neuron and numbers of synapses, over seeds (Kolmogorov-Smirnov)', async () => {
    const [size, probability, seeds] = [60, 0.2, 200];
    const found = await builds(size, { rule: 'fixed-probability', probability }, seeds);
    const { uniform } = draws(3);
    const test = (counts: readonly number[], n: number) =>
      uniformityTest(counts.map((count) => uniformized(count, n, probability, uniform())));
    const totals = found.map((pairs) => pairs.source.length);
    expect(test(totals, size * (size - 1)), 'totals').toBeGreaterThan(unlikely);
    for (const neuron of [0, 31, 59]) {
      const each = found.map((pairs) => degrees(pairs, size, size));
      const outs = each.map((one) => one.out[neuron]!);
      const ins = each.map((one) => one.in[neuron]!);
      expect(test(outs, size - 1), `out-degree of ${neuron}`).toBeGreaterThan(unlikely);
      expect(test(ins, size - 1), `in-degree of ${neuron}`).toBeGreaterThan(unlikely);
    }

    // Every pair is there equally often, and pairs do not go together.
    const often = new Float64Array(size * size);
    for (const { source, target } of found)
      source.forEach((each, synapse) => {
        often[each * size + target[synapse]!]! += 1;
      });
    const sd = Math.sqrt(seeds * probability * (1 - probability));
    const squares = often
      .filter((_, pair) => Math.floor(pair / size) !== pair % size)
      .reduce((sum, count) => sum + ((count - seeds * probability) / sd) ** 2, 0);
    expect(varianceTails(squares, size * (size - 1)), 'pairs').toBeGreaterThan(unlikely);

    const mutual = found.reduce((sum, { source, target }) => {
      const set = new Set(source.map((each, synapse) => each * size + target[synapse]!));
      return (
        sum +
        source.filter((each, synapse) => each < target[synapse]! && set.has(target[synapse]! * size + each))
          .length
      );
    }, 0);
    expectCount(mutual, (seeds * size * (size - 1)) / 2, probability ** 2, 'mutual connections');
    const successive = found.reduce((sum, { source, target }) => {
      const next = (synapse: number) =>
        source[synapse] === source[synapse + 1] && target[synapse]! + 1 === target[synapse + 1];
      return sum + source.filter((_, synapse) => next(synapse)).length;
    }, 0);
    // Each row has size - 2 pairs of neighbouring targets, but for the two rows' ends and where the source itself stands.
    const neighbours = seeds * (2 * (size - 2) + (size - 2) * (size - 3));
    expectCount(successive, neighbours, probability ** 2, 'neighbouring targets');
  });
});

/** A count that should be B(n, p) with large n; overlapping pairs make the true variance only a little larger. */
function expectCount(count: number, n: number, p: number, what: string) {
  expect(normalTails((count - n * p) / Math.sqrt(n * p * (1 - p))), what).toBeGreaterThan(unlikely);
}

describe('fixed degrees', () => {
  test.each(['fixed-out-degree', 'fixed-in-degree'] as const)(
    '%s: the other degree is binomial',
    async (rule) => {
      const [size, degree, seeds] = [301, 15, 12];
      const found = await builds(size, { rule, degree }, seeds);
      const each = found.map((pairs) => degrees(pairs, size, size));
      const own = each.flatMap((one) => (rule === 'fixed-out-degree' ? one.out : one.in));
      const other = each.flatMap((one) => (rule === 'fixed-out-degree' ? one.in : one.out));
      expect(new Set(own)).toEqual(new Set([degree]));
      expectBinomial(other, size - 1, degree / (size - 1), 'the other degree');
      for (const { source, target } of found)
        expect(source.every((one, synapse) => one !== target[synapse])).toBe(true);
    },
  );

  test('every partner is drawn equally often, and every pair of partners', async () => {
    const [size, degree, seeds] = [9, 3, 300];
    const found = await builds(size, { rule: 'fixed-out-degree', degree }, seeds);
    const pairsOfPartners = new Array<number>(size * size).fill(0);
    const partners = new Array<number>(size * size).fill(0);
    for (const { source, target } of found) {
      for (let synapse = 0; synapse < source.length; synapse += degree) {
        // Numbered among the others, so that all sources can be taken together.
        const row = Array.from(target.subarray(synapse, synapse + degree), (each) =>
          each > source[synapse]! ? each - 1 : each,
        );
        row.forEach((a, index) => {
          partners[source[synapse]! * size + a]! += 1;
          for (const b of row.slice(index + 1)) pairsOfPartners[a * size + b]! += 1;
        });
      }
    }
    for (let source = 0; source < size; source++) {
      const row = partners.slice(source * size, source * size + size - 1);
      const expected = row.map(() => (seeds * degree) / (size - 1));
      // Draws without replacement vary less than the test assumes.
      expect(chiSquaredTest(row, expected), `partners of ${source}`).toBeGreaterThan(unlikely);
    }
    const drawn = pairsOfPartners.filter((count) => count > 0);
    expect(drawn.length).toBe(28);
    const expected = drawn.map(() => (size * seeds * 3) / 28);
    expect(chiSquaredTest(drawn, expected), 'pairs of partners').toBeGreaterThan(unlikely);
  });
});

describe('independence', () => {
  const [size, probability] = [300, 0.1];
  const rules: Connect[] = [
    { rule: 'fixed-probability', probability },
    { rule: 'fixed-out-degree', degree: 30 },
    { rule: 'fixed-in-degree', degree: 30 },
  ];

  function overlap(a: Pairs, b: Pairs): number {
    const set = new Set(a.source.map((each, synapse) => each * size + a.target[synapse]!));
    return b.source.filter((each, synapse) => set.has(each * size + b.target[synapse]!)).length;
  }

  test.each(rules)('$rule: projections and seeds have only chance in common', async (rule) => {
    const device = await testDevice();
    const model = wiring(
      [size, size],
      [
        [0, 1, rule],
        [0, 1, rule],
        [1, 0, rule],
      ],
    );
    const seeds = [1, 2, 1 + 2 ** 32];
    const found: Pairs[] = [];
    for (const seed of seeds) found.push(...(await buildPairs(device, model, seed)));
    for (let a = 0; a < found.length; a++) {
      for (let b = 0; b < a; b++) {
        expectCount(overlap(found[a]!, found[b]!), size * size, probability ** 2, `networks ${a} and ${b}`);
      }
    }
    expect(await buildPairs(device, model, 1)).toEqual(found.slice(0, 3));
  });
});
