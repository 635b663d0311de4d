/**
 * Twin of shaders/spiking/synapse-values.wgsl: the weight and the delay of a synapse, from the same random numbers but by
 * inverting distribution functions in double precision, where the kernel has tables.
 */
import erfc from '@stdlib/math-base-special-erfc';
import type { Projection, Spread } from '../../src/models/network.ts';
import { type Drawn, isByDistance } from '../../src/models/spread.ts';
import { keyOf, threefry } from './threefry.ts';

const synapsePurpose = 8;

/** P(X < x) and P(X > x), before any bound. */
function tails(spread: Drawn, x: number): [number, number] {
  if (spread.kind === 'uniform') {
    const share = (x - spread.low) / (spread.high - spread.low);
    return [share, 1 - share];
  }
  const { kind, mean, sd } = spread;
  const variance = Math.log(1 + sd ** 2 / mean ** 2);
  const z =
    kind === 'normal'
      ? (x - mean) / sd
      : x <= 0
        ? -40
        : (Math.log(x) - Math.log(mean) + variance / 2) / Math.sqrt(variance);
  return [erfc(-z / Math.SQRT2) / 2, erfc(z / Math.SQRT2) / 2];
}

function bounds(spread: Drawn): [number, number] {
  if (spread.kind === 'uniform') return [spread.low, spread.high];
  const far = spread.mean + 40 * spread.sd;
  return [Math.max(0, spread.min), Math.min(spread.kind === 'normal' ? far : 1e4 * far, spread.max)];
}

/** Shares of the bounded distribution below and above x. */
export function sharesAround(spread: Drawn, x: number): [number, number] {
  const [least, most] = bounds(spread);
  const below = tails(spread, x)[0] - tails(spread, least)[0];
  const above = tails(spread, x)[1] - tails(spread, most)[1];
  return [below / (below + above), above / (below + above)];
}

/** The value that 32 random bits mean, by bisection. */
function drawnValue(spread: Drawn, random: number): number {
  const isAbove = random >= 2 ** 31;
  const tail = Math.max(1, isAbove ? 2 ** 32 - 1 - random : random) / 2 ** 32;
  let [low, high] = bounds(spread);
  for (let halving = 0; halving < 80; halving++) {
    const middle = (low + high) / 2;
    const [below, above] = sharesAround(spread, middle);
    if (isAbove ? above > tail : below < tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * nS, and ms before it is rounded to steps.
 * @param apart distance of the two neurons, mm
 */
export function synapseValues(
  { weight, weights, delay, delays }: Projection,
  index: number,
  seed: number,
  source: number,
  target: number,
  apart = 0,
): { weight: number; delay: number } {
  const bits = threefry([source, target, 0, index], keyOf(seed, synapsePurpose));
  const value = (spread: Spread | undefined, otherwise: number, random: number) => {
    if (!spread) return otherwise;
    if (!isByDistance(spread)) return drawnValue(spread, random);
    if (spread.kind === 'path') return spread.base + apart / spread.velocity;
    const { atZero, profile, scale } = spread;
    if (profile === 'flat') return atZero;
    return atZero * Math.exp(profile === 'gaussian' ? -0.5 * (apart / scale) ** 2 : -apart / scale);
  };
  return { weight: value(weights, weight, bits[0]!), delay: value(delays, delay, bits[1]!) };
}
