/** Figures of mean fields: what is in them, that it stays inside, and that they refuse what cannot be drawn. */
import { expect, test } from 'vitest';
import { continuationFigure } from '../../src/figures/continuation.ts';
import { meanFieldCourseFigure } from '../../src/figures/mean-field-course.ts';
import { phasePlaneFigure } from '../../src/figures/phase-plane.ts';
import { rateDistributionFigure } from '../../src/figures/rate-distributions.ts';
import { fixedPointLineFigure, stabilityMapFigure } from '../../src/figures/stability-map.ts';
import { readSvg, type SvgElement } from './svg-reader.ts';

const named = (elements: SvgElement[], name: string) => elements.filter((each) => each.name === name);
const texts = (elements: SvgElement[]) => named(elements, 'text').map(({ text }) => text);

function expectInside(elements: SvgElement[]): void {
  const [, , width, height] = elements.at(-1)!.attributes.viewBox!.split(' ').map(Number);
  for (const name of ['circle', 'rect', 'text'])
    for (const { attributes } of named(elements, name)) {
      expect(Number(attributes.cx ?? attributes.x ?? 0)).toBeLessThanOrEqual(width!);
      expect(Number(attributes.cy ?? attributes.y ?? 0)).toBeLessThanOrEqual(height!);
    }
}

test('a course: lines, bands where there are variances, the input above', () => {
  const times = [0, 1, 2, 3];
  const course = {
    title: 'config1',
    note: 'order 2',
    times,
    populations: [
      { name: 'exc', rate: [1, 2, 3, 2], sd: [0.5, 0.5, Number.NaN, 0.5] },
      { name: 'inh', rate: [5, 6, 7, 6] },
    ],
    input: [0, 1, 2, 1],
  };
  const elements = readSvg(meanFieldCourseFigure(course));
  expect(
    named(elements, 'path').filter(({ attributes }) => attributes['fill-opacity'] !== undefined).length,
  ).toBe(1);
  expect(texts(elements)).toEqual(
    expect.arrayContaining(['Rate (Hz)', 'Input (Hz)', 'Time (ms)', 'exc', 'inh']),
  );
  expectInside(elements);
  expect(texts(readSvg(meanFieldCourseFigure({ ...course, input: undefined })))).not.toContain('Input (Hz)');
  expect(() => meanFieldCourseFigure({ ...course, times: [0, 1] })).toThrow('as many rates');
});

test('a phase plane: nullclines where the flow turns, filled and open points', () => {
  // x stands still at x = 2, y at y = x.
  const elements = readSvg(
    phasePlaneFigure({
      title: 'plane',
      note: '',
      names: ['exc', 'inh'],
      domain: [4, 4],
      flow: (a, b) => [2 - a, a - b],
      points: [
        { rates: [2, 2], stable: true },
        { rates: [1, 3], stable: false },
        { rates: [9, 9], stable: true },
      ],
    }),
  );
  // Two points are within the plane, two stand in the key.
  expect(named(elements, 'circle').length).toBe(4);
  expect(named(elements, 'circle').filter(({ attributes }) => attributes.fill === '#ffffff').length).toBe(2);
  const rounded = named(elements, 'path').filter(
    ({ attributes }) => attributes['stroke-linecap'] === 'round',
  );
  expect(rounded.length).toBe(2);
  // The first nullcline is upright: all its x agree.
  const xs = [...rounded[0]!.attributes.d!.matchAll(/[ML]([\d.]+) /g)].map((match) => Number(match[1]));
  expect(xs.length).toBeGreaterThan(100);
  expect(Math.max(...xs) - Math.min(...xs)).toBeLessThan(0.05);
  expectInside(elements);
  expect(() =>
    phasePlaneFigure({
      title: '',
      note: '',
      names: ['a', 'b'],
      domain: [0, 1],
      flow: () => [0, 0],
      points: [],
    }),
  ).toThrow('a phase plane cannot reach to 0 and 1 Hz');
});

test('points over a parameter, and a map over two', () => {
  const line = readSvg(
    fixedPointLineFigure({
      title: 'config1',
      note: '',
      axis: 'Drive (Hz)',
      populations: ['exc', 'inh'],
      points: [
        { value: 1, rates: [1, 5], stable: true },
        { value: 2, rates: [2, 8], stable: false },
      ],
    }),
  );
  expect(named(line, 'circle').length).toBe(4 + 4);
  expectInside(line);
  const map = {
    title: 'config1',
    note: '',
    x: { title: 'Drive (Hz)', values: [1, 2, 3] },
    y: { title: 'Weight (nS)', values: [1, 2] },
    population: 'exc',
    rate: [1, 2, 3, 4, 5, Number.NaN],
    kind: [0, 0, 0, 0, 1, 1],
    kinds: ['stable node', 'none stable', 'beyond'],
  };
  const elements = readSvg(stabilityMapFigure(map));
  expect(texts(elements)).toEqual(expect.arrayContaining(['stable node', 'none stable']));
  expect(texts(elements)).not.toContain('beyond');
  expect(
    named(elements, 'rect').filter(({ attributes }) => attributes.fill === '#ffffff').length,
  ).toBeGreaterThan(0);
  expectInside(elements);
  expect(() => stabilityMapFigure({ ...map, rate: [1] })).toThrow('at least two values on each axis');
  expect(() =>
    fixedPointLineFigure({ title: '', note: '', axis: '', populations: ['a'], points: [] }),
  ).toThrow('no fixed points to draw');
});

