/** Simulated beside empirical functional connectivity, and both against each other with their correlation. */
import { InputError } from '../errors.ts';
import { matrixPlot, squarePlotHeight } from './matrix-plot.ts';
import { linePath } from './paths.ts';
import { discs, drawPlot, type Plot } from './plot.ts';
import { COLOURS, DOUBLE_COLUMN, FAINT_INK, FONT, INK, LINE } from './style.ts';
import { element, POINTS_PER_MM, svgDocument } from './svg.ts';
import { fitText, label, textWidth } from './text.ts';

export interface FcComparison {
  title: string;
  note: string;
  nodes: number;
  /** `[region, region]`: correlations; NaN where a region does not vary. */
  simulated: ArrayLike<number>;
  empirical: ArrayLike<number>;
  /** Of what stands above both diagonals (matrixCorrelation of the analysis). */
  correlation: number;
  /** What the empirical one is, as "mean of 5 subjects". */
  empiricalNote?: string;
}

const GAP = 8;
const EDGE = 3;
const HEAD = 2.4 * FONT.title + 8;
/** Discs beyond this number make files heavy and show nothing more. */
const MOST_DISCS = 4000;

/** An SVG document of `width` mm. Throws InputError where sizes disagree. */
export function fcComparisonFigure(
  { title, note, nodes, simulated, empirical, correlation, empiricalNote }: FcComparison,
  { width = DOUBLE_COLUMN }: { width?: number } = {},
): string {
  if (simulated.length !== nodes * nodes || empirical.length !== nodes * nodes)
    throw new InputError(
      `both matrices must be ${nodes} x ${nodes}, but they have ${simulated.length} and ${empirical.length} values`,
    );
  const points = width * POINTS_PER_MM;
  const each = (points - 2 * GAP) / 3;
  const shared = { nodes, ramp: 'diverging' as const, domain: [-1, 1] as const };
  const matrices = [
    matrixPlot({ title: 'Simulated', note: 'correlation of BOLD', values: simulated, ...shared }),
    matrixPlot({
      title: 'Empirical',
      note: empiricalNote ?? 'correlation of BOLD',
      values: empirical,
      ...shared,
      y: '',
    }),
  ];
  const height = squarePlotHeight(matrices[0]!, each);
  const plots = [...matrices, scatter(nodes, simulated, empirical, correlation)];
  const room = points - 2 * EDGE;
  const head =
    label(fitText(title, FONT.title, room, true), EDGE, EDGE + FONT.title, { size: FONT.title, bold: true }) +
    label(fitText(note, FONT.label, room), EDGE, EDGE + FONT.title + 1.35 * FONT.label, {
      size: FONT.label,
      colour: FAINT_INK,
    });
  const drawn = plots.map((plot, index) =>
    drawPlot(plot, { x: index * (each + GAP), y: HEAD, width: each, height }),
  );
  return svgDocument(points, HEAD + height + EDGE, `${title}, ${note}`, head, ...drawn);
}

function scatter(
  nodes: number,
  simulated: ArrayLike<number>,
  empirical: ArrayLike<number>,
  correlation: number,
): Plot {
  const pairs: [number, number][] = [];
  for (let i = 0; i < nodes; i++)
    for (let j = i + 1; j < nodes; j++) {
      const pair: [number, number] = [empirical[i * nodes + j]!, simulated[i * nodes + j]!];
      if (pair.every(Number.isFinite)) pairs.push(pair);
    }
  const step = Math.max(1, Math.ceil(pairs.length / MOST_DISCS));
  const shown = pairs.filter((_, index) => index % step === 0);
  const spans = [0, 1].map((axis) => span(pairs.map((pair) => pair[axis]!)));
  return {
    title: 'Pairs of regions',
    note: step === 1 ? `${pairs.length} pairs` : `1 of ${step} of ${pairs.length} pairs`,
    x: { domain: spans[0]!, title: 'Empirical correlation' },
    y: { domain: spans[1]!, title: 'Simulated correlation' },
    draw: ({ frame, x, y }) => {
      const cloud = element(
        'g',
        { 'fill-opacity': 0.3 },
        discs(
          shown.map(([value]) => x.scale(value)),
          shown.map(([, value]) => y.scale(value)),
          0.7,
          () => COLOURS.blue,
        ),
      );
      const text = `r = ${Number.isFinite(correlation) ? correlation.toFixed(2).replace('-', '−') : 'undefined'}`;
      // On a ground of its own, so that it reads above the cloud.
      const ground = element('rect', {
        x: frame.x + 3,
        y: frame.y + 2,
        width: textWidth(text, FONT.title, true) + 6,
        height: 1.5 * FONT.title,
        fill: '#ffffff',
        opacity: 0.85,
      });
      return (
        cloud +
        regressionLine(pairs, x.scale, y.scale, spans[0]!) +
        ground +
        label(text, frame.x + 6, frame.y + 2 + 1.1 * FONT.title, { size: FONT.title, bold: true })
      );
    },
  };
}

/** The least squares line over the span of the data. */
function regressionLine(
  pairs: readonly [number, number][],
  scaleX: (value: number) => number,
  scaleY: (value: number) => number,
  [from, to]: readonly [number, number],
): string {
  const n = pairs.length;
  const mean = (axis: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[axis], 0) / n;
  const [mx, my] = [mean(0), mean(1)];
  const sxx = pairs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  if (!(sxx > 0)) return '';
  const slope = pairs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / sxx;
  const ends = [from, to];
  const d = linePath(
    ends,
    ends.map((x) => my + slope * (x - mx)),
    scaleX,
    scaleY,
  );
  return element('path', {
    d,
    fill: 'none',
    stroke: INK,
    'stroke-width': LINE.rate,
    'stroke-dasharray': 3,
  });
}

function span(values: readonly number[]): [number, number] {
  if (values.length === 0) return [-1, 1];
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const margin = Math.max(0.02, 0.05 * (high - low));
  return [low - margin, high + margin];
}
