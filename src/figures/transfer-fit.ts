/**
 * How good a fit of a transfer function is: where on the grid the fitted rate is off, and the effective threshold that each
 * measured rate asks for against the one that the fit gives.
 */
import { InputError } from '../errors.ts';
import { BAR_WIDTH, colourBar, divergingColour, sequentialColour } from './colour-ramp.ts';
import { discs, drawPlotRow, type Plot } from './plot.ts';
import { DOUBLE_COLUMN, FAINT_INK, FONT, INK, LINE } from './style.ts';
import { decimal, element, POINTS_PER_MM, svgDocument } from './svg.ts';
import { label, textWidth } from './text.ts';

export interface TransferFitData {
  title: string;
  note?: string;
  /** Input rates of the points, Hz. */
  nu_e: ArrayLike<number>;
  nu_i: ArrayLike<number>;
  /** Fitted minus measured rate, Hz. */
  residual: ArrayLike<number>;
  /** The threshold that gives the measured rate (NaN where none does) and the fitted one, mV. */
  threshold: ArrayLike<number>;
  fittedThreshold: ArrayLike<number>;
}

const HEIGHT = 150;
const RADIUS = 2.6;
/** Room for a colour bar with its numbers, pt. */
const KEY_WIDTH = BAR_WIDTH + 26;

/** Draws residuals and thresholds side by side as an SVG document; `width` in mm. Throws InputError where arrays disagree. */
export function transferFitFigure(
  data: TransferFitData,
  { width = DOUBLE_COLUMN }: { width?: number } = {},
): string {
  for (const name of ['nu_i', 'residual', 'threshold', 'fittedThreshold'] as const)
    if (data[name].length !== data.nu_e.length || data.nu_e.length === 0)
      throw new InputError(`${name} holds ${data[name].length} numbers for ${data.nu_e.length} points`, {
        field: name,
      });
  const points = width * POINTS_PER_MM;
  const { svg, height } = drawPlotRow([residualPlot(data), thresholdPlot(data)], points, HEIGHT);
  return svgDocument(points, height, `Fit of the transfer function of ${data.title}`, svg);
}

function residualPlot({ title, note, nu_e, nu_i, residual }: TransferFitData): Plot {
  // A single bad point would leave all others white: colours saturate at the 98th percentile.
  const sizes = Array.from(residual, Math.abs).sort((a, b) => a - b);
  const most = sizes[Math.floor(0.98 * (sizes.length - 1))]! || sizes.at(-1)! || 1;
  return {
    title,
    note,
    x: { domain: span(Array.from(nu_e)), title: 'Excitatory input (Hz)' },
    y: { domain: span(Array.from(nu_i)), title: 'Inhibitory input (Hz)' },
    keyWidth: KEY_WIDTH,
    draw({ frame, x, y, keyX }) {
      const bar = { x: keyX, y: frame.y + 16, width: BAR_WIDTH, height: frame.height - 16 };
      return (
        discs(
          Array.from(nu_e, x.scale),
          Array.from(nu_i, y.scale),
          RADIUS,
          (index) => divergingColour(residual[index] / most),
          INK,
        ) +
        keyTitle(['Fit − data', '(Hz)'], frame.y, keyX) +
        colourBar(bar, [-most, most], (value) => divergingColour(value / most))
      );
    },
  };
}

function thresholdPlot({ nu_i, threshold, fittedThreshold }: TransferFitData): Plot {
  const known = Array.from(threshold, (_, index) => index).filter((index) =>
    Number.isFinite(threshold[index]),
  );
  const measured = known.map((index) => threshold[index]);
  const fitted = known.map((index) => fittedThreshold[index]);
  const inhibition = known.map((index) => nu_i[index]);
  const domain = span([...measured, ...fitted]);
  const [least, most] = span(inhibition, 0);
  const colour = (value: number) => sequentialColour(most > least ? (value - least) / (most - least) : 0);
  return {
    title: 'Effective threshold',
    note: `${known.length} points that fire`,
    x: { domain, title: 'From the measured rate (mV)' },
    y: { domain, title: 'From the fit (mV)' },
    keyWidth: KEY_WIDTH,
    draw({ frame, x, y, keyX }) {
      const bar = { x: keyX, y: frame.y + 16, width: BAR_WIDTH, height: frame.height - 16 };
      const diagonal = `M${decimal(x.scale(domain[0]))} ${decimal(y.scale(domain[0]))}L${decimal(x.scale(domain[1]))} ${decimal(y.scale(domain[1]))}`;
      return (
        element('path', { d: diagonal, fill: 'none', stroke: FAINT_INK, 'stroke-width': LINE.axis }) +
        discs(measured.map(x.scale), fitted.map(y.scale), 0.7 * RADIUS, (index) =>
          colour(inhibition[index]),
        ) +
        keyTitle(['Inhibitory', 'input (Hz)'], frame.y, keyX) +
        colourBar(bar, [least, most], colour)
      );
    },
  };
}

function keyTitle(lines: readonly string[], top: number, x: number): string {
  const left = Math.min(x, x + KEY_WIDTH - Math.max(...lines.map((text) => textWidth(text, FONT.note))));
  return lines
    .map((text, index) => label(text, left, top + (index + 0.3) * 1.15 * FONT.note, { size: FONT.note }))
    .join('');
}

/** The range of finite values, with a margin on both sides. */
function span(values: readonly number[], margin = 0.04): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(low < high)) return [Number.isFinite(low) ? low - 1 : 0, Number.isFinite(low) ? low + 1 : 1];
  return [low - margin * (high - low), high + margin * (high - low)];
}
