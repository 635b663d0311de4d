/** The figure of small node models: both variables over time, the closing part in the phase plane, bad input refused. */
import { expect, test } from 'vitest';
import { nodeSeriesFigure } from '../../src/figures/node-series.ts';

const times = Float64Array.from({ length: 200 }, (_, k) => k + 1);
const wave = (phase: number) => times.map((time) => Math.sin(time / 10 + phase));
const series = {
  ...{ title: 'Hopf node', note: 'a 0.25', times, names: ['x', 'y'] as const },
  ...{ first: wave(0), second: wave(1), closingFrom: 150 },
};

test('draws time and phase plane, the plane from the closing part alone', () => {
  const svg = nodeSeriesFigure(series);
  for (const text of ['Hopf node', 'Time (ms)', 'Phase plane', 'last 50 ms, dot: end'])
    expect(svg).toContain(text);
  const paths = [...svg.matchAll(/<path d="([^"]+)"/g)].map((match) => match[1]!.split('L').length);
  expect(paths).toContain(50);
  expect(svg).not.toMatch(/NaN|undefined/);
});

test('a rest has room around it', () => {
  const rest = nodeSeriesFigure({ ...series, first: times.map(() => 0.3), second: times.map(() => 0) });
  expect(rest).not.toMatch(/NaN|undefined|Infinity/);
});

test('what cannot be drawn is refused', () => {
  expect(() => nodeSeriesFigure({ ...series, first: [1, 2] })).toThrow('200 times and 2 values');
  expect(() => nodeSeriesFigure({ ...series, times: [1], first: [1], second: [1] })).toThrow(
    'at least two samples',
  );
});
