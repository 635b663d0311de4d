/** How well each subject's brain explains its own recording, and the recordings of the others: a row of discs for each subject. */
import { InputError } from '../errors.ts';
import { BOTTOM_AXIS_HEIGHT, bottomAxis, bottomTitle, type Frame, linearAxis } from './axes.ts';
import { around } from './exploration-points.ts';
import { discs, PLOT_HEAD } from './plot.ts';
import { COLOURS, DOUBLE_COLUMN, FAINT_INK, FONT, INK, LINE } from './style.ts';
import { element, POINTS_PER_MM, svgDocument } from './svg.ts';
import { centredBaseline, fitText, label, textWidth } from './text.ts';

export interface SubjectFits {
  title: string;
  note: string;
  /** Subjects whose brains were simulated; each has a recording too. */
  subjects: readonly string[];
  /** `[brain, recording]`: correlations of simulated and empirical functional connectivity. */
  values: ArrayLike<number>;
}

const EDGE = 3;
const ROW = 13;
/** Names longer than this are cut, pt. */
const MOST_NAME = 110;

/** An SVG document of `width` mm. Throws InputError where sizes disagree. */
export function subjectFitsFigure(
  { title, note, subjects, values }: SubjectFits,
  { width = DOUBLE_COLUMN }: { width?: number } = {},
): string {
  const count = subjects.length;
  if (count === 0 || values.length !== count * count)
    throw new InputError(
      `${count} subjects have ${count * count} correlations of brains and recordings, but there are ${values.length}`,
    );
  const points = width * POINTS_PER_MM;
  const names = Math.min(MOST_NAME, Math.max(...subjects.map((name) => textWidth(name, FONT.tick))));
  const legend = ['own recording', 'recordings of the others'];
  const key = Math.max(...legend.map((text) => textWidth(text, FONT.tick))) + 22;
  const left = EDGE + names + 8;
  const head = EDGE + PLOT_HEAD + 2;
  const frame: Frame = { x: left, y: head, width: points - left - key - EDGE, height: count * ROW };
  const x = linearAxis(around(values), [frame.x, frame.x + frame.width], frame.width / 50);
  const rows = subjects.map((name, subject) => {
    const y = frame.y + (subject + 0.5) * ROW;
    const row = Array.from({ length: count }, (_, at) => values[subject * count + at]!);
    const others = row.filter((value, at) => at !== subject && Number.isFinite(value)).map(x.scale);
    const own = row[subject]!;
    return (
      element('path', {
        d: `M${frame.x} ${y}h${frame.width}`,
        stroke: '#e4e4e4',
        'stroke-width': LINE.axis,
        fill: 'none',
      }) +
      label(fitText(name, FONT.tick, MOST_NAME), frame.x - 6, centredBaseline(y, FONT.tick), {
        size: FONT.tick,
        anchor: 'end',
      }) +
      discs(others, new Float64Array(others.length).fill(y), 2, () => '#9a9a9a', '#ffffff') +
      (Number.isFinite(own) ? discs([x.scale(own)], [y], 2.8, () => COLOURS.vermilion, '#ffffff') : '')
    );
  });
  const keyX = frame.x + frame.width + 12;
  const drawnKey = legend.map((text, at) => {
    const y = frame.y + 6 + at * 11;
    return (
      discs([keyX], [y], at === 0 ? 2.8 : 2, () => (at === 0 ? COLOURS.vermilion : '#9a9a9a'), '#ffffff') +
      label(text, keyX + 6, centredBaseline(y, FONT.tick), { size: FONT.tick, colour: INK })
    );
  });
  const room = points - 2 * EDGE;
  return svgDocument(
    points,
    frame.y + frame.height + BOTTOM_AXIS_HEIGHT + EDGE,
    `${title}, ${note}`,
    label(fitText(title, FONT.title, room, true), EDGE, EDGE + FONT.title, { size: FONT.title, bold: true }),
    label(fitText(note, FONT.label, room), EDGE, EDGE + FONT.title + 1.35 * FONT.label, {
      size: FONT.label,
      colour: FAINT_INK,
    }),
    ...rows,
    bottomAxis(frame, x, { numbers: true }),
    bottomTitle(frame, 'FC/FC correlation'),
    ...drawnKey,
  );
}
