/** A logarithmic axis: ticks at powers of ten where there are enough of them, else at multiples of these too. */
import { scaleLog } from 'd3-scale';
import { InputError } from '../errors.ts';
import type { Axis } from './axes.ts';

/** Sparse to dense; the first that gives three ticks is taken. */
const MULTIPLES = [[1], [1, 2, 5], [1, 1.5, 2, 3, 4, 5, 6, 8]];

/**
 * A logarithmic axis from `domain` (above 0) to `range` (pt). Numbers are plain: 0.01, 5, 10,000. Throws InputError.
 */
export function logAxis(domain: readonly [number, number], range: readonly [number, number]): Axis {
  const [low, high] = domain;
  if (!(low > 0 && high > low && Number.isFinite(high)))
    throw new InputError(`a logarithmic axis needs two values above 0 in order, not ${low} and ${high}`);
  const scale = scaleLog().domain(domain).range(range);
  const choices = MULTIPLES.map((multiples) => ticksAt(multiples, low, high));
  const ticks = choices.find((each) => each.length >= 3) ?? choices.at(-1)!;
  const format = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 });
  return { scale: (value) => scale(value), ticks, tickLabels: ticks.map((tick) => format.format(tick)) };
}

/** Multiples of powers of ten from `low` to `high`. */
function ticksAt(multiples: readonly number[], low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const ticks: number[] = [];
  for (let power = first; power <= last; power++) {
    for (const multiple of multiples) {
      // 5e-2 is read as the nearest number to 0.05; 5 times 10 ** -2 need not be.
      const tick = Number(`${multiple}e${power}`);
      if (tick >= low * (1 - 1e-12) && tick <= high * (1 + 1e-12)) ticks.push(tick);
    }
  }
  return ticks;
}
