/**
 * Colours for quantities: one ramp from low to high, one away from zero on both sides. Lightness alone orders them, and the
 * hues are blue against orange, so they read with any colour vision and in grey.
 */
import { type Axis, type Frame, linearAxis } from './axes.ts';
import { FONT, INK, LINE, TICK } from './style.ts';
import { decimal, element } from './svg.ts';
import { centredBaseline, label } from './text.ts';

type Colour = readonly [red: number, green: number, blue: number];

/** From dark blue to orange, without the pale end that vanishes on white. */
const SEQUENTIAL: readonly Colour[] = [
  [13, 33, 90],
  [0, 95, 150],
  [20, 145, 145],
  [120, 175, 95],
  [235, 165, 40],
];
/** Blue, nearly white, vermilion. */
const DIVERGING: readonly Colour[] = [
  [0, 70, 140],
  [100, 165, 215],
  [240, 240, 240],
  [235, 150, 100],
  [175, 60, 0],
];

/** The colour of `fraction` (0 to 1) of the way from low to high. */
export function sequentialColour(fraction: number): string {
  return mix(SEQUENTIAL, fraction);
}

/** The colour of a deviation: -1 is far below zero, 1 far above. */
export function divergingColour(deviation: number): string {
  return mix(DIVERGING, (deviation + 1) / 2);
}

function mix(stops: readonly Colour[], fraction: number): string {
  const place = Math.min(1, Math.max(0, fraction)) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(place));
  const channels = stops[index].map((low, channel) =>
    Math.round(low + (place - index) * (stops[index + 1][channel] - low)),
  );
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** Width of a colour bar, and of the gap before its numbers, pt. */
export const BAR_WIDTH = 6;

/** An upright bar of colours in `frame`, with its numbers on the right; `colour` takes values of `domain`. */
export function colourBar(
  frame: Frame,
  domain: readonly [number, number],
  colour: (value: number) => string,
): string {
  const axis: Axis = linearAxis(domain, [frame.y + frame.height, frame.y], frame.height / 22);
  const steps = 60;
  const blocks = Array.from({ length: steps }, (_, step) =>
    element('rect', {
      x: frame.x,
      y: frame.y + (step * frame.height) / steps,
      width: BAR_WIDTH,
      // Overlapping a little: a renderer would show the seams.
      height: Math.min((1.5 * frame.height) / steps, frame.height - (step * frame.height) / steps),
      fill: colour(domain[1] - ((step + 0.5) / steps) * (domain[1] - domain[0])),
    }),
  );
  const right = frame.x + BAR_WIDTH;
  const places = axis.ticks.map(axis.scale);
  const numbers = axis.tickLabels.map((text, index) =>
    label(text, right + TICK.length + TICK.gap, centredBaseline(places[index], FONT.tick), {
      size: FONT.tick,
    }),
  );
  const ticks = element('path', {
    d: places.map((y) => `M${decimal(right)} ${decimal(y)}h${TICK.length}`).join(''),
    stroke: INK,
    'stroke-width': LINE.axis,
  });
  return blocks.join('') + ticks + numbers.join('');
}