test('distributions: bars of all rates, and a Gaussian where there is an SD', () => {
  const rates = Float64Array.from({ length: 200 }, (_, k) => 2 + 0.4 * Math.sin(k));
  const of = (sd?: number) => ({
    name: 'exc',
    note: '',
    rates,
    mean: 2,
    ...(sd === undefined ? {} : { sd }),
  });
  const both = readSvg(rateDistributionFigure('config1', [of(0.3), of()]));
  expectInside(both);
  expect(texts(both)).toEqual(
    expect.arrayContaining(['Population rate (Hz)', 'Density (1/Hz)', 'line: mean field']),
  );
  const filled = named(both, 'path').filter(({ attributes }) => attributes['fill-opacity'] !== undefined);
  expect(filled.length).toBe(2);
  const dashed = named(both, 'path').filter(({ attributes }) => attributes['stroke-dasharray'] !== undefined);
  expect(dashed.length).toBe(2);
  const count = (elements: SvgElement[]) => named(elements, 'path').length;
  expect(count(readSvg(rateDistributionFigure('', [of(0.3)])))).toBe(
    count(readSvg(rateDistributionFigure('', [of()]))) + 1,
  );
  expect(() => rateDistributionFigure('', [])).toThrow('a figure of rate distributions needs populations');
});

test('branches: whole where stable, dashed where not, marks at folds and Hopf points, nothing of what is not to be shown', () => {
  const point = (value: number, rate: number, stable: boolean, shown = true) => ({
    ...{ value, rates: [rate, 2 * rate], stable, shown },
  });
  const figure = {
    ...{
      title: 'branches',
      note: '',
      axis: 'Drive (Hz)',
      range: [0, 4] as const,
      populations: ['exc', 'inh'],
    },
    branches: [
      {
        points: [
          ...[point(0, 1, true), point(2, 2, true), point(3, 3, false), point(2, 4, false)],
          ...[point(1, 50, true, false), point(0.5, 60, true, false)],
        ],
        special: [
          { kind: 'fold' as const, value: 3, rates: [3, 6], shown: true },
          { kind: 'hopf' as const, value: 2, rates: [2, 4], shown: true },
          { kind: 'fold' as const, value: 1, rates: [50, 100], shown: false },
        ],
      },
    ],
  };
  const elements = readSvg(continuationFigure(figure));
  const lines = named(elements, 'path').filter(({ attributes }) => attributes['stroke-linejoin'] === 'round');
  const dashed = lines.filter(({ attributes }) => attributes['stroke-dasharray']);
  // Two populations, each with a stable and an unstable stretch; in the key two names, stable and unstable.
  expect(lines.length).toBe(4 + 4);
  expect(dashed.length).toBe(2 + 1);
  // The unstable stretch begins where the stable one ends.
  const ends = (d: string) => d.slice(1).split('L');
  expect(ends(lines[1]!.attributes.d!)[0]).toBe(ends(lines[0]!.attributes.d!).at(-1));
  // A Hopf point for each population and one in the key; squares likewise.
  expect(named(elements, 'circle').length).toBe(3);
  const squares = named(elements, 'rect').filter(({ attributes }) => attributes.width === '4');
  expect(squares.length).toBe(3);
  expect(texts(elements)).toEqual(
    expect.arrayContaining([
      'Drive (Hz)',
      'Rate (Hz)',
      'exc',
      'inh',
      'stable',
      'unstable',
      'fold',
      'Hopf point',
    ]),
  );
  // The axis is that of what is shown.
  expect(texts(elements)).not.toContain('50');
  expectInside(elements);
  const stable = { points: [point(0, 1, true), point(2, 2, true)], special: [] };
  const plain = texts(readSvg(continuationFigure({ ...figure, branches: [stable] })));
  for (const text of ['stable', 'unstable', 'fold', 'Hopf point']) expect(plain).not.toContain(text);
  expect(() => continuationFigure({ ...figure, branches: [] })).toThrow('no branches of fixed points');
});
