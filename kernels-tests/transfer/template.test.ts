/**
 * Moments and template in double precision against their twin in SI units: values to 1e-9 of themselves, gradient and Hessian
 * to 1e-5 of Richardson-extrapolated differences of the twin (which themselves are good to about 1e-7).
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { templateDerivatives } from '../../src/transfer/template.ts';
import { membraneMoments } from '../../src/transfer/theory.ts';
import { twinMoments, twinRate } from '../twins/template.ts';
import { derivatives } from './differences.ts';
import { anyRate, anyTemplate, cellOf, config1, someCoefficients } from './neurons.ts';

const near = (found: number, expected: number, tolerance: number) =>
  Math.abs(found - expected) <= tolerance * Math.abs(expected);

test('moments are those of the twin, whatever the neuron', () => {
  fc.assert(
    fc.property(anyTemplate, anyRate, anyRate, (template, nu_e, nu_i) => {
      const { cell, input, formula } = template;
      const found = membraneMoments(cell, input, nu_e, nu_i, formula);
      const expected = twinMoments(template, nu_e, nu_i);
      expect(near(found.mu_V, 1e3 * expected.mu_V, 1e-9)).toBe(true);
      expect(near(found.sigma_V, 1e3 * expected.sigma_V, 1e-9)).toBe(true);
      expect(near(found.tau_V, 1e3 * expected.tau_V, 1e-9)).toBe(true);
      expect(near(found.mu_G, 1e9 * expected.mu_G, 1e-9)).toBe(true);
    }),
  );
});

test('rate, gradient and Hessian are those of the twin', () => {
  let compared = 0;
  fc.assert(
    fc.property(anyTemplate, anyRate, anyRate, (template, nu_e, nu_i) => {
      const { rate, gradient, hessian } = templateDerivatives(template, nu_e, nu_i);
      const expected = twinRate(template, nu_e, nu_i);
      if (expected < 1e-9) {
        expect(rate).toBeLessThan(1e-8);
        return;
      }
      expect(near(rate, expected, 1e-8)).toBe(true);
      const f = (x: number, y: number) => twinRate(template, x, y);
      const numeric = derivatives(f, nu_e, nu_i, 0.02 * nu_e, 0.02 * nu_i);
      // Differences near a turning point carry the rounding of the rate itself.
      const least = [1, 1, 100, 100, 100].map(
        (factor) => (1e-10 * factor * expected) / Math.min(nu_e, nu_i) ** 2,
      );
      const sizes = [0, 0, 1, 1, 1].map((second) =>
        Math.hypot(...(second ? numeric.slice(2) : numeric.slice(0, 2))),
      );
      [...gradient, ...hessian].forEach((found, index) => {
        const error = Math.abs(found - numeric[index]!);
        expect(error, `derivative ${index}`).toBeLessThan(1e-5 * sizes[index]! + 10 * least[index]!);
      });
      compared++;
    }),
    { numRuns: 300 },
  );
  expect(compared).toBeGreaterThan(50);
});

describe('limits', () => {
  const template = {
    cell: cellOf('RS-cell'),
    input: config1,
    formula: 'corrected' as const,
    coefficients_mV: someCoefficients,
  };

  test('without input the membrane rests, fires never, and nothing is NaN', () => {
    const { mu_V, sigma_V, tau_V, mu_G } = membraneMoments(template.cell, config1, 0, 0);
    expect([mu_V, sigma_V, mu_G]).toEqual([-65, 1e-9, 10]);
    // Each event lasts tau_m + tau_s whatever its size: 20 ms + 5 ms.
    expect(tau_V).toBeCloseTo(25, 9);
    expect(templateDerivatives(template, 0, 0)).toEqual({ rate: 0, gradient: [0, 0], hessian: [0, 0, 0] });
    for (const [nu_e, nu_i] of [
      [0, 10],
      [1e-12, 0],
      [1e-300, 5],
    ] as const) {
      const { rate, gradient, hessian } = templateDerivatives(template, nu_e, nu_i);
      for (const each of [rate, ...gradient, ...hessian]) expect(Number.isFinite(each)).toBe(true);
    }
  });

  test('with equal decay times tau_V is tau_m + tau_s, and the formulas differ in sigma_V alone', () => {
    const correct = membraneMoments(template.cell, config1, 4, 8);
    const published = membraneMoments(template.cell, config1, 4, 8, 'as-published');
    expect(correct.tau_V).toBeCloseTo(200 / correct.mu_G + 5, 9);
    expect(published.tau_V).toBeCloseTo(correct.tau_V, 9);
    expect(published.mu_V).toBe(correct.mu_V);
    expect(published.sigma_V / correct.sigma_V).toBeCloseTo(0.627, 3);
  });
});
