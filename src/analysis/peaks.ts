/** Peaks of a series, as scipy.signal.find_peaks finds them: local maxima, thinned by distance, then by prominence. */

export interface PeakOptions {
  /** Least distance between peaks, samples; of two that are closer the lower one goes. */
  distance?: number;
  /** Least height above the higher of the two lowest points that part a peak from higher ones. */
  prominence?: number;
}

/** Indices of peaks, ascending; of a flat top its middle, rounded down. */
export function findPeaks(
  values: ArrayLike<number>,
  { distance = 1, prominence = 0 }: PeakOptions = {},
): number[] {
  const apart = thinned(values, localMaxima(values), Math.ceil(distance));
  return prominence > 0 ? apart.filter((peak) => prominenceOf(values, peak) >= prominence) : apart;
}

function localMaxima(values: ArrayLike<number>): number[] {
  const peaks: number[] = [];
  for (let k = 1; k < values.length - 1; k++) {
    if (!(values[k - 1]! < values[k]!)) continue;
    let end = k + 1;
    while (end < values.length - 1 && values[end] === values[k]) end++;
    if (values[end]! < values[k]!) {
      peaks.push(Math.floor((k + end - 1) / 2));
      k = end - 1;
    }
  }
  return peaks;
}

/** From the highest down, each removes its lower neighbours that are too close. */
function thinned(values: ArrayLike<number>, peaks: number[], distance: number): number[] {
  if (distance <= 1) return peaks;
  const kept = peaks.map(() => true);
  // Of equal heights the later one comes first; scipy leaves open which.
  const order = peaks
    .map((_, index) => index)
    .sort((a, b) => values[peaks[b]!]! - values[peaks[a]!]! || b - a);
  for (const index of order) {
    if (!kept[index]) continue;
    for (let k = index - 1; k >= 0 && peaks[index]! - peaks[k]! < distance; k--) kept[k] = false;
    for (let k = index + 1; k < peaks.length && peaks[k]! - peaks[index]! < distance; k++) kept[k] = false;
  }
  return peaks.filter((_, index) => kept[index]);
}

function prominenceOf(values: ArrayLike<number>, peak: number): number {
  const height = values[peak]!;
  let left = height;
  for (let k = peak; k >= 0 && values[k]! <= height; k--) left = Math.min(left, values[k]!);
  let right = height;
  for (let k = peak; k < values.length && values[k]! <= height; k++) right = Math.min(right, values[k]!);
  return height - Math.max(left, right);
}
