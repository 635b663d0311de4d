/** Jets: the chain rule, by differences of the plain functions and by identities that hold to all orders. */
import erfc from '@stdlib/math-base-special-erfc';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Jet } from '../../src/transfer/jet.ts';
import { derivatives, derivativesOf } from './differences.ts';

const number = fc.double({ min: -3, max: 3, noNaN: true });
const anyJet = fc
  .tuple(fc.double({ min: 0.3, max: 3, noNaN: true }), number, number, number, number, number)
  .map((parts) => new Jet(...parts));
const parts = (jet: Jet) => [jet.value, ...derivativesOf(jet)];

function expectSame(a: Jet, b: Jet, digits = 1e-12): void {
  const size = 1 + Math.max(...parts(a).map(Math.abs), ...parts(b).map(Math.abs));
  parts(a).forEach((value, index) => {
    expect(Math.abs(value - parts(b)[index]!) / size).toBeLessThan(digits);
  });
}

describe('against differences', () => {
  test.each<[string, (x: Jet, y: Jet) => Jet, (x: number, y: number) => number]>([
    [
      'a polynomial',
      (x, y) => x.times(x).times(y).plus(y.squared()).minus(x),
      (x, y) => x * x * y + y * y - x,
    ],
    [
      'a quotient',
      (x, y) => x.plus(1).over(y.squared().plus(x)).over(2),
      (x, y) => (x + 1) / (y * y + x) / 2,
    ],
    ['a root of a product', (x, y) => x.times(y).times(3).plus(1).sqrt(), (x, y) => Math.sqrt(3 * x * y + 1)],
    [
      'a logarithm and an exponential',
      (x, y) => x.plus(y).log().times(x.minus(y).exp()),
      (x, y) => Math.log(x + y) * Math.exp(x - y),
    ],
    ['erfc', (x, y) => x.times(2).minus(y.squared()).erfc(), (x, y) => erfc(2 * x - y * y)],
  ])('%s', (_name, jet, plain) => {
    for (const [x, y] of [
      [0.7, 1.3],
      [1.9, 0.4],
      [1.1, 1.2],
    ] as const) {
      const found = jet(Jet.first(x), Jet.second(y));
      expect(found.value).toBeCloseTo(plain(x, y), 13);
      derivatives(plain, x, y, 0.1, 0.1).forEach((expected, index) => {
        expect(Math.abs(derivativesOf(found)[index]! - expected)).toBeLessThan(
          2e-8 * (1 + Math.abs(expected)),
        );
      });
    }
  });
});

describe('identities', () => {
  test('hold for any jet', () => {
    fc.assert(
      fc.property(anyJet, anyJet, (a, b) => {
        expectSame(a.times(b).over(b), a, 1e-10);
        expectSame(a.sqrt().squared(), a);
        expectSame(a.exp().log(), a, 1e-11);
        expectSame(a.times(b).log(), a.log().plus(b.log()), 1e-11);
        expectSame(a.reciprocal(), new Jet(1).over(a));
        expectSame(a.erfc().plus(a.times(-1).erfc()), new Jet(2));
        expectSame(a.plus(b).squared(), a.squared().plus(a.times(b).times(2)).plus(b.squared()), 1e-11);
        expectSame(a.minus(b), b.minus(a).times(-1));
      }),
    );
  });

  test('where functions are flat or have no derivative, derivatives are 0 and not NaN', () => {
    const steep = new Jet(40, 1e200, -1e200, 1e300, 1e300, 1e300);
    expect(parts(steep.erfc())).toEqual([0, 0, 0, 0, 0, 0]);
    expect(parts(steep.times(-1).erfc())).toEqual([2, 0, 0, 0, 0, 0]);
    expect(parts(new Jet(0, 1, 2, 3, 4, 5).sqrt())).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
