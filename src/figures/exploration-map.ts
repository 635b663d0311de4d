/** A number over two explored parameters, with its best point marked; several numbers stand side by side. */
import { InputError } from '../errors.ts';
import { BAR_WIDTH, colourBar } from './colour-ramp.ts';
import { BAR_ROOM, extent, NO_VALUE, rampOver } from './matrix-plot.ts';
import { drawPlot, PLOT_FOOT, PLOT_HEAD, type Plot } from './plot.ts';
import { rasterImage } from './raster-image.ts';
import { DOUBLE_COLUMN, FAINT_INK, FONT } from './style.ts';
import { element, POINTS_PER_MM, svgDocument } from './svg.ts';
import { fitText, label } from './text.ts';

export interface ExplorationMap {
  title: string;
  note: string;
  /** Evenly spaced values, ascending, at least two. */
  x: { title: string; values: ArrayLike<number> };
  y: { title: string; values: ArrayLike<number> };
  maps: readonly {
    title: string;
    note?: string;
    /** `[y, x]`; NaN where there is none yet. */
    values: ArrayLike<number>;
    ramp?: 'sequential' | 'diverging';
    domain?: readonly [number, number];
    /** Which end is the best, to be marked. */
    best?: 'largest' | 'smallest';
  }[];
}

const MAP_HEIGHT = 120;
const GAP = 10;
const EDGE = 3;
const HEAD = 2.4 * FONT.title + 8;

/** An SVG document of `width` mm, two maps a row. Throws InputError where sizes disagree. */
export function explorationMapFigure(
  { title, note, x, y, maps }: ExplorationMap,
  { width = DOUBLE_COLUMN }: { width?: number } = {},
): string {
  const [columns, rows] = [x.values.length, y.values.length];
  if (columns < 2 || rows < 2) throw new InputError('a map needs at least two values of both parameters');
  const wrong = maps.find(({ values }) => values.length !== columns * rows);
  if (wrong)
    throw new InputError(
      `the map ${wrong.title} of ${columns} by ${rows} points has ${wrong.values.length} values; give one for each point`,
    );
  const points = width * POINTS_PER_MM;
  const across = Math.min(2, maps.length);
  const each = (points - GAP * (across - 1)) / across;
  const height = PLOT_HEAD + MAP_HEIGHT + PLOT_FOOT;
  const plots = maps.map((map, index) =>
    drawPlot(mapPlot(x, y, map), {
      x: (index % across) * (each + GAP),
      y: HEAD + Math.floor(index / across) * (height + GAP / 2),
      width: each,
      height,
    }),
  );
  const room = points - 2 * EDGE;
  const head =
    label(fitText(title, FONT.title, room, true), EDGE, EDGE + FONT.title, { size: FONT.title, bold: true }) +
    label(fitText(note, FONT.label, room), EDGE, EDGE + FONT.title + 1.35 * FONT.label, {
      size: FONT.label,
      colour: FAINT_INK,
    });
  const total = HEAD + Math.ceil(maps.length / across) * (height + GAP / 2);
  return svgDocument(points, total, `${title}, ${note}`, head, ...plots);
}

function mapPlot(
  x: ExplorationMap['x'],
  y: ExplorationMap['y'],
  { title, note, values, ramp, domain, best }: ExplorationMap['maps'][number],
): Plot {
  const [columns, rows] = [x.values.length, y.values.length];
  const [low, high] = extent(values);
  const far = Math.max(Math.abs(low), Math.abs(high));
  const colours = domain ?? (ramp === 'diverging' ? ([-far, far] as const) : ([low, high] as const));
  const colour = rampOver(colours, ramp);
  const marked = best === undefined ? undefined : bestPoint(values, best);
  return {
    title,
    ...(note === undefined ? {} : { note }),
    x: { domain: edges(x.values), title: x.title },
    y: { domain: edges(y.values), title: y.title },
    keyWidth: BAR_ROOM,
    draw: (scales) => {
      const { frame, keyX } = scales;
      const image = rasterImage(frame, columns, rows, (column, row) => {
        const value = values[(rows - 1 - row) * columns + column]!;
        return Number.isNaN(value) ? NO_VALUE : colour(value);
      });
      const bar = colourBar({ ...frame, x: keyX - 4, width: BAR_WIDTH }, colours, colour);
      if (marked === undefined) return image + bar;
      const at = {
        cx: scales.x.scale(x.values[marked % columns]!),
        cy: scales.y.scale(y.values[Math.floor(marked / columns)]!),
      };
      // Dark within white: seen on every colour of the ramp.
      const ring = (stroke: string, thickness: number) =>
        element('circle', { ...at, r: 3, fill: 'none', stroke, 'stroke-width': thickness });
      return image + ring('#ffffff', 2.2) + ring('#000000', 0.9) + bar;
    },
  };
}

/** Index of the best value; undefined where all are NaN. */
function bestPoint(values: ArrayLike<number>, best: 'largest' | 'smallest'): number | undefined {
  let found: number | undefined;
  for (let k = 0; k < values.length; k++) {
    if (Number.isNaN(values[k]!)) continue;
    const isBetter =
      found === undefined || (best === 'largest' ? values[k]! > values[found]! : values[k]! < values[found]!);
    if (isBetter) found = k;
  }
  return found;
}

/** From half a step before the first value to half a step behind the last: each value is the middle of a pixel. */
function edges(values: ArrayLike<number>): [number, number] {
  const half = (values[1]! - values[0]!) / 2;
  return [values[0]! - half, values[values.length - 1]! + half];
}
