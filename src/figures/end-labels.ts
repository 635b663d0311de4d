/**
 * Names beside the ends of lines, in place of a legend: the eye need not go back and forth.
 */
import type { Frame } from './axes.ts';
import type { Column } from './panel.ts';
import type { Scale } from './paths.ts';
import { FONT } from './style.ts';
import { centredBaseline, fitText, label, spreadLabels } from './text.ts';

export interface NamedLine {
  name: string;
  colour: string;
  bold?: boolean;
  /** The symbol of a quantity, set before the name, which then is its index. */
  symbol?: string;
  /** What the line shows, in the units of the scale. */
  values: ArrayLike<number>;
}

/** The names of `lines` right of `frame`, each at the height of its line's end, moved apart where they would meet. */
export function namesAtEnds(lines: readonly NamedLine[], scale: Scale, frame: Frame, column: Column): string {
  const centres = spreadLabels(
    lines.map(({ values }) => scale(tailMean(values))),
    // An index hangs below its symbol and needs more room.
    lines.map(({ symbol }) => (symbol === undefined ? 1.15 : 1.4) * FONT.label),
    frame.y - 2,
    frame.y + frame.height + 2,
  );
  return lines
    .map(({ name, colour, bold, symbol }, i) => {
      const text = fitText(name, FONT.label, column.labelWidth, bold);
      const y = centredBaseline(centres[i], FONT.label);
      return label(text, column.labelX, y, { size: FONT.label, bold, colour, symbol, index: true });
    })
    .join('');
}

/** Mean of the last tenth: where a noisy line ends. 0 where there is nothing. */
function tailMean(values: ArrayLike<number>): number {
  const from = Math.min(values.length - 1, Math.floor(0.9 * values.length));
  let sum = 0;
  let count = 0;
  for (let k = Math.max(0, from); k < values.length; k++) {
    if (!Number.isFinite(values[k])) continue;
    sum += values[k];
    count++;
  }
  return count > 0 ? sum / count : 0;
}
