/**
 * Scale bars, which take the place of axes where traces of one kind stand side by side.
 */
import { FONT, INK, LINE } from './style.ts';
import { decimal, element } from './svg.ts';
import { centredBaseline, label } from './text.ts';

/** The largest number of the series 1, 2, 5, 10, ... that is not above `most` (> 0). */
export function niceLength(most: number): number {
  const decade = 10 ** Math.floor(Math.log10(most));
  const digit = [5, 2, 1].find((each) => each * decade <= most * (1 + 1e-9)) ?? 1;
  return Number((digit * decade).toPrecision(12));
}

/** An upright bar of mV and a lying one of ms that meet in a corner; `x` is the left edge, `y` the middle. */
export function traceBars(
  x: number,
  y: number,
  {
    vertical,
    horizontal,
    perUnit,
  }: { vertical: number; horizontal: number; perUnit: { vertical: number; horizontal: number } },
): string {
  const height = vertical * perUnit.vertical;
  const across = horizontal * perUnit.horizontal;
  const bottom = y + height / 2;
  return (
    bar(`M${decimal(x)} ${decimal(bottom - height)}V${decimal(bottom)}h${decimal(across)}`) +
    label(`${vertical} mV`, x + 3, centredBaseline(y, FONT.tick), { size: FONT.tick }) +
    label(duration(horizontal), x, bottom + 1.15 * FONT.tick, { size: FONT.tick })
  );
}

/** An upright bar of pA; `x` is its place, `y` its middle. */
export function currentBar(
  x: number,
  y: number,
  { length, perUnit }: { length: number; perUnit: number },
): string {
  const height = length * perUnit;
  return (
    bar(`M${decimal(x)} ${decimal(y - height / 2)}v${decimal(height)}`) +
    label(`${length} pA`, x + 3, centredBaseline(y, FONT.tick), { size: FONT.tick })
  );
}

function duration(ms: number): string {
  return ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`;
}

function bar(d: string): string {
  return element('path', { d, fill: 'none', stroke: INK, 'stroke-width': 2 * LINE.axis });
}
