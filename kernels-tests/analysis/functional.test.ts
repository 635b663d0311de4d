/** Functional analysis against values of numpy and scipy (scipy-values.json), and its laws on random input. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  functionalConnectivity,
  pearson,
  upperTriangle,
  weightedCorrelation,
  zScores,
} from '../../src/analysis/correlation.ts';
import { analyticSignal, hilbertEnvelope, hilbertPhase } from '../../src/analysis/envelope.ts';
import { fcDynamics } from '../../src/analysis/fc-dynamics.ts';
import { fourier, fourierOfReal } from '../../src/analysis/fourier.ts';
import { kolmogorovDistance } from '../../src/analysis/kolmogorov.ts';
import { findPeaks } from '../../src/analysis/peaks.ts';
import { smoothed } from '../../src/analysis/smooth.ts';
import { meanPowerSpectrum, powerSpectrum, welch } from '../../src/analysis/spectrum.ts';
import { kuramotoOrder, peakPhases } from '../../src/analysis/synchrony.ts';
import { InputError } from '../../src/errors.ts';

const scipy = JSON.parse(readFileSync(new URL('scipy-values.json', import.meta.url), 'utf8')) as Record<
  string,
  number[]
> & { weighted: number; ks: number; ks_ties: number };
const series = Float64Array.from(scipy.series!);
const row = (index: number, length = 37) => series.slice(37 * index, 37 * index + length);

function close(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12): void {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs));
  for (let k = 0; k < expected.length; k++)
    expect(Math.abs(actual[k]! - expected[k]!), `value ${k}`).toBeLessThan(tolerance * scale);
}

describe('against numpy and scipy', () => {
  test('correlations', () => {
    close(functionalConnectivity(series, 3), scipy.corrcoef!);
    expect(pearson(row(0), row(2))).toBeCloseTo(scipy.corrcoef![2]!, 13);
    expect(weightedCorrelation(row(0), row(1), scipy.weights!)).toBeCloseTo(scipy.weighted, 13);
    close(zScores(series, 3), scipy.zscore!);
  });

  test('Fourier transforms of any length', () => {
    const seven = fourierOfReal(row(0, 7));
    close([...seven.re, ...seven.im], [...scipy.fft7_re!, ...scipy.fft7_im!]);
    const power = fourierOfReal(row(1, 32));
    close([...power.re, ...power.im], [...scipy.fft32_re!, ...scipy.fft32_im!]);
  });

  test('analytic signals of odd and even length', () => {
    const signals = [0, 1, 2].map((region) => analyticSignal(row(region)));
    close(
      signals.flatMap(({ re }) => [...re]),
      scipy.hilbert_re!,
    );
    close(
      signals.flatMap(({ im }) => [...im]),
      scipy.hilbert_im!,
    );
    const even = Float64Array.from([0, 1, 2].flatMap((region) => [...row(region, 36)]));
    close(hilbertEnvelope(even, 3), scipy.envelope_36!);
    close(hilbertPhase(even, 3), scipy.phase_36!);
  });

  test('Kolmogorov distances, with ties', () => {
    expect(kolmogorovDistance(scipy.sample_a!, scipy.sample_b!)).toBeCloseTo(scipy.ks, 14);
    expect(kolmogorovDistance(scipy.ties_a!, scipy.ties_b!)).toBeCloseTo(scipy.ks_ties, 14);
  });

  test('peaks', () => {
    expect(findPeaks(scipy.wave!)).toEqual(scipy.peaks);
    expect(findPeaks(scipy.wave!, { distance: 7 })).toEqual(scipy.peaks_apart);
    expect(findPeaks(scipy.wave!, { distance: 5, prominence: 2.5 })).toEqual(scipy.peaks_prominent);
    expect(findPeaks([0, 2, 2, 2, 1, 3, 3, 3])).toEqual([2]);
  });

  test('spectra and smoothing', () => {
    const density = welch(scipy.wave!, { dt: 0.5, segment: 32 });
    close(density.frequencies, scipy.welch_f!);
    close(density.power, scipy.welch!);
    const odd = welch(scipy.wave!, { dt: 0.5, segment: 25, scaling: 'spectrum' });
    close(odd.frequencies, scipy.welch_spectrum_f!);
    close(odd.power, scipy.welch_spectrum!);
    close(smoothed(scipy.wave!.slice(0, 20), 1.7), scipy.gaussian!);
    close(smoothed(scipy.wave!.slice(0, 5), 4), scipy.gaussian_wide!);
  });
});

describe('laws', () => {
  const numbers = (length: number) =>
    fc
      .array(fc.integer({ min: -1e5, max: 1e5 }), { minLength: length, maxLength: length })
      .map((values) => values.map((value) => value / 100));

  test('a transform and its inverse give the series back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }).chain(numbers), (values) => {
        const back = fourier(fourierOfReal(values), true);
        values.forEach((value, k) => {
          expect(back.re[k]).toBeCloseTo(value, 8);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('correlations do not see shift and scale, and lie within 1', () => {
    fc.assert(
      fc.property(numbers(24), fc.double({ min: 0.1, max: 10, noNaN: true }), (values, scale) => {
        const given = Float64Array.from(values);
        const moved = given.map((value) => scale * value + 5);
        const [a, b] = [functionalConnectivity(given, 3), functionalConnectivity(moved, 3)];
        for (let k = 0; k < 9; k++) {
          expect(Number.isNaN(b[k]!)).toBe(Number.isNaN(a[k]!));
          if (Number.isNaN(a[k]!)) continue;
          expect(Math.abs(a[k]!)).toBeLessThanOrEqual(1);
          expect(b[k]).toBeCloseTo(a[k]!, 9);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a region that does not vary has no correlation and no z-score', () => {
    const flat = Float64Array.from([0.1, 0.1, 0.1, 1, 2, 4]);
    const matrix = functionalConnectivity(flat, 2);
    expect([...matrix].map(Number.isNaN)).toEqual([true, true, true, false]);
    expect(zScores(flat, 2).slice(0, 3).every(Number.isNaN)).toBe(true);
    expect(pearson([2, 2, 2], [1, 2, 3])).toBeNaN();
  });

  test('a sine has its power where it is, split by no other frequency', () => {
    const sine = Float64Array.from({ length: 4000 }, (_, k) => 3 * Math.sin((2 * Math.PI * 40 * k) / 1000));
    const { frequencies, power } = powerSpectrum(sine, 1);
    expect(frequencies[power.indexOf(Math.max(...power))]).toBe(40);
    expect(power[40]).toBeCloseTo(4.5, 6);
    expect(frequencies.at(-1)).toBe(69);
    const two = Float64Array.from([...sine, ...new Float64Array(4000)]);
    expect(meanPowerSpectrum(two, 2, 1).power[40]).toBeCloseTo(2.25, 6);
  });

  test('the envelope of a modulated wave is its modulation', () => {
    const amplitude = (k: number) => 2 + Math.sin((2 * Math.PI * k) / 500);
    const wave = Float64Array.from(
      { length: 1000 },
      (_, k) => amplitude(k) * Math.cos((2 * Math.PI * k) / 20),
    );
    hilbertEnvelope(wave, 1).forEach((value, k) => {
      expect(value).toBeCloseTo(amplitude(k), 6);
    });
  });

  test('order is 1 in step and 0 in opposition', () => {
    const together = Float64Array.from([0, 1, 2, 0, 1, 2]);
    expect([...kuramotoOrder(together, 2)]).toEqual([1, 1, 1]);
    const opposed = Float64Array.from([0, 1, Math.PI, 1 + Math.PI]);
    for (const value of kuramotoOrder(opposed, 2)) expect(value).toBeCloseTo(0, 12);
  });
});

describe('bad input', () => {
  test('is refused in a sentence', () => {
    expect(() => functionalConnectivity(new Float64Array(7), 2)).toThrow(InputError);
    expect(() => functionalConnectivity(new Float64Array(2), 2)).toThrow(/at least two samples/);
    expect(() => functionalConnectivity(new Float64Array(8), 2, { first: 3, samples: 2 })).toThrow(/within/);
    expect(() => fcDynamics(new Float64Array(62), 2)).toThrow(/31 samples hold fewer than two windows of 30/);
    expect(() => fcDynamics(new Float64Array(80), 2, { window: 1 })).toThrow(/at least 2 samples/);
    expect(() => upperTriangle([1, 2, 3], 2)).toThrow(/2 x 2/);
    expect(() => kolmogorovDistance([], [1])).toThrow(/at least one value/);
    expect(() => peakPhases(new Float64Array(50), 1)).toThrow(/no peak/);
    expect(() => welch([1, 2, 3], { dt: 0, segment: 2 })).toThrow(/above 0/);
    expect(() => welch([1], { dt: 1, segment: 2 })).toThrow(/two samples/);
  });
});
