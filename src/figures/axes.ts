/**
 * Axes of the figures: one thin line, ticks outwards, numbers with a real minus sign, a title with its unit.
 */
import { scaleLinear } from 'd3-scale';
import { FONT, INK, LINE, TICK } from './style.ts';
import { decimal, element } from './svg.ts';
import { centredBaseline, label, textWidth } from './text.ts';

/** The rectangle of a panel inside its axes, pt. */
export interface Frame {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Axis {
  scale: (value: number) => number;
  ticks: number[];
  tickLabels: string[];
}

/** A linear axis from `domain` to `range` (pt) with about `count` ticks. */
export function linearAxis(
  domain: readonly [number, number],
  range: readonly [number, number],
  count: number,
): Axis {
  const scale = scaleLinear().domain(domain).range(range);
  const ticks = scale.ticks(count);
  const format = scale.tickFormat(count, 'f'); // 1000 and not 1,000
  return { scale: (value) => scale(value), ticks, tickLabels: ticks.map((tick) => format(tick)) };
}

/** [0, top] with `top` a round number not below any finite value of the `lists`; [0, 1] where all are zero. */
export function domainFromZero(lists: readonly ArrayLike<number>[]): [number, number] {
  let top = 0;
  for (const list of lists) {
    for (let k = 0; k < list.length; k++) if (Number.isFinite(list[k]) && list[k] > top) top = list[k];
  }
  const [low, high] = scaleLinear()
    .domain([0, top > 0 ? top : 1])
    .nice(4)
    .domain();
  return [low, high];
}

/** Room for the numbers left of an axis, ticks included, pt. */
export function tickLabelWidth(axis: Axis): number {
  return Math.max(0, ...axis.tickLabels.map((text) => textWidth(text, FONT.tick))) + TICK.length + TICK.gap;
}

/** The axis on the left of `frame`. */
export function leftAxis(frame: Frame, axis: Axis): string {
  const places = axis.ticks.map(axis.scale);
  const line = `M${decimal(frame.x)} ${decimal(frame.y)}v${decimal(frame.height)}`;
  const ticks = places.map((y) => `M${decimal(frame.x)} ${decimal(y)}h${-TICK.length}`).join('');
  const numbers = axis.tickLabels.map((text, i) =>
    label(text, frame.x - TICK.length - TICK.gap, centredBaseline(places[i], FONT.tick), {
      size: FONT.tick,
      anchor: 'end',
    }),
  );
  return axisLines(line + ticks) + numbers.join('');
}

/** The axis below `frame`; without numbers where another panel on the same axis stands below. */
export function bottomAxis(frame: Frame, axis: Axis, { numbers }: { numbers: boolean }): string {
  const bottom = frame.y + frame.height;
  const places = axis.ticks.map(axis.scale);
  const line = `M${decimal(frame.x)} ${decimal(bottom)}h${decimal(frame.width)}`;
  const ticks = places.map((x) => `M${decimal(x)} ${decimal(bottom)}v${TICK.length}`).join('');
  if (!numbers) return axisLines(line + ticks);
  const texts = axis.tickLabels.map((text, i) =>
    label(text, places[i], bottom + TICK.length + TICK.gap + 0.72 * FONT.tick, {
      size: FONT.tick,
      anchor: 'middle',
    }),
  );
  return axisLines(line + ticks) + texts.join('');
}

/** The title of a vertical axis, centred on the height of `frame`, its baseline at `x`; `symbol` comes first, in italics. */
export function leftTitle(frame: Frame, text: string, x: number, symbol?: string): string {
  const middle = frame.y + frame.height / 2;
  return label(text, x, middle, { size: FONT.label, anchor: 'middle', upwards: true, symbol });
}

/** The title of the horizontal axis below `frame`. */
export function bottomTitle(frame: Frame, text: string): string {
  const y = frame.y + frame.height + TICK.length + TICK.gap + 0.72 * FONT.tick + 1.35 * FONT.label;
  return label(text, frame.x + frame.width / 2, y, { size: FONT.label, anchor: 'middle' });
}

/** Height that numbers and title of a bottom axis take, pt. */
export const BOTTOM_AXIS_HEIGHT = TICK.length + TICK.gap + 0.72 * FONT.tick + 1.35 * FONT.label + 3;

function axisLines(d: string): string {
  return element('path', { d, fill: 'none', stroke: INK, 'stroke-width': LINE.axis });
}
