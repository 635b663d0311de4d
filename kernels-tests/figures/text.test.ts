import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { element, escapeText } from '../../src/figures/svg.ts';
import { fitText, label, spreadLabels, textWidth } from '../../src/figures/text.ts';
import { readSvg } from './svg-reader.ts';

test('any text and attribute comes back from the SVG as it was', () => {
  const readable = fc
    .string({ unit: 'binary' })
    .map((text) => text.replace(/[^\x20-\ud7ff\ue000-\ufffd]/g, '?'));
  fc.assert(
    fc.property(readable, readable, (text, value) => {
      const [found] = readSvg(element('text', { id: value, x: 1 / 3, y: undefined }, escapeText(text)));
      expect(found).toEqual({ name: 'text', attributes: { id: value, x: '0.33' }, text });
    }),
  );
});

test('what XML cannot say is replaced', () => {
  expect(escapeText('a\u0000b\u001bc\ud800')).toBe('a\ufffdb\ufffdc\ufffd');
});

describe('fitText', () => {
  test('gives a text that fits, and all of it where that fits', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 40 }),
        fc.double({ min: 0, max: 200, noNaN: true }),
        (text, width) => {
          const fitted = fitText(text, 7, width);
          expect(textWidth(fitted, 7)).toBeLessThanOrEqual(Math.max(width, 0));
          if (textWidth(text, 7) <= width) expect(fitted).toBe(text);
          else if (fitted !== '') expect(fitted.endsWith('…')).toBe(true);
        },
      ),
    );
  });

  test('widths are those of Arial: "Hello" is 2.278 times its size', () => {
    expect(textWidth('Hello', 10)).toBeCloseTo(22.78, 9);
  });
});

describe('spreadLabels', () => {
  test('labels never meet and stay inside where there is room', () => {
    const labels = fc.array(
      fc.record({
        centre: fc.double({ min: -20, max: 120, noNaN: true }),
        height: fc.integer({ min: 1, max: 12 }),
      }),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(labels, (list) => {
        const heights = list.map(({ height }) => height);
        const result = spreadLabels(
          list.map(({ centre }) => centre),
          heights,
          0,
          100,
        );
        result.forEach((centre, i) => {
          expect(centre - heights[i] / 2).toBeGreaterThanOrEqual(-1e-9);
          expect(centre + heights[i] / 2).toBeLessThanOrEqual(100 + 1e-9);
          result.forEach((other, j) => {
            if (i !== j)
              expect(Math.abs(centre - other)).toBeGreaterThanOrEqual((heights[i] + heights[j]) / 2 - 1e-9);
            if (list[i].centre < list[j].centre) expect(centre).toBeLessThan(other);
          });
        });
      }),
    );
  });

  test('labels that do not meet stay where they are', () => {
    expect(spreadLabels([80, 20, 50], [10, 10, 10], 0, 100)).toEqual([80, 20, 50]);
  });
});

test('a symbol is italic and its index low', () => {
  const [symbol, index, whole] = readSvg(label('exc', 0, 0, { size: 7, symbol: 'g', index: true }));
  expect([symbol.text, symbol.attributes['font-style']]).toEqual(['g', 'italic']);
  expect([index.text, index.attributes.dy]).toEqual(['exc', '1.4']);
  expect(whole.text).toBe('gexc');
});
