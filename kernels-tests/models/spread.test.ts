/** Weights and delays as distributions: how they are read, written back and refused, and what their quantiles and means are. */
import { describe, expect, test } from 'vitest';
import type { Spread } from '../../src/models/network.ts';
import { networkToJSON } from '../../src/models/network-to-json.ts';
import { networkFromObject } from '../../src/models/read-network.ts';
import {
  deepestTail,
  shareWithin,
  spreadMean,
  spreadQuantile,
  spreadRange,
} from '../../src/models/spread.ts';

const none = Number.POSITIVE_INFINITY;

function withValues(values: Record<string, unknown>) {
  return networkFromObject({
    populations: { a: { size: 10, cell: 'LIF' } },
    projections: {
      p: { from: 'a', to: 'a', receptor: { tau: 5, E_rev: 0 }, weight: 1, connect: 'all-to-all', ...values },
    },
  } as Parameters<typeof networkFromObject>[0]);
}

function problem(values: Record<string, unknown>): string {
  try {
    withValues(values);
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
}

describe('reading', () => {
  test('distributions with units and bounds, and back again', () => {
    const model = withValues({
      weight: { lognormal: { mean: '2 nS', sd: '500 pS', max: '6 nS' } },
      delay: { uniform: { low: '0.5 ms', high: '2 ms' } },
    });
    const [projection] = model.projections;
    expect(projection!.weights).toEqual({ kind: 'lognormal', mean: 2, sd: 0.5, min: 0, max: 6 });
    expect(projection!.weight).toBeCloseTo(2, 3);
    expect(projection!.delays).toEqual({ kind: 'uniform', low: 0.5, high: 2 });
    expect(projection!.delay).toBe(1.25);
    const json = networkToJSON(model);
    expect(json.projections.p!.weight).toEqual({ lognormal: { mean: 2, sd: 0.5, min: 0, max: 6 } });
    expect(networkFromObject(json as Parameters<typeof networkFromObject>[0])).toEqual(model);
  });

  test('what does not vary is a number', () => {
    const [projection] = withValues({ weight: { normal: { mean: 3, sd: 0 } } }).projections;
    expect(projection).toMatchObject({ weight: 3 });
    expect(projection).not.toHaveProperty('weights');
  });

  test.each([
    [{ weight: {} }, 'projections.p.weight says nothing; give one of uniform, normal, lognormal and falloff'],
    [
      { weight: { normal: { mean: 1, sd: 1 }, uniform: { low: 0, high: 1 } } },
      'projections.p.weight says uniform and normal; give one of uniform, normal, lognormal and falloff',
    ],
    [
      { delay: { uniform: { low: 3, high: 1 } } },
      'projections.p.delay.uniform.low is 3, above high = 1; swap the two',
    ],
    [
      { weight: { lognormal: { mean: 0, sd: 1 } } },
      'projections.p.weight.lognormal.mean is 0; give a mean above 0, as every log-normal number is',
    ],
    [
      { weight: { normal: { mean: 1, sd: 1, min: 2, max: 2 } } },
      'projections.p.weight.normal.min is 2, not below max = 2; let bounds leave room',
    ],
    [
      { delay: { normal: { mean: 1, sd: 0.1, min: 2 } } },
      'projections.p.delay.normal leaves less than a millionth of the distribution between 2 and Infinity; move the bounds or the mean',
    ],
    [
      { weight: { normal: { mean: 1, sd: 0, max: 0.5 } } },
      'projections.p.weight.normal.mean is 1, beyond the bounds 0 and 0.5; move these',
    ],
  ])('%j is refused', (values, sentence) => {
    expect(problem(values)).toContain(sentence);
  });
});

describe('quantiles', () => {
  const bell: Spread = { kind: 'normal', mean: 2, sd: 0.5, min: -none, max: none };

  test('of a normal distribution', () => {
    for (const [t, z] of [
      [0.5, 0],
      [0.158655253931457, 1],
      [0.0227501319481792, 2],
      [9.86587645037698e-10, 6],
    ] as const) {
      expect(spreadQuantile(bell, t, false)).toBeCloseTo(2 - 0.5 * z, 9);
      expect(spreadQuantile(bell, t, true)).toBeCloseTo(2 + 0.5 * z, 9);
    }
    expect(shareWithin(bell)).toBe(1);
  });

  test('of what bounds leave, also far out', () => {
    const tail: Spread = { ...bell, min: 3, max: 5 };
    // Beyond 2 SD lie 2.275 %, and the median of that lies at z = 2.27760.
    expect(shareWithin(tail)).toBeCloseTo(0.02275013, 7);
    expect(spreadQuantile(tail, 0.5, true)).toBeCloseTo(2 + 0.5 * 2.277602, 5);
    expect(spreadRange(tail).least).toBeCloseTo(3, 8);
    expect(spreadRange(tail).most).toBeLessThanOrEqual(5);
    expect(deepestTail).toBe(1 / 4294967296);
  });

  test('means: of a half normal, of a log-normal distribution', () => {
    const half: Spread = { kind: 'normal', mean: 0, sd: 1, min: 0, max: none };
    expect(spreadMean(half)).toBeCloseTo(Math.sqrt(2 / Math.PI), 3);
    expect(spreadMean({ kind: 'lognormal', mean: 3, sd: 2, min: 0, max: none })).toBeCloseTo(3, 2);
    expect(spreadMean({ kind: 'uniform', low: 1, high: 4 })).toBe(2.5);
  });
});
