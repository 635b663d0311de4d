/**
 * A square matrix of regions as a plot: row 1 on top, as matrices are written, with a colour bar. Cells without a value are
 * grey.
 */
import { InputError } from '../errors.ts';
import { linearAxis, tickLabelWidth } from './axes.ts';
import { BAR_WIDTH, colourBar, divergingColour, sequentialColour } from './colour-ramp.ts';
import { PLOT_FOOT, PLOT_HEAD, type Plot } from './plot.ts';
import { rasterImage } from './raster-image.ts';
import { FONT } from './style.ts';

/** Where there is no value. */
export const NO_VALUE = '#d9d9d9';
/** Room for a colour bar with its numbers, pt. */
export const BAR_ROOM = BAR_WIDTH + 24;
/** What a plot keeps free left of its numbers and right of its key, pt: as in plot.ts. */
const MARGINS = 3 + 1.5 * FONT.label + 10 + 3;

export interface MatrixPlot {
  title: string;
  note?: string;
  /** `[row, column]`; NaN where there is no value. */
  values: ArrayLike<number>;
  nodes: number;
  /** What the colours span. */
  domain: readonly [number, number];
  /** `diverging`: blue below 0, orange above; the domain should then be as far on both sides. */
  ramp?: 'sequential' | 'diverging';
  x?: string;
  y?: string;
}

/** Throws InputError where sizes disagree. */
export function matrixPlot({ title, note, values, nodes, domain, ramp, x, y }: MatrixPlot): Plot {
  if (nodes < 2 || values.length !== nodes * nodes)
    throw new InputError(
      `a matrix of ${nodes} regions has ${nodes * nodes} values, at least 4, but there are ${values.length}`,
    );
  const colour = rampOver(domain, ramp);
  return {
    title,
    ...(note === undefined ? {} : { note }),
    x: { domain: [0.5, nodes + 0.5], title: x ?? 'Region' },
    y: { domain: [nodes + 0.5, 0.5], title: y ?? 'Region' },
    keyWidth: BAR_ROOM,
    draw: ({ frame, keyX }) =>
      rasterImage(frame, nodes, nodes, (column, row) => {
        const value = values[row * nodes + column]!;
        return Number.isNaN(value) ? NO_VALUE : colour(value);
      }) + colourBar({ ...frame, x: keyX - 4, width: BAR_WIDTH }, domain, colour),
  };
}

/** The height, head and foot included, at which a matrix plot of `width` pt is square. */
export function squarePlotHeight({ y }: Plot, width: number): number {
  const numbers = tickLabelWidth(linearAxis(y.domain, [0, 1], 5));
  return width - MARGINS - BAR_ROOM - numbers + PLOT_HEAD + PLOT_FOOT;
}

/** Colours of the values of a domain; one that spans nothing has the middle colour. */
export function rampOver(
  [low, high]: readonly [number, number],
  ramp: 'sequential' | 'diverging' = 'sequential',
): (value: number) => string {
  const fraction = (value: number) => (high > low ? (value - low) / (high - low) : 0.5);
  return ramp === 'sequential'
    ? (value) => sequentialColour(fraction(value))
    : (value) => divergingColour(2 * fraction(value) - 1);
}

/** Smallest and largest value that is no NaN; [0, 1] where there is none, and never empty. */
export function extent(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < values.length; k++) {
    if (!Number.isFinite(values[k]!)) continue;
    low = Math.min(low, values[k]!);
    high = Math.max(high, values[k]!);
  }
  if (low > high) return [0, 1];
  return low < high ? [low, high] : [low, low + Math.max(1e-9, Math.abs(low) * 1e-3)];
}
