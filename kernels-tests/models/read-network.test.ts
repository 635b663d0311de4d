/**
 * Every way to write a network, and what it becomes.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { readNpy, writeNpy } from '../../src/io/npy.ts';
import type { Network, Population } from '../../src/models/network.ts';
import type { NetworkDocument } from '../../src/models/network-schema.ts';
import { networkFromObject, parseNetwork, readNetwork } from '../../src/models/read-network.ts';
import { ownFolder } from '../own-folder.ts';

const folder = ownFolder();
const path = (name: string) => join(folder, name);

type PopulationDocument = NetworkDocument['populations'][string];
const receptors = { exc: { tau: '5 ms', E_rev: '0 mV' }, inh: { tau: 5, E_rev: -80 } };

function population(fields: Partial<PopulationDocument>): Population {
  const network = networkFromObject(
    { receptors, populations: { cells: { size: 3, cell: 'RS-cell', ...fields } } },
    { folder, readNpy },
  );
  return network.populations[0]!;
}

describe('a network', () => {
  test('needs no more than a population', () => {
    const network = networkFromObject({ populations: { one: { size: 1, cell: 'LIF' } } });
    expect(network).toMatchObject({
      name: 'network',
      description: '',
      source: '',
      dt: 0.1,
      duration: 1000,
      method: 'euler',
      storage: 'auto',
      receptors: [],
      projections: [],
    });
    expect(network.populations[0]).toMatchObject({
      name: 'one',
      size: 1,
      current: 0,
      neuronCurrent: undefined,
      drives: [],
      events: [],
      initial: { V: { kind: 'constant', value: -60 }, w: { kind: 'constant', value: 0 }, g: new Map() },
    });
  });

  test('is the same from YAML, JSON and an object', () => {
    const object: NetworkDocument = {
      name: 'same',
      receptors,
      populations: {
        a: { size: 10, cell: { base: 'EIF', b: '20 pA', tau_w: '0.1 s' } },
        b: { size: 4, cell: 'LIF' },
      },
      projections: {
        ab: { from: 'a', to: 'b', receptor: 'inh', weight: '0.002 uS', delay: '1 ms', connect: 'all-to-all' },
      },
    };
    const fromObject = networkFromObject(object);
    writeFileSync(path('same.json'), JSON.stringify(object, null, '\t'));
    expect(readNetwork(path('same.json'))).toEqual(fromObject);
    writeFileSync(
      path('same.yaml'),
      `name: same
receptors: {exc: {tau: 5 ms, E_rev: 0 mV}, inh: {tau: 5, E_rev: -0.08 V}}
populations:
  a: {size: 10, cell: {base: EIF, b: 20 pA, tau_w: 100}}
  b: {size: 4, cell: LIF}
projections:
  ab: {from: a, to: b, receptor: inh, weight: 2 nS, delay: 1000 us, connect: {rule: all-to-all}}
`,
    );
    expect(readNetwork(path('same.yaml'))).toEqual(fromObject);
    expect(fromObject.populations[0]?.cell).toMatchObject({ name: 'EIF', b: 20, tau_w: 100, Delta_T: 2 });
  });

  test('is named after its file when it gives no name', () => {
    expect(
      parseNetwork('populations: {a: {size: 1, cell: LIF}}', { file: 'some/where/tiny.yaml' }).name,
    ).toBe('tiny');
  });

  test('may use anchors and merge keys of YAML', () => {
    const network = parseNetwork(`
receptors: {exc: {tau: 5, E_rev: 0}}
populations: {a: {size: 9, cell: LIF}}
projections:
  one: &one {from: a, to: a, receptor: exc, weight: 1 nS, connect: {rule: fixed-in-degree, degree: 2}}
  two: {<<: *one, weight: 2 nS}
`);
    expect(network.projections.map(({ weight }) => weight)).toEqual([1, 2]);
  });
});

describe('a cell', () => {
  test('may be given by all its parameters', () => {
    const cell = { C_m: '0.1 nF', g_L: 5, E_L: -70, V_T: -52, Delta_T: 1, V_r: '-0.06 V', tau_ref: '2 ms' };
    expect(population({ cell }).cell).toEqual({
      name: 'custom',
      C_m: 100,
      g_L: 5,
      E_L: -70,
      V_T: -52,
      Delta_T: 1,
      V_r: -60,
      tau_ref: 2,
      a: 0,
      b: 0,
      tau_w: 1e9,
    });
  });

  test('starts at its own E_L', () => {
    expect(population({ cell: { base: 'RS-cell', E_L: -70 } }).initial.V).toEqual({
      kind: 'constant',
      value: -70,
    });
  });
});

describe('initial values', () => {
  test('may be a number, a distribution or one for each neuron', () => {
    const { initial } = population({
      initial: {
        V: { uniform: { low: '-70 mV', high: -60 } },
        w: { normal: { mean: '0.1 nA', sd: 5 } },
        g: { exc: { values: [1, '2 nS', 3] } },
      },
    });
    expect(initial.V).toEqual({ kind: 'uniform', low: -70, high: -60 });
    expect(initial.w).toEqual({ kind: 'normal', mean: 100, sd: 5 });
    expect(initial.g.get('exc')).toEqual({ kind: 'values', values: Float64Array.of(1, 2, 3) });
    expect(initial.g.get('inh')).toEqual({ kind: 'constant', value: 0 });
  });

  test('may be a typed array or a file', () => {
    writeNpy(path('V.npy'), Float32Array.of(-65, -64, -63));
    const { initial } = population({
      initial: { V: { file: 'V.npy' }, w: { values: Float32Array.of(0, 0.5, 1) } },
    });
    expect(initial.V).toEqual({ kind: 'values', values: Float64Array.of(-65, -64, -63) });
    expect(initial.w).toEqual({ kind: 'values', values: Float64Array.of(0, 0.5, 1) });
  });
});

describe('inputs', () => {
  test('a course may be constant, sampled, in a file or a ramp', () => {
    writeFileSync(path('course.csv'), '# pA\n0\n100\n50\n');
    expect(population({ current: '0.25 nA' }).current).toBe(250);
    expect(population({ current: { dt: '1 ms', values: [0, '1 nA'] } }).current).toEqual({
      dt: 1,
      values: Float64Array.of(0, 1000),
    });
    expect(population({ current: { dt: 2, file: 'course.csv' } }).current).toEqual({
      dt: 2,
      values: Float64Array.of(0, 100, 50),
    });
    // As the published script of Zerlaut et al. 2017 raises its drive: rate[k] = 4 k / 4 below 0.4 ms, then 4.
    expect(population({ current: { from: 0, to: 4, over: '0.4 ms' } }).current).toEqual({
      dt: 0.1,
      values: Float64Array.of(0, 1, 2, 3, 4),
    });
  });

  test('currents of single neurons', () => {
    expect(population({ neuron_current: [1, '2 pA', '3e-3 nA'] }).neuronCurrent).toEqual(
      Float64Array.of(1, 2, 3),
    );
    writeFileSync(path('currents.csv'), 'I\n5\n6\n7\n');
    expect(population({ neuron_current: { file: 'currents.csv' } }).neuronCurrent).toEqual(
      Float64Array.of(5, 6, 7),
    );
  });

  test('drives and events', () => {
    const receptor = { tau: '2 ms', E_rev: 0 };
    const { drives, events } = population({
      drive: [{ receptor, synapses: 80, rate: '0.2 kHz', weight: '7 nS', statistics: 'binomial' }],
      events: [{ receptor: 'exc', weight: 4, times: ['1 ms', 2, 2], neurons: [0, 2, 1] }],
    });
    expect(drives).toEqual([
      {
        receptor: { name: 'cells_drive_0', tau: 2, E_rev: 0 },
        synapses: 80,
        rate: 200,
        weight: 7,
        statistics: 'binomial',
      },
    ]);
    expect(events[0]).toMatchObject({
      weight: 4,
      time: Float64Array.of(1, 2, 2),
      neuron: Uint32Array.of(0, 2, 1),
    });
  });

  test('events may come from a CSV file, its columns in any order, or from .npy', () => {
    writeFileSync(path('events.csv'), 'neuron,time_ms\n0,0.5\n2,1.25\n');
    writeNpy(path('events.npy'), Float64Array.of(0.5, 0, 1.25, 2), [2, 2]);
    for (const file of ['events.csv', 'events.npy']) {
      const { events } = population({ events: [{ receptor: 'exc', weight: 1, file }] });
      expect(events[0]?.time).toEqual(Float64Array.of(0.5, 1.25));
      expect(events[0]?.neuron).toEqual(Uint32Array.of(0, 2));
    }
  });
});

describe('projections', () => {
  const connect = (
    rule: NonNullable<NetworkDocument['projections']>[string]['connect'],
    more = {},
  ): Network =>
    networkFromObject(
      {
        receptors,
        populations: { a: { size: 3, cell: 'LIF' } },
        projections: { aa: { from: 'a', to: 'a', receptor: 'exc', weight: 1, connect: rule, ...more } },
      },
      { folder, readNpy },
    );

  test.each([
    [{ rule: 'fixed-probability', probability: 0.5 }, false],
    [{ rule: 'fixed-in-degree', degree: 2 }, false],
    [{ rule: 'fixed-out-degree', degree: 2 }, false],
    [{ rule: 'all-to-all' }, false],
    [{ rule: 'one-to-one' }, true],
  ] as const)('%j', (rule, selfConnections) => {
    expect(connect(rule).projections[0]).toMatchObject({
      connect: rule,
      selfConnections,
      from: 0,
      to: 0,
      delay: 0,
    });
    const turned = () => connect(rule, { self_connections: !selfConnections });
    // One-to-one within a population would have no pair left.
    if (rule.rule === 'one-to-one') expect(turned).toThrow(InputError);
    else expect(turned().projections[0]?.selfConnections).toBe(!selfConnections);
  });

  test('explicit edges, from lists, typed arrays and files', () => {
    writeFileSync(path('edges.csv'), 'source target\n0 0\n0 2\n');
    const edges = { rule: 'explicit', source: Uint32Array.of(0, 0), target: Uint32Array.of(0, 2) };
    for (const rule of [
      { rule: 'explicit', sources: [0, 0], targets: [0, 2] },
      { rule: 'explicit', sources: Uint32Array.of(0, 0), targets: Int32Array.of(0, 2) },
      { rule: 'explicit', file: 'edges.csv' },
    ] as const) {
      expect(connect(rule).projections[0]).toMatchObject({ connect: edges, selfConnections: true });
    }
    expect(connect({ rule: 'explicit', sources: [], targets: [] }).projections[0]?.connect).toMatchObject({
      source: new Uint32Array(0),
    });
  });

  test('edges with weights and delays of their own, from lists and files', () => {
    writeFileSync(path('own.csv'), 'delay_ms,source,weight,target\n1.5,0,2,0\n0.5,0,0.5,2\n');
    writeFileSync(path('weighted.csv'), '0 0 2\n0 2 0.5\n');
    writeNpy(path('own.npy'), Float64Array.of(0, 0, 2, 1.5, 0, 2, 0.5, 0.5), [2, 4]);
    const edges = { rule: 'explicit', source: Uint32Array.of(0, 0), target: Uint32Array.of(0, 2) };
    const [weight, delay] = [Float64Array.of(2, 0.5), Float64Array.of(1.5, 0.5)];
    const lists = { sources: [0, 0], targets: [0, 2] };
    const none = { weight: undefined };
    for (const rule of [
      { rule: 'explicit', ...lists, weights: ['2 nS', '500 pS'], delays: [1.5, '500 us'] },
      { rule: 'explicit', file: 'own.csv' },
      { rule: 'explicit', file: 'own.npy' },
    ] as const)
      expect(connect(rule, none).projections[0]).toMatchObject({
        connect: { ...edges, weight, delay },
        ...{ weight: 1.25, delay: 1 },
      });
    const weighted = connect({ rule: 'explicit', file: 'weighted.csv' }, { ...none, delay: 3 })
      .projections[0]!;
    expect(weighted).toMatchObject({ connect: { ...edges, weight }, delay: 3 });
    expect(weighted.connect).not.toHaveProperty('delay');
    const refused = (rule: object, more: object, message: RegExp) =>
      expect(() => connect(rule as Parameters<typeof connect>[0], more)).toThrow(message);
    refused(
      { rule: 'explicit', file: 'own.csv' },
      {},
      /^projections\.aa\.weight is given, but the edges of its list have a weight each; remove one of the two\.$/,
    );
    writeFileSync(path('negative.csv'), 'source,target,weight,delay\n0,1,1,1\n1,2,1,-0.5\n');
    refused(
      { rule: 'explicit', file: 'negative.csv' },
      none,
      /^projections\.aa\.connect has edge 1 \(1 to 2\), counted from 0, with a delay of -0\.5; give at least 0 ms\.$/,
    );
    refused(
      { rule: 'explicit', ...lists },
      none,
      /^projections\.aa\.weight is missing, and the edges have none of their own; give one for all, or weights beside sources and targets\.$/,
    );
  });

  test('receptors written in place that agree are one', () => {
    const ampa = { name: 'ampa', tau: 5, E_rev: 0 };
    const base = { from: 'a', to: 'a', weight: 1, connect: 'all-to-all' } as const;
    const network = networkFromObject({
      populations: { a: { size: 3, cell: 'LIF' } },
      projections: {
        one: { ...base, receptor: ampa },
        two: { ...base, receptor: { tau: '5 ms', E_rev: '0 V' } },
        three: { ...base, receptor: { tau: '6 ms', E_rev: '0 V' } },
        four: { ...base, receptor: 'three' },
      },
    });
    expect(network.receptors).toEqual([ampa, { name: 'three', tau: 6, E_rev: 0 }]);
    const [one, two, three, four] = network.projections.map((projection) => projection.receptor);
    expect(two).toBe(one);
    expect(four).toBe(three);
  });
});
