/** From sums to mean, standard deviation and autocorrelation time, where the answer is known without the kernel. */
import { expect, test } from 'vitest';
import { averagesFor, potentialMoments, SUM_COUNT } from '../../src/transfer/moments.ts';
import { config1Input } from './measured.ts';

const dt = 0.05;
const averages = averagesFor(20, config1Input, dt);

/** The sums over a series, as the kernel makes them. */
function sumsOver(series: Iterable<number>): Float64Array {
  const sums = new Float64Array(SUM_COUNT);
  let [fast, slow] = [0, 0];
  for (const x of series) {
    sums[1]! += 1;
    sums[2]! += x;
    sums[3]! += x * x;
    sums[4]! += x * fast;
    sums[5]! += x * slow;
    fast += averages.weight.fast * (x - fast);
    slow += averages.weight.slow * (x - slow);
  }
  sums[6] = fast;
  sums[7] = slow;
  return sums;
}

/** White noise of mean 0: xorshift, fast enough for millions of steps. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32 - 0.5;
  };
}

/** Noise that forgets with tau_1, filtered with tau_2; its autocorrelation integrates to tau_1 + tau_2. */
function filteredNoise(tau_1: number, tau_2: number, steps: number, seed: number): Float64Array {
  const draw = noise(seed);
  const series = new Float64Array(steps);
  let [x, y] = [0, 0];
  const burnIn = 4000;
  for (let step = -burnIn; step < steps; step++) {
    x += -(dt / tau_1) * x + Math.sqrt(dt) * draw();
    y += (dt / tau_2) * (x - y);
    if (step >= 0) series[step] = 8 + y;
  }
  return series;
}

test('the slow average is four times as slow as the fast one, and as long as two memories of the membrane', () => {
  expect(averages.T).toEqual({ fast: 12.5, slow: 50 });
  expect(averages.weight.fast).toBeCloseTo(1 - Math.exp(-dt / 12.5), 12);
});

test.each([
  [10, 5],
  [20, 5],
  [2, 1],
  [4, 4.5],
])('tau_V of noise filtered with %d and %d ms is their sum', (tau_1, tau_2) => {
  const steps = 4_000_000;
  const found = potentialMoments(sumsOver(filteredNoise(tau_1, tau_2, steps, 3)), averages, -65, dt);
  // Three standard errors of 4/3 sqrt(2 T / duration) = 3 %.
  expect(Math.abs(found.tau_V / (tau_1 + tau_2) - 1)).toBeLessThan(0.09);
  expect(Math.abs(found.mu_V - (8 - 65))).toBeLessThan(
    4 * found.sigma_V * Math.sqrt((2 * (tau_1 + tau_2)) / (steps * dt)),
  );
});

test('it is the integral of the autocorrelation of that very series', () => {
  const series = filteredNoise(10, 5, 4_000_000, 9);
  const mean = series.reduce((a, b) => a + b, 0) / series.length;
  const every = 10;
  const lags = 200;
  const correlation = Array.from({ length: lags }, (_, lag) => {
    let sum = 0;
    for (let at = 0; at + lag * every < series.length; at += every)
      sum += (series[at]! - mean) * (series[at + lag * every]! - mean);
    return sum;
  });
  const integral = (correlation.reduce((a, b) => a + b, 0) / correlation[0]! - 0.5) * every * dt;
  const { tau_V, sigma_V } = potentialMoments(sumsOver(series), averages, 0, dt);
  // The noise of long lags, which each weighs in its way: 2 % of both.
  expect(Math.abs(tau_V / integral - 1)).toBeLessThan(0.06);
  const variance = series.reduce((sum, x) => sum + (x - mean) ** 2, 0) / series.length;
  expect(sigma_V).toBeCloseTo(Math.sqrt(variance), 9);
});

test('neurons are pooled', () => {
  const [a, b] = [sumsOver([1, 2, 3, 6]), sumsOver([5, 7])];
  const both = Float64Array.from([...a, ...b]);
  const { mu_V, sigma_V } = potentialMoments(both, averages, -70, dt);
  expect(mu_V).toBeCloseTo(-66, 12);
  expect(sigma_V).toBeCloseTo(Math.sqrt(124 / 6 - 16), 12);
});

test('where V does not vary there is no autocorrelation time', () => {
  expect(potentialMoments(sumsOver(new Array<number>(100).fill(0)), averages, -65, dt)).toEqual({
    mu_V: -65,
    sigma_V: 0,
    tau_V: 0,
  });
});
