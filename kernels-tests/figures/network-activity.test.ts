import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import type { NetworkActivity, PopulationActivity } from '../../src/figures/activity.ts';
import { networkActivityFigure } from '../../src/figures/network-activity.ts';
import { colourOf } from '../../src/figures/style.ts';
import { readSvg, type SvgElement } from './svg-reader.ts';

/** A population in which neuron i fires every 50 ms from i ms on. */
function population(name: string, size: number, shown = size): PopulationActivity {
  const spikes = Array.from({ length: 20 }, (_, k) =>
    Array.from({ length: shown }, (_, i) => ({ time: 50 * k + (i % 50), neuron: i })),
  )
    .flat()
    .sort((a, b) => a.time - b.time);
  return {
    name,
    size,
    spikeTimes: spikes.map(({ time }) => time),
    spikeNeurons: spikes.map(({ neuron }) => neuron),
    rateTime: Array.from({ length: 200 }, (_, k) => 5 * k),
    rate: Array.from({ length: 200 }, (_, k) => 20 + 5 * Math.sin(k)),
  };
}

const time = Array.from({ length: 1000 }, (_, k) => k);
const V = time.map((t) => -60 + 3 * Math.sin(t / 10));
const ACTIVITY: NetworkActivity = {
  title: 'config1',
  subtitle: 'N = 10,000 · seed 5',
  t0_ms: 0,
  t1_ms: 1000,
  populations: [population('exc', 8000), population('inh', 2000)],
  traces: {
    time,
    V: [
      { population: 'exc', neuron: 17, values: V, spikes: [100, 200, 5000] },
      { population: 'inh', neuron: 3, values: V, spikes: [] },
    ],
    conductances: [
      { receptor: 'exc', population: 'exc', neuron: 17, values: time.map(() => 10) },
      { receptor: 'gaba', population: 'exc', neuron: 17, values: time.map(() => 20) },
    ],
  },
};

const texts = (elements: SvgElement[]): string[] =>
  elements.filter(({ name }) => name === 'text').map(({ text }) => text);
const strokesOf = (elements: SvgElement[], colour: string): string[] =>
  elements.filter(({ attributes }) => attributes.stroke === colour).map(({ attributes }) => attributes.d);

