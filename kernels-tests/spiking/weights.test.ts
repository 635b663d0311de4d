/** Weights as integers: exact where they have a common unit, else as fine as sums of 32 bits allow, and never overflowing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planNetwork } from '../../src/spiking/plan.ts';
import { largestSum, quantizeWeights } from '../../src/spiking/weights.ts';
import { wiring } from './build.ts';
import { cell, exc, inh, network, population, projection } from './networks.ts';

describe('quantizeWeights', () => {
  test('equal weights are their own unit', () => {
    expect(quantizeWeights([5], [1000])).toEqual({ unit: 5, amounts: [1], error: 0 });
    expect(quantizeWeights([1.3, 1.3, 0], [10, 20, 30])).toEqual({ unit: 1.3, amounts: [1, 1, 0], error: 0 });
    expect(quantizeWeights([0, 0], [1, 1])).toEqual({ unit: 1, amounts: [0, 0], error: 0 });
    expect(quantizeWeights([], [])).toEqual({ unit: 1, amounts: [], error: 0 });
  });

  test('decimal fractions have a common unit', () => {
    const { unit, amounts, error } = quantizeWeights([0.1, 0.25, 1.5], [10, 10, 10]);
    expect(unit).toBeCloseTo(0.05, 12);
    expect(amounts).toEqual([2, 5, 30]);
    expect(error).toBe(0);
  });

  test('any weights: sums fit 32 bits, and each weight is as close as is said', () => {
    const weight = fc.oneof(fc.double({ min: 1e-6, max: 1e3, noNaN: true }), fc.constant(0));
    const each = fc.tuple(weight, fc.integer({ min: 1, max: 100_000 }));
    fc.assert(
      fc.property(fc.array(each, { minLength: 1, maxLength: 6 }), (pairs) => {
        const weights = pairs.map(([one]) => one);
        const counts = pairs.map(([, count]) => count);
        const { unit, amounts, error } = quantizeWeights(weights, counts);
        expect(largestSum(amounts, counts)).toBeLessThan(2 ** 32);
        amounts.forEach((amount, index) => {
          expect(Number.isInteger(amount) && amount >= 0).toBe(true);
          expect(Math.abs(amount * unit - weights[index]!)).toBeLessThanOrEqual(
            (error + 1e-9) * weights[index]!,
          );
        });
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe('the plan', () => {
  test('two receptors share a word where their sums fit 16 bits', () => {
    const model = (size: number, weights: number[]) =>
      planNetwork(
        network(
          [population('cells', size, cell('LIF'))],
          weights.map((weight, index) =>
            projection(
              0,
              0,
              index % 2 === 0 ? exc : inh,
              weight,
              { rule: 'all-to-all' },
              { name: `${index}` },
            ),
          ),
        ),
      );
    expect(model(65_535, [1, 1])).toMatchObject({ packed: true, words: 1, receptors: 2 });
    expect(model(65_536, [1, 1])).toMatchObject({ packed: false, words: 2, receptors: 2 });
    // Units of 1 and 2 through one receptor: three times as much in one step.
    expect(model(21_845, [1, 1, 2])).toMatchObject({ packed: true });
    expect(model(21_846, [1, 1, 2])).toMatchObject({ packed: false });
    // Without a common unit the whole 32 bits are used.
    expect(model(100, [1, 1, Math.PI])).toMatchObject({ packed: false, words: 2 });
    expect(model(100, [1, 1, Math.PI]).warnings).toEqual([]);
  });

  test('says so where rounding changes a weight by more than 1e-4', () => {
    const plan = planNetwork(
      network(
        [population('cells', 30_000, cell('LIF'))],
        [
          projection(0, 0, exc, 1000, { rule: 'all-to-all' }, { name: 'strong' }),
          projection(0, 0, exc, Math.SQRT2 / 10, { rule: 'all-to-all' }, { name: 'weak' }),
        ],
        { storage: 'stored' },
      ),
    );
    expect(plan.warnings.length).toBe(1);
    expect(plan.warnings[0]).toMatch(
      /^weights onto cells through exc have no common unit and are rounded by up to \d\.\de-\d of their value$/,
    );
  });

  test('windows are as long as the shortest delay allows', () => {
    const withDelays = (...delays: number[]) =>
      planNetwork(
        wiring(
          [5],
          delays.map((delay) => [0, 0, { rule: 'all-to-all' }, { delay }] as const),
        ),
      );
    expect(withDelays()).toMatchObject({ windowSteps: 32, slots: 32 });
    expect(withDelays(0, 1)).toMatchObject({ windowSteps: 1, slots: 11 });
    expect(withDelays(1.5, 2)).toMatchObject({ windowSteps: 16, slots: 21 });
    expect(withDelays(20)).toMatchObject({ windowSteps: 32, slots: 201 });
  });
});
