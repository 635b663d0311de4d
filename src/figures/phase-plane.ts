/**
 * The phase plane of two populations: where each rate stands still (nullclines), where rates go from everywhere else (arrows), a
 * trajectory, and the fixed points: filled where stable, open where not.
 */
import { InputError } from '../errors.ts';
import { drawPlotRow, type PlotScales } from './plot.ts';
import { colourOf, FAINT_INK, FONT, INK, LINE, SINGLE_COLUMN } from './style.ts';
import { decimal, element, POINTS_PER_MM, svgDocument } from './svg.ts';
import { centredBaseline, label } from './text.ts';

export interface PhasePlane {
  title: string;
  note: string;
  /** Names of the two populations; the first is drawn horizontally. */
  names: readonly [string, string];
  /** Largest rates shown, Hz. */
  domain: readonly [number, number];
  /** How fast both rates change at a point, Hz per ms. */
  flow: (first: number, second: number) => readonly [number, number];
  points: readonly { rates: readonly [number, number]; stable: boolean }[];
  trajectory?: { first: ArrayLike<number>; second: ArrayLike<number> };
}

const HEIGHT = 180;
/** Cells of the grid in which nullclines are traced, and arrows along each side. */
const CELLS = 160;
const ARROWS = 13;
const ARROW_LENGTH = 8;

/** Draws the plane as an SVG document; `width` in mm. Throws InputError where the domain is empty. */
export function phasePlaneFigure(
  plane: PhasePlane,
  { width = SINGLE_COLUMN }: { width?: number } = {},
): string {
  const { title, note, names, domain } = plane;
  if (!domain.every((most) => most > 0 && Number.isFinite(most)))
    throw new InputError(`a phase plane cannot reach to ${domain.join(' and ')} Hz: give rates above 0 Hz`);
  const points = width * POINTS_PER_MM;
  const { svg, height } = drawPlotRow(
    [
      {
        title,
        note,
        x: { domain: [0, domain[0]], title: `Rate of ${names[0]} (Hz)` },
        y: { domain: [0, domain[1]], title: `Rate of ${names[1]} (Hz)` },
        keyWidth: 52,
        draw: (scales) => drawPlane(plane, scales),
      },
    ],
    points,
    HEIGHT,
  );
  return svgDocument(points, height, title, svg);
}

function drawPlane({ names, domain, flow, points, trajectory }: PhasePlane, scales: PlotScales): string {
  const { x, y } = scales;
  const lines = nullclines(domain, flow).map((segments, which) =>
    element('path', {
      d: segments
        .map(
          ([a, b]) =>
            `M${decimal(x.scale(a[0]))} ${decimal(y.scale(a[1]))}L${decimal(x.scale(b[0]))} ${decimal(y.scale(b[1]))}`,
        )
        .join(''),
      fill: 'none',
      stroke: colourOf(which),
      'stroke-width': LINE.rate,
      'stroke-linecap': 'round',
    }),
  );
  const path = trajectory
    ? element('path', {
        d: trajectoryPath(trajectory, x.scale, y.scale),
        fill: 'none',
        stroke: INK,
        'stroke-width': LINE.trace,
      })
    : '';
  const discs = points
    .filter(({ rates }) => rates[0] <= domain[0] && rates[1] <= domain[1])
    .map(({ rates, stable }) => disc(x.scale(rates[0]), y.scale(rates[1]), stable));
  return (
    drawArrows(domain, flow, scales) +
    lines.join('') +
    path +
    discs.join('') +
    key(names, scales, trajectory !== undefined)
  );
}

function disc(cx: number, cy: number, stable: boolean): string {
  return element('circle', {
    cx,
    cy,
    r: 2.4,
    fill: stable ? INK : '#ffffff',
    stroke: INK,
    'stroke-width': 0.8,
  });
}

/** x need not ascend, so extremes of strips mean nothing here. */
function trajectoryPath(
  { first, second }: NonNullable<PhasePlane['trajectory']>,
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  let d = '';
  for (let k = 0; k < first.length; k++) {
    if (!Number.isFinite(first[k]) || !Number.isFinite(second[k])) continue;
    d += `${d === '' ? 'M' : 'L'}${decimal(x(first[k]!))} ${decimal(y(second[k]!))}`;
  }
  return d;
}

