/** Where the search for fixed points begins: many places, the same each time. */

/** Starts lie between these rates, Hz: no transfer function of a neuron with tau_V of some ms exceeds the higher. */
const LOWEST_START = 1e-3;
const HIGHEST_START = 200;

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

function radicalInverse(index: number, base: number): number {
  let result = 0;
  let digit = 1 / base;
  for (let rest = index; rest > 0; rest = Math.floor(rest / base)) {
    result += digit * (rest % base);
    digit /= base;
  }
  return result;
}
