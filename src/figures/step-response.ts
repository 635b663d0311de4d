/**
 * Responses to current steps as papers print them (Zerlaut et al. 2017, Fig. 1): membrane potential with its spikes
 * above, the current below, one column a current and one row a cell, scale bars in place of axes.
 */
import { scaleLinear } from 'd3-scale';
import { InputError } from '../errors.ts';
import type { Frame } from './axes.ts';
import { linePath, type Scale } from './paths.ts';
import { currentBar, niceLength, traceBars } from './scale-bars.ts';
import { spikePath } from './spike-path.ts';
import { COLOURS, DOUBLE_COLUMN, FAINT_INK, FONT, INK, LINE, SINGLE_COLUMN } from './style.ts';
import { decimal, element, POINTS_PER_MM, svgDocument } from './svg.ts';
import { centredBaseline, fitText, label, textWidth } from './text.ts';

/** The response of one cell to one current. */
export interface StepPanel {
  /** mV, [sample]. */
  V: ArrayLike<number>;
  /** Times of its spikes, ms. */
  spikes: ArrayLike<number>;
}

export interface StepRow {
  /** Name of the cell. */
  name: string;
  /** Potential at rest, mV: a dashed line. */
  E_L: number;
  /** One for each current. */
  panels: readonly StepPanel[];
}

export interface StepFigureData {
  /** Beside the name of the cell (or "Current steps" where there are several). */
  subtitle: string;
  /** ms, ascending, [sample]. */
  time: ArrayLike<number>;
  /** Onset and end of the step and of the run, ms. */
  start: number;
  stop: number;
  duration: number;
  /** Amplitude of the step, pA, one a column. */
  currents: readonly number[];
  rows: readonly StepRow[];
}

/** More columns would be too narrow to read: of more currents, this many are shown, evenly picked. */
const mostColumns = 8;
/** Heights and gaps, pt. */
const ROW = 62;
const CURRENT_ROW = 26;
const GAP = 8;
const EDGE = 3;
/** Room for scale bars and their labels on the right. */
const BARS = 40;
/** Potential that a drawn spike reaches, mV. */
const SPIKE_PEAK = 0;

/**
 * Draws `data` as an SVG document of the given width (mm; by default a single column of a journal for one or two
 * currents, else a double one). All rows share one scale of V. Throws InputError where arrays disagree.
 */
export function stepResponseFigure(data: StepFigureData, options: { width?: number } = {}): string {
  checkStepFigure(data);
  const shown = shownColumns(data.currents.length);
  const width = (options.width ?? (shown.length <= 2 ? SINGLE_COLUMN : DOUBLE_COLUMN)) * POINTS_PER_MM;
  const heading = drawHeading(data, shown.length, width);
  const rests = data.rows.map(({ E_L }) => textWidth(millivolts(E_L), FONT.tick));
  const left = EDGE + Math.max(...rests) + 4;
  const columnWidth = (width - left - BARS - EDGE - GAP * (shown.length - 1)) / shown.length;
  const frameOf = (column: number, y: number, height: number): Frame => ({
    x: left + column * (columnWidth + GAP),
    y,
    width: columnWidth,
    height,
  });
  const timeIn = (frame: Frame) => scaleLinear([0, data.duration], [frame.x, frame.x + frame.width]);
  const domain = voltageDomain(data, shown);

  let svg = '';
  let y = heading.bottom;
  data.rows.forEach((row, index) => {
    if (data.rows.length > 1) {
      const name = fitText(row.name, FONT.label, width - left - EDGE, true);
      svg += label(name, left, y + FONT.label, { size: FONT.label, bold: true });
      y += 1.5 * FONT.label;
    }
    const frames = shown.map((_, column) => frameOf(column, y, ROW));
    const scale = scaleLinear(domain, [y + ROW, y]);
    frames.forEach((frame, column) => {
      svg += drawPotential(row, shown[column]!, data, timeIn(frame), scale, frame);
    });
    svg += label(millivolts(row.E_L), left - 4, centredBaseline(scale(row.E_L), FONT.tick), {
      size: FONT.tick,
      anchor: 'end',
    });
    if (index === 0) {
      const time = timeIn(frames.at(-1)!);
      svg += traceBars(width - EDGE - BARS + 8, y + ROW / 2, {
        vertical: niceLength((domain[1] - domain[0]) / 4),
        // No longer than the margin is wide.
        horizontal: niceLength(Math.min(data.duration / 4, (BARS - 8) / (time(1) - time(0)))),
        perUnit: { vertical: scale(0) - scale(1), horizontal: time(1) - time(0) },
      });
    }
    y += ROW + GAP;
  });

  const currents = shown.map((column) => data.currents[column]!);
  const range: [number, number] = [Math.min(0, ...currents), Math.max(0, ...currents)];
  if (range[0] === range[1]) range[1] = 1;
  // Labels stand above currents that are positive and below those that are not.
  if (currents.some((current) => current >= 0)) y += 1.2 * FONT.label;
  const scale = scaleLinear(range, [y + CURRENT_ROW, y]);
  currents.forEach((current, column) => {
    const frame = frameOf(column, y, CURRENT_ROW);
    svg += drawCurrent(current, data, timeIn(frame), scale, frame);
  });
  svg += currentBar(width - EDGE - BARS + 8, y + CURRENT_ROW / 2, {
    length: niceLength((range[1] - range[0]) / 2),
    perUnit: scale(0) - scale(1),
  });
  y += CURRENT_ROW + (currents.some((current) => current < 0) ? 1.3 * FONT.label : 0) + EDGE;
  return svgDocument(width, y, `${heading.title}, ${data.subtitle}`, heading.svg, svg);
}