/** The upright marks of the raster of one colour: place of each, pt. */
function marks(elements: SvgElement[], colour: string): { x: number; y: number }[] {
  const [raster] = strokesOf(elements, colour);
  return [...raster.matchAll(/M([\d.]+) ([\d.]+)v/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
}

describe('networkActivityFigure', () => {
  test('says what it shows, with units on every axis', () => {
    const found = texts(readSvg(networkActivityFigure(ACTIVITY)));
    for (const expected of [
      'config1',
      'N = 10,000 · seed 5',
      'Neurons',
      'Rate (Hz)',
      'V (mV)',
      'g (nS)',
      'Time (ms)',
      'exc 17',
      'inh 3',
      'gexc',
      'ggaba',
      'onto exc 17',
      '1000',
      '−50',
    ]) {
      expect(found).toContain(expected);
    }
    expect(found.filter((text) => / of 8,000$/.test(text))).toHaveLength(1);
  });

  test('draws as many neurons as it says, in proportion, the first population lowest', () => {
    const elements = readSvg(networkActivityFigure(ACTIVITY));
    const [exc, inh] = [0, 1].map((p) => marks(elements, colourOf(p)));
    const rows = (list: { y: number }[]) => new Set(list.map(({ y }) => y)).size;
    const note = (size: string) =>
      Number(
        texts(elements)
          .find((text) => text.endsWith(` of ${size}`))!
          .split(' ')[0],
      );
    expect(rows(exc)).toBe(note('8,000'));
    expect(rows(inh)).toBe(note('2,000'));
    expect(rows(exc) / rows(inh)).toBeCloseTo(4, 0);
    // Every neuron drawn has fired 20 times.
    expect(exc).toHaveLength(20 * rows(exc));
    const lowest = Math.min(...exc.map(({ y }) => y));
    expect(lowest).toBeGreaterThan(Math.max(...inh.map(({ y }) => y)));
  });

  test('of neurons whose spikes were not recorded none is drawn as silent', () => {
    const recorded = Array.from({ length: 100 }, (_, i) => 7000 + i);
    const first = population('exc', 8000, 100);
    const spikeNeurons = Array.from(first.spikeNeurons, (i) => 7000 + i);
    const partial = { ...first, spikeNeurons, recorded };
    const elements = readSvg(networkActivityFigure({ ...ACTIVITY, populations: [partial] }));
    expect(texts(elements)).toContain('100 of 8,000');
    expect(new Set(marks(elements, colourOf(0)).map(({ y }) => y)).size).toBe(100);
    const none = { ...population('exc', 8000, 0), recorded: [] };
    const empty = readSvg(networkActivityFigure({ ...ACTIVITY, populations: [none] }));
    expect(texts(empty)).toContain('0 of 8,000');
  });

  test('shows only what lies in its window', () => {
    const window = { ...ACTIVITY, t0_ms: 400, t1_ms: 600 };
    const elements = readSvg(networkActivityFigure(window));
    const axis = elements.find(({ attributes }) => /^M[\d.]+ [\d.]+h[\d.]+M/.test(attributes.d ?? ''))!;
    const [, left, width] = /^M([\d.]+) [\d.]+h([\d.]+)/.exec(axis.attributes.d)!.map(Number);
    const paths = [0, 1, 2].flatMap((p) => strokesOf(elements, colourOf(p))).filter((d) => d !== '');
    expect(paths.length).toBeGreaterThan(6);
    for (const d of paths) {
      for (const [, x] of d.matchAll(/[ML]([-\d.]+) /g)) {
        expect(Number(x)).toBeGreaterThanOrEqual(left - 0.02);
        expect(Number(x)).toBeLessThanOrEqual(left + width + 0.02);
      }
    }
    // Four periods of 50 ms.
    const exc = marks(elements, colourOf(0));
    expect(exc).toHaveLength(4 * new Set(exc.map(({ y }) => y)).size);
  });

  test('draws a spike of a trace as a line up to 0 mV', () => {
    const elements = readSvg(networkActivityFigure(ACTIVITY));
    const lanes = [0, 1].map((p) => strokesOf(elements, colourOf(p))[2]);
    expect([...lanes[0].matchAll(/M[\d.]+ [\d.]+V[\d.]+/g)]).toHaveLength(2);
    expect(lanes[1]).not.toContain('V');
  });

  test('numbers and names on the right do not overlap', () => {
    const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((name, i) => ({
      ...population(name, [2000, 5, 500, 1, 900, 30][i]),
      rate: V.slice(0, 200).map(() => 5),
    }));
    for (const width of [85, 180]) {
      const elements = readSvg(
        networkActivityFigure({ ...ACTIVITY, traces: undefined, populations: six }, { width }),
      );
      const labels = elements
        .filter(({ name, attributes }) => name === 'text' && !attributes['text-anchor'])
        .slice(2);
      const baselines = labels.map(({ attributes }) => Number(attributes.y)).sort((a, b) => a - b);
      expect(baselines).toHaveLength(18);
      for (let i = 1; i < baselines.length; i++) expect(baselines[i] - baselines[i - 1]).toBeGreaterThan(6.9);
    }
  });

  test('nothing to show is shown as nothing', () => {
    const silent: PopulationActivity = {
      name: 'E',
      size: 1,
      spikeTimes: [],
      spikeNeurons: [],
      rateTime: [],
      rate: [],
    };
    for (const t1 of [0.5, 100, 30_000]) {
      const svg = networkActivityFigure({
        title: '',
        subtitle: '',
        t0_ms: 0,
        t1_ms: t1,
        populations: [silent],
      });
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      expect(texts(readSvg(svg))).toContain(t1 > 10_000 ? 'Time (s)' : 'Time (ms)');
    }
    const broken = V.map(() => Number.NaN);
    const nan = {
      ...ACTIVITY,
      traces: {
        time,
        V: [{ ...ACTIVITY.traces!.V[0], values: broken }],
        conductances: [{ ...ACTIVITY.traces!.conductances[0], values: broken }],
      },
    };
    expect(networkActivityFigure(nan)).not.toMatch(/NaN|Infinity/);
  });

  test('names of populations cannot break the document', () => {
    const odd = { ...ACTIVITY, title: '<b>&"', populations: [population('a<b&c"', 10)] };
    expect(texts(readSvg(networkActivityFigure(odd)))).toContain('a<b&c"');
  });

  test('refuses arrays that do not belong together', () => {
    const [exc] = ACTIVITY.populations;
    const cases: [Partial<NetworkActivity>, RegExp][] = [
      [{ t1_ms: 0 }, /from 0 to 0 ms shows nothing/],
      [{ t1_ms: Number.NaN }, /shows nothing/],
      [{ populations: [] }, /at least one population/],
      [{ populations: [{ ...exc, spikeTimes: [1] }] }, /spikes of "exc" has 1 times/],
      [{ populations: [{ ...exc, rate: [] }] }, /rate of "exc" has 200 times and 0 values/],
      [{ traces: { ...ACTIVITY.traces!, time: [1] } }, /V of "exc" 17 has 1 times and 1000 values/],
    ];
    for (const [change, message] of cases) {
      expect(() => networkActivityFigure({ ...ACTIVITY, ...change })).toThrow(InputError);
      expect(() => networkActivityFigure({ ...ACTIVITY, ...change })).toThrow(message);
    }
  });
});
