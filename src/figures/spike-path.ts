/**
 * Spikes that integrate-and-fire models leave out, drawn as upright lines.
 */
import { firstAtOrAfter } from '../analysis/spike-statistics.ts';
import type { Scale } from './paths.ts';
import { decimal } from './svg.ts';

/** A line at each spike from the potential there up to `peak` (mV); `samples` are the times of `values`, ms. */
export function spikePath(
  { values, spikes }: { values: ArrayLike<number>; spikes: ArrayLike<number> },
  samples: ArrayLike<number>,
  scaleX: Scale,
  scaleY: Scale,
  peak: number,
): string {
  let path = '';
  for (let k = 0; k < spikes.length; k++) {
    const spike = spikes[k]!;
    const sample = Math.min(samples.length - 1, firstAtOrAfter(samples, spike - 1e-6));
    const foot = values[sample]!;
    if (!Number.isFinite(foot)) continue;
    path += `M${decimal(scaleX(spike))} ${decimal(scaleY(foot))}V${decimal(scaleY(peak))}`;
  }
  return path;
}
