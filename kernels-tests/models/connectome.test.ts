/** Preparing connectomes: averaging and normalising, their undoing, and what is refused. The synthetic one's laws. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { asymmetry, type ConnectomeSource, prepareConnectome } from '../../src/models/connectome.ts';
import { syntheticConnectome } from '../../src/models/synthetic-connectome.ts';

const regions = ['a', 'b', 'c'];
const source = (...weights: number[][]): ConnectomeSource => ({
  name: 'test',
  regions,
  notes: [],
  subjects: weights.map((values, index) => ({
    name: `s${index + 1}`,
    weights: Float64Array.from(values),
    lengths: Float64Array.from([0, 10, 20, 10, 0, 30, 20, 30, 0], (length) => length * (index + 1)),
  })),
});
const first = [0, 4, 2, 4, 0, 1, 2, 1, 0];
const second = [0, 10, 0, 10, 0, 5, 0, 5, 0];

describe('preparing', () => {
  test('each subject by its own largest weight, then the mean', () => {
    const { weights, lengths, preparation } = prepareConnectome(source(first, second));
    expect([...weights]).toEqual([0, 1, 0.25, 1, 0, 0.375, 0.25, 0.375, 0]);
    expect([...lengths!]).toEqual([0, 15, 30, 15, 0, 45, 30, 45, 0]);
    expect(preparation.notes.join(' ')).toMatch(/each of 2 subjects were divided by the largest/);
  });

  test('is undone by preparing again, and leaves what was read alone', () => {
    const read = source(first, second);
    const { source: kept, subjects } = prepareConnectome(read);
    const plain = prepareConnectome(kept, { normalise: 'none', subjects: ['s2'] });
    expect([...plain.weights]).toEqual(second);
    expect(plain.preparation.notes).toEqual(['The weights are as they were read.']);
    expect([...subjects[0]!.weights]).toEqual(first);
  });

  test('says what it changed: the diagonal, missing lengths', () => {
    const own = [7, 4, 2, 4, 0, 1, 2, 1, 0];
    const read = source(own);
    read.subjects[0]!.lengths![1] = 0;
    const { weights, preparation } = prepareConnectome(read, { normalise: 'none' });
    expect([...weights]).toEqual(first);
    expect([...read.subjects[0]!.weights]).toEqual(own);
    expect(preparation.notes.join(' ')).toMatch(
      /onto themselves were set to 0.*1 connections have a weight but no length/,
    );
  });

  test('asymmetry is the largest difference between both directions', () => {
    expect(asymmetry(Float64Array.from([0, 1, 2, 1, 0, 3, 2, 3.5, 0]), 3)).toBe(0.5);
  });
});

describe('what is refused', () => {
  const at = (index: number, value: number) => first.map((weight, k) => (k === index ? value : weight));
  const cases: [string, () => unknown, RegExp][] = [
    ['a negative weight', () => prepareConnectome(source(at(1, -2))), /row 1 \(a\), column 2 \(b\) is -2/],
    [
      'NaN, with the subject',
      () => prepareConnectome(source(first, at(5, Number.NaN))),
      /weights of s2.*row 2 \(b\), column 3 \(c\) is NaN/,
    ],
    [
      'several at once',
      () => prepareConnectome(source(at(1, -2).map((w, k) => (k === 3 ? -1 : w)))),
      /and 1 more/,
    ],
    ['nothing connected', () => prepareConnectome(source(first.map(() => 0))), /all weights are 0/],
    ['another size', () => prepareConnectome(source([0, 1, 1, 0])), /2 x 2, but there are 3 regions/],
    [
      'an unknown subject',
      () => prepareConnectome(source(first), { subjects: ['s9'] }),
      /no subject s9; it has s1/,
    ],
    ['no subject', () => prepareConnectome(source(first), { subjects: [] }), /at least one/],
    [
      'an unknown normalisation',
      () => prepareConnectome(source(first), { normalise: 'most' as 'max' }),
      /choose max or none/,
    ],
  ];
  test.each(cases)('%s', (_, action, sentence) => {
    expect(action).toThrow(InputError);
    expect(action).toThrow(sentence);
  });

  test('lengths that cannot be mm', () => {
    const scaled = (factor: number) => {
      const read = source(first);
      return () =>
        prepareConnectome({
          ...read,
          subjects: read.subjects.map((each) => ({ ...each, lengths: each.lengths!.map((l) => l * factor) })),
        });
    };
    expect(scaled(0.001)).toThrow(/at most 0.03, so they seem to be in metres/);
    expect(scaled(1000)).toThrow(/reach 30000, so they cannot be in mm/);
    expect(scaled(0)().lengths!.every((length) => length === 0)).toBe(true);
  });
});

describe('the synthetic connectome', () => {
  test('is a symmetric brain of two hemispheres with mirror links', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 0, max: 2 ** 40 }), (pairs, seed) => {
        const nodes = 2 * pairs;
        const brain = syntheticConnectome({ nodes, seed });
        expect(asymmetry(brain.weights, nodes)).toBe(0);
        expect(asymmetry(brain.lengths!, nodes)).toBe(0);
        expect(Math.max(...brain.weights)).toBe(1);
        for (let node = 0; node < nodes; node += 2) {
          expect(brain.centres![3 * node]).toBe(-brain.centres![3 * (node + 1)]!);
          expect(brain.centres![3 * node]).toBeLessThan(0);
          expect(brain.weights[node * nodes + node + 1]).toBeGreaterThan(0);
          expect(brain.weights[node * (nodes + 1)]).toBe(0);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('follows its rule: closer regions are joined more strongly, hemispheres less', () => {
    const { weights, lengths, nodes } = syntheticConnectome({ nodes: 200, scatter: 0.5 });
    const mean = (pick: (i: number, j: number, length: number) => boolean) => {
      const values: number[] = [];
      for (let i = 0; i < nodes; i++)
        for (let j = 0; j < i; j++)
          if (pick(i, j, lengths![i * nodes + j]!)) values.push(weights[i * nodes + j]!);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    const within = (i: number, j: number) => i % 2 === j % 2;
    const mirror = (i: number, j: number) => Math.floor(i / 2) === Math.floor(j / 2);
    const near = mean((i, j, length) => within(i, j) && length < 40);
    expect(near).toBeGreaterThan(3 * mean((i, j, length) => within(i, j) && length > 80));
    expect(near).toBeGreaterThan(3 * mean((i, j, length) => !within(i, j) && !mirror(i, j) && length < 40));
    expect(Math.max(...lengths!)).toBeLessThan(300);
  });

  test('is the same for the same seed, another for another, and refuses what it cannot be', () => {
    expect(syntheticConnectome({ nodes: 10, seed: 3 }).weights).toEqual(
      syntheticConnectome({ nodes: 10, seed: 3 }).weights,
    );
    expect(syntheticConnectome({ nodes: 10, seed: 4 }).weights).not.toEqual(
      syntheticConnectome({ nodes: 10, seed: 3 }).weights,
    );
    expect(() => syntheticConnectome({ nodes: 7 })).toThrow(/must be even/);
    expect(() => syntheticConnectome({ nodes: 2 })).toThrow(/from 4 to 4096/);
    expect(() => syntheticConnectome({ density: 0 })).toThrow(/density is 0/);
    expect(() => syntheticConnectome({ seed: 0.5 })).toThrow(/whole number/);
    expect(() => syntheticConnectome({ decay: Number.NaN })).toThrow(/decay is NaN/);
  });
});
