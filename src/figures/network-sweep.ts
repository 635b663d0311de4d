/** Numbers of each population over a swept field: means over seeds as lines, their SD as bars; numbers stand side by side. */
import { InputError } from '../errors.ts';
import { domainFromZero } from './axes.ts';
import { discs, drawPlotRow, type Plot } from './plot.ts';
import { colourOf, DOUBLE_COLUMN, FONT, LINE } from './style.ts';
import { decimal, element, POINTS_PER_MM, svgDocument } from './svg.ts';
import { centredBaseline, label, textWidth } from './text.ts';

export interface NetworkSweepFigure {
  title: string;
  /** The swept field, with its unit. */
  axis: string;
  values: ArrayLike<number>;
  populations: readonly string[];
  panels: readonly {
    title: string;
    note: string;
    /** With its unit. */
    number: string;
    /** Of each population at each value; NaN where there is none. */
    series: readonly { mean: ArrayLike<number>; sd: ArrayLike<number> }[];
  }[];
}

const HEIGHT = 130;
const KEY_LINE = 11;
const RADIUS = 1.4;

/** An SVG document of `width` mm. Throws InputError where sizes disagree. */
export function networkSweepFigure(
  { title, axis, values, populations, panels }: NetworkSweepFigure,
  { width = DOUBLE_COLUMN }: { width?: number } = {},
): string {
  const x = Array.from(values);
  if (x.length < 2) throw new InputError('a figure of a sweep needs at least two values of its field');
  for (const { number, series } of panels)
    if (series.length !== populations.length || series.some(({ mean }) => mean.length !== x.length))
      throw new InputError(
        `${number} needs ${x.length} values for each of ${populations.length} populations`,
      );
  const margin = 0.04 * (x.at(-1)! - x[0]!);
  const keyWidth = 14 + Math.max(...populations.map((name) => textWidth(name, FONT.note)));
  const plots = panels.map(({ title: heading, note, number, series }, panel): Plot => {
    const tops = series.map(({ mean, sd }) =>
      x.map((_, k) => mean[k]! + (sd[k]! > 0 ? sd[k]! : 0)).filter(Number.isFinite),
    );
    return {
      title: heading,
      note,
      x: { domain: [x[0]! - margin, x.at(-1)! + margin], title: axis },
      y: { domain: domainFromZero(tops), title: number },
      // One key for all panels, in the last.
      ...(panel === panels.length - 1 ? { keyWidth } : {}),
      draw: (scales) => {
        const drawn = series.map(({ mean, sd }, population) => {
          const shown = x.map((_, k) => k).filter((k) => Number.isFinite(mean[k]!));
          const colour = colourOf(population);
          const at = (k: number) => scales.x.scale(x[k]!);
          const level = (value: number) => scales.y.scale(Math.max(0, value));
          const bars = shown
            .filter((k) => sd[k]! > 0)
            .map((k) =>
              path(
                `M${decimal(at(k))} ${decimal(level(mean[k]! - sd[k]!))}V${decimal(level(mean[k]! + sd[k]!))}`,
                colour,
                LINE.trace,
              ),
            );
          // The line breaks where a value has no number.
          const line = shown
            .map(
              (k, n) =>
                `${n > 0 && shown[n - 1] === k - 1 ? 'L' : 'M'}${decimal(at(k))} ${decimal(level(mean[k]!))}`,
            )
            .join('');
          return (
            bars.join('') +
            (line === '' ? '' : path(line, colour, LINE.rate)) +
            discs(
              shown.map(at),
              shown.map((k) => level(mean[k]!)),
              RADIUS,
              () => colour,
            )
          );
        });
        if (panel < panels.length - 1) return drawn.join('');
        const key = populations.map((name, population) => {
          const y = scales.frame.y + 4 + KEY_LINE * population;
          return (
            path(`M${decimal(scales.keyX)} ${decimal(y)}h10`, colourOf(population), LINE.rate) +
            label(name, scales.keyX + 14, centredBaseline(y, FONT.note), { size: FONT.note })
          );
        });
        return drawn.join('') + key.join('');
      },
    };
  });
  const points = width * POINTS_PER_MM;
  const { svg, height } = drawPlotRow(plots, points, HEIGHT);
  return svgDocument(points, height, title, svg);
}

function path(d: string, stroke: string, width: number): string {
  return element('path', { d, fill: 'none', stroke, 'stroke-width': width });
}
