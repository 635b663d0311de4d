/**
 * Text in figures: how wide it will be, so that labels never meet, and how it is written.
 */

import { FONT_FAMILY, INK } from './style.ts';
import { type Attributes, decimal, element, escapeText } from './svg.ts';

/** Advance widths of Arial's characters, thousandths of the font size; letters of one width share a line. */
const WIDTHS = new Map<string, number>(
  Object.entries({
    "'": 191,
    ijl: 222,
    '|': 260,
    ' !,./:;I[\\]ft': 278,
    '()-`r·': 333,
    '{}"': 355,
    '*': 389,
    Jckstvxyzτ: 500,
    '#$0123456789?L_abdeghnopqu–µ': 556,
    '+<=>~−×^': 584,
    FTZ: 611,
    '&ABEKPSVXY': 667,
    CDHNRUw: 722,
    GOQ: 778,
    Mm: 833,
    '%': 889,
    W: 944,
    '…@': 1000,
  }).flatMap(([characters, width]) => Array.from(characters, (c): [string, number] => [c, width])),
);
/** For characters that are not listed: wide enough for nearly all. */
const UNKNOWN_WIDTH = 800;
const BOLD_FACTOR = 1.08;

/** Width of `text` in the figures' font, pt; exact for plain ASCII, a safe guess for the rest. */
export function textWidth(text: string, size: number, bold = false): number {
  let sum = 0;
  for (const character of text) sum += WIDTHS.get(character) ?? UNKNOWN_WIDTH;
  return (sum / 1000) * size * (bold ? BOLD_FACTOR : 1);
}

/** `text`, or as much of it as fits in `width` with an ellipsis. */
export function fitText(text: string, size: number, width: number, bold = false): string {
  if (textWidth(text, size, bold) <= width) return text;
  const characters = Array.from(text);
  while (characters.length > 0) {
    characters.pop();
    const short = `${characters.join('').trimEnd()}…`;
    if (textWidth(short, size, bold) <= width) return short;
  }
  return '';
}

export interface LabelStyle {
  size: number;
  colour?: string;
  anchor?: 'start' | 'middle' | 'end';
  bold?: boolean;
  /** Turned to read upwards, as titles of vertical axes. */
  upwards?: boolean;
  /** The symbol of a quantity, set in italics before the text. */
  symbol?: string;
  /** Whether the text is an index of the symbol, set small and low. */
  index?: boolean;
}

/** Text with its baseline at `y` (or, upwards, at `x`). */
export function label(text: string, x: number, y: number, style: LabelStyle): string {
  const attributes: Attributes = {
    x,
    y,
    'font-family': FONT_FAMILY,
    'font-size': style.size,
    fill: style.colour ?? INK,
    'font-weight': style.bold ? 'bold' : undefined,
    'text-anchor': style.anchor === 'start' ? undefined : style.anchor,
    transform: style.upwards ? `rotate(-90 ${decimal(x)} ${decimal(y)})` : undefined,
  };
  if (style.symbol === undefined) return element('text', attributes, escapeText(text));
  const index = style.index ? { dy: 0.2 * style.size, 'font-size': 0.85 * style.size } : {};
  return element(
    'text',
    attributes,
    element('tspan', { 'font-style': 'italic' }, escapeText(style.symbol)),
    element('tspan', index, escapeText(text)),
  );
}

/** The baseline that centres digits and capitals of `size` on `y`. */
export function centredBaseline(y: number, size: number): number {
  return y + 0.36 * size;
}

/**
 * Moves label centres apart so that each has its height and none leaves [low, high] unless all together are too
 * tall for it. Keeps the given order of centres; returns the new ones in the order of the input.
 */
export function spreadLabels(
  centres: readonly number[],
  heights: readonly number[],
  low: number,
  high: number,
): number[] {
  const order = centres.map((_, i) => i).sort((i, j) => centres[i] - centres[j]);
  const result = [...centres];
  // Once down, pushing each below the one before it, then up again from the lower edge.
  let edge = low;
  for (const i of order) {
    result[i] = Math.max(result[i], edge + heights[i] / 2);
    edge = result[i] + heights[i] / 2;
  }
  edge = high;
  for (const i of order.reverse()) {
    result[i] = Math.min(result[i], edge - heights[i] / 2);
    edge = result[i] - heights[i] / 2;
  }
  return result;
}
