/**
 * What a scan found: the residual against each parameter (every point, and the smallest at each value), and for each pair of parameters the
 * smallest residual over all others, with the best point marked, and that found by going on from it. Residuals span orders of magnitude, so their logarithm is shown.
 */
import { InputError } from '../errors.ts';
import { BAR_WIDTH, colourBar, sequentialColour } from './colour-ramp.ts';
import { linePath } from './paths.ts';
import { discs, drawPlot, PLOT_FOOT, PLOT_HEAD, type Plot } from './plot.ts';
import { rasterImage } from './raster-image.ts';
import { COLOURS, DOUBLE_COLUMN, LINE } from './style.ts';
import { decimal, element, POINTS_PER_MM, svgDocument } from './svg.ts';

export interface ResidualFigure {
  /** With units; of each its value at every point. */
  axes: readonly { title: string; values: ArrayLike<number> }[];
  /** NaN where a point has none. */
  residuals: ArrayLike<number>;
  /** A point that was found between those of the scan. */
  refined?: { point: ArrayLike<number>; residual: number };
}

const ROW = 88;
const GAP = 8;
/** More discs than this would only blacken the plot: of a larger scan every so-manieth point is drawn. */
const MOST_DISCS = 1500;

/** An SVG document of `width` mm. Throws InputError where arrays disagree. */
export function residualProfiles(figure: ResidualFigure, { width = DOUBLE_COLUMN } = {}): string {
  check(figure);
  const { axes, residuals, refined } = figure;
  const logs = logarithms(residuals);
  const better = refined ? logarithms([refined.residual])[0]! : undefined;
  const [low, high] = bounds(better === undefined ? logs : [...logs, better]);
  const every = Math.ceil(residuals.length / MOST_DISCS);
  const shown = Array.from(logs.keys()).filter((k) => k % every === 0 && Number.isFinite(logs[k]!));
  const best = indexOfSmallest(logs);
  const plots = axes.map(({ title, values }, index): Plot => {
    const x = bounds(values);
    const margin = 0.04 * (x[1] - x[0]);
    const profile = smallestAtEach(values, logs);
    return {
      title: index === 0 ? 'Residual against each parameter' : '',
      ...(index === 0
        ? {
            note: refined
              ? 'blue: smallest; red: best; green: refined'
              : 'blue: smallest at each value; disc: best point',
          }
        : {}),
      x: { domain: [x[0] - margin, x[1] + margin], title },
      y: { domain: [low, high], title: 'log10 residual' },
      draw: (scales) =>
        discs(
          shown.map((k) => scales.x.scale(values[k]!)),
          shown.map((k) => scales.y.scale(logs[k]!)),
          0.6,
          () => '#b8b8b8',
        ) +
        element('path', {
          d: linePath(
            profile.map(([value]) => value!),
            profile.map(([, each]) => each!),
            scales.x.scale,
            scales.y.scale,
          ),
          fill: 'none',
          stroke: COLOURS.blue,
          'stroke-width': LINE.rate,
        }) +
        discs([scales.x.scale(values[best]!)], [scales.y.scale(logs[best]!)], 2, () => COLOURS.vermilion) +
        (refined
          ? discs([scales.x.scale(refined.point[index]!)], [scales.y.scale(better!)], 2, () => COLOURS.green)
          : ''),
    };
  });
  return page(plots, 3, width, 'Residual against each parameter');
}

/** An SVG document of `width` mm. Throws InputError where arrays disagree, or for fewer than two axes. */
export function residualMaps(figure: ResidualFigure, { width = DOUBLE_COLUMN } = {}): string {
  check(figure);
  const { axes, residuals, refined } = figure;
  if (axes.length < 2) throw new InputError('maps of pairs need at least two axes');
  const logs = logarithms(residuals);
  const best = indexOfSmallest(logs);
  const grids = axes.map(({ values }) => Array.from(new Set(Array.from(values))).sort((a, b) => a - b));
  const maps = axes.flatMap((x, a) =>
    axes.slice(a + 1).map((y, k) => ({
      x,
      y,
      found: refined && ([refined.point[a]!, refined.point[a + 1 + k]!] as const),
      cells: pairwise(x.values, y.values, logs, grids[a]!, grids[a + 1 + k]!),
      columns: grids[a]!,
      rows: grids[a + 1 + k]!,
    })),
  );
  const domain = bounds(maps.flatMap(({ cells }) => cells.filter(Number.isFinite)));
  const colour = (value: number) => sequentialColour((value - domain[0]) / (domain[1] - domain[0]));
  const plots = maps.map(
    ({ x, y, found, cells, columns, rows }, index): Plot => ({
      title: 'Smallest log10 residual',
      ...(index === 0 && refined ? { note: 'cross: best, disc: refined' } : {}),
      x: { domain: edges(columns), title: x.title },
      y: { domain: edges(rows), title: y.title },
      keyWidth: BAR_WIDTH + 16,
      draw: ({ frame, keyX, x: across, y: up }) =>
        rasterImage(frame, columns.length, rows.length, (column, row) => {
          const value = cells[(rows.length - 1 - row) * columns.length + column]!;
          return Number.isFinite(value) ? colour(value) : '#d9d9d9';
        }) +
        cross(across.scale(x.values[best]!), up.scale(y.values[best]!)) +
        (found ? discs([across.scale(found[0])], [up.scale(found[1])], 2, () => '#ffffff') : '') +
        colourBar({ ...frame, x: keyX - 4, width: BAR_WIDTH }, domain, colour),
    }),
  );
  return page(plots, 3, width, 'Smallest log10 residual for each pair of parameters');
}

