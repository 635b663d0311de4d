/**
 * Branches of fixed points over one parameter: rates of each population, whole lines where points are stable, dashed where not, with folds
 * and Hopf points marked. Lines end where the fits have seen no more.
 */
import { InputError } from '../errors.ts';
import { domainFromZero } from './axes.ts';
import { drawPlotRow, type Plot, type PlotScales } from './plot.ts';
import { colourOf, FAINT_INK, FONT, INK, LINE, SINGLE_COLUMN } from './style.ts';
import { decimal, element, POINTS_PER_MM, svgDocument } from './svg.ts';
import { centredBaseline, label, textWidth } from './text.ts';

export interface ContinuationPoint {
  /** Of the parameter. */
  value: number;
  /** Hz, of each population. */
  rates: readonly number[];
  stable: boolean;
  /** Whether to draw it. */
  shown: boolean;
}

export interface ContinuationFigure {
  title: string;
  note: string;
  /** With its unit. */
  axis: string;
  /** Of the parameter. */
  range: readonly [number, number];
  populations: readonly string[];
  branches: readonly {
    /** Along the curve. */
    points: readonly ContinuationPoint[];
    special: readonly (Omit<ContinuationPoint, 'stable'> & { kind: 'fold' | 'hopf' })[];
  }[];
}

const HEIGHT = 150;
const DASHES = '2.4 1.8';
/** Half the width of a mark, pt. */
const MARK = 2;
/** Between lines of the key, pt. */
const KEY_LINE = 11;

/** Rates of branches over the parameter; `width` in mm. Throws InputError where there is nothing to draw. */
export function continuationFigure(
  { title, note, axis, range, populations, branches }: ContinuationFigure,
  { width = SINGLE_COLUMN }: { width?: number } = {},
): string {
  const shown = branches.flatMap(({ points }) => points.filter((point) => point.shown));
  if (shown.length < 2)
    throw new InputError('there are no branches of fixed points to draw over the parameter');
  const special = branches.flatMap((branch) => branch.special.filter((point) => point.shown));
  const kinds = (['fold', 'hopf'] as const).filter((kind) => special.some((point) => point.kind === kind));
  // One kind of line needs no explanation.
  const bothWays = shown.some(({ stable }) => stable) && shown.some(({ stable }) => !stable);
  const texts = [
    ...populations,
    ...(bothWays ? ['stable', 'unstable'] : []),
    ...kinds.map((kind) => NAMES[kind]),
  ];
  const plot: Plot = {
    title,
    note,
    x: { domain: range, title: axis },
    y: { domain: domainFromZero(shown.map(({ rates }) => rates)), title: 'Rate (Hz)' },
    keyWidth: 14 + Math.max(...texts.map((text) => textWidth(text, FONT.note))),
    draw: (scales) => {
      const { x, y } = scales;
      const lines = populations.flatMap((_, population) =>
        branches.flatMap(({ points }) =>
          runsOf(points).map(({ stable, run }) =>
            line(
              run.map(({ value }) => x.scale(value)),
              run.map(({ rates }) => y.scale(rates[population]!)),
              colourOf(population),
              stable,
            ),
          ),
        ),
      );
      const marks = special.flatMap(({ kind, value, rates }) =>
        rates.map((rate, population) => mark(kind, x.scale(value), y.scale(rate), colourOf(population))),
      );
      return lines.join('') + marks.join('') + key(populations, bothWays, kinds, scales);
    },
  };
  const points = width * POINTS_PER_MM;
  const { svg, height } = drawPlotRow([plot], points, HEIGHT);
  return svgDocument(points, height, title, svg);
}

const NAMES = { fold: 'fold', hopf: 'Hopf point' } as const;

/** Stretches of one stability that are shown; neighbours share a point, so that the line has no gap. */
function runsOf(points: readonly ContinuationPoint[]): { stable: boolean; run: ContinuationPoint[] }[] {
  const runs: { stable: boolean; run: ContinuationPoint[] }[] = [];
  let last: ContinuationPoint | undefined;
  for (const point of points) {
    const current = runs.at(-1);
    if (point.shown) {
      if (current && last?.shown && last.stable === point.stable) current.run.push(point);
      else runs.push({ stable: point.stable, run: [...(last?.shown ? [last] : []), point] });
    }
    last = point;
  }
  return runs.filter(({ run }) => run.length > 1);
}

function line(x: readonly number[], y: readonly number[], colour: string, stable: boolean): string {
  return element('path', {
    d: x.map((each, k) => `${k === 0 ? 'M' : 'L'}${decimal(each)} ${decimal(y[k]!)}`).join(''),
    fill: 'none',
    stroke: colour,
    'stroke-width': 1.2 * LINE.rate,
    'stroke-linejoin': 'round',
    'stroke-dasharray': stable ? undefined : DASHES,
  });
}

/** A square for a fold, a disc for a Hopf point; white within, so that the line behind stays told. */
function mark(kind: 'fold' | 'hopf', x: number, y: number, colour: string): string {
  const look = { fill: '#ffffff', stroke: colour, 'stroke-width': LINE.rate };
  if (kind === 'hopf') return element('circle', { cx: x, cy: y, r: MARK, ...look });
  return element('rect', { x: x - MARK, y: y - MARK, width: 2 * MARK, height: 2 * MARK, ...look });
}

function key(
  populations: readonly string[],
  bothWays: boolean,
  kinds: readonly ('fold' | 'hopf')[],
  { frame, keyX }: PlotScales,
): string {
  const entries: { text: string; colour: string; bold?: boolean; sign: (y: number) => string }[] = [
    ...populations.map((text, index) => ({
      ...{ text, colour: colourOf(index), bold: true },
      sign: (y: number) => line([keyX, keyX + 10], [y, y], colourOf(index), true),
    })),
    ...(bothWays ? [true, false] : []).map((stable) => ({
      ...{ text: stable ? 'stable' : 'unstable', colour: FAINT_INK },
      sign: (y: number) => line([keyX, keyX + 10], [y, y], FAINT_INK, stable),
    })),
    ...kinds.map((kind) => ({
      ...{ text: NAMES[kind], colour: INK },
      sign: (y: number) => mark(kind, keyX + 5, y, INK),
    })),
  ];
  return entries
    .map(({ text, colour, bold, sign }, row) => {
      const y = frame.y + (row + 0.5) * KEY_LINE;
      return (
        sign(y) + label(text, keyX + 13, centredBaseline(y, FONT.note), { size: FONT.note, bold, colour })
      );
    })
    .join('');
}
