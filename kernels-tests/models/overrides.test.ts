import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import type { Network } from '../../src/models/network.ts';
import { networkToJSON } from '../../src/models/network-to-json.ts';
import { parseNetwork, readNetwork } from '../../src/models/read-network.ts';

const SMALL = `
name: small
populations:
  exc: {size: 80, cell: RS-cell, drive: [{receptor: ampa, synapses: 10, rate: 4 Hz, weight: 1 nS}]}
  inh: {size: 20, cell: FS-cell}
receptors: {ampa: {tau: 5 ms, E_rev: 0 mV}}
projections:
  ee: {from: exc, to: exc, receptor: ampa, weight: 1 nS, connect: {rule: fixed-probability, probability: 0.1}}
  ei: {from: exc, to: inh, receptor: ampa, weight: 1 nS, connect: {rule: fixed-in-degree, degree: 3}}
`;
const small = (...overrides: string[]): Network => parseNetwork(SMALL, { file: 'small.yaml', overrides });
const json = (...overrides: string[]) => networkToJSON(small(...overrides));

describe('an override', () => {
  test('replaces what the file says', () => {
    expect(small('populations.exc.drive.0.rate=5Hz').populations[0]?.drives[0]?.rate).toBe(5);
    expect(small('dt=50us').dt).toBe(0.05);
    expect(small('receptors.ampa.tau = 2.5 ms').receptors[0]?.tau).toBe(2.5);
  });

  test('sets a field that the file leaves out', () => {
    expect(small('duration=2 s').duration).toBe(2000);
    expect(small('populations.inh.initial.V=-60 mV').populations[1]?.initial.V).toEqual({
      kind: 'constant',
      value: -60,
    });
    expect(
      small('populations.inh.initial.g.ampa={normal: {mean: 4, sd: 1 nS}}').populations[1]?.initial.g.get(
        'ampa',
      ),
    ).toEqual({ kind: 'normal', mean: 4, sd: 1 });
    expect(small('projections.ee.self_connections=true').projections[0]?.selfConnections).toBe(true);
  });

  test('varies a parameter of a cell that is given by its name', () => {
    const [exc] = small('populations.exc.cell.b=60pA').populations;
    expect(exc?.cell).toMatchObject({ name: 'RS-cell', b: 60, a: 4, tau_w: 500 });
  });

  test('takes lists, groups and truth values as a network file writes them', () => {
    expect(small('projections.*.connect=all-to-all').projections.map(({ connect }) => connect.rule)).toEqual([
      'all-to-all',
      'all-to-all',
    ]);
    const [exc] = small('populations.exc.current={dt: 1 ms, values: [0, 0.5 nA]}').populations;
    expect(exc?.current).toEqual({ dt: 1, values: Float64Array.of(0, 500) });
  });

  test('with a star means every key, where the rest of the path exists', () => {
    const { projections, populations } = small('projections.*.delay=1.5ms', 'populations.*.drive.*.rate=7');
    expect(projections.map(({ delay }) => delay)).toEqual([1.5, 1.5]);
    expect(populations.map(({ drives }) => drives.map(({ rate }) => rate))).toEqual([[7], []]);
    expect(small('projections.*.connect.degree=5').projections[1]?.connect).toMatchObject({ degree: 5 });
    expect(small('projections.*.connect.degree=5').projections[0]?.connect).toMatchObject({
      probability: 0.1,
    });
  });

  test('may come after another, and wins', () => {
    expect(
      small('populations.*.size=7', 'populations.exc.size=9').populations.map(({ size }) => size),
    ).toEqual([9, 7]);
  });

  test('does not reach what shares an anchor with its target', () => {
    const text = SMALL.replace('drive: [{', 'drive: [&d {').replace(
      'cell: FS-cell',
      'cell: FS-cell, drive: [*d]',
    );
    const { populations } = parseNetwork(text, { overrides: ['populations.exc.drive.0.rate=9'] });
    expect(populations.map(({ drives }) => drives[0]?.rate)).toEqual([9, 4]);
  });

  test.each([
    ['populations.ecx.size=3', 'populations has no "ecx"; did you mean exc?'],
    ['populations.exc.siez=3', 'populations.exc has no "siez"; did you mean size?'],
    ['population.exc.size=3', 'the network has no "population"; did you mean populations?'],
    ['populations.exc.cell.DeltaT=3', 'populations.exc.cell has no "DeltaT"; did you mean Delta_T?'],
    [
      'populations.exc.drive.1.rate=3',
      'populations.exc.drive has only entry 0, no "1"; give the number of an entry',
    ],
    [
      'populations.inh.drive.0.rate=3',
      'populations.inh.drive is missing, with no "0" in it; give populations.inh.drive',
    ],
    ['populations.third.size=3', 'populations has no "third"; choose exc or inh.'],
    [
      'populations.exc.size.x=3',
      'populations.exc.size is 80, with no "x" in it; give populations.exc.size as a whole.',
    ],
    ['populations.*.sise=3', 'populations.exc has no "sise"; did you mean size?'],
    ['__proto__.x=3', 'the network has no "__proto__"'],
    ['dt', 'is not of the form path=value'],
    ['=3', 'is not of the form path=value'],
    ['a..b=3', 'is not of the form path=value'],
    ['dt=', 'gives no value; write one after the equals sign.'],
    ['dt={a', 'cannot be read'],
    [
      'populations.exc.size=0',
      'override populations.exc.size=0: populations.exc.size is 0; give a whole number from 1',
    ],
    ['populations.exc.initial.w=5 nS', 'populations.exc.initial.w is in nS but a current is needed'],
    [
      'populations.exc.initial.g.ampb=5',
      'initial.g.ampb starts a receptor that the network has not; did you mean ampa?',
    ],
  ])('%s is refused', (override, message) => {
    expect(() => small(override)).toThrow(InputError);
    expect(() => small(override)).toThrow(message);
  });

  test('keeps the line of what it does not touch', () => {
    expect(() => small('projections.ei.connect.degree=81')).toThrow(/^override projections/);
    expect(() => small('dt=0.3 ms')).toThrow(/^small\.yaml:4:\d+: populations\.exc\.cell\.tau_ref is 5 ms/);
  });
});

