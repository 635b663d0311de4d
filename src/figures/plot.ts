/**
 * A plain plot: two axes with titles, a heading, and whatever is drawn between them. Figures of several plots put them side
 * by side.
 */
import {
  type Axis,
  bottomAxis,
  bottomTitle,
  type Frame,
  leftAxis,
  leftTitle,
  linearAxis,
  tickLabelWidth,
} from './axes.ts';
import { FAINT_INK, FONT } from './style.ts';
import { element } from './svg.ts';
import { fitText, label } from './text.ts';

export interface Plot {
  /** Heading, bold; a note below it, faint. */
  title: string;
  note?: string;
  x: { domain: readonly [number, number]; title: string };
  y: { domain: readonly [number, number]; title: string };
  /** Room on the right for a key, pt. */
  keyWidth?: number;
  /** Room for the numbers on the left, pt, where they need less: plots above each other then begin alike. */
  numberWidth?: number;
  draw(scales: PlotScales): string;
}

export interface PlotScales {
  frame: Frame;
  x: Axis;
  y: Axis;
  /** Left edge of the key, pt. */
  keyX: number;
}

/** Between the edge of a plot and what stands in it, and between frame and key, pt. */
const EDGE = 3;
const KEY_GAP = 10;
/** The last number of the horizontal axis may reach this far beyond the frame, pt. */
const OVERHANG = 8;
/** What stands above the frame, pt. */
export const PLOT_HEAD = 2.9 * FONT.label;
/** What stands below it, pt. */
export const PLOT_FOOT = 26;

/** Draws a plot into the rectangle `outer`, head and foot included. */
export function drawPlot(plot: Plot, outer: Frame): string {
  const top = outer.y + PLOT_HEAD;
  const height = outer.height - PLOT_HEAD - PLOT_FOOT;
  const y = linearAxis(plot.y.domain, [top + height, top], height / 24);
  const titleX = outer.x + EDGE + 0.8 * FONT.label;
  const left = titleX + 0.7 * FONT.label + Math.max(tickLabelWidth(y), plot.numberWidth ?? 0);
  const right =
    outer.x + outer.width - EDGE - (plot.keyWidth === undefined ? OVERHANG : plot.keyWidth + KEY_GAP);
  const frame = { x: left, y: top, width: right - left, height };
  const x = linearAxis(plot.x.domain, [left, right], frame.width / 34);
  const room = outer.x + outer.width - left;
  const head =
    label(fitText(plot.title, FONT.title, room, true), left, outer.y + FONT.title, {
      size: FONT.title,
      bold: true,
    }) +
    (plot.note === undefined
      ? ''
      : label(fitText(plot.note, FONT.note, room), left, outer.y + FONT.title + 1.25 * FONT.note, {
          size: FONT.note,
          colour: FAINT_INK,
        }));
  return (
    head +
    plot.draw({ frame, x, y, keyX: right + KEY_GAP }) +
    leftAxis(frame, y) +
    leftTitle(frame, plot.y.title, titleX) +
    bottomAxis(frame, x, { numbers: true }) +
    bottomTitle(frame, plot.x.title)
  );
}

/** Draws `plots` side by side in a figure of `width` pt; returns the SVG and its height. */
export function drawPlotRow(
  plots: readonly Plot[],
  width: number,
  plotHeight: number,
): { svg: string; height: number } {
  const gap = 10;
  const each = (width - gap * (plots.length - 1)) / plots.length;
  const height = PLOT_HEAD + plotHeight + PLOT_FOOT;
  const svg = plots.map((plot, index) =>
    drawPlot(plot, { x: index * (each + gap), y: EDGE, width: each, height }),
  );
  return { svg: svg.join(''), height: height + 2 * EDGE };
}

/** Discs at (x, y)[k], pt; `fill` for each. */
export function discs(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  radius: number,
  fill: (index: number) => string,
  stroke?: string,
): string {
  return Array.from({ length: x.length }, (_, index) =>
    element('circle', {
      cx: x[index],
      cy: y[index],
      r: radius,
      fill: fill(index),
      stroke,
      'stroke-width': stroke === undefined ? undefined : 0.25,
    }),
  ).join('');
}
