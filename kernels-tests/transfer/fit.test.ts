/**
 * Fits: what a template has produced is found again, low rates are not sacrificed, uncertainty means what it says, and data
 * that cannot be fitted are refused with the reason.
 */
import { describe, expect, test } from 'vitest';
import type { TransferData } from '../../src/transfer/data.ts';
import { fitTransferFunction } from '../../src/transfer/fit.ts';
import { thresholdOf } from '../../src/transfer/fit-points.ts';
import { type Template, templateDerivatives } from '../../src/transfer/template.ts';
import { draws } from '../draws.ts';
import { twinRate } from '../twins/template.ts';
import { cellOf, config1, dataOf, someCoefficients } from './neurons.ts';

const template: Template = {
  cell: cellOf('RS-cell'),
  input: config1,
  formula: 'corrected',
  coefficients_mV: someCoefficients,
};
const grid = { nu_e: [0, 1, 2, 3, 4, 6, 8, 10, 13], nu_i: [0, 2, 4, 7, 10, 14, 18] };
const normal = (seed: number) => {
  const { uniform } = draws(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
};
const dataFrom = (from: Template, noise = (_: number) => 0) =>
  dataOf(from, (nu_e, nu_i) => twinRate(from, nu_e, nu_i), { ...grid, noise });

describe('data that a template has produced', () => {
  test.each([
    ['corrected', 'relative', false],
    ['corrected', 'plain', false],
    ['as-published', 'relative', false],
    ['corrected', 'relative', true],
  ] as const)('%s, %s weights, linear: %s', (formula, weighting, linear) => {
    const from = { ...template, formula, coefficients_mV: someCoefficients.slice(0, linear ? 5 : 11) };
    const found = fitTransferFunction(dataFrom(from), { formula, weighting, linear });
    // The weak hold on coefficients leaves a trace, far below any measurement's error.
    expect(found.report!.rms_hz).toBeLessThan(linear ? 1e-3 : 1e-2);
    expect(found.report!.converged).toBe(true);
    expect(found.coefficients_mV.length).toBe(linear ? 5 : 11);
    expect(found.formula).toBe(formula);
    // Between the points as well.
    expect(Math.abs(found.rate(5, 5.5) - twinRate(from, 5, 5.5))).toBeLessThan(0.02);
    // The linear template reaches its end, 1/tau_V, at the strongest excitation.
    expect(found.report!.points + found.report!.points_too_fast).toBe(63);
    expect(found.points!.rate.length).toBe(found.report!.points);
  });

  test('the threshold of a rate is the template solved for it', () => {
    const { coefficients_mV: _, ...membrane } = template;
    const fitted = fitTransferFunction(dataFrom(template));
    for (const [nu_e, nu_i] of [
      [4, 4],
      [8, 10],
    ] as const) {
      const moments = fitted.moments(nu_e, nu_i);
      const threshold = thresholdOf(fitted.rate(nu_e, nu_i), moments);
      expect(threshold).toBeCloseTo(fitted.threshold(nu_e, nu_i), 8);
    }
    const moments = { mu_V: -60, sigma_V: 3, tau_V: 10, mu_G: 20 };
    expect(thresholdOf(0, moments)).toBeNaN();
    expect(thresholdOf(100, moments)).toBeNaN();
    // Half of the time above threshold: threshold and mean are the same.
    expect(thresholdOf(50, moments)).toBeCloseTo(-60, 12);
    expect(membrane.formula).toBe('corrected');
  });

  test('its derivatives are those of the template that it is', () => {
    const found = fitTransferFunction(dataFrom(template));
    expect(found.derivatives(4, 6)).toEqual(templateDerivatives(found, 4, 6));
    expect(found.derivatives(4, 6).rate).toBeCloseTo(found.rate(4, 6), 12);
  });
});

describe('uncertainty', () => {
  test('predictions scatter over noisy measurements by their stated SD', () => {
    const at = [
      [3, 2],
      [5, 6],
      [9, 12],
    ] as const;
    // Silent where a measurement would be, else 0.1 Hz of noise.
    const silent = (rate: number) => rate < 0.3;
    const fits = Array.from({ length: 40 }, (_, seed) => {
      const { rate } = dataFrom(template);
      const next = normal(seed + 1);
      const noise = (index: number) => (silent(rate[index]!) ? -rate[index]! : 0.1 * next());
      return fitTransferFunction(dataFrom(template, noise), { weighting: 'plain' });
    });
    for (const [nu_e, nu_i] of at) {
      const rates = fits.map((fit) => fit.rate(nu_e, nu_i));
      const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
      const sd = Math.sqrt(rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / (rates.length - 1));
      const stated = Math.sqrt(
        fits.reduce((sum, fit) => sum + fit.rateSD(nu_e, nu_i)! ** 2, 0) / fits.length,
      );
      // An SD of 40 values is itself good to 11 %.
      expect(sd / stated, `at ${nu_e}, ${nu_i} Hz`).toBeGreaterThan(0.6);
      expect(sd / stated, `at ${nu_e}, ${nu_i} Hz`).toBeLessThan(1.5);
      expect(Math.abs(mean - twinRate(template, nu_e, nu_i))).toBeLessThan(
        4 * (stated / Math.sqrt(40)) + 0.02,
      );
    }
  });

  test('outside the points that were fitted, the fit says so and is less sure', () => {
    const next = normal(99);
    const fit = fitTransferFunction(dataFrom(template, () => 0.2 * next()));
    const inside = [
      [4, 4],
      [0, 0],
      [13, 18],
      [13, 0],
      [6.5, 18],
    ] as const;
    const outside = [
      [13.01, 4],
      [4, 18.01],
      [20, 0],
      [13, 60],
    ] as const;
    for (const [nu_e, nu_i] of inside) expect(fit.extrapolates(nu_e, nu_i), `${nu_e}, ${nu_i}`).toBe(false);
    for (const [nu_e, nu_i] of outside) expect(fit.extrapolates(nu_e, nu_i), `${nu_e}, ${nu_i}`).toBe(true);
    const { mu_V } = fit.report!.range;
    expect(mu_V[0]).toBeCloseTo(fit.moments(0, 18).mu_V, 9);
    expect(mu_V[1]).toBeCloseTo(fit.moments(13, 0).mu_V, 9);
    expect(fit.rateSD(16, 2)!).toBeGreaterThan(fit.rateSD(4, 4)!);
  });
});

describe('weights', () => {
  test('relative ones serve the low rates, plain ones the mean square', () => {
    // A curve that no template follows: 8 % off, up and down along nu_e.
    const bent = dataOf(template, (e, i) => twinRate(template, e, i) * (1 + 0.08 * Math.sin(2 * e)), grid);
    const relative = fitTransferFunction(bent).report!;
    const plain = fitTransferFunction(bent, { weighting: 'plain' }).report!;
    expect(plain.mse_hz2).toBeLessThan(relative.mse_hz2);
    expect(relative.rms_below_5hz!).toBeLessThan(0.9 * plain.rms_below_5hz!);
    const data = fitTransferFunction(bent).points!;
    const square = data.residual.reduce((sum, miss) => sum + miss * miss, 0) / data.residual.length;
    expect(relative.mse_hz2).toBeCloseTo(square, 12);
    expect(relative.rms_hz).toBeCloseTo(Math.sqrt(square), 12);
  });
});

describe('data that cannot be fitted', () => {
  const broken = (change: (data: TransferData) => void) => {
    const data = dataFrom(template);
    change(data);
    return () => fitTransferFunction(data);
  };

  test.each<[string, (data: TransferData) => void, RegExp]>([
    [
      'silence',
      (data) => data.rate.fill(0),
      /^RS-cell: none of the 63 points has a single spike, and silence says nothing of where the threshold is: measure at higher nu_e or lower nu_i, or for longer$/,
    ],
    [
      'too few points',
      (data) => data.rate.fill(0).set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
      /^RS-cell: 11 of the 63 points that can be fitted have a rate above 0, but 11 coefficients need at least 12: measure more points where the cell begins to fire, or fit the 5 coefficients of the linear form$/,
    ],
    [
      'a rate that is not a number',
      (data) => data.rate.fill(Number.NaN, 12, 13),
      /^RS-cell: rate is NaN at point 12 \(nu_e 3 Hz, nu_i 2 Hz\), but must be a number not below 0: measure that point again$/,
    ],
    ['a negative input rate', (data) => data.nu_e.fill(-1, 0, 1), /^RS-cell: nu_e is -1 at point 0 /],
    [
      'an SD that is not a number',
      (data) => data.rate_sd.fill(Number.NaN, 3, 4),
      /^RS-cell: rate_sd is NaN at point 3 /,
    ],
    [
      'lists of another length',
      (data) => Object.assign(data, { nu_i: data.nu_i.slice(1) }),
      /^RS-cell: nu_i holds 62 numbers but the grid has 7 x 9 points: measure it again$/,
    ],
    [
      'impossible rates',
      (data) => data.rate.fill(1e4),
      /^RS-cell: 0 of the 0 points that can be fitted have a rate above 0 \(63 more fire faster than 1\/tau_V, which no threshold gives\), but 11 coefficients need at least 12: /,
    ],
  ])('%s', (_name, change, sentence) => {
    expect(broken(change)).toThrow(sentence);
  });

  test('points above a highest rate are left out, and must leave enough', () => {
    const data = dataFrom(template);
    // One point that is far off, as where a cell's refractoriness caps its rate.
    const top = data.rate.reduce((most, rate) => Math.max(most, rate));
    data.rate[data.rate.indexOf(top)] = 0.5 * top + 60;
    const below = fitTransferFunction(data, { maxRate: 60 });
    expect(below.report!.points + below.report!.points_left_out).toBe(63);
    expect(below.report!.points_left_out).toBeGreaterThan(0);
    expect(below.points!.rate.every((rate) => rate <= 60)).toBe(true);
    expect(below.report!.rms_hz).toBeLessThan(1e-2);
    expect(fitTransferFunction(data).report!.rms_hz).toBeGreaterThan(0.1);
    data.rate.fill(0).set(Array.from({ length: 20 }, (_, index) => index));
    expect(() => fitTransferFunction(data, { maxRate: 5 })).toThrow(
      /^RS-cell: 5 of the 49 points of at most 5 Hz that can be fitted have a rate above 0, but 11 coefficients need at least 12: /,
    );
    expect(() => fitTransferFunction(data, { maxRate: 0 })).toThrow(
      'the highest rate to be fitted is 0 Hz, but must be above 0 Hz',
    );
  });

  test('points faster than 1/tau_V are left out, counted, and do no harm', () => {
    const data = dataFrom(template);
    const fast = [...data.rate.keys()].filter((index) => data.nu_i[index] === 0 && data.nu_e[index]! >= 8);
    for (const index of fast) data.rate[index] = 400;
    const { report, points } = fitTransferFunction(data);
    expect(report!.points_too_fast).toBe(3);
    expect(report!.points).toBe(60);
    expect(points!.rate.includes(400)).toBe(false);
    expect(report!.rms_hz).toBeLessThan(1e-2);
  });

  test('one repeat has no SD, and needs none', () => {
    const data = dataFrom(template);
    data.rate_sd.fill(Number.NaN);
    data.settings = { ...data.settings, repeats: 1 };
    expect(fitTransferFunction(data).report!.rms_hz).toBeLessThan(1e-2);
  });
});
