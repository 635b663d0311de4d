/**
 * The raster: which neuron spiked when. Of a large network only some neurons can be drawn; each population gives a
 * share in proportion to its size, evenly spaced, and the numbers shown and in all are stated beside it.
 */
import type { PopulationActivity } from './activity.ts';
import { type Frame, leftTitle } from './axes.ts';
import type { Column, Panel } from './panel.ts';
import { markPath } from './paths.ts';
import { colourOf, FAINT_INK, FONT } from './style.ts';
import { element } from './svg.ts';
import { centredBaseline, fitText, label, spreadLabels, textWidth } from './text.ts';

/**
 * Least height of a row, pt. Marks are taller than rows: at the few Hz of cortical networks most of a row is empty,
 * so marks rarely meet, and a mark of one row could hardly be seen.
 */
const ROW = 0.36;
/** The raster of a small network is lower than others, so that no row is higher than this, pt. */
const MOST_ROW = 6;
/** The title of the axis needs this much, pt. */
const LEAST_HEIGHT = 30;
const MARK = { height: 1.2, width: 0.6 } as const;
/** No band is thinner than this, pt, so that a small population is seen beside a large one. */
const MIN_BAND = 12;
const BAND_GAP = 2;
/** Between the lowest row and the time axis, pt. */
const FLOOR = 2;
/** Two marks of a row closer than this are drawn once, pt. */
const MIN_DISTANCE = 0.2;
/** A label has two lines: the name, and how many neurons are drawn. */
const LABEL_LINE = 1.15 * FONT.label;
const LABEL_HEIGHT = 2 * LABEL_LINE + 3;

interface Band {
  /** Top and height, pt. */
  y: number;
  height: number;
  /** Neurons drawn. */
  rows: number;
}

/**
 * The raster of all populations, the first one lowest: `height` pt high, more where the labels of many populations
 * need it, less where there are only a few neurons.
 */
export function rasterPanel(populations: readonly PopulationActivity[], height: number): Panel {
  const labelWidths = populations.map(({ name, size }) =>
    Math.max(textWidth(name, FONT.label, true), textWidth(note(size, Math.min(size, 999)), FONT.note)),
  );
  const neurons = populations.reduce((sum, population) => sum + candidates(population), 0);
  return {
    height: Math.max(
      Math.min(height, neurons * MOST_ROW),
      populations.length * LABEL_HEIGHT + FLOOR,
      LEAST_HEIGHT,
    ),
    numbersWidth: 0,
    labelsWidth: Math.max(...labelWidths),
    draw(frame, column) {
      const bands = layOutBands(frame, populations);
      const marks = populations.map((population, p) =>
        element('path', {
          d: spikeMarks(population, bands[p], column),
          fill: 'none',
          stroke: colourOf(p),
          'stroke-width': MARK.width,
        }),
      );
      const title = leftTitle(frame, 'Neurons', column.titleX);
      return marks.join('') + bandLabels(frame, populations, bands, column) + title;
    },
  };
}

function layOutBands(frame: Frame, populations: readonly PopulationActivity[]): Band[] {
  const total = populations.reduce((sum, { size }) => sum + size, 0);
  const free = frame.height - FLOOR - BAND_GAP * (populations.length - 1);
  // Every population gets the least height; what is left is shared in proportion to what each would want above it.
  const wishes = populations.map(({ size }) => Math.max(0, (free * size) / total - MIN_BAND));
  const allWishes = wishes.reduce((sum, wish) => sum + wish, 0);
  const spare = free - MIN_BAND * populations.length;
  let bottom = frame.y + frame.height - FLOOR;
  return populations.map((population, p) => {
    const height = MIN_BAND + (allWishes > 0 ? (spare * wishes[p]) / allWishes : spare / populations.length);
    const band = {
      y: bottom - height,
      height,
      rows: Math.min(candidates(population), Math.floor(height / ROW)),
    };
    bottom -= height + BAND_GAP;
    return band;
  });
}

function spikeMarks(population: PopulationActivity, band: Band, column: Column): string {
  const { size, recorded, spikeTimes, spikeNeurons } = population;
  const rowOf = new Int32Array(size).fill(-1);
  for (let row = 0; row < band.rows; row++) {
    const place = Math.floor(((row + 0.5) * candidates(population)) / band.rows);
    rowOf[recorded ? recorded[place] : place] = row;
  }
  const rowHeight = band.height / band.rows;
  const lastX = new Float64Array(band.rows).fill(Number.NEGATIVE_INFINITY);
  const x: number[] = [];
  const y: number[] = [];
  for (let k = 0; k < spikeTimes.length; k++) {
    const row = rowOf[spikeNeurons[k]];
    if (row < 0 || spikeTimes[k] < column.t0 || spikeTimes[k] >= column.t1) continue;
    const place = column.time.scale(spikeTimes[k]);
    if (place - lastX[row] < MIN_DISTANCE) continue;
    lastX[row] = place;
    x.push(place);
    y.push(band.y + band.height - (row + 0.5) * rowHeight);
  }
  return markPath(x, y, Math.max(MARK.height, Math.min(0.7 * rowHeight, 5)));
}

function bandLabels(
  frame: Frame,
  populations: readonly PopulationActivity[],
  bands: readonly Band[],
  { labelX, labelWidth }: Column,
): string {
  const centres = spreadLabels(
    bands.map((band) => band.y + band.height / 2),
    bands.map(() => LABEL_HEIGHT),
    frame.y - 2,
    frame.y + frame.height,
  );
  const labels = populations.map(({ name, size }, p) => {
    const y = centredBaseline(centres[p] - LABEL_LINE / 2, FONT.label);
    const shown = fitText(name, FONT.label, labelWidth, true);
    return (
      label(shown, labelX, y, { size: FONT.label, bold: true, colour: colourOf(p) }) +
      label(note(size, bands[p].rows), labelX, y + LABEL_LINE, { size: FONT.note, colour: FAINT_INK })
    );
  });
  return labels.join('');
}

/** How many neurons could be drawn. */
function candidates({ size, recorded }: PopulationActivity): number {
  return recorded ? recorded.length : size;
}

/** How many neurons are drawn of how many. */
function note(size: number, rows: number): string {
  const all = size.toLocaleString('en-US');
  if (size === 1 && rows === 1) return '1 neuron';
  return rows === size ? `all ${all}` : `${rows} of ${all}`;
}
