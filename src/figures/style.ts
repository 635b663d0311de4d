/**
 * How all figures look: sizes for a printed column, thin lines, and the palette of Okabe and Ito (Color Universal
 * Design, 2008), which readers with any colour vision can tell apart.
 */

/** Column widths of most journals, mm. */
export const SINGLE_COLUMN = 85;
export const DOUBLE_COLUMN = 180;

export const COLOURS = {
  blue: '#0072b2',
  vermilion: '#d55e00',
  green: '#009e73',
  purple: '#cc79a7',
  sky: '#56b4e9',
  orange: '#e69f00',
} as const;

/** Colours of populations in their order; yellow is left out, it vanishes on white. */
const SEQUENCE = Object.values(COLOURS);

export const INK = '#1a1a1a';
export const FAINT_INK = '#666666';

/** Font sizes, pt. */
export const FONT = { title: 8, label: 7, tick: 7, note: 6 } as const;
/** Line widths, pt. */
export const LINE = { axis: 0.5, trace: 0.6, rate: 0.8 } as const;
/** Tick length and the gap between a tick and its label, pt. */
export const TICK = { length: 2.5, gap: 2 } as const;

/**
 * Arial and its equals in width: Helvetica, Liberation Sans, Arimo. The PNG is always drawn with Arimo, so a figure
 * looks the same on every machine.
 */
export const FONT_FAMILY = 'Arial, Helvetica, Arimo, Liberation Sans, sans-serif';

/** The colour of the population (or other series) of that index; after six they start again. */
export function colourOf(index: number): string {
  return SEQUENCE[index % SEQUENCE.length];
}
