/** Figures of transfer functions: what is in them, that it stays inside, and that they refuse what cannot be drawn. */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { divergingColour, sequentialColour } from '../../src/figures/colour-ramp.ts';
import { passiveMembraneFigure } from '../../src/figures/passive-membrane.ts';
import { transferFitFigure } from '../../src/figures/transfer-fit.ts';
import { type TransferPanel, transferFunctionFigure } from '../../src/figures/transfer-function.ts';
import { readSvg, type SvgElement } from './svg-reader.ts';

const named = (elements: SvgElement[], name: string) => elements.filter((each) => each.name === name);
const texts = (elements: SvgElement[]) => named(elements, 'text').map(({ text }) => text);

/** Every disc and baseline lies in the document. */
function expectInside(elements: SvgElement[]): void {
  const [, , width, height] = elements.at(-1)!.attributes.viewBox!.split(' ').map(Number);
  for (const { attributes } of named(elements, 'circle')) {
    expect(Number(attributes.cx)).toBeGreaterThanOrEqual(0);
    expect(Number(attributes.cx)).toBeLessThanOrEqual(width!);
    expect(Number(attributes.cy)).toBeLessThanOrEqual(height!);
  }
  for (const { attributes } of named(elements, 'text')) {
    expect(Number(attributes.x)).toBeLessThan(width!);
    expect(Number(attributes.y)).toBeLessThan(height!);
  }
}

const panel = (title: string, rows: number): TransferPanel => ({
  title,
  note: 'fit, rms error 0.15 Hz',
  rows: Array.from({ length: rows }, (_, row) => ({
    nu_i: (20 * row) / rows,
    nu_e: [0, 2, 4],
    rate: [0, 5, 10],
    rate_sd: [0, 2, Number.NaN],
    curve: { nu_e: [0, 1, 2, 3, 4], rate: [0, 2, 5, 7, 11] },
  })),
});

describe('transfer functions', () => {
  test('points, error bars and curves of each row; one panel a cell', () => {
    const elements = readSvg(transferFunctionFigure([panel('RS-cell', 3), panel('FS-cell', 2)]));
    expect(named(elements, 'circle').length).toBe(15);
    const colours = new Set(named(elements, 'circle').map(({ attributes }) => attributes.fill));
    expect(colours.size).toBe(3);
    // A bar only where it reaches beyond its point: at 5 Hz, from 3 to 7 Hz.
    const bars = named(elements, 'path').filter(({ attributes }) =>
      /^M[\d.]+ [\d.]+V[\d.]+$/.test(attributes.d!),
    );
    expect(bars.length).toBe(5);
    expect(texts(elements)).toEqual(
      expect.arrayContaining(['RS-cell', 'FS-cell', 'Output rate (Hz)', '13.3', '10']),
    );
    expectInside(elements);
  });

  test('many rows do not crowd the key', () => {
    const elements = readSvg(transferFunctionFigure([panel('RS-cell', 60)]));
    const places = named(elements, 'text')
      .filter(({ attributes }) => attributes['font-size'] === '6' && Number(attributes.x) > 200)
      .map(({ attributes }) => Number(attributes.y));
    for (const [index, y] of places.slice(1).entries()) expect(y - places[index]!).toBeGreaterThan(6);
    expectInside(elements);
  });

  test('need rows, and lists of one length', () => {
    expect(() => transferFunctionFigure([])).toThrow(InputError);
    expect(() => transferFunctionFigure([panel('RS-cell', 0)])).toThrow(
      'the transfer function of RS-cell has no rows to draw',
    );
    const [row] = panel('RS-cell', 1).rows;
    const broken = { title: 'RS-cell', rows: [{ ...row!, rate: [1] }] };
    expect(() => transferFunctionFigure([broken])).toThrow(
      'RS-cell, nu_i 0 Hz: nu_e, rate and rate_sd must have the same length',
    );
  });
});

