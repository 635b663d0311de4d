/** The judges of statistical tests, against values of tables and against plain sums. */
import { expect, test } from 'vitest';
import { draws } from './draws.ts';
import {
  binomialPmf,
  chiSquaredTail,
  chiSquaredTest,
  logGamma,
  normalTails,
  poissonPmf,
  uniformityTest,
} from './statistics.ts';

test('log Gamma', () => {
  expect(logGamma(1)).toBeCloseTo(0, 13);
  expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 13);
  let logFactorial = 0;
  for (let n = 1; n <= 170; n++) {
    logFactorial += Math.log(n);
    expect(Math.abs(logGamma(n + 1) - logFactorial)).toBeLessThan(1e-13 * Math.max(1, logFactorial));
  }
});

test('tails of tables', () => {
  // Abramowitz and Stegun, table 26.8 and 26.1.
  expect(chiSquaredTail(3.84145882, 1)).toBeCloseTo(0.05, 8);
  expect(chiSquaredTail(18.3070381, 10)).toBeCloseTo(0.05, 8);
  expect(chiSquaredTail(2.15585648, 10)).toBeCloseTo(0.995, 8);
  expect(chiSquaredTail(149.449253, 100)).toBeCloseTo(0.001, 8);
  expect(normalTails(1.959963985)).toBeCloseTo(0.05, 8);
  // With two degrees of freedom the tail is exp(-x / 2); with many it is nearly 1/2 at the mean.
  for (const x of [0.1, 1, 4, 30]) expect(chiSquaredTail(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 12);
  expect(chiSquaredTail(100_000, 100_000)).toBeCloseTo(0.5, 2);
});

test('probabilities sum to 1 and have their mean', () => {
  const sums = (pmf: (k: number) => number, most: number) => {
    let [total, mean] = [0, 0];
    for (let k = 0; k <= most; k++) {
      total += pmf(k);
      mean += k * pmf(k);
    }
    return [total, mean];
  };
  for (const m of [0.01, 3, 400]) {
    const [total, mean] = sums((k) => poissonPmf(k, m), 1000);
    expect(total).toBeCloseTo(1, 10);
    expect(mean! / m).toBeCloseTo(1, 10);
  }
  const [total, mean] = sums((k) => binomialPmf(k, 50, 0.3), 50);
  expect(total).toBeCloseTo(1, 12);
  expect(mean).toBeCloseTo(15, 10);
});

test('tests of fair and of loaded draws', () => {
  const { uniform } = draws(1);
  const fair = Array.from({ length: 5000 }, uniform);
  expect(uniformityTest(fair)).toBeGreaterThan(0.01);
  expect(uniformityTest(fair.map((value) => value ** 1.1))).toBeLessThan(1e-4);
  expect(chiSquaredTest([480, 520], [500, 500])).toBeCloseTo(0.2059, 4);
  expect(chiSquaredTest([400, 600], [500, 500])).toBeLessThan(1e-9);
});
