/** Where regions lie, seen from above and from the right: discs whose area is their strength, and the strongest links. */
import { divergingColour } from './colour-ramp.ts';
import { PLOT_FOOT, PLOT_HEAD, type Plot, type PlotScales } from './plot.ts';
import { COLOURS, FAINT_INK, FONT } from './style.ts';
import { decimal, element } from './svg.ts';

export interface BrainViews {
  nodes: number;
  /** `[node, 3]`: x to the right, y to the front, z up. */
  centres: ArrayLike<number>;
  /** `[target, source]`. */
  weights: ArrayLike<number>;
  /** Of each node. */
  strength: ArrayLike<number>;
  /** Of the axes, as mm; empty where it is not known. */
  unit: string;
}

/** As many links as a small plot can show. */
const LINKS = 150;
const LARGEST_DISC = 2.6;

/** Both views, with one scale for all directions, and the height of a row of them in a figure of `width` pt. */
export function brainViewPlots(brain: BrainViews, width: number): { plots: Plot[]; height: number } {
  const spans = [0, 1, 2].map((axis) => span(brain, axis));
  const deepest = Math.max(spans[1]![1] - spans[1]![0], spans[2]![1] - spans[2]![0]);
  const widest = Math.max(spans[0]![1] - spans[0]![0], spans[1]![1] - spans[1]![0]);
  // Of a plot, beside its frame: numbers and title on the left, what the last number overhangs on the right.
  const frameWidth = (width - 10) / 2 - 3 - 1.5 * FONT.label - 24 - 11;
  const frameHeight = Math.min(150, (frameWidth * deepest) / widest);
  const title = (name: string) => (brain.unit === '' ? name : `${name} (${brain.unit})`);
  const view = (
    name: string,
    note: string,
    [across, up]: [number, number],
    titles: [string, string],
  ): Plot => ({
    title: name,
    note,
    x: { domain: widened(spans[across]!, (deepest * frameWidth) / frameHeight), title: title(titles[0]) },
    y: { domain: widened(spans[up]!, deepest), title: title(titles[1]) },
    draw: (scales) => drawView(brain, across, up, scales),
  });
  return {
    plots: [
      view('From above', 'size: strength', [0, 1], ['Left to right', 'Back to front']),
      view(
        'From the right',
        linkCount(brain) > LINKS ? `lines: the ${LINKS} strongest links` : 'lines: links',
        [1, 2],
        ['Back to front', 'Up'],
      ),
    ],
    height: frameHeight + PLOT_HEAD + PLOT_FOOT,
  };
}

function span({ nodes, centres }: BrainViews, axis: number): [number, number] {
  const values = Array.from({ length: nodes }, (_, node) => centres[3 * node + axis]!);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = 0.06 * (high - low) + 1e-9;
  return [low - margin, high + margin];
}

function widened([low, high]: [number, number], length: number): [number, number] {
  const more = Math.max(0, length - (high - low)) / 2;
  return [low - more, high + more];
}

function linkCount({ nodes, weights }: BrainViews): number {
  let count = 0;
  for (let i = 0; i < nodes; i++)
    for (let j = 0; j < i; j++) if (weights[i * nodes + j]! + weights[j * nodes + i]! > 0) count++;
  return count;
}

function drawView(brain: BrainViews, across: number, up: number, { x, y }: PlotScales): string {
  const { nodes, centres, weights, strength } = brain;
  const place = (node: number) =>
    [x.scale(centres[3 * node + across]!), y.scale(centres[3 * node + up]!)].map(decimal).join(' ');
  const links: { i: number; j: number; weight: number }[] = [];
  for (let i = 0; i < nodes; i++)
    for (let j = 0; j < i; j++) {
      const weight = weights[i * nodes + j]! + weights[j * nodes + i]!;
      if (weight > 0) links.push({ i, j, weight });
    }
  links.sort((a, b) => b.weight - a.weight);
  const d = links
    .slice(0, LINKS)
    .map(({ i, j }) => `M${place(i)}L${place(j)}`)
    .join('');
  const lines =
    d === ''
      ? ''
      : element('path', { d, fill: 'none', stroke: FAINT_INK, 'stroke-width': 0.25, opacity: 0.6 });
  const most = Math.max(1e-300, ...Array.from(strength));
  const discs = Array.from({ length: nodes }, (_, node) =>
    element('circle', {
      cx: x.scale(centres[3 * node + across]!),
      cy: y.scale(centres[3 * node + up]!),
      r: 0.6 + (LARGEST_DISC - 0.6) * Math.sqrt(strength[node]! / most),
      // Left and right are told apart where the view hides it.
      fill: centres[3 * node]! < middle(brain) ? COLOURS.blue : COLOURS.orange,
      stroke: divergingColour(0),
      'stroke-width': 0.25,
    }),
  );
  return lines + discs.join('');
}

function middle({ nodes, centres }: BrainViews): number {
  const values = Array.from({ length: nodes }, (_, node) => centres[3 * node]!);
  return (Math.min(...values) + Math.max(...values)) / 2;
}
