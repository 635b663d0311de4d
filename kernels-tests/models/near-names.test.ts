import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, nearestName, suggestion } from '../../src/models/document/near-names.ts';

test.each([
  ['size', 'size', 0],
  ['sise', 'size', 1],
  ['siez', 'size', 1],
  ['SIZE', 'size', 0],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
])('%s to %s takes %d', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
});

test('the distance is symmetric, bounded by the longer word, and 0 only for the same letters', () => {
  const name = fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', 'c', '_') });
  fc.assert(
    fc.property(name, name, (a, b) => {
      const distance = editDistance(a, b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      expect(distance === 0).toBe(a === b);
    }),
  );
});

test('only what is near is suggested', () => {
  expect(nearestName('RScell', ['LIF', 'RS-cell', 'RS-cell2'])).toBe('RS-cell');
  expect(nearestName('banana', ['LIF', 'EIF'])).toBeUndefined();
  expect(suggestion('banana', ['LIF', 'EIF'])).toBe('choose LIF or EIF');
  expect(suggestion('banana', [])).toBe('there is none to choose from');
  expect(
    suggestion(
      'x9',
      Array.from({ length: 30 }, (_, i) => `name${i}`),
    ),
  ).toMatch(/, name19, \.\.\.$/);
});
