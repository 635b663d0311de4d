import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isiVariation,
  pairwiseCorrelation,
  populationRate,
  singleRates,
  spikeCounts,
  spikeStatistics,
} from '../../src/analysis/spike-statistics.ts';
import { stepTime } from '../../src/analysis/spike-windows.ts';
import { InputError } from '../../src/errors.ts';
import {
  anySpikes,
  binned,
  deviation,
  expectAllClose,
  expectClose,
  meanCorrelation,
  variations,
} from './brute-force.ts';

describe('values worked out by hand', () => {
  // Neuron 0 fires at 0, 10, 30, 40, 60, 70 ms, neuron 1 at 45 ms, neuron 2 never.
  const spikes = { size: 3, times: [0, 10, 30, 40, 45, 60, 70], neurons: [0, 0, 0, 0, 1, 0, 0] };

  test('rates', () => {
    const statistics = spikeStatistics(spikes, { t0: 0, t1: 100 });
    expect(statistics.meanRate).toBeCloseTo(70 / 3, 12);
    // Rates 60, 10, 0 Hz.
    expect(statistics.rateSd).toBeCloseTo(Math.sqrt((60 ** 2 + 10 ** 2) / 3 - (70 / 3) ** 2), 12);
    expect(statistics.silentFraction).toBeCloseTo(1 / 3, 12);
    expectAllClose(statistics.ratePercentiles, [1, 5, 10, 35, 55], 1e-9);
  });

  test('irregularity: intervals 10, 20, 10, 20, 10', () => {
    const cv = Math.sqrt(30) / 14;
    expect(spikeStatistics(spikes, { t0: 0, t1: 100 }).cvIsi).toEqual({ mean: cv, median: cv, neurons: 1 });
    // Without the first spike four intervals are left: too few.
    expect(spikeStatistics(spikes, { t0: 1, t1: 100 }).cvIsi).toEqual({ mean: NaN, median: NaN, neurons: 0 });
    expect(isiVariation(spikes, { t0: 1, t1: 100 }, 4)).toHaveLength(1);
  });

  test('the window takes its start and leaves its end', () => {
    expect([...spikeCounts(spikes, { t0: 10, t1: 60 })]).toEqual([3, 1, 0]);
    // Step times in floating point: a little more and a little less than what they stand for.
    const odd = { size: 1, times: [0.1 * 3, 1497 * 0.1, 500 - 6e-14], neurons: [0, 0, 0] };
    expect(odd.times.map((time, i) => time - [0.3, 149.7, 500][i]).map(Math.sign)).toEqual([1, 1, -1]);
    expect([...spikeCounts(odd, { t0: 0.3, t1: 149.7 })]).toEqual([1]);
    expect([...spikeCounts(odd, { t0: 149.7, t1: 500 })]).toEqual([1]);
    expect([...spikeCounts(odd, { t0: 500, t1: 501 })]).toEqual([1]);
    expect([...populationRate(odd, { t0: 0, t1: 505 }, 5)].at(-1)).toBe(200);
  });

  test('population rate: 1 spike of 3 neurons in 10 ms is 33.3 Hz; the broken bin at the end is left out', () => {
    const rate = populationRate(spikes, { t0: 0, t1: 78 }, 10);
    expect(Array.from(rate, (value) => Math.round(value * 0.03))).toEqual([1, 1, 0, 1, 2, 0, 1]);
    expect(rate[0]).toBeCloseTo(100 / 3, 12);
  });

  test('correlation of twins is 1, of neurons that take turns -1', () => {
    const twins = { size: 2, times: [1, 1, 11, 11, 12, 12], neurons: [0, 1, 0, 1, 0, 1] };
    expect(pairwiseCorrelation(twins, { t0: 0, t1: 20 })).toBeCloseTo(1, 12);
    const turns = { size: 2, times: [1, 6, 11, 16], neurons: [0, 1, 0, 1] };
    expect(pairwiseCorrelation(turns, { t0: 0, t1: 20 })).toBeCloseTo(-1, 12);
    expect(pairwiseCorrelation({ size: 2, times: [1], neurons: [0] }, { t0: 0, t1: 20 })).toBeNaN();
  });

  test('a window that ends before it starts', () => {
    expect(() => singleRates(spikes, { t0: 5, t1: 5 })).toThrow(InputError);
  });
});

test('agree with their definitions for any spikes', () => {
  const size = 5;
  const steps = 90;
  const window = fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 50 }));
  fc.assert(
    fc.property(
      anySpikes(size, steps),
      window,
      fc.integer({ min: 1, max: 12 }),
      (spikes, [first, length], bin) => {
        const dt = 0.1;
        const end = first + length;
        const found = spikeStatistics(
          {
            size,
            times: spikes.map(({ step }) => stepTime(step, dt)),
            neurons: spikes.map(({ neuron }) => neuron),
          },
          { t0: first * dt, t1: end * dt },
          { bin: bin * dt, minIntervals: 2 },
        );
        const rates = Array.from({ length: size }, (_, i) => {
          const own = spikes.filter(({ step, neuron }) => neuron === i && step >= first && step < end);
          return own.length / (length * dt * 0.001);
        });
        expectClose(found.meanRate, rates.reduce((a, b) => a + b) / size, 1e-6);
        expectClose(found.rateSd, deviation(rates, 0), 1e-6);
        expectClose(found.silentFraction, rates.filter((rate) => rate === 0).length / size, 1e-12);
        const cv = variations(spikes, size, first, end, 2);
        expect(found.cvIsi.neurons).toBe(cv.length);
        expectClose(found.cvIsi.mean, cv.reduce((a, b) => a + b, 0) / cv.length, 1e-9);
        const counts = binned(spikes, size, first, end, bin);
        const summed = counts[0].map((_, b) => counts.reduce((total, own) => total + own[b], 0));
        const perCount = 1000 / (size * bin * dt);
        expectClose(found.populationRateSd, deviation(summed, 0) * perCount, 1e-6);
        expectClose(found.pairwiseCorrelation, meanCorrelation(counts), 1e-9);
      },
    ),
  );
});

test('independent Poisson neurons: CV 1, correlation 0, as theory says', () => {
  let state = 1;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  const size = 40;
  const spikes: { time: number; neuron: number }[] = [];
  for (let neuron = 0; neuron < size; neuron++) {
    let time = -20 * Math.log(random());
    while (time < 20_000) {
      spikes.push({ time, neuron });
      time += -20 * Math.log(random());
    }
  }
  spikes.sort((a, b) => a.time - b.time);
  const found = spikeStatistics(
    { size, times: spikes.map(({ time }) => time), neurons: spikes.map(({ neuron }) => neuron) },
    { t0: 0, t1: 20_000 },
  );
  expect(found.meanRate).toBeCloseTo(50, 0);
  // Standard error of a CV over 1000 intervals is about 0.03, of the mean of 40 of them 0.005.
  expect(Math.abs(found.cvIsi.mean - 1)).toBeLessThan(0.02);
  // Over 4000 bins and 780 pairs: 0.0006.
  expect(Math.abs(found.pairwiseCorrelation)).toBeLessThan(0.003);
  // Poisson counts: SD of the rate is sqrt(rate / (size x bin)).
  expect(found.populationRateSd / Math.sqrt(50 / (size * 0.005))).toBeCloseTo(1, 1);
});
