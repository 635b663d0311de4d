/** States before the first step: the twin's values, the right distributions, and streams that are never shared. */
import { describe, expect, test } from 'vitest';
import type { Initial } from '../../src/models/network.ts';
import { drawInitial, initialConductance } from '../../src/spiking/initial.ts';
import { normalTails, uniformityTest, unlikely } from '../statistics.ts';
import { initialValue } from '../twins/initial.ts';
import { cell, population } from './networks.ts';

const kinds: Initial[] = [
  { kind: 'constant', value: -61.5 },
  { kind: 'uniform', low: -70, high: -50 },
  { kind: 'normal', mean: -65, sd: 3 },
  { kind: 'values', values: Float64Array.from({ length: 37 }, (_, neuron) => neuron / 7) },
];

describe('initial values', () => {
  test.each(kinds)('$kind: the twin’s', (initial) => {
    for (const [seed, index, variable] of [
      [0, 0, 0],
      [2 ** 50 + 1, 3, 2],
    ] as const) {
      const found = drawInitial(initial, 37, seed, index, variable);
      expect(found.length).toBe(37);
      found.forEach((value, neuron) => {
        expect(value).toBeCloseTo(initialValue(initial, neuron, seed, index, variable), 12);
      });
    }
  });

  test('uniform and normal values are distributed as they are called', () => {
    const uniform = drawInitial(kinds[1]!, 10_000, 1, 0, 0);
    expect(uniformityTest(Array.from(uniform, (value) => (value + 70) / 20))).toBeGreaterThan(unlikely);
    const normal = drawInitial(kinds[2]!, 10_000, 1, 0, 0);
    expect(uniformityTest(Array.from(normal, (value) => normalTails((value + 65) / 3)))).toBeGreaterThan(
      unlikely,
    );
    expect(Math.abs(normal.reduce((sum, value) => sum + value, 0) / 10_000 + 65)).toBeLessThan(0.12);
  });

  test('seeds, populations and variables have values of their own', () => {
    const streams = [
      [0, 0, 0],
      [1, 0, 0],
      [2 ** 32, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const;
    const drawn = streams.map(([seed, index, variable]) =>
      drawInitial(kinds[1]!, 2000, seed, index, variable),
    );
    const sd = 20 / Math.sqrt(12);
    for (let a = 0; a < drawn.length; a++) {
      for (let b = 0; b < a; b++) {
        const products = drawn[a]!.map(
          (value, neuron) => ((value + 60) / sd) * ((drawn[b]![neuron]! + 60) / sd),
        );
        const correlation = products.reduce((sum, value) => sum + value, 0) / Math.sqrt(products.length);
        expect(normalTails(correlation), `streams ${a} and ${b}`).toBeGreaterThan(unlikely);
      }
    }
  });

  test('a conductance that the network does not name begins at 0', () => {
    const cells = population('cells', 5, cell('LIF'));
    cells.initial.g.set('exc', { kind: 'constant', value: 2 });
    expect(initialConductance(cells, 'exc')).toEqual({ kind: 'constant', value: 2 });
    expect(initialConductance(cells, 'inh')).toEqual({ kind: 'constant', value: 0 });
  });
});