function drawPotential(
  row: StepRow,
  column: number,
  { time }: StepFigureData,
  scaleX: Scale,
  scaleY: Scale,
  frame: Frame,
): string {
  const { V, spikes } = row.panels[column]!;
  const rest = element('path', {
    d: `M${decimal(frame.x)} ${decimal(scaleY(row.E_L))}h${decimal(frame.width)}`,
    stroke: FAINT_INK,
    'stroke-width': LINE.axis,
    'stroke-dasharray': '2 2',
    fill: 'none',
  });
  const trace = element('path', {
    d: linePath(time, V, scaleX, scaleY) + spikePath({ values: V, spikes }, time, scaleX, scaleY, SPIKE_PEAK),
    stroke: INK,
    'stroke-width': LINE.trace,
    'stroke-linejoin': 'round',
    fill: 'none',
  });
  return rest + trace;
}

/** The step, with its amplitude beside it, on the side to which it goes. */
function drawCurrent(
  current: number,
  data: StepFigureData,
  scaleX: Scale,
  scaleY: Scale,
  frame: Frame,
): string {
  const { start, stop, duration } = data;
  const colour = current < 0 ? COLOURS.blue : COLOURS.vermilion;
  const [zero, level] = [decimal(scaleY(0)), decimal(scaleY(current))];
  const d =
    `M${decimal(scaleX(0))} ${zero}H${decimal(scaleX(start))}V${level}` +
    `H${decimal(scaleX(stop))}V${zero}H${decimal(scaleX(duration))}`;
  const amplitude = `${signed(current)} pA`;
  // A short step near an edge does not push its label over it.
  const half = textWidth(amplitude, FONT.label) / 2;
  const middle = Math.min(Math.max(scaleX((start + stop) / 2), frame.x + half), frame.x + frame.width - half);
  const beside = current < 0 ? 1.05 * FONT.label : -0.35 * FONT.label;
  return (
    element('path', { d, stroke: colour, 'stroke-width': LINE.rate, fill: 'none' }) +
    label(amplitude, middle, scaleY(current) + beside, {
      size: FONT.label,
      anchor: 'middle',
      colour,
    })
  );
}

function drawHeading(
  { rows, currents, subtitle }: StepFigureData,
  shown: number,
  width: number,
): { svg: string; bottom: number; title: string } {
  const title = rows.length === 1 ? rows[0]!.name : 'Current steps';
  const room = width - 2 * EDGE;
  const note = shown < currents.length ? `${subtitle}; ${shown} of ${currents.length} currents` : subtitle;
  const name = fitText(title, FONT.title, room, true);
  const nameWidth = textWidth(name, FONT.title, true) + FONT.title;
  const oneLine = nameWidth + textWidth(note, FONT.label) <= room;
  const y = EDGE + FONT.title;
  const at = oneLine ? { x: EDGE + nameWidth, y } : { x: EDGE, y: y + 1.3 * FONT.label };
  return {
    title,
    svg:
      label(name, EDGE, y, { size: FONT.title, bold: true }) +
      label(fitText(note, FONT.label, width - EDGE - at.x), at.x, at.y, {
        size: FONT.label,
        colour: FAINT_INK,
      }),
    bottom: at.y + 6,
  };
}

/** All that occurs in the panels shown, and the peak of drawn spikes, mV. */
function voltageDomain({ rows }: StepFigureData, shown: readonly number[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { panels, E_L } of rows) {
    for (const column of shown) {
      const { V, spikes } = panels[column]!;
      for (let sample = 0; sample < V.length; sample++) {
        if (!Number.isFinite(V[sample])) continue;
        low = Math.min(low, V[sample]!);
        high = Math.max(high, V[sample]!);
      }
      if (spikes.length > 0) high = Math.max(high, SPIKE_PEAK);
    }
    low = Math.min(low, E_L);
    high = Math.max(high, E_L);
  }
  const span = Math.max(5, high - low);
  return [low - 0.02 * span, Math.max(high, low + span)];
}

/** Which of `count` columns are drawn: all, or as many as can be read, the first and the last among them. */
function shownColumns(count: number): number[] {
  const shown = Math.min(count, mostColumns);
  return Array.from({ length: shown }, (_, index) =>
    shown < 2 ? index : Math.round((index * (count - 1)) / (shown - 1)),
  );
}

function signed(current: number): string {
  const size = String(Number(Math.abs(current).toPrecision(4)));
  return current < 0 ? `−${size}` : current > 0 ? `+${size}` : size;
}

function millivolts(V: number): string {
  return `${V < 0 ? '−' : ''}${Number(Math.abs(V).toPrecision(4))} mV`;
}

function checkStepFigure({ rows, currents, time }: StepFigureData): void {
  if (rows.length === 0 || currents.length === 0)
    throw new InputError('A figure of step responses needs a cell and a current; give at least one of each.');
  for (const { name, panels } of rows) {
    if (panels.length !== currents.length) {
      throw new InputError(
        `${name} has ${panels.length} responses to ${currents.length} currents; give one for each.`,
      );
    }
    for (const { V } of panels) {
      if (V.length === time.length) continue;
      throw new InputError(
        `V of ${name} has ${V.length} values at ${time.length} times; give one value for each time.`,
      );
    }
  }
}
