/** The two variables of a small node model over time, and against each other: the cycle or the rest that they end in. */
import { scaleLinear } from 'd3-scale';
import { InputError } from '../errors.ts';
import { linePath } from './paths.ts';
import { drawPlotRow, type Plot } from './plot.ts';
import { COLOURS, DOUBLE_COLUMN, FONT, LINE } from './style.ts';
import { decimal, element, POINTS_PER_MM, svgDocument } from './svg.ts';
import { centredBaseline, label, textWidth } from './text.ts';

export interface NodeSeries {
  title: string;
  note: string;
  /** ms, ascending. */
  times: ArrayLike<number>;
  /** Names of the two variables, as their axes are to be called. */
  names: readonly [string, string];
  /** One value for each time. */
  first: ArrayLike<number>;
  second: ArrayLike<number>;
  /** The phase plane shows what comes from here on, ms. */
  closingFrom: number;
}

const HEIGHT = 110;
const DOT = 1.8;

/** An SVG document of `width` mm. Throws InputError where there is nothing to draw or arrays disagree. */
export function nodeSeriesFigure(
  series: NodeSeries,
  { width = DOUBLE_COLUMN }: { width?: number } = {},
): string {
  const { times, first, second } = series;
  if (times.length < 2)
    throw new InputError('a figure over time needs at least two samples; sample more often');
  for (const list of [first, second]) {
    if (list.length !== times.length)
      throw new InputError(
        `there are ${times.length} times and ${list.length} values; give one value for each time`,
      );
  }
  const tolerance = 0.5 * (times[1]! - times[0]!);
  const begin = Array.prototype.findIndex.call(times, (time) => time > series.closingFrom + tolerance);
  const from = begin < 0 ? 0 : begin;
  const points = width * POINTS_PER_MM;
  const { svg, height } = drawPlotRow([overTime(series), phasePlane(series, from)], points, HEIGHT);
  return svgDocument(points, height, `${series.title}, ${series.note}`, svg);
}

function overTime({ title, note, times, names, first, second }: NodeSeries): Plot {
  const lines = [
    { name: names[0], values: first, colour: COLOURS.blue },
    { name: names[1], values: second, colour: COLOURS.vermilion },
  ];
  const step = times[1]! - times[0]!;
  return {
    ...{ title, note },
    x: { domain: [times[0]! - step, times[times.length - 1]!], title: 'Time (ms)' },
    y: { domain: extentOf(first, second), title: names.join(', ') },
    keyWidth: Math.max(...names.map((name) => textWidth(name, FONT.label, true))),
    draw: ({ frame, x, y, keyX }) => {
      const drawn = [...lines].reverse().map(({ values, colour }) =>
        element('path', {
          d: linePath(times, values, x.scale, y.scale),
          ...{ fill: 'none', stroke: colour, 'stroke-width': LINE.rate, 'stroke-linejoin': 'round' },
        }),
      );
      const key = lines.map(({ name, colour }, index) =>
        label(name, keyX - 4, centredBaseline(frame.y + (index + 0.6) * 11, FONT.label), {
          ...{ size: FONT.label, bold: true, colour },
        }),
      );
      return drawn.join('') + key.join('');
    },
  };
}

function phasePlane({ times, names, first, second, closingFrom }: NodeSeries, from: number): Plot {
  const closing = (list: ArrayLike<number>) => Array.prototype.slice.call(list, from) as number[];
  const [a, b] = [closing(first), closing(second)];
  return {
    title: 'Phase plane',
    note: `last ${decimal(times[times.length - 1]! - closingFrom)} ms, dot: end`,
    x: { domain: extentOf(a), title: names[0] },
    y: { domain: extentOf(b), title: names[1] },
    draw: ({ x, y }) => {
      // Not ascending, so every point is drawn.
      const path = a
        .map((value, k) => `${k === 0 ? 'M' : 'L'}${decimal(x.scale(value))} ${decimal(y.scale(b[k]!))}`)
        .join('');
      const [endX, endY] = [x.scale(a[a.length - 1]!), y.scale(b[b.length - 1]!)];
      const line = {
        fill: 'none',
        stroke: COLOURS.green,
        'stroke-width': LINE.rate,
        'stroke-linejoin': 'round',
      };
      return (
        element('path', { d: path, ...line }) +
        element('circle', { cx: decimal(endX), cy: decimal(endY), r: decimal(DOT), fill: COLOURS.green })
      );
    },
  };
}

/** Round numbers around all values; around a rest that does not move, a little of its size. */
function extentOf(...lists: readonly ArrayLike<number>[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const list of lists) {
    for (let k = 0; k < list.length; k++) {
      low = Math.min(low, list[k]!);
      high = Math.max(high, list[k]!);
    }
  }
  const least = 0.02 * Math.max(Math.abs(low), Math.abs(high), 0.05);
  if (high - low < least) [low, high] = [low - least, high + least];
  const [from, to] = scaleLinear().domain([low, high]).nice(4).domain() as [number, number];
  return [from, to];
}
