/**
 * Numbers of an exploration against each of its parameters, every point a disc and the best one marked: for designs that are no grid of two
 * parameters, and for searches, whose discs darken from the first generation to the last.
 */
import { InputError } from '../errors.ts';
import { linearAxis, tickLabelWidth } from './axes.ts';
import { discs, drawPlot, PLOT_FOOT, PLOT_HEAD, type Plot } from './plot.ts';
import { COLOURS, DOUBLE_COLUMN, FAINT_INK, FONT } from './style.ts';
import { POINTS_PER_MM, svgDocument } from './svg.ts';
import { fitText, label } from './text.ts';

export interface ExplorationPoints {
  title: string;
  note: string;
  /** Each with its value at every point. */
  parameters: readonly { title: string; values: ArrayLike<number> }[];
  /** Rows of plots; NaN where there is none. */
  results: readonly { title: string; values: ArrayLike<number> }[];
  /** Index of the best point. */
  best?: number;
  /** Points have an order that shows: the later, the darker. */
  ordered?: boolean;
}

/** Most plots side by side. */
const ACROSS = 4;
const ROW = 80;
const GAP = 8;
const EDGE = 3;
const HEAD = 2.4 * FONT.title + 8;
/** More discs than this would only blacken a plot: of a larger exploration every so-manieth point is drawn. */
const MOST_DISCS = 1500;
/** Light to dark. */
const SHADES = ['#c3d9ea', '#92bcdc', '#5f9dcb', '#2f7fb8', '#0b5f98'];

/** An SVG document of `width` mm. Throws InputError where sizes disagree. */
export function explorationPointsFigure(
  { title, note, parameters, results, best, ordered = false }: ExplorationPoints,
  { width = DOUBLE_COLUMN }: { width?: number } = {},
): string {
  const count = parameters[0]?.values.length ?? 0;
  if (count === 0 || results.length === 0)
    throw new InputError('a figure of an exploration needs at least one parameter, number and point');
  const wrong = [...parameters, ...results].find(({ values }) => values.length !== count);
  if (wrong)
    throw new InputError(
      `${wrong.title} has ${wrong.values.length} values, but there are ${count} points; give one for each`,
    );
  const lines = Math.ceil(parameters.length / ACROSS);
  const across = Math.ceil(parameters.length / lines);
  const every = Math.ceil(count / MOST_DISCS);
  const shade = (index: number) =>
    SHADES[ordered ? Math.min(SHADES.length - 1, Math.floor((SHADES.length * index) / count)) : 3]!;
  const numberWidth = Math.max(
    ...results.map(({ values }) => tickLabelWidth(linearAxis(around(values), [ROW, 0], ROW / 24))),
  );
  const plots = results.flatMap((result) =>
    parameters.map((parameter, column): Plot => {
      const shown = Array.from({ length: count }, (_, index) => index).filter(
        (index) => index % every === 0 && Number.isFinite(result.values[index]!),
      );
      return {
        ...{ title: '', numberWidth },
        x: { domain: around(parameter.values), title: parameter.title },
        y: { domain: around(result.values), title: column % across === 0 ? result.title : '' },
        draw: ({ x, y }) => {
          const at = (indices: number[]) =>
            [
              indices.map((index) => x.scale(parameter.values[index]!)),
              indices.map((index) => y.scale(result.values[index]!)),
            ] as const;
          const cloud = discs(...at(shown), 1.2, (k) => shade(shown[k]!));
          if (best === undefined || !Number.isFinite(result.values[best]!)) return cloud;
          return cloud + discs(...at([best]), 2, () => COLOURS.vermilion, '#ffffff');
        },
      };
    }),
  );
  const points = width * POINTS_PER_MM;
  const each = (points - GAP * (across - 1)) / across;
  const height = PLOT_HEAD + ROW + PLOT_FOOT;
  // Plots have no heading of their own.
  const pitch = height - PLOT_HEAD / 2;
  const drawn = plots.map((plot, index) => {
    const [row, column] = [Math.floor(index / parameters.length), index % parameters.length];
    return drawPlot(plot, {
      x: (column % across) * (each + GAP),
      y: HEAD - PLOT_HEAD / 2 + (row * lines + Math.floor(column / across)) * pitch,
      ...{ width: each, height },
    });
  });
  const room = points - 2 * EDGE;
  const head =
    label(fitText(title, FONT.title, room, true), EDGE, EDGE + FONT.title, { size: FONT.title, bold: true }) +
    label(fitText(note, FONT.label, room), EDGE, EDGE + FONT.title + 1.35 * FONT.label, {
      size: FONT.label,
      colour: FAINT_INK,
    });
  return svgDocument(
    points,
    HEAD + results.length * lines * pitch + GAP / 2,
    `${title}, ${note}`,
    head,
    ...drawn,
  );
}

/** The span of finite values and a margin. */
export function around(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < values.length; k++) {
    if (!Number.isFinite(values[k]!)) continue;
    low = Math.min(low, values[k]!);
    high = Math.max(high, values[k]!);
  }
  if (low > high) return [0, 1];
  const margin = 0.05 * (high - low) || Math.max(1e-3, 0.05 * Math.abs(high));
  return [low - margin, high + margin];
}
