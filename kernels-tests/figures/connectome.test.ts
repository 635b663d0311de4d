/** Figures of connectomes, recordings, fits and maps, and the report: what is given is drawn, and what cannot be is refused. */
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { carpetFigure } from '../../src/figures/carpet.ts';
import { connectomeFigure } from '../../src/figures/connectome.ts';
import { explorationMapFigure } from '../../src/figures/exploration-map.ts';
import { fcComparisonFigure } from '../../src/figures/fc-comparison.ts';
import { recordingsFigure } from '../../src/figures/recordings.ts';
import { reportPage } from '../../src/figures/report.ts';
import { syntheticConnectome } from '../../src/models/synthetic-connectome.ts';
import { readSvg } from './svg-reader.ts';

const brain = syntheticConnectome({ nodes: 12 });
const figure = { title: 'Connectome <a>', note: '12 regions', nodes: 12, weights: brain.weights };
const texts = (svg: string) => readSvg(svg).flatMap(({ name, text }) => (name === 'text' ? [text] : []));
const named = (svg: string, name: string) => readSvg(svg).filter((element) => element.name === name);

/** Colours `[row][column]` of an image of a figure. */
function pixels(svg: string, index = 0): string[][] {
  const png = Buffer.from(named(svg, 'image')[index]!.attributes.href!.split(',')[1]!, 'base64');
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const data = inflateSync(png.subarray(png.indexOf('IDAT') + 4, -16));
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (__, column) =>
      data
        .subarray(row * (1 + 3 * width) + 1 + 3 * column)
        .subarray(0, 3)
        .toString('hex'),
    ),
  );
}

describe('a connectome', () => {
  test('shows matrices, distributions and both views', () => {
    const svg = connectomeFigure({
      ...figure,
      lengths: brain.lengths,
      centres: brain.centres,
      centreUnit: 'mm',
    });
    expect(texts(svg)).toEqual(
      expect.arrayContaining([
        'Connectome <a>',
        'Coupling',
        'Length',
        'Strength',
        'From above',
        'Length (mm)',
        'Up (mm)',
      ]),
    );
    expect(named(svg, 'image')).toHaveLength(2);
    expect(named(svg, 'circle')).toHaveLength(24);
    const coupling = pixels(svg);
    expect([coupling.length, coupling[0]!.length]).toEqual([12, 12]);
    coupling.forEach((row, target) => {
      row.forEach((colour, source) => {
        expect(colour === 'd9d9d9').toBe(brain.weights[target * 12 + source] === 0);
      });
    });
  });

  test('rows are targets: an asymmetric weight stands where it is', () => {
    const weights = new Float64Array(144);
    weights[3 * 12 + 7] = 1;
    const image = pixels(connectomeFigure({ ...figure, weights }));
    expect(image[3]![7]).not.toBe('d9d9d9');
    expect(image[7]![3]).toBe('d9d9d9');
  });

  test('does without lengths and centres', () => {
    const svg = connectomeFigure(figure);
    expect(texts(svg)).not.toContain('From above');
    expect(named(svg, 'image')).toHaveLength(1);
    expect(() => connectomeFigure({ ...figure, nodes: 11 })).toThrow(/11 regions has 121 values/);
    expect(() => connectomeFigure({ ...figure, centres: [1, 2] })).toThrow(/36 coordinates/);
  });
});

test('a carpet has a row for each region; long ones are averaged', () => {
  const values = Float64Array.from({ length: 3 * 5000 }, (_, k) => (k < 5000 ? 1 : -1));
  const carpet = {
    title: 'BOLD',
    note: 'z',
    values,
    regions: 3,
    span: [0, 4999] as const,
    ramp: 'diverging' as const,
  };
  const image = pixels(carpetFigure(carpet));
  expect([image.length, image[0]!.length]).toEqual([3, 1500]);
  expect(new Set(image[0]).size).toBe(1);
  expect(image[0]![0]).not.toBe(image[1]![0]);
  expect(texts(carpetFigure(carpet))).toContain('Time (s)');
  expect(() => carpetFigure({ ...carpet, regions: 7 })).toThrow(
    /15000 values are not at least two samples of each of 7/,
  );
});

