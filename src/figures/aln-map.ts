/**
 * What an ALN node does over two parameters: largest rate, amplitude, frequency, and the regions of its states, whose borders
 * are drawn over all four maps.
 */
import { NODE_STATES, type NodeState } from '../analysis/node-states.ts';
import { InputError } from '../errors.ts';
import type { Frame } from './axes.ts';
import { BAR_WIDTH, colourBar, sequentialColour } from './colour-ramp.ts';
import { drawPlot, PLOT_FOOT, PLOT_HEAD, type Plot } from './plot.ts';
import { rasterImage } from './raster-image.ts';
import { COLOURS, DOUBLE_COLUMN, FAINT_INK, FONT } from './style.ts';
import { decimal, element, POINTS_PER_MM, svgDocument } from './svg.ts';
import { centredBaseline, fitText, label, textWidth } from './text.ts';

export interface AlnMap {
  title: string;
  subtitle: string;
  /** Evenly spaced, with name and unit. */
  x: { title: string; values: ArrayLike<number> };
  y: { title: string; values: ArrayLike<number> };
  /** Hz, `[y, x]`: of the excitatory rate, the largest over initial states. */
  max: ArrayLike<number>;
  amplitude: ArrayLike<number>;
  /** NaN where nothing oscillates. */
  frequency: ArrayLike<number>;
  /** `[y, x]`. */
  regions: readonly NodeState[];
}

const GREY = '#dcdcdc';
const REGION_COLOURS: Record<NodeState, string> = {
  down: '#c6dbef',
  up: COLOURS.orange,
  'fast cycle': COLOURS.green,
  'slow cycle': COLOURS.purple,
  bistable: COLOURS.blue,
};
const MAP_HEIGHT = 120;
const KEY_WIDTH = 46;
const GAP = 10;
const EDGE = 3;
const HEAD = 2.4 * FONT.title + 8;

/** An SVG document of `width` mm. Throws InputError where arrays disagree. */
export function alnMapFigure(map: AlnMap, { width = DOUBLE_COLUMN }: { width?: number } = {}): string {
  const [columns, rows] = [map.x.values.length, map.y.values.length];
  if (columns < 2 || rows < 2) throw new InputError('a map needs at least two values of both parameters');
  for (const list of [map.max, map.amplitude, map.frequency, map.regions]) {
    if (list.length !== columns * rows)
      throw new InputError(
        `a map of ${columns} by ${rows} points has ${list.length} values; give one for each point`,
      );
  }
  const points = width * POINTS_PER_MM;
  const each = (points - GAP) / 2;
  const height = PLOT_HEAD + MAP_HEIGHT + PLOT_FOOT;
  const plots = [
    quantityPlot(map, 'Largest rate of E', 'Hz', map.max),
    quantityPlot(map, 'Amplitude', 'largest less smallest rate of E, Hz', map.amplitude),
    quantityPlot(map, 'Frequency', 'Hz; grey: no oscillation', map.frequency),
    regionPlot(map),
  ].map((plot, index) =>
    drawPlot(plot, {
      ...{
        x: (index % 2) * (each + GAP),
        y: HEAD + Math.floor(index / 2) * (height + GAP),
        width: each,
        height,
      },
    }),
  );
  const room = points - 2 * EDGE;
  const heading =
    label(fitText(map.title, FONT.title, room, true), EDGE, EDGE + FONT.title, {
      size: FONT.title,
      bold: true,
    }) +
    label(fitText(map.subtitle, FONT.label, room), EDGE, EDGE + FONT.title + 1.35 * FONT.label, {
      size: FONT.label,
      colour: FAINT_INK,
    });
  return svgDocument(points, HEAD + 2 * height + GAP, `${map.title}, ${map.subtitle}`, heading, ...plots);
}

function axesOf({ x, y }: AlnMap) {
  return { x: { domain: edges(x.values), title: x.title }, y: { domain: edges(y.values), title: y.title } };
}

function quantityPlot(map: AlnMap, title: string, note: string, values: ArrayLike<number>): Plot {
  const [columns, rows] = [map.x.values.length, map.y.values.length];
  const finite = Array.from(values).filter(Number.isFinite);
  const top = Math.max(1e-9, ...finite);
  const colour = (value: number) => sequentialColour(value / top);
  return {
    ...{ title, note, ...axesOf(map), keyWidth: KEY_WIDTH },
    draw: ({ frame, keyX }) => {
      const image = rasterImage(frame, columns, rows, (column, row) => {
        const value = values[(rows - 1 - row) * columns + column]!;
        return Number.isFinite(value) ? colour(value) : GREY;
      });
      const bar: Frame = { ...frame, x: keyX - 4, width: BAR_WIDTH };
      return image + borders(map, frame, '#ffffff') + colourBar(bar, [0, top], colour);
    },
  };
}

function regionPlot(map: AlnMap): Plot {
  const [columns, rows] = [map.x.values.length, map.y.values.length];
  const present = NODE_STATES.filter((state) => map.regions.includes(state));
  return {
    ...{ title: 'States', note: 'in the long run', ...axesOf(map), keyWidth: KEY_WIDTH },
    draw: ({ frame, keyX }) => {
      const image = rasterImage(
        frame,
        columns,
        rows,
        (column, row) => REGION_COLOURS[map.regions[(rows - 1 - row) * columns + column]!],
      );
      const key = present.map((state, index) => {
        const at = frame.y + (index + 0.7) * 11;
        return (
          element('rect', { x: keyX - 4, y: at - 3, width: 6, height: 6, fill: REGION_COLOURS[state] }) +
          label(
            fitText(state, FONT.note, KEY_WIDTH + 4 - textWidth(' ', FONT.note)),
            keyX + 5,
            centredBaseline(at, FONT.note),
            { size: FONT.note },
          )
        );
      });
      return image + borders(map, frame, '#ffffff') + key.join('');
    },
  };
}

/** Lines between neighbouring points of different states. */
function borders({ x, y, regions }: AlnMap, frame: Frame, stroke: string): string {
  const [columns, rows] = [x.values.length, y.values.length];
  const [width, height] = [frame.width / columns, frame.height / rows];
  const state = (column: number, row: number) => regions[(rows - 1 - row) * columns + column];
  let d = '';
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [left, top] = [frame.x + column * width, frame.y + row * height];
      if (column + 1 < columns && state(column, row) !== state(column + 1, row))
        d += `M${decimal(left + width)} ${decimal(top)}v${decimal(height)}`;
      if (row + 1 < rows && state(column, row) !== state(column, row + 1))
        d += `M${decimal(left)} ${decimal(top + height)}h${decimal(width)}`;
    }
  }
  return d === ''
    ? ''
    : element('path', { d, fill: 'none', stroke, 'stroke-width': 0.8, 'stroke-linecap': 'square' });
}

/** An axis from half a step before its first value to half a step after its last: each value is the middle of a pixel. */
function edges(values: ArrayLike<number>): [number, number] {
  const half = (values[1]! - values[0]!) / 2;
  return [values[0]! - half, values[values.length - 1]! + half];
}
