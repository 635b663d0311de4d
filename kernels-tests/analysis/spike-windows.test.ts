import { describe, expect, test } from 'vitest';
import { populationRanges, splitWindow, stepsPerBin, stepTime } from '../../src/analysis/spike-windows.ts';
import { InputError } from '../../src/errors.ts';

describe('splitWindow', () => {
  const ranges = populationRanges([
    { name: 'a', size: 3 },
    { name: 'b', size: 1 },
    { name: 'c', size: 2 },
  ]);

  test('gives each population its spikes, counted from its first neuron', () => {
    expect(ranges.map(({ first }) => first)).toEqual([0, 3, 4]);
    const parts = splitWindow(
      { steps: Uint32Array.of(7, 7, 7, 8, 8, 9), neurons: Uint32Array.of(2, 3, 5, 0, 4, 3) },
      ranges,
    );
    expect(parts.map(({ steps, neurons }) => [[...steps], [...neurons]])).toEqual([
      [
        [7, 8],
        [2, 0],
      ],
      [
        [7, 9],
        [0, 0],
      ],
      [
        [7, 8],
        [1, 0],
      ],
    ]);
  });

  test('refuses a neuron of no population', () => {
    const spike = (neuron: number) => ({ steps: Uint32Array.of(0), neurons: Uint32Array.of(neuron) });
    expect(() => splitWindow(spike(6), ranges)).toThrow(/no neuron of that index/);
    expect(() => splitWindow(spike(0), ranges.slice(1))).toThrow(InputError);
  });
});

test('step times are the nearest numbers to the decimal ones', () => {
  for (let step = 0; step < 20_000; step++) expect(stepTime(step, 0.1)).toBe(Number(`${step}e-1`));
  expect(stepTime(3, 0.25)).toBe(0.75);
  expect(stepTime(3, 0.3)).toBeCloseTo(0.9, 12);
  expect(stepTime(3, 2)).toBe(6);
});

test('steps of a bin', () => {
  expect(stepsPerBin(0.1)).toBe(50);
  expect(stepsPerBin(0.3)).toBe(17);
  expect(stepsPerBin(10)).toBe(1);
  expect(stepsPerBin(0.1, 0.7)).toBe(7);
  for (const width of [0.25, 0, -5, Number.NaN]) expect(() => stepsPerBin(0.1, width)).toThrow(InputError);
});
