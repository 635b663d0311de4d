/**
 * Activity of all regions over time as one picture (a carpet plot): a row for each region, time to the right. For BOLD give
 * z-scores and the diverging ramp, for rates the sequential one.
 */
import { InputError } from '../errors.ts';
import { type Frame, linearAxis, tickLabelWidth } from './axes.ts';
import { BAR_WIDTH, colourBar } from './colour-ramp.ts';
import { BAR_ROOM, extent, NO_VALUE, rampOver } from './matrix-plot.ts';
import { drawPlot, PLOT_FOOT, PLOT_HEAD, type Plot } from './plot.ts';
import { rasterImage } from './raster-image.ts';
import { DOUBLE_COLUMN, FONT } from './style.ts';
import { POINTS_PER_MM, svgDocument } from './svg.ts';

export interface Carpet {
  title: string;
  /** What the colours mean, with the unit. */
  note: string;
  /** `[region, time]`; NaN where there is no value. */
  values: ArrayLike<number>;
  regions: number;
  /** Of the first and of the last sample, ms. */
  span: readonly [number, number];
  ramp?: 'sequential' | 'diverging';
  /** What the colours span; where not given: from the smallest (sequential: 0) to the largest, or as far on both sides. */
  domain?: readonly [number, number];
}

/** More columns than this cannot be told apart in print. */
const COLUMNS = 1500;

/** An SVG document of `width` mm. Throws InputError where sizes disagree. */
export function carpetFigure(carpet: Carpet, { width = DOUBLE_COLUMN }: { width?: number } = {}): string {
  const points = width * POINTS_PER_MM;
  const height = PLOT_HEAD + PLOT_FOOT + Math.min(200, Math.max(60, 1.6 * carpet.regions));
  const frame: Frame = { x: 0, y: 3, width: points, height };
  return svgDocument(points, height + 6, carpet.title, drawPlot(carpetPlot(carpet), frame));
}

/** The same as a plot of a larger figure. Throws InputError where sizes disagree. */
export function carpetPlot({ title, note, values, regions, span, ramp, domain }: Carpet): Plot {
  const samples = values.length / regions;
  if (regions < 1 || samples < 2 || !Number.isInteger(samples))
    throw new InputError(
      `${values.length} values are not at least two samples of each of ${regions} regions`,
    );
  const colours = domain ?? usualDomain(values, ramp);
  const colour = rampOver(colours, ramp);
  const columns = Math.min(samples, COLUMNS);
  const interval = (span[1] - span[0]) / (samples - 1);
  const numbers = tickLabelWidth(linearAxis(colours, [0, 1], 5));
  return {
    title,
    note,
    x: { domain: [(span[0] - interval / 2) / 1000, (span[1] + interval / 2) / 1000], title: 'Time (s)' },
    y: { domain: [regions + 0.5, 0.5], title: 'Region' },
    keyWidth: Math.max(BAR_ROOM, BAR_WIDTH + numbers + FONT.tick / 2),
    draw: ({ frame, keyX }) =>
      rasterImage(frame, columns, regions, (column, row) => {
        const value = meanOf(values, row * samples, column, columns, samples);
        return Number.isNaN(value) ? NO_VALUE : colour(value);
      }) + colourBar({ ...frame, x: keyX - 4, width: BAR_WIDTH }, colours, colour),
  };
}

function usualDomain(values: ArrayLike<number>, ramp: Carpet['ramp']): [number, number] {
  const [low, high] = extent(values);
  if (ramp !== 'diverging') return [Math.min(0, low), high];
  const far = Math.max(Math.abs(low), Math.abs(high));
  return [-far, far];
}

/** The mean of the samples that share a column. */
function meanOf(
  values: ArrayLike<number>,
  row: number,
  column: number,
  columns: number,
  samples: number,
): number {
  const from = Math.floor((column * samples) / columns);
  const to = Math.max(from + 1, Math.floor(((column + 1) * samples) / columns));
  let sum = 0;
  for (let k = from; k < to; k++) sum += values[row + k]!;
  return sum / (to - from);
}
