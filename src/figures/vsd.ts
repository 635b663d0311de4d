/**
 * Recordings over space and time as filled contours, as papers of voltage-sensitive dye show them: alone with latencies and lines through
 * them, or beside the model that comes nearest.
 */
import type { Propagation } from '../analysis/latency.ts';
import { InputError } from '../errors.ts';
import { BAR_WIDTH, colourBar, sequentialColour } from './colour-ramp.ts';
import { discs, drawPlotRow, type Plot } from './plot.ts';
import { rasterImage } from './raster-image.ts';
import { DOUBLE_COLUMN, INK, LINE, SINGLE_COLUMN } from './style.ts';
import { decimal, element, POINTS_PER_MM, svgDocument } from './svg.ts';

export interface ContourPlot {
  title: string;
  note: string;
  /** `[position, time]` */
  values: ArrayLike<number>;
  times: ArrayLike<number>;
  positions: ArrayLike<number>;
  domain: readonly [number, number];
  propagation?: Propagation;
}

const HEIGHT = 120;
const LEVELS = 12;
/** Cells of the image, between which nothing can be seen. */
const [COLUMNS, ROWS] = [360, 240];

/** One recording; an SVG document of `width` mm. Throws InputError where arrays disagree. */
export function recordingFigure(plot: ContourPlot, { width = SINGLE_COLUMN } = {}): string {
  const points = width * POINTS_PER_MM;
  const { svg, height } = drawPlotRow([contours(plot)], points, HEIGHT);
  return svgDocument(points, height, `${plot.title}, ${plot.note}`, svg);
}

export interface Comparison {
  times: ArrayLike<number>;
  positions: ArrayLike<number>;
  /** `[position, time]`, the recording over its maximum. */
  recording: ArrayLike<number>;
  model: ArrayLike<number>;
  note: string;
}

/** Recording, model and their difference side by side, on one scale. */
export function comparisonFigure(figure: Comparison, { width = DOUBLE_COLUMN } = {}): string {
  const { times, positions, recording, model, note } = figure;
  const shared = { times, positions, domain: rangeOf([recording, model]) };
  const plots = [
    contours({ ...shared, title: 'Recording', note: 'part of its maximum', values: recording }),
    contours({ ...shared, title: 'Best ring', note, values: model }),
  ];
  const points = width * POINTS_PER_MM;
  const { svg, height } = drawPlotRow(plots, points, HEIGHT);
  return svgDocument(points, height, `Recording and best ring, ${note}`, svg);
}

/** Smallest and largest value of the lists; never empty. */
export function rangeOf(lists: readonly ArrayLike<number>[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const list of lists)
    for (let k = 0; k < list.length; k++) {
      low = Math.min(low, list[k]!);
      high = Math.max(high, list[k]!);
    }
  return low < high ? [low, high] : [low, low + 1];
}

function contours({ title, note, values, times, positions, domain, propagation }: ContourPlot): Plot {
  const [rows, columns] = [positions.length, times.length];
  if (rows < 1 || columns < 2 || values.length !== rows * columns)
    throw new InputError(
      `a contour plot of ${rows} positions and ${columns} times needs ${rows * columns} values, not ${values.length}`,
    );
  const half = rows > 1 ? 0 : 0.5;
  const x = [times[0]!, times[columns - 1]!] as const;
  const y = [positions[0]! - half, positions[rows - 1]! + half] as const;
  const stepped = (value: number) => {
    const part = (value - domain[0]) / (domain[1] - domain[0]);
    return sequentialColour((Math.min(LEVELS - 1, Math.max(0, Math.floor(part * LEVELS))) + 0.5) / LEVELS);
  };
  return {
    title,
    note,
    x: { domain: x, title: 'Time (ms)' },
    y: { domain: y, title: 'Cortical space (mm)' },
    keyWidth: BAR_WIDTH + 24,
    draw: ({ frame, x: across, y: up, keyX }) => {
      const image = rasterImage(frame, COLUMNS, ROWS, (column, row) => {
        const time = x[0] + ((column + 0.5) / COLUMNS) * (x[1] - x[0]);
        const position = y[1] - ((row + 0.5) / ROWS) * (y[1] - y[0]);
        return stepped(between(values, times, positions, time, position));
      });
      const lines = (propagation?.fronts ?? []).map(({ from, to }) =>
        element('path', {
          d: `M${decimal(across.scale(from.time))} ${decimal(up.scale(from.position))}L${decimal(across.scale(to.time))} ${decimal(up.scale(to.position))}`,
          fill: 'none',
          stroke: '#ffffff',
          'stroke-width': 1.6 * LINE.rate,
        }),
      );
      const found = propagation?.latencies ?? [];
      return (
        image +
        lines.join('') +
        discs(
          found.map(({ time }) => across.scale(time)),
          found.map(({ position }) => up.scale(position)),
          1.1,
          () => '#ffffff',
          INK,
        ) +
        colourBar({ ...frame, x: keyX - 4, width: BAR_WIDTH }, domain, stepped)
      );
    },
  };
}

/** Straight between the four samples around a place. */
function between(
  values: ArrayLike<number>,
  times: ArrayLike<number>,
  positions: ArrayLike<number>,
  time: number,
  position: number,
): number {
  const [left, across] = place(times, time);
  const [below, up] = place(positions, position);
  const columns = times.length;
  const at = (row: number, column: number) =>
    values[Math.min(positions.length - 1, row) * columns + Math.min(columns - 1, column)]!;
  const low = at(below, left) * (1 - across) + at(below, left + 1) * across;
  const high = at(below + 1, left) * (1 - across) + at(below + 1, left + 1) * across;
  return low * (1 - up) + high * up;
}

/** Sample before a value, and how far it is towards the next. */
function place(axis: ArrayLike<number>, value: number): [number, number] {
  let [low, high] = [0, axis.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (axis[middle]! <= value) low = middle;
    else high = middle;
  }
  const gap = axis[high]! - axis[low]!;
  return [low, gap > 0 ? Math.min(1, Math.max(0, (value - axis[low]!) / gap)) : 0];
}
