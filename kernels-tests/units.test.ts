import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../src/errors.ts';
import {
  boundaryUnit,
  DIMENSIONS,
  type Dimension,
  dimensionNoun,
  formatQuantity,
  parseQuantity,
  unitsOf,
} from '../src/units.ts';

const dimensionAndUnit = fc.constantFrom(...DIMENSIONS).chain((dimension) =>
  fc.record({
    dimension: fc.constant(dimension),
    unit: fc.constantFrom(...(unitsOf(dimension).length > 0 ? unitsOf(dimension) : [''])),
  }),
);

describe('quantities', () => {
  test.each<[string | number, Dimension, number]>([
    ['5 nS', 'conductance', 5],
    ['5nS', 'conductance', 5],
    [' 5  nS ', 'conductance', 5],
    [5, 'conductance', 5],
    ['5', 'conductance', 5],
    ['0.1 uS', 'conductance', 100],
    ['250 pS', 'conductance', 0.25],
    ['1e-9 S', 'conductance', 1],
    ['0.5 s', 'time', 500],
    ['100 us', 'time', 0.1],
    ['100 µs', 'time', 0.1],
    ['1.5e3 us', 'time', 1.5],
    ['-65 mV', 'voltage', -65],
    ['-0.065 V', 'voltage', -65],
    ['+500 uV', 'voltage', 0.5],
    ['0.25 nA', 'current', 250],
    ['3e-10 A', 'current', 300],
    ['0.2 nF', 'capacitance', 200],
    ['2e-10 F', 'capacitance', 200],
    ['4 Hz', 'rate', 4],
    ['.2 kHz', 'rate', 200],
    ['4 1/s', 'rate', 4],
    ['3 um', 'length', 0.003],
    ['1 cm', 'length', 10],
    ['2 m', 'length', 2000],
    ['0.05', 'number', 0.05],
  ])('%s as %s is %d', (text, dimension, expected) => {
    expect(parseQuantity(text, dimension)).toBe(expected);
  });

  test.each<[unknown, Dimension, string]>([
    ['20 mV', 'current', 'b is in mV but a current is needed; write it in pA, nA or A.'],
    ['20 ms', 'voltage', 'b is in ms but a voltage is needed; write it in uV, mV or V.'],
    ['5 nS', 'number', 'b is in nS but a plain number is needed; leave out the unit.'],
    ['5 parsec', 'length', 'b is "5 parsec", with the unknown unit "parsec", but a length is needed'],
    ['5 NS', 'conductance', 'unknown unit "NS"'],
    [
      'five nS',
      'conductance',
      'b is "five nS" but a conductance is needed; write a number in pS, nS, uS or S.',
    ],
    ['5 nS 3', 'conductance', 'unknown unit "nS 3"'],
    ['1,5 nS', 'conductance', 'unknown unit ",5 nS"'],
    ['4.1/s', 'rate', 'unknown unit "/s"'],
    ['', 'time', 'b is empty but a time is needed'],
    ['   ', 'time', 'b is empty but a time is needed'],
    [null, 'time', 'b is empty but a time is needed'],
    [undefined, 'time', 'b is missing but a time is needed'],
    [true, 'time', 'b is true but a time is needed'],
    [[1], 'time', 'b is a list but a time is needed'],
    [{ ms: 1 }, 'time', 'b is a group of fields but a time is needed'],
    [Number.NaN, 'time', 'not a finite number'],
    [Number.POSITIVE_INFINITY, 'time', 'not a finite number'],
    ['nan', 'time', 'not a finite number'],
    ['-inf ms', 'time', 'not a finite number'],
    ['1e400 ms', 'time', 'not a finite number'],
    ['1e300 S', 'conductance', 'not a finite number'],
  ])('%s as %s is refused', (value, dimension, message) => {
    const read = () => parseQuantity(value, dimension, 'b');
    expect(read).toThrow(InputError);
    expect(read).toThrow(message);
  });

  test('a number written in any unit of its dimension is read back exactly', () => {
    fc.assert(
      fc.property(
        dimensionAndUnit,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        ({ dimension, unit }, value) => {
          const text = formatQuantity(value, dimension, unit);
          expect(text.endsWith(unit)).toBe(true);
          expect(parseQuantity(text, dimension)).toBe(Object.is(value, -0) ? 0 : value);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('a unit of another dimension is always refused, naming both', () => {
    fc.assert(
      fc.property(
        dimensionAndUnit,
        fc.constantFrom(...DIMENSIONS),
        fc.integer(),
        ({ dimension, unit }, asked, n) => {
          fc.pre(unit !== '' && dimension !== asked);
          expect(() => parseQuantity(`${n} ${unit}`, asked)).toThrow(
            `is in ${unit} but ${dimensionNoun(asked)}`,
          );
        },
      ),
    );
  });

  test('prefixes agree with their powers of ten', () => {
    for (const [unit, factor] of [
      ['pS', 1e-3],
      ['nS', 1],
      ['uS', 1e3],
      ['S', 1e9],
    ] as const) {
      expect(parseQuantity(`3 ${unit}`, 'conductance') / (3 * factor)).toBeCloseTo(1, 12);
    }
    expect(DIMENSIONS.map(boundaryUnit)).toEqual([
      'ms',
      'mV',
      'pA',
      'nS',
      'pF',
      'Hz',
      'mm',
      'mm/ms',
      'mV/sqrt(ms)',
      '',
    ]);
  });

  test('formatting refuses what could not be read back', () => {
    expect(() => formatQuantity(Number.NaN, 'time')).toThrow('not a finite number');
    expect(() => formatQuantity(1, 'time', 'mV')).toThrow('is in mV but a time is needed');
  });
});
