/**
 * A figure in one column: panels below each other that share the time axis, the place of axis titles on the left
 * and a margin for direct labels on the right. Each panel says how much room it needs; the column then draws all.
 */
import { type Axis, BOTTOM_AXIS_HEIGHT, bottomAxis, bottomTitle, type Frame, linearAxis } from './axes.ts';
import { FONT } from './style.ts';

export interface Panel {
  /** pt. */
  height: number;
  /** Room for the numbers of its vertical axis, pt. */
  numbersWidth: number;
  /** Room for the labels on its right, pt. */
  labelsWidth: number;
  draw(frame: Frame, column: Column): string;
}

/** What panels of a column share. */
export interface Column {
  time: Axis;
  /** The window shown, ms. */
  t0: number;
  t1: number;
  /** Baseline of the titles of vertical axes, pt. */
  titleX: number;
  /** Where labels on the right begin, and how much room they have, pt. */
  labelX: number;
  labelWidth: number;
}

/** Between the edge of the figure and what stands in it, between panels, and between a frame and its labels, pt. */
const EDGE = 3;
const PANEL_GAP = 9;
const LABEL_GAP = 4;
/** Labels on the right get at most this part of the width; longer ones are cut. */
const MOST_LABELS = 0.25;
/** The last number of the time axis may reach this far beyond the frame, pt. */
const LEAST_LABELS = 10;

/** Draws `panels` from `top` down in a figure of `width` pt; returns the SVG and where it ends. */
export function drawColumn(
  panels: readonly Panel[],
  { width, top, t0, t1 }: { width: number; top: number; t0: number; t1: number },
): { svg: string; bottom: number } {
  const titleX = EDGE + 0.8 * FONT.label;
  const left = titleX + 0.8 * FONT.label + Math.max(...panels.map((panel) => panel.numbersWidth));
  const wanted = Math.max(LEAST_LABELS, ...panels.map((panel) => panel.labelsWidth));
  const labelWidth = Math.min(MOST_LABELS * width, wanted);
  const plotWidth = width - left - LABEL_GAP - labelWidth - EDGE;
  const unit = t1 - t0 >= 10_000 ? { perMs: 1e-3, title: 'Time (s)' } : { perMs: 1, title: 'Time (ms)' };
  const inUnit = linearAxis([t0 * unit.perMs, t1 * unit.perMs], [left, left + plotWidth], plotWidth / 50);
  const time = { ...inUnit, scale: (ms: number) => inUnit.scale(ms * unit.perMs) };
  const column: Column = { time, t0, t1, titleX, labelX: left + plotWidth + LABEL_GAP, labelWidth };

  let svg = '';
  let y = top;
  panels.forEach((panel, i) => {
    const frame = { x: left, y, width: plotWidth, height: panel.height };
    const last = i === panels.length - 1;
    svg += panel.draw(frame, column) + bottomAxis(frame, inUnit, { numbers: last });
    if (last) svg += bottomTitle(frame, unit.title);
    y += panel.height + (last ? BOTTOM_AXIS_HEIGHT : PANEL_GAP);
  });
  return { svg, bottom: y };
}
