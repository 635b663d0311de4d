/** What simulated brains are compared with: the functional connectivity of each recorded subject, and how it changes over time. */
import { functionalConnectivity, upperTriangle } from '../analysis/correlation.ts';
import { type FcDynamicsOptions, fcDynamics } from '../analysis/fc-dynamics.ts';
import type { Connectome } from '../models/connectome.ts';

export interface BrainTarget {
  nodes: number;
  subjects: readonly {
    name: string;
    /** `[region, region]`. */
    fc: Float64Array;
    /** Upper triangle of the matrix of functional connectivity dynamics; undefined where the recording is too short, or there is none. */
    dynamics: Float64Array | undefined;
  }[];
  /** Of functional connectivity dynamics, samples. */
  window: number;
  step: number;
}

/** Of the subjects that have a recording or a matrix of functional connectivity; undefined where none has. */
export function brainTarget(
  { nodes, subjects }: Pick<Connectome, 'nodes' | 'subjects'>,
  { window = 30, step = 5 }: FcDynamicsOptions = {},
): BrainTarget | undefined {
  const known = subjects.flatMap(({ name, fc, bold }) => {
    const own = fc ?? (bold && functionalConnectivity(bold.data, nodes));
    if (!own) return [];
    const isLong = bold !== undefined && hasDynamics(bold.samples, { window, step });
    const dynamics = isLong ? triangleOfDynamics(bold.data, nodes, { window, step }) : undefined;
    return [{ name, fc: own, dynamics }];
  });
  return known.length > 0 ? { nodes, subjects: known, window, step } : undefined;
}

/** Whether so many samples hold the two windows that dynamics need. */
export function hasDynamics(samples: number, { window = 30, step = 5 }: FcDynamicsOptions = {}): boolean {
  return Math.ceil((samples - window) / step) >= 2;
}

/** What of two recordings' dynamics is compared. */
export function triangleOfDynamics(
  series: Float64Array,
  nodes: number,
  options: FcDynamicsOptions,
): Float64Array {
  const { matrix, windows } = fcDynamics(series, nodes, options);
  return upperTriangle(matrix, windows);
}