test('recordings: a carpet, the mean FC and its values', () => {
  const bold = { data: Float64Array.from({ length: 24 }, (_, k) => Math.sin(k * k)), samples: 8, TR: 2000 };
  const fc = Float64Array.from([1, 0.5, 0, 0.5, 1, 0, 0, 0, 1]);
  const svg = recordingsFigure({ title: 'Recordings', nodes: 3, subjects: [{ name: 'ann', bold, fc }] });
  expect(texts(svg)).toEqual(
    expect.arrayContaining(['BOLD of ann', 'Functional connectivity', 'Correlation']),
  );
  expect(() => recordingsFigure({ title: '', nodes: 3, subjects: [] })).toThrow(/no recording/);
});

describe('simulated against empirical', () => {
  const simulated = Float64Array.from([1, 0.2, 0.4, 0.2, 1, 0.6, 0.4, 0.6, 1]);
  const fit = { title: 'FC', note: '', nodes: 3, simulated, empirical: simulated, correlation: 0.516 };
  test('has a point for each pair, and r', () => {
    const svg = fcComparisonFigure(fit);
    expect(named(svg, 'circle')).toHaveLength(3);
    expect(texts(svg)).toContain('r = 0.52');
    expect(texts(svg)).toContain('3 pairs');
  });

  test('pairs without a value are left out', () => {
    const broken = simulated.map((value, k) => (k === 1 ? Number.NaN : value));
    const svg = fcComparisonFigure({ ...fit, simulated: broken, correlation: Number.NaN });
    expect(named(svg, 'circle')).toHaveLength(2);
    expect(texts(svg)).toContain('r = undefined');
    expect(() => fcComparisonFigure({ ...fit, nodes: 4 })).toThrow(/both matrices must be 4 x 4/);
  });
});

test('an exploration map marks its best point, and NaN is grey', () => {
  const values = [0, 0.1, 0.2, 0.9, Number.NaN, 0.3];
  const map = {
    ...{
      title: 'Fit',
      note: '6 runs',
      x: { title: 'a', values: [0, 1, 2] },
      y: { title: 'b', values: [0, 1] },
    },
    maps: [{ title: 'r', values, best: 'largest' as const }],
  };
  const svg = explorationMapFigure(map);
  const image = pixels(svg);
  expect(image[0]![1]).toBe('d9d9d9');
  const rings = named(svg, 'circle').map(({ attributes }) => attributes);
  expect(rings).toHaveLength(2);
  // The best is the first of the upper row: the left edge of the image, half a cell in.
  const frame = named(svg, 'image')[0]!.attributes;
  expect(Number(rings[0]!.cx)).toBeCloseTo(Number(frame.x) + Number(frame.width) / 6, 1);
  expect(Number(rings[0]!.cy)).toBeCloseTo(Number(frame.y) + Number(frame.height) / 4, 1);
  expect(() => explorationMapFigure({ ...map, maps: [{ title: 'r', values: [1] }] })).toThrow(
    /r of 3 by 2 points has 1/,
  );
});

test('a report is one file: escaped text, figures inside, nothing from elsewhere', () => {
  const page = reportPage({
    title: 'Run <1>',
    summary: 'a & b',
    tables: [
      {
        title: 'Parameters',
        rows: [
          ['K_gl', 300, ''],
          ['signalV', 20, 'm/s'],
        ],
      },
    ],
    figures: [{ svg: connectomeFigure(figure), caption: 'The <connectome>' }],
    notes: ['The connectome is synthetic.'],
    foot: 'Spikefield',
  });
  expect(page).toContain('<h1>Run &lt;1&gt;</h1>');
  expect(page).toContain('a &amp; b');
  expect(page).toContain('<td class="value">20</td><td>m/s</td>');
  expect(page).toContain('The &lt;connectome&gt;');
  expect(page.match(/<svg /g)).toHaveLength(1);
  expect(page).not.toMatch(/<script|<link|src=|url\(|(?<!xmlns=")https?:/);
});
