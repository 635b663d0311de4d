/** Recordings of a connectome: one subject's activity as a carpet, the mean functional connectivity, and its values. */
import { zScores } from '../analysis/correlation.ts';
import { InputError } from '../errors.ts';
import { carpetPlot } from './carpet.ts';
import { histogramPlot } from './histogram.ts';
import { matrixPlot, squarePlotHeight } from './matrix-plot.ts';
import { drawPlot, PLOT_FOOT, PLOT_HEAD } from './plot.ts';
import { DOUBLE_COLUMN, FONT } from './style.ts';
import { POINTS_PER_MM, svgDocument } from './svg.ts';
import { fitText, label } from './text.ts';

export interface Recordings {
  title: string;
  nodes: number;
  /** At least one. */
  subjects: readonly {
    name: string;
    bold: { data: Float64Array; samples: number; TR: number };
    /** `[region, region]`. */
    fc: Float64Array;
  }[];
}

const GAP = 10;
const EDGE = 3;
const HEAD = FONT.title + 10;
const CARPET_HEIGHT = 110;
/** What colours of z-scores span. */
const FAR = 3;

/** An SVG document of `width` mm. Throws InputError where there is no subject or sizes disagree. */
export function recordingsFigure(
  { title, nodes, subjects }: Recordings,
  { width = DOUBLE_COLUMN }: { width?: number } = {},
): string {
  const first = subjects[0];
  if (!first) throw new InputError('there is no recording to draw');
  const points = width * POINTS_PER_MM;
  const half = (points - GAP) / 2;
  const mean = first.fc.map((_, at) => subjects.reduce((sum, { fc }) => sum + fc[at]!, 0) / subjects.length);
  const carpet = carpetPlot({
    title: `BOLD of ${first.name}`,
    note: 'z-scores of each region',
    values: zScores(first.bold.data, nodes),
    regions: nodes,
    span: [first.bold.TR, first.bold.TR * first.bold.samples],
    ...{ ramp: 'diverging', domain: [-FAR, FAR] },
  });
  const of = subjects.length > 1 ? `mean of ${subjects.length} subjects` : first.name;
  const matrix = matrixPlot({
    title: 'Functional connectivity',
    note: `correlation of BOLD, ${of}`,
    ...{ values: mean, nodes, domain: [-1, 1], ramp: 'diverging' },
  });
  const above = Array.from(mean).filter((_, at) => at % nodes > Math.floor(at / nodes));
  const values = histogramPlot({
    title: 'Its values',
    note: 'pairs of regions',
    ...{ x: 'Correlation', y: 'Pairs', values: above },
  });
  const carpetHeight = CARPET_HEIGHT + PLOT_HEAD + PLOT_FOOT;
  const low = HEAD + carpetHeight + GAP / 2;
  const height = squarePlotHeight(matrix, half);
  return svgDocument(
    points,
    low + height + EDGE,
    title,
    label(fitText(title, FONT.title, points - 2 * EDGE, true), EDGE, EDGE + FONT.title, {
      size: FONT.title,
      bold: true,
    }),
    drawPlot(carpet, { x: 0, y: HEAD, width: points, height: carpetHeight }),
    drawPlot(matrix, { x: 0, y: low, width: half, height }),
    drawPlot(values, { x: half + GAP, y: low, width: half, height }),
  );
}
