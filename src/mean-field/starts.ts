/** Where the search for fixed points begins: many places, the same each time. */

/** Starts lie between these rates, Hz: no transfer function of a neuron with tau_V of some ms exceeds the higher. */
const LOWEST_START = 1e-3;
const HIGHEST_START = 200;
/** Places between two points. */
const BETWEEN = 7;

/** Rates spread evenly on a logarithmic scale in as many dimensions as there are populations (Halton's points). */
export function spreadStarts(count: number, starts: number): number[][] {
  const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29];
  return Array.from({ length: starts }, (_, index) =>
    Array.from({ length: count }, (_, dimension) => {
      const part = radicalInverse(index + 1, primes[dimension % primes.length]!);
      return LOWEST_START * (HIGHEST_START / LOWEST_START) ** part;
    }),
  );
}

/** Places between points that follow each other by the sum of their rates, on the straight line from one to the other. */
export function startsBetween(points: readonly (readonly number[])[]): number[][] {
  const sum = (rates: readonly number[]) => rates.reduce((total, rate) => total + rate, 0);
  const ordered = [...points].sort((a, b) => sum(a) - sum(b));
  return ordered.slice(1).flatMap((to, index) =>
    Array.from({ length: BETWEEN }, (_, k) => {
      const part = (k + 1) / (BETWEEN + 1);
      return to.map((rate, at) => ordered[index]![at]! + part * (rate - ordered[index]![at]!));
    }),
  );
}

function radicalInverse(index: number, base: number): number {
  let result = 0;
  let digit = 1 / base;
  for (let rest = index; rest > 0; rest = Math.floor(rest / base)) {
    result += digit * (rest % base);
    digit /= base;
  }
  return result;
}
