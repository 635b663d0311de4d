/**
 * Time constant and frequency of a damped oscillation exp(-t / tau) cos(2 pi f0 t) that has the response's values at two
 * frequencies: where its real part and where its imaginary part is largest (Augustin et al., PLoS Comput Biol 2017). Least
 * squares of four numbers by two parameters, in general not met exactly: a coarse grid finds the valley, damped Gauss-Newton
 * steps its bottom: 40 lines, and 22,000 fits in a second.
 */

/** A normalised response at a frequency. */
export interface ResponseValue {
  /** Hz. */
  hertz: number;
  re: number;
  im: number;
}

export interface DampedOscillation {
  /** ms. */
  tau: number;
  /** Hz, not negative. */
  f0: number;
}

const GRID = 40;
const STEPS = 40;
const SHORTEST = 0.05;
const LONGEST = 200;
/** The angle by which an oscillation turns in its time constant where a descent begins at least. */
const BESIDE = 0.3;
/** An oscillation must lessen the squared distance by this part, or there is none. */
const SIMPLER = 1e-4;

/** The oscillation nearest to the two values; NaN where they are. */
export function fitOscillation(first: ResponseValue, second: ResponseValue): DampedOscillation {
  const values = [first, second];
  // f0 lies near the peak of the real part or below that of the imaginary part.
  const fastest = 2 * Math.PI * 1e-3 * 1.2 * Math.max(first.hertz, second.hertz);
  let best = { logTau: 0, omega: 0 };
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < GRID; i++) {
    const logTau = Math.log(SHORTEST) + (i / (GRID - 1)) * Math.log(LONGEST / SHORTEST);
    for (let j = 0; j < GRID; j++) {
      const omega = (j / (GRID - 1)) * fastest;
      const error = distance(values, logTau, omega);
      if (error < least) [best, least] = [{ logTau, omega }, error];
    }
  }
  if (least === Number.POSITIVE_INFINITY) return { tau: Number.NaN, f0: Number.NaN };
  // At omega = 0 the distance is level by symmetry: one descent stays there, the other begins beside it.
  const still = descend(values, { ...best, omega: 0 });
  const turning = descend(values, { ...best, omega: Math.max(best.omega, BESIDE / Math.exp(best.logTau)) });
  const { logTau, omega } = turning.error < still.error * (1 - SIMPLER) ? turning.place : still.place;
  return { tau: Math.exp(logTau), f0: (Math.abs(omega) / (2 * Math.PI)) * 1e3 };
}

interface Place {
  logTau: number;
  /** Angular frequency, 1/ms; its sign is without meaning. */
  omega: number;
}

function descend(values: readonly ResponseValue[], start: Place): { place: Place; error: number } {
  let place = start;
  let error = distance(values, start.logTau, start.omega);
  let damping = 1e-3;
  for (let step = 0; step < STEPS && damping < 1e9; step++) {
    const { a, b, c, g, h } = normalEquations(values, place);
    const [p, q] = [a * (1 + damping) + 1e-300, c * (1 + damping) + 1e-300];
    const determinant = p * q - b * b;
    const next = {
      logTau: place.logTau - (q * g - b * h) / determinant,
      omega: place.omega - (p * h - b * g) / determinant,
    };
    const nextError = distance(values, next.logTau, next.omega);
    if (nextError < error) {
      const settled = error - nextError < 1e-14 * error;
      [place, error, damping] = [next, nextError, damping / 8];
      if (settled) break;
    } else damping *= 8;
  }
  return { place, error };
}

/** The filter's transform over its value at frequency 0: (1 + (w0 tau)^2)(1 + s) / ((1 + s)^2 + (w0 tau)^2), s = i w tau. */
function transform(tau: number, omega: number, hertz: number): [number, number] {
  const x = 2 * Math.PI * 1e-3 * hertz * tau;
  const y = (omega * tau) ** 2;
  const [re, im] = [1 - x * x + y, 2 * x];
  const scale = (1 + y) / (re * re + im * im);
  return [scale * (re + x * im), scale * (x * re - im)];
}

function distance(values: readonly ResponseValue[], logTau: number, omega: number): number {
  let error = 0;
  for (const { hertz, re, im } of values) {
    const [a, b] = transform(Math.exp(logTau), omega, hertz);
    error += (a - re) ** 2 + (b - im) ** 2;
  }
  return error;
}

/** Gradient (g, h) and Gauss-Newton matrix (a, b; b, c) by central differences of the smooth, cheap transform. */
function normalEquations(values: readonly ResponseValue[], { logTau, omega }: Place) {
  const sums = { a: 0, b: 0, c: 0, g: 0, h: 0 };
  const dTau = 1e-5;
  const dOmega = 1e-5 * (Math.abs(omega) + 1e-3);
  for (const { hertz, re, im } of values) {
    const here = transform(Math.exp(logTau), omega, hertz);
    const longer = transform(Math.exp(logTau + dTau), omega, hertz);
    const shorter = transform(Math.exp(logTau - dTau), omega, hertz);
    const faster = transform(Math.exp(logTau), omega + dOmega, hertz);
    const slower = transform(Math.exp(logTau), omega - dOmega, hertz);
    [re, im].forEach((value, part) => {
      const byTau = (longer[part]! - shorter[part]!) / (2 * dTau);
      const byOmega = (faster[part]! - slower[part]!) / (2 * dOmega);
      const off = here[part]! - value;
      sums.a += byTau * byTau;
      sums.b += byTau * byOmega;
      sums.c += byOmega * byOmega;
      sums.g += byTau * off;
      sums.h += byOmega * off;
    });
  }
  return sums;
}
