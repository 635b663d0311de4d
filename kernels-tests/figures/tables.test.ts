/** Maps of tables: one a quantity, whose pixels are the values with mu to the right and sigma upwards. */
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { sequentialColour } from '../../src/figures/colour-ramp.ts';
import { type TableFigure, tablesFigure } from '../../src/figures/tables.ts';
import { renderPng } from '../../src/figures/write-figure.ts';
import { readSvg } from './svg-reader.ts';

const figure: TableFigure = {
  title: 'Look-up tables of mine',
  subtitle: 'EIF neuron',
  mu: [0, 1, 2],
  sigma: [1, 2],
  maps: [
    { title: 'Rate', note: 'log10 of r in Hz', values: [1, 10, 100, 10, 0, 1], logarithm: { least: 1 } },
    { title: 'Time constant', note: 'ms', values: [0, 5, 6, 7, 8, 9], greyZero: true },
    { title: 'Constant', note: 'mV', values: [3, 3, 3, 3, 3, 3] },
    { title: 'Nothing', note: 'ms', values: [0, 0, 0, 0, 0, 0], greyZero: true },
  ],
};

/** Colours of the pixels of an image, row by row. */
function pixels(href: string): string[][] {
  const png = Buffer.from(href.slice(href.indexOf(',') + 1), 'base64');
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const at = png.indexOf('IDAT');
  const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => {
      const start = row * (1 + 3 * width) + 1 + 3 * column;
      return `#${rows.subarray(start, start + 3).toString('hex')}`;
    }),
  );
}

test('each map has its image, title and axes, inside the page', () => {
  const elements = readSvg(tablesFigure(figure));
  const images = elements.filter(({ name }) => name === 'image');
  expect(images.length).toBe(4);
  const [, , width, height] = elements.at(-1)!.attributes.viewBox!.split(' ').map(Number);
  for (const { attributes } of images) {
    expect(Number(attributes.x) + Number(attributes.width)).toBeLessThan(width!);
    expect(Number(attributes.y) + Number(attributes.height)).toBeLessThan(height!);
  }
  const texts = elements.filter(({ name }) => name === 'text').map(({ text }) => text);
  for (const { title } of figure.maps) expect(texts).toContain(title);
  expect(texts.filter((text) => text === 'Mean input μ (mV/ms)').length).toBe(4);
});

test('pixels are values: columns mu, rows sigma from the bottom', () => {
  const [rate, tau, constant, nothing] = readSvg(tablesFigure(figure))
    .filter(({ name }) => name === 'image')
    .map(({ attributes }) => pixels(attributes.href!));
  const ramp = sequentialColour;
  // Values [mu, sigma]: mu 0: 1 and 10, mu 1: 100 and 10, mu 2: 0 (drawn as 1) and 1.
  expect(rate).toEqual([
    [ramp(0.5), ramp(0.5), ramp(0)],
    [ramp(0), ramp(1), ramp(0)],
  ]);
  expect(tau![1]![0]).toBe('#dcdcdc');
  expect(tau![0]![0]).toBe(ramp(0));
  expect(tau![0]![2]).toBe(ramp(1));
  expect(constant![0]![0]).toBe(ramp(0.5));
  expect(new Set(nothing!.flat())).toEqual(new Set(['#dcdcdc']));
});

test('the renderer draws the images', () => {
  const drawn = renderPng(tablesFigure(figure), 100);
  const blank = renderPng(tablesFigure({ ...figure, maps: [] }), 100);
  expect(drawn.length).toBeGreaterThan(2 * blank.length);
});
