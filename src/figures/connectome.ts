/** A connectome on one page: weights and lengths as matrices, how both are distributed, and where regions lie. */
import { InputError } from '../errors.ts';
import { brainViewPlots } from './brain-views.ts';
import { histogramPlot } from './histogram.ts';
import { extent, matrixPlot, squarePlotHeight } from './matrix-plot.ts';
import { drawPlot, PLOT_FOOT, PLOT_HEAD, type Plot } from './plot.ts';
import { DOUBLE_COLUMN, FAINT_INK, FONT } from './style.ts';
import { POINTS_PER_MM, svgDocument } from './svg.ts';
import { fitText, label } from './text.ts';

export interface ConnectomeFigure {
  title: string;
  note: string;
  nodes: number;
  /** `[target, source]`. */
  weights: ArrayLike<number>;
  /** `[target, source]`, mm. */
  lengths?: ArrayLike<number> | undefined;
  /** `[node, 3]`. */
  centres?: ArrayLike<number> | undefined;
  /** Unit of the centres; empty where it is not known. */
  centreUnit?: string;
}

const GAP = 10;
const EDGE = 3;
const HEAD = 2.4 * FONT.title + 8;
const HISTOGRAM_HEIGHT = 85;

/** An SVG document of `width` mm. Throws InputError where sizes disagree. */
export function connectomeFigure(
  { title, note, nodes, weights, lengths, centres, centreUnit = '' }: ConnectomeFigure,
  { width = DOUBLE_COLUMN }: { width?: number } = {},
): string {
  if (centres && centres.length !== 3 * nodes)
    throw new InputError(`${nodes} regions have ${3 * nodes} coordinates, but there are ${centres.length}`);
  const points = width * POINTS_PER_MM;
  const half = (points - GAP) / 2;
  const present = Array.from(weights, (weight) => (weight > 0 ? Math.log10(weight) : Number.NaN));
  // Four decades: what is weaker has the colour of the weakest shown.
  const [low, high] = extent(present);
  const coupling = matrixPlot({
    title: 'Coupling',
    note: 'decimal logarithm of weights; grey: none',
    ...{ values: present, nodes, domain: [Math.max(low, high - 4), high], x: 'From region', y: 'To region' },
  });
  const matrices = [coupling];
  if (lengths)
    matrices.push(
      matrixPlot({
        title: 'Length',
        note: 'mm; grey: none',
        values: Array.from(lengths, (length) => (length > 0 ? length : Number.NaN)),
        ...{ nodes, domain: [0, extent(lengths)[1]], x: 'From region', y: 'To region' },
      }),
    );
  const strength = Array.from({ length: nodes }, (_, node) => rowSum(weights, nodes, node));
  const distributions = [
    histogramPlot({
      title: 'Strength',
      note: 'sum of weights onto a region',
      ...{ x: 'Strength', y: 'Regions', values: strength },
    }),
    ...(lengths
      ? [
          histogramPlot({
            title: 'Lengths of connections',
            note: 'of those with a weight',
            ...{ x: 'Length (mm)', y: 'Connections' },
            values: Array.from(lengths).filter((length, at) => length > 0 && weights[at]! > 0),
          }),
        ]
      : []),
  ];
  const rows: Row[] = [
    { plots: matrices, height: squarePlotHeight(coupling, half) },
    { plots: distributions, height: HISTOGRAM_HEIGHT + PLOT_HEAD + PLOT_FOOT },
  ];
  if (centres) rows.push(brainViewPlots({ nodes, centres, weights, strength, unit: centreUnit }, points));
  const room = points - 2 * EDGE;
  const head =
    label(fitText(title, FONT.title, room, true), EDGE, EDGE + FONT.title, { size: FONT.title, bold: true }) +
    label(fitText(note, FONT.label, room), EDGE, EDGE + FONT.title + 1.35 * FONT.label, {
      size: FONT.label,
      colour: FAINT_INK,
    });
  let y = HEAD;
  const drawn = rows.map(({ plots, height }) => {
    const row = plots.map((plot, column) =>
      drawPlot(plot, { x: column * (half + GAP), y, width: half, height }),
    );
    y += height + GAP / 2;
    return row.join('');
  });
  return svgDocument(points, y, `${title}, ${note}`, head, ...drawn);
}

interface Row {
  plots: readonly Plot[];
  height: number;
}

function rowSum(matrix: ArrayLike<number>, nodes: number, row: number): number {
  let sum = 0;
  for (let column = 0; column < nodes; column++) sum += matrix[row * nodes + column]!;
  return sum;
}
