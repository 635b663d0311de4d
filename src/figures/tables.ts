/**
 * The look-up tables of a neuron as maps over mean input and noise strength, one a quantity, in the order of the
 * ALN model's use: rate, voltage and the time constant of mu first.
 */
import type { Frame } from './axes.ts';
import { BAR_WIDTH, colourBar, sequentialColour } from './colour-ramp.ts';
import { drawPlot, PLOT_FOOT, PLOT_HEAD, type Plot } from './plot.ts';
import { rasterImage } from './raster-image.ts';
import { DOUBLE_COLUMN, FAINT_INK, FONT } from './style.ts';
import { POINTS_PER_MM, svgDocument } from './svg.ts';
import { fitText, label } from './text.ts';

/** One map. */
export interface TableMap {
  title: string;
  /** Unit and what else is to be said in small letters. */
  note: string;
  /** `[mu, sigma]`. */
  values: ArrayLike<number>;
  /** Show the decimal logarithm, of values from `least` on. */
  logarithm?: { least: number };
  /** Zeros have no colour of the ramp. */
  greyZero?: boolean;
}

export interface TableFigure {
  title: string;
  subtitle: string;
  /** mV/ms */
  mu: ArrayLike<number>;
  /** mV/sqrt(ms) */
  sigma: ArrayLike<number>;
  maps: readonly TableMap[];
}

const GREY = '#dcdcdc';
const IN_A_ROW = 3;
const MAP_HEIGHT = 96;
const KEY_WIDTH = 30;
const GAP = 6;
const EDGE = 3;
/** Title and subtitle, pt. */
const HEAD = 2.2 * FONT.title + 8;

/** Draws `figure` as an SVG document of `width` mm. */
export function tablesFigure(
  figure: TableFigure,
  { width = DOUBLE_COLUMN }: { width?: number } = {},
): string {
  const points = width * POINTS_PER_MM;
  const each = (points - GAP * (IN_A_ROW - 1)) / IN_A_ROW;
  const height = PLOT_HEAD + MAP_HEIGHT + PLOT_FOOT;
  const maps = figure.maps.map((map, index) =>
    drawPlot(plotOf(figure, map), {
      x: (index % IN_A_ROW) * (each + GAP),
      y: HEAD + Math.floor(index / IN_A_ROW) * (height + GAP),
      width: each,
      height,
    }),
  );
  const room = points - 2 * EDGE;
  const heading =
    label(fitText(figure.title, FONT.title, room, true), EDGE, EDGE + FONT.title, {
      size: FONT.title,
      bold: true,
    }) +
    label(fitText(figure.subtitle, FONT.label, room), EDGE, EDGE + FONT.title + 1.35 * FONT.label, {
      size: FONT.label,
      colour: FAINT_INK,
    });
  const bottom = HEAD + Math.ceil(figure.maps.length / IN_A_ROW) * (height + GAP);
  return svgDocument(points, bottom, `${figure.title}, ${figure.subtitle}`, heading, ...maps);
}

function plotOf({ mu, sigma }: TableFigure, map: TableMap): Plot {
  const rows = sigma.length;
  const shown = (value: number) => (map.logarithm ? Math.log10(Math.max(value, map.logarithm.least)) : value);
  const [low, high] = extent(map, shown);
  const colour = (value: number) => sequentialColour((value - low) / (high - low));
  return {
    title: map.title,
    note: map.note,
    x: { domain: edges(mu), title: 'Mean input μ (mV/ms)' },
    y: { domain: edges(sigma), title: 'Noise σ (mV/√ms)' },
    keyWidth: KEY_WIDTH,
    draw: ({ frame, keyX }) => {
      const image = rasterImage(frame, mu.length, rows, (column, row) => {
        const value = map.values[column * rows + (rows - 1 - row)]!;
        return map.greyZero && value === 0 ? GREY : colour(shown(value));
      });
      const bar: Frame = { ...frame, x: keyX - 4, width: BAR_WIDTH };
      return image + colourBar(bar, [low, high], colour);
    },
  };
}

function extent(map: TableMap, shown: (value: number) => number): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < map.values.length; index++) {
    if (map.greyZero && map.values[index] === 0) continue;
    const value = shown(map.values[index]!);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (high > low) return [low, high];
  return Number.isFinite(low) ? [low - 0.5, low + 0.5] : [0, 1];
}

/** An axis from half a step before its first value to half a step after its last: each value is the middle of a pixel. */
function edges(axis: ArrayLike<number>): [number, number] {
  const half = (axis[1]! - axis[0]!) / 2;
  return [axis[0]! - half, axis[axis.length - 1]! + half];
}
