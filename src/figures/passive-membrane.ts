/**
 * Mean, standard deviation and autocorrelation time of a passive membrane under shot noise against inhibitory input:
 * simulated, and as theory has them, with the published program's slip and without.
 */
import { InputError } from '../errors.ts';
import { linePath } from './paths.ts';
import { discs, drawPlotRow, type Plot, type PlotScales } from './plot.ts';
import { colourOf, DOUBLE_COLUMN, FAINT_INK, FONT, LINE } from './style.ts';
import { decimal, element, POINTS_PER_MM, svgDocument } from './svg.ts';
import { centredBaseline, label, textWidth } from './text.ts';

/** mV, mV, ms, at the rates of inhibitory synapses `nu_i`, Hz. */
export interface MomentCourse {
  nu_i: ArrayLike<number>;
  mu_V: ArrayLike<number>;
  sigma_V: ArrayLike<number>;
  tau_V: ArrayLike<number>;
}

/** One excitatory input. */
export interface PassiveMembraneSeries {
  /** Hz. */
  nu_e: number;
  simulated: MomentCourse;
  corrected: MomentCourse;
  published: MomentCourse;
}

const QUANTITIES = [
  { name: 'mu_V', title: 'Mean of V', axis: 'Mean of V (mV)' },
  { name: 'sigma_V', title: 'Standard deviation of V', axis: 'SD of V (mV)' },
  { name: 'tau_V', title: 'Autocorrelation time of V', axis: 'Autocorrelation time (ms)' },
] as const;
type Quantity = (typeof QUANTITIES)[number]['name'];

const HEIGHT = 110;
const RADIUS = 1.6;
const DASHES = '3 2';
const KEY_LINE = 10;

/** Draws the three moments side by side as an SVG document; `width` in mm. Throws InputError where arrays disagree. */
export function passiveMembraneFigure(
  series: readonly PassiveMembraneSeries[],
  { width = DOUBLE_COLUMN }: { width?: number } = {},
): string {
  if (series.length === 0) throw new InputError('the figure of a passive membrane needs at least one series');
  for (const { nu_e, simulated, corrected, published } of series)
    for (const course of [simulated, corrected, published])
      for (const { name } of QUANTITIES)
        if (course[name].length !== course.nu_i.length)
          throw new InputError(
            `${name} holds ${course[name].length} numbers for ${course.nu_i.length} of nu_i (nu_e ${nu_e} Hz)`,
            { field: name },
          );
  const points = width * POINTS_PER_MM;
  const key = keyHeight(series);
  const plots = QUANTITIES.map((quantity) => momentPlot(quantity, series));
  const { svg, height } = drawPlotRow(plots, points, HEIGHT);
  return svgDocument(points, height + key, 'Passive membrane under shot noise', svg, drawKey(series, height));
}

function momentPlot(
  { name, title, axis }: (typeof QUANTITIES)[number],
  series: readonly PassiveMembraneSeries[],
): Plot {
  const courses = series.flatMap(({ simulated, corrected, published }) => [simulated, corrected, published]);
  const most = Math.max(...courses.map(({ nu_i }) => nu_i[nu_i.length - 1] ?? 0));
  return {
    title,
    x: { domain: [0, most], title: 'Inhibitory input (Hz)' },
    y: { domain: rangeOf(name, courses), title: axis },
    draw: (scales) => series.map((each, index) => drawSeries(each, name, colourOf(index), scales)).join(''),
  };
}

/** From the least value (or 0, for what is positive) to the largest, with a margin. */
function rangeOf(name: Quantity, courses: readonly MomentCourse[]): [number, number] {
  const values = courses.flatMap((course) => Array.from(course[name]));
  const high = Math.max(...values);
  const low = name === 'mu_V' ? Math.min(...values) : 0;
  const margin = 0.05 * (high - low);
  return [name === 'mu_V' ? low - margin : 0, high + margin];
}

function drawSeries(
  series: PassiveMembraneSeries,
  name: Quantity,
  colour: string,
  { x, y }: PlotScales,
): string {
  const line = (course: MomentCourse, dashes?: string) =>
    element('path', {
      d: linePath(course.nu_i, course[name], x.scale, y.scale),
      fill: 'none',
      stroke: colour,
      'stroke-width': LINE.rate,
      'stroke-dasharray': dashes,
    });
  const { simulated } = series;
  const at = [Array.from(simulated.nu_i, x.scale), Array.from(simulated[name], y.scale)] as const;
  return line(series.published, DASHES) + line(series.corrected) + discs(at[0], at[1], RADIUS, () => colour);
}

function keyHeight(series: readonly PassiveMembraneSeries[]): number {
  return series.length > 0 ? KEY_LINE + 6 : 0;
}

/** One line below the plots: what marks mean, then what colours mean. */
function drawKey(series: readonly PassiveMembraneSeries[], top: number): string {
  const y = top + KEY_LINE / 2;
  let x = 36;
  const text = (words: string) => {
    const svg = label(words, x, centredBaseline(y, FONT.label), { size: FONT.label });
    x += textWidth(words, FONT.label) + 16;
    return svg;
  };
  const stroke = (colour: string, dashes?: string) => {
    const svg = element('path', {
      d: `M${decimal(x)} ${decimal(y)}h14`,
      fill: 'none',
      stroke: colour,
      'stroke-width': LINE.rate,
      'stroke-dasharray': dashes,
    });
    x += 18;
    return svg;
  };
  const dot = (colour: string, radius: number) => {
    const svg = discs([x + 3], [y], radius, () => colour);
    x += 9;
    return svg;
  };
  return [
    dot(FAINT_INK, RADIUS) + text('simulated'),
    stroke(FAINT_INK) + text('theory'),
    stroke(FAINT_INK, DASHES) + text('theory as published'),
    ...series.map(({ nu_e }, index) => dot(colourOf(index), 2.5) + text(`excitatory input ${nu_e} Hz`)),
  ].join('');
}
