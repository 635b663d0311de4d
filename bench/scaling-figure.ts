/** The scaling figure: time and memory over the number of neurons, both axes logarithmic. */
import {
  bottomAxis,
  bottomTitle,
  type Frame,
  leftAxis,
  leftTitle,
  tickLabelWidth,
} from '../src/figures/axes.ts';
import { logAxis } from '../src/figures/log-axis.ts';
import { colourOf, DOUBLE_COLUMN, FAINT_INK, FONT, LINE } from '../src/figures/style.ts';
import { decimal, element, POINTS_PER_MM, svgDocument } from '../src/figures/svg.ts';
import { centredBaseline, label, textWidth } from '../src/figures/text.ts';
import { groupRows, type MeasuredRow, type PeerRow } from './peers-result.ts';

interface Series {
  network: string;
  simulator: string;
  points: { neurons: number; measured: MeasuredRow }[];
}

const EDGE = 4;
const GAP = 16;
const HEIGHT = 150;
const FOOT = 28;
/** Line of the key, pt. */
const KEY_LINE = 1.35 * FONT.label;
const SAMPLE = 16;
/** Networks are told by the dashes of their lines and the filling of marks, simulators by colour and form. */
const DASHES = [undefined, '3 2', '1 1.5', '5 1.5 1 1.5'];
const FILLINGS: readonly ((colour: string) => { fill: string })[] = [
  (colour) => ({ fill: colour }),
  () => ({ fill: '#ffffff' }),
  (colour) => ({ fill: mixedWithWhite(colour, 0.45) }),
  (colour) => ({ fill: mixedWithWhite(colour, 0.8) }),
];

/** Null where nothing was measured. */
export function scalingFigure(rows: readonly PeerRow[]): string | null {
  const series = groupRows(rows).flatMap((group): Series[] => {
    const points = group.flatMap(({ neurons, measured }) =>
      measured === null ? [] : [{ neurons, measured }],
    );
    const { network, simulator } = group[0]!;
    return points.length === 0 ? [] : [{ network, simulator, points }];
  });
  if (series.length === 0) return null;
  const simulators = [...new Set(series.map((each) => each.simulator))];
  const networks = [...new Set(series.map((each) => each.network))];
  const style = { simulators, networks };
  const width = DOUBLE_COLUMN * POINTS_PER_MM;
  const keyWidth =
    SAMPLE + 4 + Math.max(...[...simulators, ...networks].map((name) => textWidth(name, FONT.label)));
  const each = (width - keyWidth - 2 * GAP - 2 * EDGE) / 2;
  const left = { x: EDGE, y: EDGE + 4, width: each, height: HEIGHT };
  const right = { ...left, x: EDGE + each + GAP };
  const time = panel(series, 'Wall time per biological time', (row) => row.wall_s_per_bio_s, left, style);
  const memory = panel(series, 'Peak memory (MB)', megabytesOf, right, style);
  const svg = time + memory + key(style, width - keyWidth - EDGE, EDGE + 8);
  return svgDocument(width, EDGE + 4 + HEIGHT + FOOT, 'Time and memory over the size of networks', svg);
}

type Quantity = (row: MeasuredRow) => { median: number; min: number; max: number } | null;

function megabytesOf({ peak_rss_bytes: bytes }: MeasuredRow) {
  if (bytes === null) return null;
  const value = bytes / 1e6;
  return { median: value, min: value, max: value };
}

interface Style {
  simulators: readonly string[];
  networks: readonly string[];
}

function panel(
  series: readonly Series[],
  title: string,
  quantity: Quantity,
  outer: Frame,
  style: Style,
): string {
  const drawn = series.map((each) => ({
    ...each,
    marks: each.points.flatMap(({ neurons, measured }) => {
      const value = quantity(measured);
      return value === null ? [] : [{ neurons, ...value }];
    }),
  }));
  const marks = drawn.flatMap((each) => each.marks);
  if (marks.length === 0) return '';
  const yDomain = around(marks.flatMap(({ min, max }) => [min, max]));
  const xDomain = around(marks.map(({ neurons }) => neurons));
  const titleX = outer.x + 0.8 * FONT.label;
  const y = logAxis(yDomain, [outer.y + outer.height, outer.y]);
  const x0 = titleX + 0.7 * FONT.label + tickLabelWidth(y);
  const frame = { x: x0, y: outer.y, width: outer.x + outer.width - x0, height: outer.height };
  const x = logAxis(xDomain, [frame.x, frame.x + frame.width]);
  const one = yDomain[0] < 1 && yDomain[1] > 1 && title.startsWith('Wall');
  return (
    (one ? realTime(frame, y.scale(1)) : '') +
    drawn.map((each) => curve(each, x.scale, y.scale, style)).join('') +
    leftAxis(frame, y) +
    leftTitle(frame, title, titleX) +
    bottomAxis(frame, x, { numbers: true }) +
    bottomTitle(frame, 'Neurons')
  );
}

