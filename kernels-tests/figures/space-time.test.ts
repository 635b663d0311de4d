/** Space-time plots: what stands in them, where latencies are drawn, and what they refuse. */
import { expect, test } from 'vitest';
import { propagation } from '../../src/analysis/latency.ts';
import { spaceTimeFigure } from '../../src/figures/space-time.ts';
import { renderPng } from '../../src/figures/write-figure.ts';

const times = Float64Array.from({ length: 300 }, (_, k) => k);
const positions = Float64Array.from({ length: 9 }, (_, k) => 2 * k);
const values = Float64Array.from({ length: 300 * 9 }, (_, k) => {
  const since = Math.floor(k / 9) - 60 - 10 * Math.abs((k % 9) - 4);
  return since < 0 ? 0 : Math.min(since / 20, 1) * Math.exp(-since / 200);
});
const plot = (title: string) => ({ title, note: 'Hz', values });

test('one circle for each latency, one line for each side, colour bars and axes', () => {
  const spread = propagation({ values, times, positions });
  const svg = spaceTimeFigure({
    title: 'Ring',
    times,
    positions,
    plots: [plot('Input'), { ...plot('Response'), propagation: spread }],
  });
  expect(svg.match(/<circle /g)).toHaveLength(9);
  expect(spread.fronts).toHaveLength(2);
  expect(svg.match(/stroke="#ffffff"/g)).toHaveLength(2);
  expect(svg.match(/<image /g)).toHaveLength(2);
  expect(svg.match(/Cortical space \(mm\)/g)).toHaveLength(2);
  const height = (text: string) => Number(/height="([\d.]+)mm"/.exec(text)![1]);
  const four = spaceTimeFigure({ title: 'Ring', times, positions, plots: 'abcd'.split('').map(plot) });
  expect(height(four)).toBeGreaterThan(1.9 * height(svg));
  expect(renderPng(svg).length).toBeGreaterThan(5000);
});

test('arrays that disagree are refused', () => {
  const refused = () =>
    spaceTimeFigure({ title: 'Ring', times, positions: positions.slice(1), plots: [plot('Input')] });
  expect(refused).toThrow(/a value for each pair/);
});
