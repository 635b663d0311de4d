import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { niceLength } from '../../src/figures/scale-bars.ts';
import { type StepFigureData, stepResponseFigure } from '../../src/figures/step-response.ts';
import { COLOURS, INK } from '../../src/figures/style.ts';
import { readSvg, type SvgElement } from './svg-reader.ts';

const time = Array.from({ length: 701 }, (_, k) => k);

function figure(names: string[], currents: number[], changes: Partial<StepFigureData> = {}): StepFigureData {
  return {
    subtitle: 'step of 400 ms, dt 0.01 ms',
    ...{ time, start: 100, stop: 500, duration: 700, currents },
    rows: names.map((name) => ({
      name,
      E_L: -65,
      panels: currents.map((current) => ({
        V: time.map((t) => (t >= 100 && t < 500 ? -65 + current / 10 : -65)),
        spikes: current > 0 ? [150, 250, 350] : [],
      })),
    })),
    ...changes,
  };
}

const texts = (elements: SvgElement[]) =>
  elements.filter(({ name }) => name === 'text').map(({ text }) => text);
/** Numbers of a path's data. */
const numbers = (d: string) => [...d.matchAll(/-?[\d.]+/g)].map(([text]) => Number(text));
const strokes = (elements: SvgElement[], colour: string) =>
  elements.flatMap(({ attributes }) => (attributes.stroke === colour && attributes.d ? [attributes.d] : []));

describe('stepResponseFigure', () => {
  test('says what it shows: the cell, its rest, every current, scale bars with units', () => {
    const found = texts(readSvg(stepResponseFigure(figure(['RS-cell'], [200, -200]))));
    for (const expected of ['RS-cell', '−65 mV', '+200 pA', '−200 pA', '20 mV', '100 ms', '200 pA'])
      expect(found).toContain(expected);
    expect(found.filter((text) => text === 'RS-cell')).toHaveLength(1);
  });

  test('each spike is drawn, from V up to 0 mV', () => {
    const elements = readSvg(stepResponseFigure(figure(['RS-cell'], [200, -200])));
    const [up, down] = strokes(elements, INK).filter((d) => d.split('L').length > 3);
    const spikes = [...up!.matchAll(/M([\d.]+) ([\d.]+)V([\d.]+)/g)].map(([, x, foot, peak]) => ({
      x: Number(x),
      height: Number(foot) - Number(peak),
    }));
    expect(spikes).toHaveLength(3);
    // Scale: the bar of 20 mV is as high as 20 mV are; spikes rise from -45 mV.
    const bar = strokes(elements, INK).find((d) => /^M[\d.]+ [\d.]+V[\d.]+h[\d.]+$/.test(d))!;
    const [, top, bottom, across] = numbers(bar);
    const perMillivolt = (bottom! - top!) / 20;
    for (const { height } of spikes) expect(height).toBeCloseTo(45 * perMillivolt, 0);
    // And 100 ms are as long as from one spike to the next.
    expect(spikes[1]!.x - spikes[0]!.x).toBeCloseTo(across!, 1);
    expect(down).not.toMatch(/V/);
  });

  test('currents have the sign and the proportion of their amplitude', () => {
    const elements = readSvg(stepResponseFigure(figure(['RS-cell'], [200, -100])));
    const levels = (colour: string) => {
      const [zero, level] = [...strokes(elements, colour)[0]!.matchAll(/M[\d.]+ ([\d.]+)H[\d.]+V([\d.]+)H/g)]
        .flatMap(([, ...pair]) => pair)
        .map(Number);
      return zero! - level!;
    };
    expect(levels(COLOURS.vermilion)).toBeGreaterThan(10);
    expect(levels(COLOURS.blue)).toBeCloseTo(-levels(COLOURS.vermilion) / 2, 1);
  });

  test('one row a cell, each with its name', () => {
    const found = texts(readSvg(stepResponseFigure(figure(['RS-cell', 'FS-cell', 'LIF'], [200]))));
    for (const expected of ['Current steps', 'RS-cell', 'FS-cell', 'LIF']) expect(found).toContain(expected);
    expect(found.filter((text) => text === '−65 mV')).toHaveLength(3);
  });

  test('more currents than can be read are left out, and the figure says so', () => {
    const currents = Array.from({ length: 20 }, (_, index) => 10 * index);
    const found = texts(readSvg(stepResponseFigure(figure(['RS-cell'], currents))));
    expect(found.some((text) => text.endsWith('8 of 20 currents'))).toBe(true);
    expect(found).toContain('0 pA');
    expect(found).toContain('+190 pA');
  });

  test('nothing leaves the page', () => {
    for (const [data, width] of [
      [figure(['RS-cell'], [200, -200]), undefined],
      [figure(['RS-cell'], [100]), 85],
      [
        figure(
          ['a cell with a name that is far too long for any column of any journal', 'b'],
          [1e4, -5e3, 0],
        ),
        85,
      ],
      [figure(['RS-cell'], [200], { start: 0, stop: 5 }), 85],
      [figure(['RS-cell'], [200], { duration: 801, time: time.map((t) => (t * 801) / 700) }), 85],
    ] as const) {
      const elements = readSvg(stepResponseFigure(data, width === undefined ? {} : { width }));
      const page = elements.find(({ name }) => name === 'rect')!.attributes;
      for (const { name, attributes, text } of elements) {
        if (name === 'text') {
          const half = attributes['text-anchor'] === 'middle' ? text.length * 1.9 : 0;
          const before = attributes['text-anchor'] === 'end' ? text.length * 3.2 : half;
          const after = attributes['text-anchor'] === 'end' ? 0 : half === 0 ? text.length * 3.2 : half;
          expect(Number(attributes.x) - before, text).toBeGreaterThan(-1);
          expect(Number(attributes.x) + after, text).toBeLessThan(Number(page.width) + 1);
          expect(Number(attributes.y), text).toBeLessThan(Number(page.height));
        }
      }
      const bar = strokes(elements, INK).find((d) => /^M[\d.]+ [\d.]+V[\d.]+h[\d.]+$/.test(d))!;
      const [x, , , across] = numbers(bar);
      expect(x! + across!).toBeLessThan(Number(page.width));
    }
  });

  test('refuses arrays that disagree', () => {
    const draw = (changes: Partial<StepFigureData>) => () =>
      stepResponseFigure(figure(['RS-cell'], [200], changes));
    expect(draw({ rows: [] })).toThrow(InputError);
    expect(draw({ currents: [200, 300] })).toThrow(/RS-cell has 1 responses to 2 currents/);
    expect(draw({ time: [0, 1] })).toThrow(/V of RS-cell has 701 values at 2 times/);
  });
});

test('niceLength is the largest of 1, 2, 5, 10, ... that is not above', () => {
  expect([1, 1.9, 2, 4.9, 5, 9.99, 10, 175, 0.3].map(niceLength)).toEqual([1, 1, 2, 2, 5, 5, 10, 100, 0.2]);
});
