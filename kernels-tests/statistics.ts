/**
 * The few distributions that statistical tests need. All draws in tests have fixed seeds, so a test that passes passes
 * always; `unlikely` says how improbable the result of a correct program would have to be to fail one.
 */

/** Below this probability a statistical test fails. */
export const unlikely = 1e-4;

/** log Gamma(x), x > 0: Stirling's series after moving x above 10; relative error below 1e-14. */
export function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z++) shift += Math.log(z);
  const r = 1 / (z * z);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

export function poissonPmf(k: number, mean: number): number {
  return Math.exp(k * Math.log(mean) - mean - logGamma(k + 1));
}

export function binomialPmf(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0;
  const choose = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  return Math.exp(choose + k * Math.log(p) + (n - k) * Math.log1p(-p));
}

/** Probability that a chi-squared variable of `freedom` degrees exceeds `value`: the regularized Gamma function Q. */
export function chiSquaredTail(value: number, freedom: number): number {
  const a = freedom / 2;
  const x = value / 2;
  if (x <= 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; term > 1e-16 * sum; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return 1 - front * sum;
  }
  // The continued fraction 1 / (x+1-a - 1(1-a) / (x+3-a - 2(2-a) / ...)), from far inside outwards.
  let fraction = 0;
  for (let n = 500 + Math.ceil(2 * Math.sqrt(a)); n >= 1; n--)
    fraction = (n * (n - a)) / (x + 2 * n + 1 - a - fraction);
  return front / (x + 1 - a - fraction);
}

/** Probability that a standard normal variable is farther from 0 than z. */
export function normalTails(z: number): number {
  return chiSquaredTail(z * z, 1);
}

/** Probability of a variance as far from 1 on either side, of `freedom` independent standard normal deviates. */
export function varianceTails(sumOfSquares: number, freedom: number): number {
  const above = chiSquaredTail(sumOfSquares, freedom);
  return 2 * Math.min(above, 1 - above);
}

/** Pearson's test of counts against expected counts; neighbouring bins are joined until 10 are expected in each. */
export function chiSquaredTest(observed: readonly number[], expected: readonly number[]): number {
  const bins: [number, number][] = [];
  let bin: [number, number] = [0, 0];
  observed.forEach((count, index) => {
    bin = [bin[0] + count, bin[1] + expected[index]!];
    if (bin[1] >= 10) {
      bins.push(bin);
      bin = [0, 0];
    }
  });
  const last = bins.at(-1);
  if (!last || bins.length < 2) throw new Error('too few counts for a chi-squared test');
  last[0] += bin[0];
  last[1] += bin[1];
  const sum = bins.reduce((total, [found, wanted]) => total + (found - wanted) ** 2 / wanted, 0);
  return chiSquaredTail(sum, bins.length - 1);
}

/** Kolmogorov and Smirnov's test of values that should be uniform in (0, 1). */
export function uniformityTest(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const distance = sorted.reduce(
    (most, value, index) => Math.max(most, (index + 1) / n - value, value - index / n),
    0,
  );
  // Stephens' correction for finite n of the limit distribution.
  const lambda = distance * (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n));
  if (lambda < 0.3) return 1;
  let tail = 0;
  for (let k = 1; k <= 100; k++) tail += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * lambda * lambda);
  return tail;
}

/** How often each value 0, 1, ... occurs. */
export function histogram(values: ArrayLike<number>, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let index = 0; index < values.length; index++) counts[values[index]!]! += 1;
  return counts;
}
