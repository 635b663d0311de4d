/**
 * Space-time plots of a ring as in Zerlaut et al. 2017: input, rate and membrane response over time and cortical space, in the last
 * with the latency of each unit and lines through them.
 */
import type { Propagation } from '../analysis/latency.ts';
import { InputError } from '../errors.ts';
import { domainFromZero } from './axes.ts';
import { BAR_WIDTH, colourBar, sequentialColour } from './colour-ramp.ts';
import { discs, drawPlot, PLOT_FOOT, PLOT_HEAD, type Plot, type PlotScales } from './plot.ts';
import { rasterImage } from './raster-image.ts';
import { DOUBLE_COLUMN, INK, LINE } from './style.ts';
import { decimal, element, POINTS_PER_MM, svgDocument } from './svg.ts';

export interface SpaceTimePlot {
  title: string;
  note: string;
  /** `[sample, unit]` */
  values: ArrayLike<number>;
  /** Latencies and lines to be drawn over it. */
  propagation?: Propagation;
}

export interface SpaceTimeFigure {
  title: string;
  /** ms, evenly spaced. */
  times: ArrayLike<number>;
  /** mm, evenly spaced. */
  positions: ArrayLike<number>;
  plots: readonly SpaceTimePlot[];
}

const HEIGHT = 105;
/** More plots than this stand in two rows. */
const MOST_ACROSS = 3;
const GAP = 10;
const EDGE = 3;
/** Finer columns could not be seen. */
const MOST_COLUMNS = 400;

/** An SVG document of `width` mm. Throws InputError where arrays disagree. */
export function spaceTimeFigure(
  { title, times, positions, plots }: SpaceTimeFigure,
  { width = DOUBLE_COLUMN }: { width?: number } = {},
): string {
  const cells = times.length * positions.length;
  if (times.length < 2 || positions.length < 2 || plots.some(({ values }) => values.length !== cells))
    throw new InputError(
      'a space-time plot needs at least two times and two positions, and a value for each pair of them',
    );
  const points = width * POINTS_PER_MM;
  const half = (positions[1]! - positions[0]!) / 2;
  const x = [times[0]!, times[times.length - 1]!] as const;
  const y = [positions[0]! - half, positions[positions.length - 1]! + half] as const;
  const drawn = plots.map((plot) => onePlot(plot, { x, y, samples: times.length, units: positions.length }));
  const across = plots.length <= MOST_ACROSS ? plots.length : Math.ceil(plots.length / 2);
  const each = { width: (points - GAP * (across - 1)) / across, height: PLOT_HEAD + HEIGHT + PLOT_FOOT };
  const svg = drawn.map((plot, k) =>
    drawPlot(plot, {
      ...each,
      x: (k % across) * (each.width + GAP),
      y: EDGE + Math.floor(k / across) * (each.height + GAP),
    }),
  );
  const rows = Math.ceil(plots.length / across);
  const height = rows * each.height + (rows - 1) * GAP + 2 * EDGE;
  return svgDocument(points, height, title, svg.join(''));
}

function onePlot(
  { title, note, values, propagation }: SpaceTimePlot,
  grid: { x: readonly [number, number]; y: readonly [number, number]; samples: number; units: number },
): Plot {
  const { x, y, samples, units } = grid;
  const domain = domainFromZero([values]);
  const colour = (value: number) =>
    Number.isFinite(value) ? sequentialColour((value - domain[0]) / (domain[1] - domain[0])) : '#ffffff';
  const columns = Math.min(MOST_COLUMNS, samples);
  return {
    title,
    note,
    x: { domain: x, title: 'Time (ms)' },
    y: { domain: y, title: 'Cortical space (mm)' },
    keyWidth: BAR_WIDTH + 24,
    draw: (scales) =>
      rasterImage(scales.frame, columns, units, (column, row) => {
        const sample = Math.min(samples - 1, Math.floor(((column + 0.5) * samples) / columns));
        return colour(values[sample * units + (units - 1 - row)]!);
      }) +
      colourBar(
        { x: scales.keyX, y: scales.frame.y, width: BAR_WIDTH, height: scales.frame.height },
        domain,
        colour,
      ) +
      (propagation ? fronts(propagation, scales) : ''),
  };
}

/** Latencies as discs, and a line through those of each side. */
function fronts({ latencies, fronts: lines }: Propagation, { x, y }: PlotScales): string {
  const drawn = lines.map(({ from, to }) =>
    element('path', {
      d: `M${decimal(x.scale(from.time))} ${decimal(y.scale(from.position))}L${decimal(x.scale(to.time))} ${decimal(y.scale(to.position))}`,
      fill: 'none',
      stroke: '#ffffff',
      'stroke-width': 1.6 * LINE.rate,
    }),
  );
  return (
    drawn.join('') +
    discs(
      latencies.map(({ time }) => x.scale(time)),
      latencies.map(({ position }) => y.scale(position)),
      1.3,
      () => '#ffffff',
      INK,
    )
  );
}
