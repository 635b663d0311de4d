/**
 * Twin of shaders/spiking/connect-probability.wgsl: geometric gaps between the targets of a source, drawn segment by segment.
 * The lengths of segments and the factor of a gap are part of what a seed means, so they are stated here a second time.
 */
import { negativeLog2 } from './fixed-log2.ts';
import { type Pairs, type RandomEnds, sortPairs } from './pairs.ts';
import { keyOf, purpose, threefry } from './threefry.ts';

/** A segment holds 64 synapses on average, in whole multiples of 64 targets. */
function segmentLength(probability: number, targets: number): number {
  return Math.min(targets, 64 * Math.ceil(1 / probability));
}

/** 1 / -log2(1 - p) as a whole number of 2^-shift, with 32 significant bits where the shift stays at 6 or more. */
export function gapFactor(probability: number): { mantissa: bigint; shift: bigint } {
  const factor = -1 / (Math.log1p(-probability) / Math.LN2);
  const shift = Math.max(6, 31 - Math.floor(Math.log2(factor)));
  return { mantissa: BigInt(Math.min(2 ** 32 - 1, Math.round(factor * 2 ** shift))), shift: BigInt(shift) };
}

/** @param probability above 0 and below 1 */
export function connectProbability(probability: number, ends: RandomEnds): Pairs {
  const { mantissa, shift } = gapFactor(probability);
  const length = segmentLength(probability, ends.targets);
  const gap = (random: number) =>
    Number((BigInt(negativeLog2(Math.max(1, random))) * mantissa) >> (26n + shift));
  const pairs: [number, number][] = [];
  for (let source = 0; source < ends.sources; source++) {
    for (let segment = 0; segment * length < ends.targets; segment++) {
      const end = Math.min((segment + 1) * length, ends.targets);
      let candidate = segment * length;
      for (let draw = 0; candidate < end; draw++) {
        const counter = [source, segment, draw, ends.projection];
        for (const random of threefry(counter, keyOf(ends.seed, purpose.connect))) {
          candidate += gap(random);
          if (candidate < end && !(ends.excludeSelf && candidate === source)) pairs.push([source, candidate]);
          candidate += 1;
        }
      }
    }
  }
  return sortPairs(pairs);
}