describe('a fit', () => {
  const data = {
    title: 'RS-cell',
    nu_e: [0, 2, 4, 6],
    nu_i: [0, 0, 5, 5],
    residual: [0, -0.2, 0.1, 3],
    threshold: [Number.NaN, -50, -49, -48],
    fittedThreshold: [-51, -50.1, -49, -47.8],
  };

  test('shows every residual, and a threshold for each point that has one', () => {
    const elements = readSvg(transferFitFigure(data));
    expect(named(elements, 'circle').length).toBe(4 + 3);
    expect(texts(elements)).toContain('3 points that fire');
    // One bad point saturates, and leaves the others their colours.
    const fills = named(elements, 'circle')
      .slice(0, 4)
      .map(({ attributes }) => attributes.fill);
    expect(fills).toEqual([
      divergingColour(0),
      divergingColour(-1),
      divergingColour(0.5),
      divergingColour(1),
    ]);
    expectInside(elements);
  });

  test('without a single residual has a scale all the same', () => {
    const perfect = {
      ...data,
      residual: [0, 0, 0, 0],
      threshold: [-50, -50, -50, -50],
      fittedThreshold: [-50, -50, -50, -50],
    };
    expectInside(readSvg(transferFitFigure(perfect)));
    expect(transferFitFigure(perfect)).not.toContain('NaN');
  });

  test('needs lists of one length', () => {
    expect(() => transferFitFigure({ ...data, residual: [0] })).toThrow(
      'residual holds 1 numbers for 4 points',
    );
  });
});

describe('a passive membrane', () => {
  const course = { nu_i: [0, 5, 10], mu_V: [-40, -50, -55], sigma_V: [2, 4, 3.5], tau_V: [15, 12, 10] };
  const series = {
    nu_e: 4,
    simulated: course,
    corrected: course,
    published: { ...course, sigma_V: [2, 2.2, 2] },
  };

  test('has three moments, simulated and both theories', () => {
    const elements = readSvg(passiveMembraneFigure([series]));
    // Nine points, and in the key one for the simulation and one for the colour.
    expect(named(elements, 'circle').length).toBe(9 + 2);
    expect(named(elements, 'path').filter(({ attributes }) => attributes['stroke-dasharray']).length).toBe(
      3 + 1,
    );
    expect(texts(elements)).toEqual(
      expect.arrayContaining(['SD of V (mV)', 'theory as published', 'excitatory input 4 Hz']),
    );
    expectInside(elements);
  });

  test('needs lists of one length', () => {
    expect(() => passiveMembraneFigure([])).toThrow(InputError);
    const broken = { ...series, simulated: { ...course, tau_V: [1] } };
    expect(() => passiveMembraneFigure([broken])).toThrow('tau_V holds 1 numbers for 3 of nu_i (nu_e 4 Hz)');
  });
});

describe('colours', () => {
  test('are ordered by lightness, and the ends of deviations differ from the middle', () => {
    const luminance = (colour: string) =>
      [0.2126, 0.7152, 0.0722].reduce(
        (sum, part, channel) =>
          sum + part * (Number.parseInt(colour.slice(1 + 2 * channel, 3 + 2 * channel), 16) / 255) ** 2.2,
        0,
      );
    const ramp = Array.from({ length: 21 }, (_, index) => luminance(sequentialColour(index / 20)));
    for (const [index, value] of ramp.slice(1).entries()) expect(value).toBeGreaterThan(ramp[index]!);
    // Readable on white.
    expect(1.05 / (ramp.at(-1)! + 0.05)).toBeGreaterThan(1.8);
    const half = Array.from({ length: 11 }, (_, index) => luminance(divergingColour(-1 + index / 10)));
    for (const [index, value] of half.slice(1).entries()) expect(value).toBeGreaterThan(half[index]!);
    expect(sequentialColour(-3)).toBe(sequentialColour(0));
    expect(divergingColour(7)).toBe(divergingColour(1));
  });
});