const leaf = fc.oneof(
  fc.record({
    path: fc.constantFrom('populations.exc.size', 'populations.inh.size', 'populations.*.size'),
    value: fc.integer({ min: 3, max: 1e6 }),
  }),
  fc.record({
    path: fc.constantFrom('projections.ee.weight', 'projections.ei.weight', 'projections.*.weight'),
    value: fc.double({ min: 0, max: 1e3, noNaN: true }),
  }),
  fc.record({
    path: fc.constantFrom('populations.exc.cell.E_L', 'populations.inh.initial.V', 'receptors.ampa.E_rev'),
    value: fc.double({ min: -70, max: -55, noNaN: true }),
  }),
);

test('any override changes exactly the fields that it names, to exactly its value', () => {
  const before = json();
  fc.assert(
    fc.property(leaf, ({ path, value }) => {
      const expected = structuredClone(before) as Record<string, unknown>;
      for (const parts of expand(path.split('.'), expected)) set(expected, parts, value === 0 ? 0 : value);
      // The start of V follows E_L where the file does not give it.
      if (path === 'populations.exc.cell.E_L') set(expected, ['populations', 'exc', 'initial', 'V'], value);
      expect(json(`${path}=${value}`)).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test('overrides of different fields may be given in any order', () => {
  const distinct = fc.uniqueArray(leaf, { selector: ({ path }) => path.split('.').at(-1), maxLength: 3 });
  fc.assert(
    fc.property(distinct, (leaves) => {
      const overrides = leaves.map(({ path, value }) => `${path}=${value}`);
      expect(json(...overrides)).toEqual(json(...overrides.toReversed()));
    }),
    { numRuns: 100 },
  );
});

test('the built-in networks take the overrides of the command line', () => {
  const network = readNetwork('config1', ['populations.*.drive.*.statistics=bernoulli', 'duration=100 ms']);
  expect(network.populations.map(({ drives }) => drives[0]?.statistics)).toEqual(['bernoulli', 'bernoulli']);
  expect(network.duration).toBe(100);
});

function expand([head, ...rest]: string[], value: unknown): string[][] {
  if (head === undefined) return [[]];
  const group = value as Record<string, unknown>;
  const keys = head === '*' ? Object.keys(group) : [head];
  return keys.flatMap((key) => expand(rest, group[key]).map((parts) => [key, ...parts]));
}

function set(value: unknown, [head = '', ...rest]: string[], leafValue: number): void {
  const group = value as Record<string, unknown>;
  if (rest.length === 0) group[head] = leafValue;
  else set(group[head], rest, leafValue);
}
