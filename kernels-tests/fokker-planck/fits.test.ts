/** Fits find the parameters of responses that are exactly of their form, whatever these are, and the best of others. */
import { describe, expect, test } from 'vitest';
import { ExponentialFit } from '../../src/fokker-planck/fit-exponential.ts';
import { fitOscillation } from '../../src/fokker-planck/fit-oscillation.ts';
import { noiseRegime, tableFrequencies } from '../../src/fokker-planck/frequencies.ts';
import { ALN_NEURON } from '../../src/models/eif.ts';
import { draws } from '../draws.ts';
import { add, type Complex, over, scaled, times } from '../twins/response.ts';

const regimes = ['weak', 'middle', 'strong'] as const;

/** Transform of exp(-t / tau) cos(2 pi f0 t) over its value at frequency 0, as the sum of its two poles. */
function oscillation(tau: number, f0: number, hertz: number): Complex {
  const pole = (f: number): Complex => over([1, 0], [1, 2e-3 * Math.PI * tau * f]);
  return scaled(add(pole(hertz - f0), pole(hertz + f0)), (1 + (2e-3 * Math.PI * f0 * tau) ** 2) / 2);
}

describe.each(regimes)('frequencies under %s noise', (regime) => {
  const { hertz, weight } = tableFrequencies(regime);

  test('come in fours and cover the band once', () => {
    expect(hertz.length % 4).toBe(0);
    let edge = 0.125;
    for (let k = 2; k < hertz.length; k++) {
      expect(hertz[k]! - weight[k]! / 2).toBeCloseTo(edge, 9);
      edge = hertz[k]! + weight[k]! / 2;
    }
    expect(edge).toBeCloseTo(1000.125, 9);
  });

  test('an exponential is found again', () => {
    const fit = new ExponentialFit({ hertz, weight });
    for (const tau of [0.002, 0.0417, 0.3, 1, 7.7, 35, 300]) {
      const x = [...hertz].map((each) => over([1, 0], [1, 2e-3 * Math.PI * each * tau]));
      const found = fit.fit(
        Float64Array.from(x, ([re]) => re),
        Float64Array.from(x, ([, im]) => im),
      );
      expect(found / tau, `tau ${tau} ms`).toBeCloseTo(1, 4);
    }
  });

  test('of a sum of two exponentials, as good a one as any', () => {
    const fit = new ExponentialFit({ hertz, weight });
    const { between } = draws(17);
    for (let trial = 0; trial < 10; trial++) {
      const [slow, fast, part] = [between(5, 40), between(0.1, 3), between(0.2, 0.9)];
      const lag = (tau: number, f: number) => over([1, 0], [1, 2e-3 * Math.PI * f * tau] as Complex);
      const x = [...hertz].map((f) => add(scaled(lag(slow, f), part), scaled(lag(fast, f), 1 - part)));
      const error = (tau: number) =>
        x.reduce((sum, value, k) => {
          const [re, im] = add(value, scaled(lag(tau, hertz[k]!), -1));
          return sum + weight[k]! * (re * re + im * im);
        }, 0);
      const found = fit.fit(
        Float64Array.from(x, ([re]) => re),
        Float64Array.from(x, ([, im]) => im),
      );
      const searched = Array.from({ length: 2000 }, (_, k) => 0.05 * 1e3 ** (k / 1999));
      expect(error(found)).toBeLessThanOrEqual(Math.min(...searched.map(error)) * (1 + 1e-9));
    }
  });

  test('an undefined response has no time constant', () => {
    const nothing = new Float64Array(hertz.length).fill(Number.NaN);
    expect(new ExponentialFit({ hertz, weight }).fit(nothing, nothing)).toBeNaN();
  });
});

describe('damped oscillations', () => {
  test('are found again', () => {
    for (const [tau, f0] of [
      [20, 40],
      [3, 60],
      [14, 170],
      [1.5, 100],
      [30, 5],
    ] as const) {
      const value = (hertz: number) => {
        const [re, im] = oscillation(tau, f0, hertz);
        return { hertz, re, im };
      };
      const found = fitOscillation(value(f0), value(f0 + 1000 / (2 * Math.PI * tau)));
      expect(found.tau / tau, `tau ${tau}`).toBeCloseTo(1, 4);
      expect(found.f0 / f0, `f0 ${f0}`).toBeCloseTo(1, 4);
    }
  });

  test('a plain decay does not oscillate', () => {
    const value = (hertz: number) => {
      const [re, im] = times([1, 0], over([1, 0], [1, 2e-3 * Math.PI * hertz * 12]));
      return { hertz, re, im };
    };
    const found = fitOscillation(value(0.25), value(13));
    expect(found.f0).toBe(0);
    expect(found.tau).toBeCloseTo(12, 3);
  });

  test('an undefined response has none', () => {
    const nothing = { hertz: 1, re: Number.NaN, im: Number.NaN };
    expect(fitOscillation(nothing, nothing)).toEqual({ tau: Number.NaN, f0: Number.NaN });
  });
});

test('regimes follow the noise in units of the neuron', () => {
  expect([0.5, 1, 1.2, 2.2, 2.3, 5].map((sigma) => noiseRegime(ALN_NEURON, sigma))).toEqual([
    'weak',
    'weak',
    'middle',
    'middle',
    'strong',
    'strong',
  ]);
});
