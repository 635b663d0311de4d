/**
 * What a mean field does over time: the input on top, below it the rate of each population with a band of one standard deviation of
 * the population's rate, in the colours of networks' figures.
 */
import { InputError } from '../errors.ts';
import { domainFromZero, leftAxis, leftTitle, linearAxis, tickLabelWidth } from './axes.ts';
import { namesAtEnds } from './end-labels.ts';
import { drawColumn, type Panel } from './panel.ts';
import { linePath, type Scale } from './paths.ts';
import { colourOf, FAINT_INK, FONT, INK, LINE, SINGLE_COLUMN } from './style.ts';
import { decimal, element, POINTS_PER_MM, svgDocument } from './svg.ts';
import { fitText, label, textWidth } from './text.ts';

export interface MeanFieldCourse {
  title: string;
  note: string;
  /** ms, ascending. */
  times: ArrayLike<number>;
  populations: readonly {
    name: string;
    /** Hz */
    rate: ArrayLike<number>;
    /** Standard deviation of the population's rate, Hz; absent in first order. */
    sd?: ArrayLike<number>;
    /** What a network did in its bins, drawn thin behind the prediction. */
    measured?: { times: ArrayLike<number>; rate: ArrayLike<number> };
  }[];
  /** Afferent input, Hz, at the same times. */
  input?: ArrayLike<number>;
}

const INPUT_HEIGHT = 34;
const RATE_HEIGHT = 100;
const TOP = 4 * FONT.label;

/** Draws the course as an SVG document; `width` in mm. Throws InputError where lists disagree. */
export function meanFieldCourseFigure(
  course: MeanFieldCourse,
  { width = SINGLE_COLUMN }: { width?: number } = {},
): string {
  const { title, note, times, populations, input } = course;
  const lists = [...populations.flatMap(({ rate, sd }) => [rate, sd ?? rate]), input ?? times];
  if (times.length < 2 || populations.length === 0 || lists.some((list) => list.length !== times.length))
    throw new InputError(
      'a time course needs at least two times and, for each of its populations, as many rates',
    );
  const points = width * POINTS_PER_MM;
  const panels = [...(input ? [inputPanel(times, input)] : []), ratePanel(times, populations)];
  const { svg, bottom } = drawColumn(panels, {
    width: points,
    top: TOP,
    t0: times[0]!,
    t1: times[times.length - 1]!,
  });
  const head =
    label(fitText(title, FONT.title, points - 6, true), 3, 3 + FONT.title, {
      size: FONT.title,
      bold: true,
    }) +
    label(fitText(note, FONT.note, points - 6), 3, 3 + FONT.title + 1.3 * FONT.note, {
      size: FONT.note,
      colour: FAINT_INK,
    });
  return svgDocument(points, bottom, title, head + svg);
}

function inputPanel(times: ArrayLike<number>, input: ArrayLike<number>): Panel {
  const domain = domainFromZero([input]);
  const axisOver = (bottom: number, top: number) => linearAxis(domain, [bottom, top], 2);
  return {
    height: INPUT_HEIGHT,
    numbersWidth: tickLabelWidth(axisOver(INPUT_HEIGHT, 0)),
    labelsWidth: 0,
    draw(frame, column) {
      const axis = axisOver(frame.y + frame.height, frame.y);
      return (
        line(linePath(times, input, column.time.scale, axis.scale), INK) +
        leftAxis(frame, axis) +
        leftTitle(frame, 'Input (Hz)', column.titleX)
      );
    },
  };
}

function ratePanel(times: ArrayLike<number>, populations: MeanFieldCourse['populations']): Panel {
  const upper = populations.map(({ rate, sd }) => Array.from(rate, (value, k) => value + (sd?.[k] ?? 0)));
  const domain = domainFromZero([...upper, ...populations.map(({ measured }) => measured?.rate ?? [])]);
  const axisOver = (bottom: number, top: number) => linearAxis(domain, [bottom, top], 5);
  return {
    height: RATE_HEIGHT,
    numbersWidth: tickLabelWidth(axisOver(RATE_HEIGHT, 0)),
    labelsWidth: Math.max(...populations.map(({ name }) => textWidth(name, FONT.label, true))),
    draw(frame, column) {
      const axis = axisOver(frame.y + frame.height, frame.y);
      // A rate below 0, which second order does not exclude, is drawn at the axis.
      const y: Scale = (value) => axis.scale(Math.max(0, value));
      const bands = populations.map(({ rate, sd }, p) =>
        sd ? band(times, rate, sd, column.time.scale, y, colourOf(p)) : '',
      );
      const lines = populations.map(({ rate }, p) =>
        line(linePath(times, rate, column.time.scale, y), colourOf(p)),
      );
      const names = namesAtEnds(
        populations.map(({ name, rate }, p) => ({
          name,
          bold: true,
          colour: colourOf(p),
          values: rate,
        })),
        y,
        frame,
        column,
      );
      const measured = populations.map((each, p) =>
        each.measured
          ? line(
              linePath(each.measured.times, each.measured.rate, column.time.scale, y),
              colourOf(p),
              LINE.axis,
            )
          : '',
      );
      return (
        bands.join('') +
        measured.join('') +
        lines.join('') +
        leftAxis(frame, axis) +
        leftTitle(frame, 'Rate (Hz)', column.titleX) +
        names
      );
    },
  };
}

function line(d: string, colour: string, width: number = LINE.rate): string {
  return element('path', {
    d,
    fill: 'none',
    stroke: colour,
    'stroke-width': width,
    'stroke-linejoin': 'round',
  });
}

/** Mean plus and minus SD; times at which either is not a number leave a gap. */
function band(
  times: ArrayLike<number>,
  mean: ArrayLike<number>,
  sd: ArrayLike<number>,
  x: Scale,
  y: Scale,
  colour: string,
): string {
  // As many corners as can be seen: one every quarter point.
  const kept: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < times.length; k++) {
    if (!Number.isFinite(mean[k]) || !(sd[k]! >= 0)) continue;
    if (x(times[k]!) - last < 0.25 && k < times.length - 1) continue;
    kept.push(k);
    last = x(times[k]!);
  }
  if (kept.length < 2) return '';
  const corner = (k: number, sign: number) =>
    `${decimal(x(times[k]!))} ${decimal(y(mean[k]! + sign * sd[k]!))}`;
  const there = kept.map((k) => corner(k, 1));
  const back = kept.reverse().map((k) => corner(k, -1));
  return element('path', {
    d: `M${[...there, ...back].join('L')}Z`,
    fill: colour,
    'fill-opacity': 0.22,
    stroke: 'none',
  });
}
