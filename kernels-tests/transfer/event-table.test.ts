/** Tables of Poisson counts against the distribution, from its formula with log Gamma, and against the tables of spiking networks. */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { countDistribution } from '../../src/spiking/drive.ts';
import { type EventTable, eventTable, never } from '../../src/transfer/event-table.ts';
import { poissonPmf } from '../statistics.ts';
import { poissonCount } from '../twins/measure.ts';

/** Mean and variance of the counts that 2^32 equally likely numbers give. */
function moments({ base, thresholds }: EventTable): { mean: number; variance: number } {
  let [mean, square, below] = [0, 0, 0];
  [...thresholds, 2 ** 32].forEach((threshold, index) => {
    const end = threshold === never ? 2 ** 32 : threshold;
    const probability = (end - below) / 2 ** 32;
    mean += probability * (base + index);
    square += probability * (base + index) ** 2;
    below = end;
  });
  return { mean, variance: square - mean * mean };
}

describe('the table of a Poisson count', () => {
  test.each([1e-7, 1e-4, 0.02, 0.4, 1, 4, 37.5, 200, 600])('of mean %d', (mean) => {
    const table = eventTable(mean, 'events');
    const { base, thresholds } = table;
    let below = 0;
    for (let k = 0; k < base; k++) below += poissonPmf(k, mean);
    expect(below * 2 ** 32).toBeLessThan(0.51);
    thresholds.forEach((threshold, index) => {
      below += poissonPmf(base + index, mean);
      expect(Math.abs(threshold - Math.min(never, below * 2 ** 32))).toBeLessThan(1);
    });
    // The last count takes what is left.
    expect(1 - below - poissonPmf(base + thresholds.length, mean)).toBeLessThan(2 ** -32);
    expect(thresholds.every((each, index) => index === 0 || each >= thresholds[index - 1]!)).toBe(true);
    const found = moments(table);
    const rounding = (thresholds.length + 1) * 2 ** -32;
    expect(Math.abs(found.mean - mean)).toBeLessThan(rounding);
    expect(Math.abs(found.variance - mean)).toBeLessThan(rounding * (2 * Math.sqrt(mean) + 30) ** 2);
  });

  test.each([0.001, 0.4, 4, 60])('of mean %d is that of a spiking network', (mean) => {
    const { base, thresholds } = eventTable(mean, 'events');
    const { first, cumulative } = countDistribution('poisson', 1, mean);
    const all = [
      ...new Array<number>(first).fill(0),
      ...cumulative.map((each) => Math.round(each * 2 ** 32)),
    ];
    for (let count = base; count < base + thresholds.length; count++)
      expect(
        Math.abs(thresholds[count - base]! - Math.min(never, all[count]!)),
        `count ${count}`,
      ).toBeLessThanOrEqual(1);
  });

  test('means the same counts as the twin of the kernel', () => {
    for (const mean of [0.02, 0.7, 20]) {
      const { base, thresholds } = eventTable(mean, 'events');
      for (const random of [0, 1e6, 2 ** 30, 2 ** 31, 3 * 2 ** 30, 4.2e9, 2 ** 32 - 1000])
        expect(base + thresholds.filter((each) => random >= each).length).toBe(poissonCount(mean, random));
    }
  });

  test('of no events is empty, and of too many is refused', () => {
    expect(eventTable(0, 'events')).toEqual({ base: 0, thresholds: new Uint32Array() });
    for (const mean of [601, Number.POSITIVE_INFINITY, Number.NaN, -1])
      expect(() => eventTable(mean, '400 synapses at nu_e = 3e5 Hz')).toThrow(InputError);
    expect(() => eventTable(6000, '400 synapses at nu_e = 3e5 Hz')).toThrow(
      '400 synapses at nu_e = 3e5 Hz bring 6000 events in a step to each neuron, and more than 600 cannot be counted: give lower rates, fewer synapses or a shorter dt',
    );
  });
});
