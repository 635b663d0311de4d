import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SpikeAccumulator } from '../../src/analysis/spike-accumulator.ts';
import { type SpikeStatistics, spikeStatistics } from '../../src/analysis/spike-statistics.ts';
import { populationRanges, stepTime } from '../../src/analysis/spike-windows.ts';
import { anySpikes, expectAllClose, type Spike } from './brute-force.ts';

const DT = 0.1;
const RANGES = populationRanges([
  { name: 'exc', size: 4 },
  { name: 'inh', size: 2 },
]);

function expectSame(found: SpikeStatistics, expected: SpikeStatistics): void {
  const flat = (s: SpikeStatistics): number[] => [
    s.meanRate,
    s.rateSd,
    s.silentFraction,
    ...s.ratePercentiles,
    ...Object.values(s.cvIsi),
    s.populationRateSd,
    s.pairwiseCorrelation,
  ];
  expectAllClose(flat(found), flat(expected), 1e-6);
}

function add(accumulator: SpikeAccumulator, spikes: readonly Spike[]): void {
  accumulator.add({
    steps: Uint32Array.from(spikes, ({ step }) => step),
    neurons: Uint32Array.from(spikes, ({ neuron }) => neuron),
  });
}

test('gives what stored spikes give, however windows are cut, and in the middle of a run too', () => {
  const cut = fc.integer({ min: 31, max: 120 });
  fc.assert(
    fc.property(
      anySpikes(6, 120),
      fc.nat(30),
      cut,
      fc.integer({ min: 1, max: 15 }),
      (spikes, first, middle, bin) => {
        const accumulator = new SpikeAccumulator(RANGES, { dt: DT, firstStep: first, bin: bin * DT });
        const check = (end: number): void => {
          const results = accumulator.result(end, 2);
          for (const { name, first: offset, size } of RANGES) {
            const own = spikes.filter(({ neuron }) => neuron >= offset && neuron < offset + size);
            const expected = spikeStatistics(
              {
                size,
                times: own.map(({ step }) => stepTime(step, DT)),
                neurons: own.map(({ neuron }) => neuron - offset),
              },
              { t0: stepTime(first, DT), t1: stepTime(end, DT) },
              { bin: bin * DT, minIntervals: 2 },
            );
            expectSame(results.get(name)!, expected);
          }
        };
        add(
          accumulator,
          spikes.filter(({ step }) => step < middle),
        );
        check(middle);
        add(
          accumulator,
          spikes.filter(({ step }) => step >= middle),
        );
        check(120);
      },
    ),
  );
});

test('a perfectly regular neuron has CV 0', () => {
  const accumulator = new SpikeAccumulator(RANGES, { dt: DT, firstStep: 0 });
  add(
    accumulator,
    Array.from({ length: 1000 }, (_, i) => ({ step: 777 * i, neuron: 5 })),
  );
  const { cvIsi, silentFraction } = accumulator.result(777_000).get('inh')!;
  expect(cvIsi).toEqual({ mean: 0, median: 0, neurons: 1 });
  expect(silentFraction).toBe(0.5);
});

test('before its window has begun there is nothing to say', () => {
  const accumulator = new SpikeAccumulator(RANGES, { dt: DT, firstStep: 100 });
  add(accumulator, [{ step: 3, neuron: 0 }]);
  const { meanRate, silentFraction, populationRateSd, pairwiseCorrelation } = accumulator
    .result(50)
    .get('exc')!;
  for (const value of [meanRate, silentFraction, populationRateSd, pairwiseCorrelation])
    expect(value).toBeNaN();
});