/** A thin line where a simulation takes as long as what it simulates. */
function realTime(frame: Frame, y: number): string {
  return (
    element('path', {
      d: `M${decimal(frame.x)} ${decimal(y)}h${decimal(frame.width)}`,
      stroke: FAINT_INK,
      'stroke-width': LINE.axis,
    }) +
    label('real time', frame.x + frame.width, y - 2, { size: FONT.note, anchor: 'end', colour: FAINT_INK })
  );
}

function curve(
  each: Series & { marks: { neurons: number; median: number; min: number; max: number }[] },
  x: (value: number) => number,
  y: (value: number) => number,
  { simulators, networks }: Style,
): string {
  const index = simulators.indexOf(each.simulator);
  const colour = colourOf(index);
  const places = each.marks.map(({ neurons, median }) => ({ x: x(neurons), y: y(median) }));
  const d = places.map((at, k) => `${k === 0 ? 'M' : 'L'}${decimal(at.x)} ${decimal(at.y)}`).join('');
  const ranges = each.marks
    .map(({ neurons, min, max }) => `M${decimal(x(neurons))} ${decimal(y(min))}V${decimal(y(max))}`)
    .join('');
  const network = networks.indexOf(each.network);
  const dashes = DASHES[network % DASHES.length];
  const line = { fill: 'none', stroke: colour, 'stroke-width': 1 };
  return (
    element('path', { d, ...line, 'stroke-dasharray': dashes }) +
    element('path', { d: ranges, ...line }) +
    places.map((at) => mark(index, network, at.x, at.y)).join('')
  );
}

/** Disc, square, triangle, diamond: whoever cannot see the colours sees the forms. */
function mark(
  simulator: number,
  network: number,
  x: number,
  y: number,
  colour = colourOf(simulator),
): string {
  const r = 2.2;
  const look = { ...FILLINGS[network % FILLINGS.length]!(colour), stroke: colour, 'stroke-width': 0.8 };
  const form = simulator % 4;
  if (form === 0) return element('circle', { cx: x, cy: y, r, ...look });
  if (form === 1) return element('rect', { x: x - r, y: y - r, width: 2 * r, height: 2 * r, ...look });
  if (form === 3) {
    const s = decimal(1.3 * r);
    return element('path', {
      d: `M${decimal(x)} ${decimal(y - 1.3 * r)}l${s} ${s}l-${s} ${s}l-${s} -${s}z`,
      ...look,
    });
  }
  const d = `M${decimal(x - 1.2 * r)} ${decimal(y + r)}h${decimal(2.4 * r)}L${decimal(x)} ${decimal(y - 1.2 * r)}z`;
  return element('path', { d, ...look });
}

function key({ simulators, networks }: Style, x: number, top: number): string {
  const text = (name: string, y: number) =>
    label(name, x + SAMPLE + 4, centredBaseline(y, FONT.label), { size: FONT.label });
  const marks = simulators.map((name, k) => {
    const y = top + k * KEY_LINE;
    return mark(k, 0, x + SAMPLE / 2, y) + text(name, y);
  });
  const lines = networks.map((name, k) => {
    const y = top + (simulators.length + k + 0.6) * KEY_LINE;
    const d = `M${decimal(x)} ${decimal(y)}h${SAMPLE}`;
    const line = { d, stroke: FAINT_INK, 'stroke-width': 1, 'stroke-dasharray': DASHES[k % DASHES.length] };
    return element('path', line) + mark(0, k, x + SAMPLE / 2, y, FAINT_INK) + text(name, y);
  });
  return [...marks, ...lines].join('');
}

/** The range of values with a margin, of a fifth of their size at least. */
function around(values: readonly number[]): [number, number] {
  const low = Math.log(Math.min(...values));
  const high = Math.log(Math.max(...values));
  const margin = Math.max(0.2, 0.06 * (high - low));
  return [Math.exp(low - margin), Math.exp(high + margin)];
}

/** `share` of white in a colour as #rrggbb. */
function mixedWithWhite(colour: string, share: number): string {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const mixed = parts.map((part) => Math.round(part + share * (255 - part)));
  return `#${mixed.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