/** Half a step beyond evenly spaced values on both sides, so that each is the middle of its cell. */
function edges(values: readonly number[]): [number, number] {
  const [low, high] = [values[0]!, values[values.length - 1]!];
  const half = values.length > 1 ? (high - low) / (values.length - 1) / 2 : 0.5;
  return [low - half, high + half];
}

function page(plots: readonly Plot[], columns: number, width: number, title: string): string {
  const points = width * POINTS_PER_MM;
  const each = (points - GAP * (columns - 1)) / columns;
  const height = PLOT_HEAD + ROW + PLOT_FOOT;
  const svg = plots.map((plot, index) =>
    drawPlot(plot, {
      x: (index % columns) * (each + GAP),
      y: 3 + Math.floor(index / columns) * (height + GAP),
      width: each,
      height,
    }),
  );
  const rows = Math.ceil(plots.length / columns);
  return svgDocument(points, rows * (height + GAP) + 3, title, ...svg);
}

function cross(x: number, y: number): string {
  return element('path', {
    d: `M${decimal(x - 3)} ${decimal(y)}h6M${decimal(x)} ${decimal(y - 3)}v6`,
    stroke: '#ffffff',
    'stroke-width': 1.2,
  });
}

function pairwise(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  logs: Float64Array,
  columns: number[],
  rows: number[],
): number[] {
  const at = (list: number[]) => new Map(list.map((value, k) => [value, k]));
  const [column, row] = [at(columns), at(rows)];
  const cells = new Array<number>(columns.length * rows.length).fill(Number.POSITIVE_INFINITY);
  logs.forEach((value, point) => {
    const cell = row.get(y[point]!)! * columns.length + column.get(x[point]!)!;
    if (value < cells[cell]!) cells[cell] = value;
  });
  return cells;
}

function smallestAtEach(values: ArrayLike<number>, logs: Float64Array): [value: number, least: number][] {
  const least = new Map<number, number>();
  logs.forEach((value, point) => {
    if (Number.isNaN(value)) return;
    const before = least.get(values[point]!);
    if (before === undefined || value < before) least.set(values[point]!, value);
  });
  const all = [...least].sort((a, b) => a[0] - b[0]);
  // Where hardly any two points share a value there is no profile.
  return all.length <= logs.length / 2 ? all : [];
}

function logarithms(residuals: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: residuals.length }, (_, k) =>
    Math.log10(Math.max(1e-12, residuals[k]!)),
  );
}

function bounds(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < values.length; k++) {
    if (Number.isNaN(values[k]!)) continue;
    low = Math.min(low, values[k]!);
    high = Math.max(high, values[k]!);
  }
  const margin = 0.03 * (high - low) || 0.5;
  return [low - margin, high + margin];
}

function indexOfSmallest(values: ArrayLike<number>): number {
  let best = 0;
  for (let k = 1; k < values.length; k++)
    if (values[k]! < values[best]! || Number.isNaN(values[best]!)) best = k;
  return best;
}

function check({ axes, residuals, refined }: ResidualFigure): void {
  if (
    axes.length === 0 ||
    residuals.length < 2 ||
    axes.some(({ values }) => values.length !== residuals.length)
  )
    throw new InputError(
      `${residuals.length} residuals need as many values of each parameter, at least 2; give one for each point`,
    );
  if (!Array.from(residuals).some(Number.isFinite))
    throw new InputError('none of the points has a residual; give those of a scan that has some');
  if (refined && refined.point.length !== axes.length)
    throw new InputError(
      `a refined point of ${refined.point.length} numbers needs ${axes.length}, one for each axis`,
    );
}
