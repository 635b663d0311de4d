/**
 * A bifurcation diagram: the largest and smallest rate in the long run against a parameter. Where different beginnings end
 * differently, two branches show.
 */
import { InputError } from '../errors.ts';
import { domainFromZero } from './axes.ts';
import { linePath } from './paths.ts';
import { discs, drawPlotRow, type Plot } from './plot.ts';
import { COLOURS, FONT, LINE, SINGLE_COLUMN } from './style.ts';
import { decimal, element, POINTS_PER_MM, svgDocument } from './svg.ts';
import { centredBaseline, label, textWidth } from './text.ts';

export interface Branch {
  /** How the key calls it. */
  name: string;
  /** Hz, one for each value of the parameter. */
  min: ArrayLike<number>;
  max: ArrayLike<number>;
}

export interface BifurcationFigure {
  title: string;
  note: string;
  /** Name and unit of the parameter. */
  axis: string;
  values: ArrayLike<number>;
  branches: readonly Branch[];
}

const HEIGHT = 120;
const RADIUS = 1.4;
/** Branches drawn later are rings, so that those below stay visible. */
const BRANCH_COLOURS = [COLOURS.blue, COLOURS.vermilion, COLOURS.green];

/** An SVG document of `width` mm. Throws InputError where there is nothing to draw or arrays disagree. */
export function bifurcationFigure(
  figure: BifurcationFigure,
  { width = SINGLE_COLUMN }: { width?: number } = {},
): string {
  const { values, branches } = figure;
  if (values.length < 2 || branches.length === 0)
    throw new InputError('a bifurcation diagram needs at least two values and one branch');
  if (branches.some(({ min, max }) => min.length !== values.length || max.length !== values.length))
    throw new InputError(
      `a branch has not the ${values.length} points of the parameter; give one rate for each value`,
    );
  const points = width * POINTS_PER_MM;
  const colour = (index: number) => BRANCH_COLOURS[index % BRANCH_COLOURS.length]!;
  const plot: Plot = {
    title: figure.title,
    note: figure.note,
    x: { domain: [values[0]!, values[values.length - 1]!], title: figure.axis },
    y: { domain: domainFromZero(branches.map(({ max }) => max)), title: 'Rate of E (Hz)' },
    ...(branches.length > 1
      ? { keyWidth: Math.max(...branches.map(({ name }) => textWidth(name, FONT.note))) + 8 }
      : {}),
    draw: ({ frame, x, y, keyX }) => {
      const places = Array.from(values, x.scale);
      const lines = branches.map(({ min, max }, index) => {
        const ring = index > 0;
        const marks = (list: ArrayLike<number>) =>
          discs(
            places,
            Array.from(list, y.scale),
            ring ? RADIUS + 0.7 : RADIUS,
            () => (ring ? 'none' : colour(index)),
            ring ? colour(index) : undefined,
          );
        const stroke = { fill: 'none', stroke: colour(index), 'stroke-width': LINE.axis };
        const line = (list: ArrayLike<number>) =>
          element('path', { d: linePath(values, list, x.scale, y.scale), ...stroke });
        return line(max) + line(min) + marks(max) + marks(min);
      });
      if (branches.length === 1) return lines.join('');
      const key = branches.map(({ name }, index) => {
        const at = frame.y + (index + 0.7) * 10;
        const mark = { cx: decimal(keyX + 2), cy: decimal(at), r: decimal(RADIUS + (index > 0 ? 0.7 : 0)) };
        return (
          element('circle', {
            ...mark,
            fill: index > 0 ? 'none' : colour(index),
            stroke: index > 0 ? colour(index) : undefined,
            'stroke-width': index > 0 ? 0.5 : undefined,
          }) + label(name, keyX + 8, centredBaseline(at, FONT.note), { size: FONT.note })
        );
      });
      return lines.join('') + key.join('');
    },
  };
  const { svg, height } = drawPlotRow([plot], points, HEIGHT);
  return svgDocument(points, height, `${figure.title}, ${figure.note}`, svg);
}
