/** Medians, ratios within rounds, and the order of runs: what every benchmark's numbers rest on. */
import { expect, test } from 'vitest';
import { inTurn, median, pairRatios, spread } from '../../bench/pairs.ts';

test('the median is the middle value, or the mean of the two middle ones', () => {
  expect(median([3])).toBe(3);
  expect(median([10, 9, 100])).toBe(10);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('a spread sorts numbers as numbers and leaves the list as it was', () => {
  const values = [10, 9, 100];
  expect(spread(values)).toEqual({ median: 10, min: 9, max: 100 });
  expect(values).toEqual([10, 9, 100]);
});

test('there is no median of nothing, nor of what is no number', () => {
  expect(() => median([])).toThrow(RangeError);
  expect(() => median([1, Number.NaN, 2])).toThrow(RangeError);
});

test('ratios are taken within rounds, so that a drift of the machine cancels', () => {
  // Each round twice as slow as the one before; B takes 1.5 times as long as A throughout.
  expect(pairRatios([1.5, 3, 6], [1, 2, 4])).toEqual([1.5, 1.5, 1.5]);
  // The ratio of the medians would be 2 / 3.
  expect(median(pairRatios([1, 2, 8], [1, 3, 4]))).toBe(1);
  expect(() => pairRatios([1, 2], [1])).toThrow(RangeError);
});

test('contestants run one at a time, in turn, and results are kept by contestant and round', async () => {
  const events: string[] = [];
  let running = 0;
  const contestant = (name: string) => {
    let runs = 0;
    const measure = async () => {
      expect(running++).toBe(0);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running--;
      events.push(name);
      return `${name}${++runs}`;
    };
    return { name, measure };
  };
  const announced: string[] = [];
  const results = await inTurn([contestant('A'), contestant('B')], 3, (name, round) =>
    announced.push(`${name}${round}`),
  );
  expect(events.join('')).toBe('ABABAB');
  expect(announced).toEqual(['A1', 'B1', 'A2', 'B2', 'A3', 'B3']);
  expect(results).toEqual([
    ['A1', 'A2', 'A3'],
    ['B1', 'B2', 'B3'],
  ]);
});
