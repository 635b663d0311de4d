/** Subjects' brains against recordings: a row for each, its own recording in its own colour, and plots above each other aligned. */
import { expect, test } from 'vitest';
import { explorationPointsFigure } from '../../src/figures/exploration-points.ts';
import { COLOURS } from '../../src/figures/style.ts';
import { subjectFitsFigure } from '../../src/figures/subject-fits.ts';
import { readSvg } from './svg-reader.ts';

const figure = {
  ...{ title: 'Subjects', note: 'correlations', subjects: ['NAP_1', 'NAP_<2>', 'NAP_3'] },
  values: [0.5, 0.1, 0.3, 0.2, 0.4, 0.6, Number.NaN, 0.2, 0.1],
};

test('every correlation is a disc in the row of its brain', () => {
  const elements = readSvg(subjectFitsFigure(figure));
  const texts = elements.flatMap(({ name, text }) => (name === 'text' ? [text] : []));
  for (const text of [...figure.subjects, 'own recording', 'FC/FC correlation'])
    expect(texts).toContain(text);
  const circles = elements.flatMap(({ name, attributes }) => (name === 'circle' ? [attributes] : []));
  // Eight that are numbers, and two of the key.
  expect(circles).toHaveLength(10);
  const own = circles.filter(({ fill }) => fill === COLOURS.vermilion).slice(0, 3);
  const [first, second, third] = own.map(({ cx, cy }) => ({ x: Number(cx), y: Number(cy) }));
  expect(first!.x).toBeGreaterThan(second!.x);
  expect(second!.x).toBeGreaterThan(third!.x);
  expect(second!.y - first!.y).toBeCloseTo(third!.y - second!.y, 6);
  // 0.1 of the first row lies where 0.1 of the last one does.
  expect(circles.filter(({ cx }) => Number(cx) === third!.x)).toHaveLength(2);
  expect(() => subjectFitsFigure({ ...figure, subjects: ['NAP_1'] })).toThrow(
    '1 subjects have 1 correlations',
  );
});

test('plots of an exploration that stand above each other begin alike', () => {
  const svg = explorationPointsFigure({
    ...{ title: 'Exploration', note: 'a brain' },
    parameters: [{ title: 'a', values: [1, 2] }],
    results: [
      { title: 'small', values: [0.000011, 0.000012] },
      { title: 'large', values: [1, 2] },
    ],
  });
  const circles = readSvg(svg).filter(({ name }) => name === 'circle');
  expect(circles).toHaveLength(4);
  expect(circles[2]!.attributes.cx).toBe(circles[0]!.attributes.cx);
});
