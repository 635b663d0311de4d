/** Rates and adaptation of an ALN node over time, below each other. */
import { InputError } from '../errors.ts';
import { domainFromZero, leftAxis, leftTitle, linearAxis, tickLabelWidth } from './axes.ts';
import { type NamedLine, namesAtEnds } from './end-labels.ts';
import { drawColumn, type Panel } from './panel.ts';
import { linePath } from './paths.ts';
import { COLOURS, FAINT_INK, FONT, LINE, SINGLE_COLUMN } from './style.ts';
import { element, POINTS_PER_MM, svgDocument } from './svg.ts';
import { fitText, label, textWidth } from './text.ts';

export interface AlnSeries {
  title: string;
  subtitle: string;
  /** ms, ascending. */
  times: ArrayLike<number>;
  /** Hz. */
  rates_exc: ArrayLike<number>;
  rates_inh: ArrayLike<number>;
  /** pA; drawn where it moves. */
  IA?: ArrayLike<number>;
}

const RATE_HEIGHT = 78;
const ADAPTATION_HEIGHT = 42;
const EDGE = 3;

/** An SVG document of `width` mm. Throws InputError where there is nothing to draw or arrays disagree. */
export function alnSeriesFigure(
  series: AlnSeries,
  { width = SINGLE_COLUMN }: { width?: number } = {},
): string {
  const { times, rates_exc, rates_inh, IA } = series;
  if (times.length < 2)
    throw new InputError('a figure of rates over time needs at least two samples; sample more often');
  for (const list of [rates_exc, rates_inh, ...(IA ? [IA] : [])]) {
    if (list.length !== times.length)
      throw new InputError(
        `there are ${times.length} times and ${list.length} values; give one value for each time`,
      );
  }
  const points = width * POINTS_PER_MM;
  const lines: NamedLine[] = [
    { name: 'E', bold: true, colour: COLOURS.blue, values: rates_exc },
    { name: 'I', bold: true, colour: COLOURS.vermilion, values: rates_inh },
  ];
  const panels = [linePanel(times, lines, 'Rate (Hz)', RATE_HEIGHT)];
  if (IA && Array.prototype.some.call(IA, (value) => value > 0.01 * Number(IA[0]) && value > 0.5)) {
    panels.push(
      linePanel(
        times,
        [{ name: '', colour: COLOURS.green, values: IA }],
        'Adaptation (pA)',
        ADAPTATION_HEIGHT,
      ),
    );
  }
  const room = points - 2 * EDGE;
  const heading =
    label(fitText(series.title, FONT.title, room, true), EDGE, EDGE + FONT.title, {
      size: FONT.title,
      bold: true,
    }) +
    label(fitText(series.subtitle, FONT.note, room), EDGE, EDGE + FONT.title + 1.4 * FONT.note, {
      size: FONT.note,
      colour: FAINT_INK,
    });
  const top = EDGE + FONT.title + 2.6 * FONT.note;
  const step = times[1]! - times[0]!;
  const { svg, bottom } = drawColumn(panels, {
    ...{ width: points, top, t0: times[0]! - step, t1: times[times.length - 1]! },
  });
  return svgDocument(points, bottom, `${series.title}, ${series.subtitle}`, heading, svg);
}

function linePanel(times: ArrayLike<number>, lines: NamedLine[], title: string, height: number): Panel {
  const domain = domainFromZero(lines.map(({ values }) => values));
  const axisOver = (bottom: number, top: number) => linearAxis(domain, [bottom, top], height / 18);
  return {
    height,
    numbersWidth: tickLabelWidth(axisOver(height, 0)),
    labelsWidth: Math.max(...lines.map(({ name }) => textWidth(name, FONT.label, true))),
    draw(frame, column) {
      const axis = axisOver(frame.y + frame.height, frame.y);
      // The first line is what one looks for: it lies on top.
      const drawn = [...lines].reverse().map(({ values, colour }) =>
        element('path', {
          d: linePath(times, values, column.time.scale, axis.scale),
          ...{ fill: 'none', stroke: colour, 'stroke-width': LINE.rate, 'stroke-linejoin': 'round' },
        }),
      );
      const names = namesAtEnds(lines, axis.scale, frame, column);
      return drawn.join('') + leftAxis(frame, axis) + leftTitle(frame, title, column.titleX) + names;
    },
  };
}
