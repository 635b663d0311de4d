/**
 * What a projection's rule of connection is in numbers that kernels draw with. Rows that are written down and rows that are
 * drawn anew at each spike take them from here alike.
 */
import { InputError } from '../errors.ts';
import { Purpose, randomKey } from '../random.ts';
import type { NetworkPlan } from './plan.ts';

/** The two ends of a projection, and the key of its random numbers. */
export interface Site {
  name: string;
  key: [number, number, number, number];
  projection: number;
  sources: number;
  targets: number;
  exclude_self: number;
  /** Number, with padding, of the target population's first neuron. */
  first_target: number;
}

/**
 * @param at number of the projection in the plan
 * @param seeds of each network of the plan
 */
export function describeSite(plan: NetworkPlan, at: number, seeds: readonly number[]): Site {
  const { projection, index, instance } = plan.projections[at]!;
  const target = plan.populations[projection.to]!;
  return {
    name: projection.name,
    key: randomKey(seeds[instance]!, Purpose.connect),
    projection: index,
    sources: plan.populations[projection.from]!.population.size,
    targets: target.population.size,
    exclude_self: projection.from === projection.to && !projection.selfConnections ? 1 : 0,
    first_target: 4 * target.firstGroup,
  };
}

/** Synapses expected in one segment of a row, which one invocation draws. */
const synapsesPerSegment = 64;
/** Segments are whole multiples of so many targets. */
const segmentUnit = 64;

/** How a row of independent pairs is cut and drawn. */
export interface Gaps {
  segments: number;
  segment_length: number;
  gap_factor: number;
  gap_shift: number;
}

/**
 * @param probability above 0; at 1 every gap is 0
 * @throws InputError where it is too small to be told from 0
 */
export function gapsOf({ name, targets }: Site, probability: number): Gaps {
  const { mantissa, shift } = gapFactor(name, probability);
  const wanted = Math.ceil(synapsesPerSegment / probability / segmentUnit) * segmentUnit;
  const length = Math.min(targets, wanted);
  return {
    segments: Math.ceil(targets / length),
    segment_length: length,
    gap_factor: mantissa,
    gap_shift: shift,
  };
}

/** 1 / -log2(1 - p) as mantissa / 2^shift, with a mantissa of 32 bits where the shift (at least 6) allows. */
function gapFactor(name: string, probability: number): { mantissa: number; shift: number } {
  if (probability === 1) return { mantissa: 0, shift: 6 };
  const factor = -Math.LN2 / Math.log1p(-probability);
  const shift = Math.max(6, 31 - Math.floor(Math.log2(factor)));
  const mantissa = Math.min(2 ** 32 - 1, Math.round(factor * 2 ** shift));
  if (factor * 2 ** shift > 2 ** 32) {
    throw new InputError(
      `projections.${name}.connect.probability is ${probability}, too small to be told from 0: use 0, or at least 2e-8`,
      { field: `projections.${name}.connect.probability` },
    );
  }
  return { mantissa, shift };
}
