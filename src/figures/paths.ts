/**
 * Many points as one SVG path. A hundred thousand samples on a column of paper are a few thousand visible ones, so
 * lines keep only the extremes of each narrow strip: what is drawn looks the same and stays small.
 */
import { decimal } from './svg.ts';

/** Maps a value to a coordinate, pt. */
export type Scale = (value: number) => number;

/** Width of the strip in which a line keeps only its extremes, pt: about a pixel at 300 dots per inch. */
const STRIP = 0.25;

/**
 * A line through (x, y)[k] for k in [from, to), broken where y is not finite. x must ascend.
 */
export function linePath(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  scaleX: Scale,
  scaleY: Scale,
  from = 0,
  to: number = x.length,
): string {
  let path = '';
  let pen = 'M';
  const point = (k: number): void => {
    path += `${pen}${decimal(scaleX(x[k]))} ${decimal(scaleY(y[k]))}`;
    pen = 'L';
  };
  for (let k = from; k < to; ) {
    if (!Number.isFinite(y[k])) {
      pen = 'M';
      k++;
      continue;
    }
    const edge = scaleX(x[k]) + STRIP;
    const first = k;
    let low = k;
    let high = k;
    for (; k < to && Number.isFinite(y[k]) && scaleX(x[k]) < edge; k++) {
      if (y[k] < y[low]) low = k;
      if (y[k] > y[high]) high = k;
    }
    const kept = new Set([first, low, high, k - 1]);
    for (const index of [...kept].sort((a, b) => a - b)) point(index);
  }
  return path;
}

/** Steps of height y[k] from x[k] to x[k + 1], the last one to `end`. */
export function stairPath(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  end: number,
  scaleX: Scale,
  scaleY: Scale,
): string {
  if (x.length === 0) return '';
  let path = `M${decimal(scaleX(x[0]))} ${decimal(scaleY(y[0]))}`;
  for (let k = 0; k < x.length; k++) {
    if (k > 0) path += `V${decimal(scaleY(y[k]))}`;
    path += `H${decimal(scaleX(k + 1 < x.length ? x[k + 1] : end))}`;
  }
  return path;
}

/** Upright marks of `height`, each centred on (x, y)[k], pt. */
export function markPath(x: ArrayLike<number>, y: ArrayLike<number>, height: number): string {
  const parts = new Array<string>(x.length);
  const stroke = `v${decimal(height)}`;
  for (let k = 0; k < x.length; k++) parts[k] = `M${decimal(x[k])} ${decimal(y[k] - height / 2)}${stroke}`;
  return parts.join('');
}