function drawArrows(
  domain: PhasePlane['domain'],
  flow: PhasePlane['flow'],
  { frame, x, y }: PlotScales,
): string {
  let d = '';
  for (let row = 0; row < ARROWS; row++)
    for (let column = 0; column < ARROWS; column++) {
      const a = (domain[0] * (column + 0.5)) / ARROWS;
      const b = (domain[1] * (row + 0.5)) / ARROWS;
      const [da, db] = flow(a, b);
      // Direction as it looks on paper.
      const [dx, dy] = [(da / domain[0]) * frame.width, (-db / domain[1]) * frame.height];
      const length = Math.hypot(dx, dy);
      if (!(length > 0)) continue;
      const [ux, uy] = [(dx / length) * ARROW_LENGTH, (dy / length) * ARROW_LENGTH];
      const [cx, cy] = [x.scale(a), y.scale(b)];
      const [hx, hy] = [cx + ux / 2, cy + uy / 2];
      const barb = (turn: number) =>
        `M${decimal(hx)} ${decimal(hy)}l${decimal(-0.3 * ux - turn * 0.18 * uy)} ${decimal(-0.3 * uy + turn * 0.18 * ux)}`;
      d += `M${decimal(cx - ux / 2)} ${decimal(cy - uy / 2)}L${decimal(hx)} ${decimal(hy)}${barb(1)}${barb(-1)}`;
    }
  return element('path', { d, fill: 'none', stroke: '#b0b0b0', 'stroke-width': 0.4 });
}

type Place = readonly [number, number];

/** Pieces of the lines on which either rate stands still, by its changes of sign along the edges of a grid's cells. */
function nullclines(domain: PhasePlane['domain'], flow: PhasePlane['flow']): [Place, Place][][] {
  const at = (column: number, row: number): Place => [
    (domain[0] * column) / CELLS,
    (domain[1] * row) / CELLS,
  ];
  const size = CELLS + 1;
  const values = Array.from({ length: size * size }, (_, index) =>
    flow(...at(index % size, Math.floor(index / size))),
  );
  return [0, 1].map((which) => {
    const pieces: [Place, Place][] = [];
    for (let row = 0; row < CELLS; row++)
      for (let column = 0; column < CELLS; column++) {
        const corners: [number, number][] = [
          [column, row],
          [column + 1, row],
          [column + 1, row + 1],
          [column, row + 1],
        ];
        const crossings = corners.flatMap((corner, edge): Place[] => {
          const next = corners[(edge + 1) % 4]!;
          const [here, there] = [corner, next].map(([c, r]) => values[r! * size + c!]![which]);
          if (here! > 0 === there! > 0) return [];
          const part = here! / (here! - there!);
          const [a, b] = [at(...corner), at(...next)];
          return [[a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])]];
        });
        for (let k = 0; k + 1 < crossings.length; k += 2) pieces.push([crossings[k]!, crossings[k + 1]!]);
      }
    return pieces;
  });
}

function key(names: PhasePlane['names'], { frame, keyX }: PlotScales, hasTrajectory: boolean): string {
  const rows: { draw: (yy: number) => string; text: string }[] = [
    ...names.map((name, which) => ({
      draw: (yy: number) => stroke(keyX, yy, colourOf(which), 2 * LINE.rate),
      text: `${name} stands still`,
    })),
    ...(hasTrajectory
      ? [{ draw: (yy: number) => stroke(keyX, yy, INK, LINE.trace), text: 'trajectory' }]
      : []),
    { draw: (yy: number) => disc(keyX + 4, yy, true), text: 'stable' },
    { draw: (yy: number) => disc(keyX + 4, yy, false), text: 'unstable' },
  ];
  return rows
    .map(({ draw, text }, index) => {
      const yy = frame.y + (index + 0.5) * 11;
      return (
        draw(yy) +
        label(text, keyX + 12, centredBaseline(yy, FONT.note), { size: FONT.note, colour: FAINT_INK })
      );
    })
    .join('');
}

function stroke(x: number, y: number, colour: string, width: number): string {
  return element('path', { d: `M${decimal(x)} ${decimal(y)}h8`, stroke: colour, 'stroke-width': width });
}
