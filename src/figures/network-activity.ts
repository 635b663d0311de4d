/**
 * The picture of a network at work: raster above population rates, membrane potentials of a few neurons with their
 * spikes, and conductances, all on one time axis, sized for a column of a paper.
 */
import { type ConductanceTrace, checkActivity, type NetworkActivity } from './activity.ts';
import { conductancePanel } from './conductance-panel.ts';
import { drawColumn, type Panel } from './panel.ts';
import { rasterPanel } from './raster-panel.ts';
import { ratePanel } from './rate-panel.ts';
import { colourOf, DOUBLE_COLUMN, FAINT_INK, FONT } from './style.ts';
import { POINTS_PER_MM, svgDocument } from './svg.ts';
import { fitText, label, textWidth } from './text.ts';
import { voltagePanel } from './voltage-panel.ts';

/** Heights of panels at double column width, pt. */
const HEIGHT = { raster: 150, rate: 60, lane: 30, conductance: 54 } as const;
/** What a figure of single column width takes of them. */
const SMALL = 0.8;
const EDGE = 3;

/**
 * Draws `data` as an SVG document of the given width (mm; 85 or 180 in most journals); its height follows from what
 * there is to show. The first population stands lowest in the raster. Throws InputError where arrays disagree.
 */
export function networkActivityFigure(
  data: NetworkActivity,
  { width = DOUBLE_COLUMN }: { width?: number } = {},
): string {
  checkActivity(data);
  const points = width * POINTS_PER_MM;
  const heading = drawHeading(data, points);
  const body = drawColumn(panelsOf(data, width < 120 ? SMALL : 1), {
    width: points,
    top: heading.bottom,
    t0: data.t0_ms,
    t1: data.t1_ms,
  });
  return svgDocument(points, body.bottom, `${data.title}, ${data.subtitle}`, heading.svg, body.svg);
}

function panelsOf({ populations, traces, t0_ms, t1_ms }: NetworkActivity, size: number): Panel[] {
  const panels = [
    rasterPanel(populations, HEIGHT.raster * size),
    ratePanel(populations, HEIGHT.rate * size, t0_ms, t1_ms),
  ];
  if (!traces) return panels;
  const names = populations.map(({ name }) => name);
  if (traces.V.length > 0) {
    const colours = traces.V.map(({ population }) => colourOf(Math.max(0, names.indexOf(population))));
    panels.push(voltagePanel(traces.V, traces.time, colours, HEIGHT.lane * size));
  }
  for (const ofOneNeuron of byNeuron(traces.conductances)) {
    const colours = receptorColours(ofOneNeuron, names);
    panels.push(conductancePanel(ofOneNeuron, traces.time, colours, HEIGHT.conductance * size));
  }
  return panels;
}

function byNeuron(traces: readonly ConductanceTrace[]): ConductanceTrace[][] {
  const groups = new Map<string, ConductanceTrace[]>();
  for (const trace of traces) {
    const key = JSON.stringify([trace.population, trace.neuron]);
    groups.set(key, [...(groups.get(key) ?? []), trace]);
  }
  return [...groups.values()];
}

/** A receptor named as a population has its colour; others take those that no population uses. */
function receptorColours(traces: readonly ConductanceTrace[], populations: readonly string[]): string[] {
  let next = populations.length;
  return traces.map(({ receptor }) => {
    const index = populations.indexOf(receptor);
    return colourOf(index >= 0 ? index : next++);
  });
}

/** Title and subtitle, on one line where both fit. */
function drawHeading({ title, subtitle }: NetworkActivity, width: number): { svg: string; bottom: number } {
  const room = width - 2 * EDGE;
  const name = fitText(title, FONT.title, room, true);
  const nameWidth = textWidth(name, FONT.title, true) + FONT.title;
  const oneLine = nameWidth + textWidth(subtitle, FONT.label) <= room;
  const y = EDGE + FONT.title;
  const at = oneLine ? { x: EDGE + nameWidth, y } : { x: EDGE, y: y + 1.3 * FONT.label };
  const note = fitText(subtitle, FONT.label, width - EDGE - at.x);
  return {
    svg:
      label(name, EDGE, y, { size: FONT.title, bold: true }) +
      label(note, at.x, at.y, { size: FONT.label, colour: FAINT_INK }),
    bottom: at.y + 8,
  };
}
