/** Figures of ALN nodes: everything that is given is drawn, and what cannot be is refused. */
import { expect, test } from 'vitest';
import type { NodeState } from '../../src/analysis/node-states.ts';
import { type BifurcationFigure, bifurcationFigure } from '../../src/figures/aln-bifurcation.ts';
import { type AlnMap, alnMapFigure } from '../../src/figures/aln-map.ts';
import { alnSeriesFigure } from '../../src/figures/aln-series.ts';

const count = (svg: string, pattern: RegExp) => svg.match(pattern)?.length ?? 0;

test('rates over time, with adaptation where it moves', () => {
  const times = Float64Array.from({ length: 100 }, (_, index) => index + 1);
  const wave = times.map((time) => 10 + 10 * Math.sin(time / 5));
  const series = {
    title: 'ALN node',
    subtitle: 'b 20',
    times,
    rates_exc: wave,
    rates_inh: wave.map((rate) => rate / 2),
  };
  const without = alnSeriesFigure({ ...series, IA: new Float64Array(100) });
  const with_ = alnSeriesFigure({ ...series, IA: wave });
  expect(without).toContain('Rate (Hz)');
  expect(without).toContain('Time (ms)');
  expect(without).not.toContain('Adaptation');
  expect(with_).toContain('Adaptation (pA)');
  expect(() => alnSeriesFigure({ ...series, rates_inh: [1] })).toThrow('there are 100 times and 1 values');
  expect(() => alnSeriesFigure({ ...series, times: [1], rates_exc: [1], rates_inh: [1] })).toThrow(
    'at least two samples',
  );
});

test('a bifurcation diagram has two points for each value and branch', () => {
  const figure: BifurcationFigure = {
    ...{ title: 'ALN node', note: '', axis: 'mue_ext_mean (mV/ms)', values: [0, 1, 2, 3] },
    branches: [
      { name: 'from down', min: [0, 0, 0, 30], max: [0, 20, 0, 30] },
      { name: 'from up', min: [0, 0, 25, 30], max: [0, 20, 25, 30] },
    ],
  };
  const svg = bifurcationFigure(figure);
  // Two discs in the key.
  expect(count(svg, /<circle/g)).toBe(2 * 2 * 4 + 2);
  expect(svg).toContain('from up');
  expect(count(bifurcationFigure({ ...figure, branches: figure.branches.slice(0, 1) }), /<circle/g)).toBe(8);
  expect(() => bifurcationFigure({ ...figure, values: [0, 1, 2] })).toThrow('has not the 3 points');
});

test('maps have a border where states differ and a key of those that occur', () => {
  const regions: NodeState[] = ['down', 'down', 'up', 'down', 'fast cycle', 'up'];
  const map: AlnMap = {
    ...{ title: 'ALN node', subtitle: '', regions },
    x: { title: 'mue_ext_mean (mV/ms)', values: [0, 1, 2] },
    y: { title: 'mui_ext_mean (mV/ms)', values: [0, 1] },
    ...{ max: [0, 0, 30, 0, 50, 30], amplitude: [0, 0, 0, 0, 50, 0] },
    frequency: [Number.NaN, Number.NaN, Number.NaN, Number.NaN, 20, Number.NaN],
  };
  const svg = alnMapFigure(map);
  expect(count(svg, /<image/g)).toBe(4);
  expect(svg).toContain('fast cycle');
  expect(svg).not.toContain('bistable');
  // Down to up, down to fast, fast to up, and down below fast: four sides of pixels on each map.
  const border = /<path d="([^"]*)" fill="none" stroke="#ffffff"/g;
  expect([...svg.matchAll(border)].map(([, d]) => count(d!, /M/g))).toEqual([4, 4, 4, 4]);
  expect(() => alnMapFigure({ ...map, max: [1] })).toThrow('a map of 3 by 2 points has 1 values');
});
