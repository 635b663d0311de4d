/**
 * Transfer functions as in Zerlaut et al. 2017 (figure 3): output rate against excitatory input, one colour for each
 * inhibitory input; simulated points with the SD over repeats, and the fitted curves through them.
 */
import { InputError } from '../errors.ts';
import { domainFromZero } from './axes.ts';
import { sequentialColour } from './colour-ramp.ts';
import { linePath } from './paths.ts';
import { discs, drawPlotRow, type Plot, type PlotScales } from './plot.ts';
import { DOUBLE_COLUMN, FONT, LINE, SINGLE_COLUMN } from './style.ts';
import { decimal, element, POINTS_PER_MM, svgDocument } from './svg.ts';
import { centredBaseline, label, textWidth } from './text.ts';

/** One inhibitory input rate: points, and the curve where there is a fit. */
export interface TransferRow {
  /** Hz. */
  nu_i: number;
  nu_e: ArrayLike<number>;
  rate: ArrayLike<number>;
  rate_sd: ArrayLike<number>;
  curve?: { nu_e: ArrayLike<number>; rate: ArrayLike<number> };
}

/** One cell. */
export interface TransferPanel {
  title: string;
  note?: string;
  rows: readonly TransferRow[];
}

const HEIGHT = 150;
const RADIUS = 1.3;
const KEY_TITLE = ['Inhibitory', 'input (Hz)'];
const KEY_LINE = 10;

/**
 * Draws one panel a cell, side by side, as an SVG document; `width` in mm (a single column for one cell, else a double one).
 * Throws InputError where there is nothing to draw or arrays disagree.
 */
export function transferFunctionFigure(
  panels: readonly TransferPanel[],
  { width = panels.length === 1 ? SINGLE_COLUMN : DOUBLE_COLUMN }: { width?: number } = {},
): string {
  checkPanels(panels);
  const points = width * POINTS_PER_MM;
  const { svg, height } = drawPlotRow(panels.map(transferPlot), points, HEIGHT);
  const title = `Transfer functions of ${panels.map((panel) => panel.title).join(', ')}`;
  return svgDocument(points, height, title, svg);
}

function transferPlot({ title, note, rows }: TransferPanel): Plot {
  const inhibition = rows.map(({ nu_i }) => nu_i);
  const [low, high] = [Math.min(...inhibition), Math.max(...inhibition)];
  const colour = (nu_i: number) => sequentialColour(high > low ? (nu_i - low) / (high - low) : 0);
  return {
    title,
    note,
    x: { domain: domainFromZero(rows.map(({ nu_e }) => nu_e)), title: 'Excitatory input (Hz)' },
    y: {
      domain: domainFromZero(rows.flatMap(({ rate, curve }) => [rate, curve?.rate ?? []])),
      title: 'Output rate (Hz)',
    },
    keyWidth: Math.max(...KEY_TITLE.map((text) => textWidth(text, FONT.note))),
    draw: (scales) =>
      rows.map((row) => drawRow(row, colour(row.nu_i), scales)).join('') + drawKey(rows, colour, scales),
  };
}

function drawRow({ nu_e, rate, rate_sd, curve }: TransferRow, colour: string, { x, y }: PlotScales): string {
  const places = Array.from(nu_e, x.scale);
  const bars = places
    .map((place, index) => {
      // With one repeat there is no SD.
      const sd = Number.isFinite(rate_sd[index]) ? rate_sd[index] : 0;
      const top = y.scale(rate[index] + sd);
      const bottom = y.scale(Math.max(0, rate[index] - sd));
      return bottom - top > 2 * RADIUS ? `M${decimal(place)} ${decimal(top)}V${decimal(bottom)}` : '';
    })
    .join('');
  const line = { fill: 'none', stroke: colour };
  return (
    (curve
      ? element('path', {
          d: linePath(curve.nu_e, curve.rate, x.scale, y.scale),
          ...line,
          'stroke-width': LINE.rate,
          'stroke-linejoin': 'round',
        })
      : '') +
    (bars === '' ? '' : element('path', { d: bars, ...line, 'stroke-width': LINE.axis })) +
    discs(places, Array.from(rate, y.scale), RADIUS, () => colour)
  );
}

/** The colours, highest inhibition at the bottom as in the plot, where its curves lie lowest. */
function drawKey(
  rows: readonly TransferRow[],
  colour: (nu_i: number) => string,
  { frame, keyX }: PlotScales,
): string {
  const sorted = [...new Set(rows.map(({ nu_i }) => nu_i))].sort((a, b) => a - b);
  const top = frame.y + (KEY_TITLE.length + 0.6) * 1.15 * FONT.note;
  const most = Math.max(2, Math.floor((frame.y + frame.height - top) / KEY_LINE));
  const every = Math.ceil(sorted.length / most);
  const shown = sorted.filter((_, index) => index % every === 0);
  const title = KEY_TITLE.map((text, index) =>
    label(text, keyX, frame.y + (index + 0.5) * 1.15 * FONT.note, { size: FONT.note }),
  );
  const lines = shown.map((nu_i, index) => {
    const y = top + (index + 0.5) * KEY_LINE;
    return (
      element('path', {
        d: `M${decimal(keyX)} ${decimal(y)}h9`,
        stroke: colour(nu_i),
        'stroke-width': 2 * LINE.rate,
      }) +
      label(String(Number(nu_i.toPrecision(3))), keyX + 12, centredBaseline(y, FONT.note), {
        size: FONT.note,
      })
    );
  });
  return title.join('') + lines.join('');
}

function checkPanels(panels: readonly TransferPanel[]): void {
  if (panels.length === 0) throw new InputError('a figure of transfer functions needs at least one cell');
  for (const { title, rows } of panels) {
    if (rows.length === 0) throw new InputError(`the transfer function of ${title} has no rows to draw`);
    for (const { nu_i, nu_e, rate, rate_sd, curve } of rows) {
      if (rate.length !== nu_e.length || rate_sd.length !== nu_e.length)
        throw new InputError(`${title}, nu_i ${nu_i} Hz: nu_e, rate and rate_sd must have the same length`);
      if (curve && curve.nu_e.length !== curve.rate.length)
        throw new InputError(
          `${title}, nu_i ${nu_i} Hz: the curve's nu_e and rate must have the same length`,
        );
    }
  }
}
