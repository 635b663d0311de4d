import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NetworkDocument } from '../../src/models/network-schema.ts';
import { LONGEST_WHOLE_ARRAY, networkToJSON } from '../../src/models/network-to-json.ts';
import { networkFromObject, readNetwork } from '../../src/models/read-network.ts';

/** A network read back from the JSON text of another. */
const again = (json: unknown) => networkFromObject(JSON.parse(JSON.stringify(json)) as NetworkDocument);

test('a built-in network is the same after it was written and read', () => {
  for (const name of ['config1', 'vogels-abbott']) {
    const network = readNetwork(name);
    expect(again(networkToJSON(network))).toEqual(network);
  }
});

const finite = (min: number, max: number) =>
  fc.double({ min, max, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value));
const initial = (min: number, max: number) =>
  fc.oneof(
    finite(min, max),
    fc.record({ normal: fc.record({ mean: finite(min, max), sd: finite(0, 10) }) }),
    fc.tuple(finite(min, max), finite(min, max)).map(([one, two]) => ({
      uniform: { low: Math.min(one, two), high: Math.max(one, two) },
    })),
  );
const course = (min: number, max: number) =>
  fc.oneof(
    finite(min, max),
    fc.record({
      dt: fc.constantFrom(0.1, 0.25, 1),
      values: fc.array(finite(min, max), { minLength: 1, maxLength: LONGEST_WHOLE_ARRAY }),
    }),
  );
const SIZE = 6;
const neuron = fc.integer({ min: 0, max: SIZE - 1 });
const edges = fc.array(fc.tuple(neuron, neuron), { maxLength: LONGEST_WHOLE_ARRAY });
const population = fc.record({
  size: fc.constant(SIZE),
  cell: fc.oneof(
    fc.constantFrom('LIF' as const, 'RS-cell' as const, 'FS-cell' as const),
    fc.record({ base: fc.constant('AdExp' as const), name: fc.constant('mine'), b: finite(0, 100) }),
  ),
  initial: fc.record({
    V: initial(-80, -40),
    w: initial(0, 100),
    g: fc.record({ one: initial(0, 50) }),
  }),
  current: course(-500, 500),
  neuron_current: fc.array(finite(-100, 100), { minLength: SIZE, maxLength: SIZE }),
  drive: fc.array(
    fc.record({
      receptor: fc.constantFrom('one', 'two'),
      synapses: fc.integer({ min: 1, max: 1000 }),
      rate: course(0, 100),
      weight: finite(0, 100),
      statistics: fc.constantFrom('poisson' as const, 'binomial' as const),
    }),
    { maxLength: 2 },
  ),
  events: fc.array(
    fc.array(fc.tuple(finite(0, 1000), neuron), { maxLength: 20 }).map((list) => {
      const sorted = list.toSorted(([a], [b]) => a - b);
      return {
        receptor: 'two',
        weight: 3,
        times: sorted.map(([time]) => time),
        neurons: sorted.map(([, n]) => n),
      };
    }),
    { maxLength: 2 },
  ),
});
const network = fc.record({
  name: fc.string(),
  receptors: fc.record({
    one: fc.record({ tau: finite(1, 100), E_rev: finite(-100, 50) }),
    two: fc.record({ tau: finite(1, 100), E_rev: finite(-100, 50) }),
  }),
  populations: fc.record({ a: population, b: population }),
  projections: fc.record({
    ab: fc.record({
      from: fc.constant('a'),
      to: fc.constant('b'),
      receptor: fc.constantFrom('one', 'two'),
      weight: finite(0, 100),
      delay: fc.constantFrom(0, 0.1, 1.5),
      connect: fc.oneof(
        fc.record({ rule: fc.constant('fixed-probability' as const), probability: finite(0, 1) }),
        fc.record({
          rule: fc.constant('fixed-out-degree' as const),
          degree: fc.integer({ min: 1, max: SIZE }),
        }),
        fc.constant({ rule: 'one-to-one' as const }),
        edges.map((list) => ({
          rule: 'explicit' as const,
          sources: list.map(([source]) => source),
          targets: list.map(([, target]) => target),
        })),
      ),
      self_connections: fc.boolean(),
    }),
  }),
});

test('any network without long arrays is the same after it was written and read', () => {
  fc.assert(
    fc.property(network, (document) => {
      const original = networkFromObject(document);
      expect(again(networkToJSON(original))).toEqual(original);
    }),
    { numRuns: 200 },
  );
});

test('a long array is named by its length and hash', () => {
  const values = Float64Array.from({ length: LONGEST_WHOLE_ARRAY + 1 }, (_, index) => index / 7);
  const of = (array: Float64Array) =>
    networkToJSON(
      networkFromObject({ populations: { a: { size: array.length, cell: 'LIF', neuron_current: array } } }),
    ).populations.a?.neuron_current;
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setFloat64(8 * index, value, true);
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(of(values)).toEqual({ length: values.length, type: 'float64', sha256 });
  expect(of(values.map((value, index) => (index === 3 ? value + 1e-9 : value)))).not.toEqual(of(values));
  expect(of(values.subarray(0, LONGEST_WHOLE_ARRAY))).toEqual([...values.subarray(0, LONGEST_WHOLE_ARRAY)]);
});
