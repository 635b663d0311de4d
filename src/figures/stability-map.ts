/**
 * Fixed points over parameters. Over one parameter: rates of each population, filled where stable, open where not. Over two: the rate
 * of the lowest stable point as a map, and beside it what kind of activity there is.
 */
import { InputError } from '../errors.ts';
import { domainFromZero, type Frame } from './axes.ts';
import { BAR_WIDTH, colourBar, sequentialColour } from './colour-ramp.ts';
import { discs, drawPlotRow, type Plot, type PlotScales } from './plot.ts';
import { COLOURS, colourOf, DOUBLE_COLUMN, FAINT_INK, FONT, SINGLE_COLUMN } from './style.ts';
import { element, POINTS_PER_MM, svgDocument } from './svg.ts';
import { centredBaseline, label, textWidth } from './text.ts';

export interface FixedPointLine {
  title: string;
  note: string;
  /** With its unit. */
  axis: string;
  populations: readonly string[];
  points: readonly { value: number; rates: readonly number[]; stable: boolean }[];
}

export interface StabilityMap {
  title: string;
  note: string;
  x: { title: string; values: readonly number[] };
  y: { title: string; values: readonly number[] };
  /** Whose rate the map shows. */
  population: string;
  /** `[y, x]`: Hz, NaN where there is none. */
  rate: ArrayLike<number>;
  /** `[y, x]`: index into `kinds`. */
  kind: ArrayLike<number>;
  kinds: readonly string[];
}

const HEIGHT = 150;
/** Of kinds, in their order: told apart by lightness as well. */
const KIND_COLOURS = [COLOURS.sky, COLOURS.blue, COLOURS.orange, COLOURS.vermilion, '#cccccc'];

/** Rates of fixed points over one parameter; `width` in mm. Throws InputError where there is nothing to draw. */
export function fixedPointLineFigure(
  { title, note, axis, populations, points }: FixedPointLine,
  { width = SINGLE_COLUMN }: { width?: number } = {},
): string {
  const values = points.map(({ value }) => value);
  if (points.length === 0) throw new InputError('there are no fixed points to draw over the parameter');
  const names = [...populations, 'stable', 'unstable'];
  const plot: Plot = {
    title,
    note,
    x: { domain: [Math.min(...values), Math.max(...values)], title: axis },
    y: { domain: domainFromZero(points.map(({ rates }) => rates)), title: 'Rate (Hz)' },
    keyWidth: 9 + Math.max(...names.map((name) => textWidth(name, FONT.note))),
    draw: ({ x, y, frame, keyX }) => {
      const marks = populations.map((_, population) =>
        [true, false].map((stable) => {
          const shown = points.filter((point) => point.stable === stable);
          return discs(
            shown.map(({ value }) => x.scale(value)),
            shown.map(({ rates }) => y.scale(rates[population]!)),
            1.1,
            () => (stable ? colourOf(population) : '#ffffff'),
            colourOf(population),
          );
        }),
      );
      const key = names.map((name, index) => {
        const yy = frame.y + (index + 0.5) * 10;
        const isPopulation = index < populations.length;
        const colour = isPopulation ? colourOf(index) : FAINT_INK;
        const fill = index === names.length - 1 ? '#ffffff' : colour;
        return (
          discs([keyX + 2], [yy], 1.8, () => fill, colour) +
          label(name, keyX + 8, centredBaseline(yy, FONT.note), {
            size: FONT.note,
            bold: isPopulation,
            colour,
          })
        );
      });
      return marks.flat().join('') + key.join('');
    },
  };
  const points_ = width * POINTS_PER_MM;
  const { svg, height } = drawPlotRow([plot], points_, HEIGHT);
  return svgDocument(points_, height, title, svg);
}

/** Two maps side by side; `width` in mm. Throws InputError where sizes disagree. */
export function stabilityMapFigure(
  map: StabilityMap,
  { width = DOUBLE_COLUMN }: { width?: number } = {},
): string {
  const { title, note, x, y, population, rate, kind, kinds } = map;
  const count = x.values.length * y.values.length;
  if (x.values.length < 2 || y.values.length < 2 || rate.length !== count || kind.length !== count)
    throw new InputError(
      'a stability map needs at least two values on each axis, and a rate and a kind for each pair of them',
    );
  const axes = {
    x: { domain: span(x.values), title: x.title },
    y: { domain: span(y.values), title: y.title },
  };
  const domain = domainFromZero([rate]);
  const shown = kinds
    .map((name, index) => ({ name, index }))
    .filter(({ index }) => Array.from(kind).includes(index));
  const plots: Plot[] = [
    {
      title: `${title}: rate of ${population}`,
      note: `${note}; lowest stable point, Hz, white where there is none`,
      ...axes,
      keyWidth: BAR_WIDTH + 22,
      draw: (scales) =>
        cells(map, scales, (at) =>
          Number.isFinite(rate[at])
            ? sequentialColour((rate[at]! - domain[0]) / (domain[1] - domain[0]))
            : '#ffffff',
        ) +
        colourBar(barFrame(scales), domain, (value) =>
          sequentialColour((value - domain[0]) / (domain[1] - domain[0])),
        ),
    },
    {
      title: 'Kind of activity',
      note: 'of the points that the fits have seen',
      ...axes,
      keyWidth: 9 + Math.max(...shown.map(({ name }) => textWidth(name, FONT.note))),
      draw: (scales) =>
        cells(map, scales, (at) => KIND_COLOURS[kind[at]! % KIND_COLOURS.length]!) +
        shown
          .map(({ name, index }, row) => {
            const yy = scales.frame.y + (row + 0.5) * 11;
            return (
              element('rect', { x: scales.keyX, y: yy - 3, width: 6, height: 6, fill: KIND_COLOURS[index] }) +
              label(name, scales.keyX + 9, centredBaseline(yy, FONT.note), { size: FONT.note })
            );
          })
          .join(''),
    },
  ];
  const points = width * POINTS_PER_MM;
  const { svg, height } = drawPlotRow(plots, points, HEIGHT);
  return svgDocument(points, height, title, svg);
}

function barFrame({ frame, keyX }: PlotScales): Frame {
  return { x: keyX, y: frame.y, width: BAR_WIDTH, height: frame.height };
}

/** From half a cell before the first value to half a cell behind the last. */
function span(values: readonly number[]): [number, number] {
  const edges = edgesOf(values);
  return [edges[0]!, edges.at(-1)!];
}

/** Edges of the cells around ascending values: half way between neighbours. */
function edgesOf(values: readonly number[]): number[] {
  const inner = values.slice(1).map((value, index) => (value + values[index]!) / 2);
  const [first, last] = [values[0]!, values.at(-1)!];
  return [2 * first - inner[0]!, ...inner, 2 * last - inner.at(-1)!];
}

function cells({ x, y }: StabilityMap, scales: PlotScales, colour: (at: number) => string): string {
  const across = edgesOf(x.values).map(scales.x.scale);
  const up = edgesOf(y.values).map(scales.y.scale);
  return y.values
    .map((_, row) =>
      x.values
        .map((_, column) =>
          element('rect', {
            x: across[column],
            y: up[row + 1],
            // Overlapping a little: a renderer would show the seams.
            width: across[column + 1]! - across[column]! + (column < x.values.length - 1 ? 0.3 : 0),
            height: up[row]! - up[row + 1]! + (row > 0 ? 0.3 : 0),
            fill: colour(row * x.values.length + column),
          }),
        )
        .join(''),
    )
    .join('');
}
