/** Figures of explorations and searches: every point is drawn, the best one is marked, and what cannot be drawn is refused. */
import { describe, expect, test } from 'vitest';
import { explorationPointsFigure } from '../../src/figures/exploration-points.ts';
import { searchCourseFigure } from '../../src/figures/search-course.ts';
import { COLOURS } from '../../src/figures/style.ts';
import { readSvg } from './svg-reader.ts';

const texts = (svg: string) => readSvg(svg).flatMap(({ name, text }) => (name === 'text' ? [text] : []));
const circles = (svg: string) =>
  readSvg(svg).flatMap(({ name, attributes }) => (name === 'circle' ? [attributes] : []));

describe('points of an exploration', () => {
  const figure = {
    ...{ title: 'Exploration', note: 'a brain' },
    parameters: ['a', 'b', 'c', 'd', 'e'].map((title, k) => ({
      title,
      values: [1, 2, 3, 4].map((each) => each * (k + 1)),
    })),
    results: [
      { title: 'fit', values: [0.1, 0.4, Number.NaN, 0.2] },
      { title: 'rate', values: [5, 6, 7, 8] },
    ],
    best: 1,
  };

  test('stand against each parameter, the best in its own colour, those without a number nowhere', () => {
    const svg = explorationPointsFigure(figure);
    for (const title of ['Exploration', 'a', 'e', 'fit', 'rate']) expect(texts(svg)).toContain(title);
    // Five parameters, three and four numbers, and the best once more in each plot.
    expect(circles(svg)).toHaveLength(5 * (3 + 4 + 2));
    const best = circles(svg).filter(({ fill }) => fill === COLOURS.vermilion);
    expect(best).toHaveLength(10);
    // The best of the first plot lies where its point does: highest of the fits.
    const first = circles(svg).slice(0, 4);
    expect(Number(first[3]!.cy)).toBe(Math.min(...first.map(({ cy }) => Number(cy))));
  });

  test('darken in their order', () => {
    const shades = (ordered: boolean) =>
      circles(explorationPointsFigure({ ...figure, ordered }))
        .slice(0, 3)
        .map(({ fill }) => fill);
    expect(new Set(shades(false)).size).toBe(1);
    expect(new Set(shades(true)).size).toBe(3);
  });

  test('refuse what does not fit', () => {
    expect(() => explorationPointsFigure({ ...figure, results: [] })).toThrow('at least one parameter');
    const wrong = [{ title: 'fit', values: [1, 2] }];
    expect(() => explorationPointsFigure({ ...figure, results: wrong })).toThrow(
      'fit has 2 values, but there are 4 points',
    );
    const same = [{ title: 'fit', values: [1, 1, 1, Number.NaN] }];
    expect(explorationPointsFigure({ ...figure, results: same })).not.toContain('NaN');
  });
});

describe('the course of a search', () => {
  const values = [0.1, 0.3, 0.2, Number.NaN, 0.5, 0.4];
  const fit = { title: 'fit', values, costs: values.map((value) => -value) };

  test('never falls behind the best so far', () => {
    const svg = searchCourseFigure({ title: 'Search', size: 2, objectives: [fit] });
    expect(texts(svg)).toContain('Generation');
    expect(circles(svg)).toHaveLength(5);
    const d = readSvg(svg).find(
      ({ name, attributes }) => name === 'path' && attributes.stroke === COLOURS.blue,
    )!.attributes.d!;
    const heights = [...d.matchAll(/[ ,](-?[\d.]+)(?=[LM]|$)/g)].map((match) => Number(match[1]));
    expect(heights).toHaveLength(3);
    // Best after each generation: 0.3, 0.3, 0.5; up is less.
    expect(heights[1]).toBe(heights[0]);
    expect(heights[2]).toBeLessThan(heights[1]!);
  });

  test('of two objectives shows their front', () => {
    const distance = { title: 'distance', values: [1, 2, 3, 4, 5, 6], costs: [1, 2, 3, 4, 5, 6] };
    const svg = searchCourseFigure({
      title: 'Search',
      size: 2,
      objectives: [fit, distance],
      front: [0, 1, 4],
    });
    expect(texts(svg)).toContain('3 that none surpasses');
    expect(circles(svg).filter(({ fill }) => fill === COLOURS.vermilion)).toHaveLength(3);
  });

  test('refuses lists of different lengths', () => {
    expect(() =>
      searchCourseFigure({ title: 'Search', size: 2, objectives: [{ ...fit, costs: [1] }] }),
    ).toThrow('one value and one cost');
  });
});
