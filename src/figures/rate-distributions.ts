/**
 * How often a population fires at which rate (in short bins), against the Gaussian that a mean field predicts: one plot a population,
 * as figure 5 of Zerlaut et al. 2017.
 */
import { InputError } from '../errors.ts';
import { linePath, stairPath } from './paths.ts';
import { drawPlotRow, type Plot, type PlotScales } from './plot.ts';
import { colourOf, FAINT_INK, FONT, INK, LINE, SINGLE_COLUMN } from './style.ts';
import { decimal, element, POINTS_PER_MM, svgDocument } from './svg.ts';
import { centredBaseline, label } from './text.ts';

export interface RateDistribution {
  name: string;
  note: string;
  /** Rates of the population in all bins, Hz. */
  rates: ArrayLike<number>;
  /** Predicted mean, Hz; SD of the rate in such bins, absent in first order. */
  mean: number;
  sd?: number;
}

const HEIGHT = 110;
const BARS = 30;
const CURVE_POINTS = 120;

/** Draws the distributions side by side as an SVG document; `width` in mm. Throws InputError where there is nothing to draw. */
export function rateDistributionFigure(
  title: string,
  distributions: readonly RateDistribution[],
  { width = distributions.length === 1 ? SINGLE_COLUMN : 65 * distributions.length }: { width?: number } = {},
): string {
  if (distributions.length === 0 || distributions.some(({ rates }) => rates.length === 0))
    throw new InputError('a figure of rate distributions needs populations, and rates of each of them');
  const points = width * POINTS_PER_MM;
  const { svg, height } = drawPlotRow(distributions.map(plotOf), points, HEIGHT);
  return svgDocument(points, height, title, svg);
}

function plotOf({ name, note, rates, mean, sd }: RateDistribution, index: number): Plot {
  const measured = Array.from(rates);
  const spread = sd ?? 0;
  const low = Math.max(
    0,
    measured.reduce((a, b) => Math.min(a, b), mean - 3.2 * spread),
  );
  const high = measured.reduce((a, b) => Math.max(a, b), mean + 3.2 * spread);
  const step = (high - low || 1) / BARS;
  const starts = Array.from({ length: BARS }, (_, bar) => low + bar * step);
  const density = new Float64Array(BARS);
  for (const rate of measured)
    density[Math.min(BARS - 1, Math.floor((rate - low) / step))]! += 1 / (measured.length * step);
  const along = Array.from({ length: CURVE_POINTS }, (_, k) => low + ((high - low) * k) / (CURVE_POINTS - 1));
  const gaussian = along.map((rate) =>
    spread > 0 ? Math.exp(-(((rate - mean) / spread) ** 2) / 2) / (spread * Math.sqrt(2 * Math.PI)) : 0,
  );
  const top = Math.max(...density, ...gaussian);
  return {
    title: name,
    note,
    x: { domain: [low, low + BARS * step], title: 'Population rate (Hz)' },
    y: { domain: [0, 1.05 * top], title: 'Density (1/Hz)' },
    draw: ({ frame, x, y }) => {
      const base = y.scale(0);
      const stairs = stairPath(starts, density, low + BARS * step, x.scale, y.scale);
      const area = `${stairs}V${decimal(base)}H${decimal(x.scale(low))}Z`;
      return [
        element('path', { d: area, fill: colourOf(index), 'fill-opacity': 0.3, stroke: 'none' }),
        element('path', { d: stairs, fill: 'none', stroke: colourOf(index), 'stroke-width': LINE.trace }),
        spread > 0
          ? element('path', {
              d: linePath(along, gaussian, x.scale, y.scale),
              fill: 'none',
              stroke: INK,
              'stroke-width': LINE.rate,
            })
          : '',
        element('path', {
          d: `M${decimal(x.scale(mean))} ${decimal(frame.y)}V${decimal(base)}`,
          stroke: INK,
          'stroke-width': LINE.axis,
          'stroke-dasharray': '2 2',
        }),
        index === 0 ? key({ frame }) : '',
      ].join('');
    },
  };
}

/** In the corner that distributions leave free. */
function key({ frame }: Pick<PlotScales, 'frame'>): string {
  return ['filled: network', 'line: mean field']
    .map((text, row) =>
      label(text, frame.x + frame.width, centredBaseline(frame.y + 4 + row * 1.3 * FONT.note, FONT.note), {
        size: FONT.note,
        anchor: 'end',
        colour: FAINT_INK,
      }),
    )
    .join('');
}
