/**
 * Files of spikes: what columns may be called, what they count in, and how a wrong entry is told. The spelling of each archive
 * is what numpy.savez would write from the arrays that Brian2 or a script has.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { arrayReaders } from '../../src/io/array-readers.ts';
import type { NpyData } from '../../src/io/npy-header.ts';
import { writeNpz } from '../../src/io/npz.ts';
import { meanField } from '../../src/mean-field/library.ts';
import { SPIKE_SOURCE } from '../../src/models/cells.ts';
import type { NetworkDocument } from '../../src/models/network-schema.ts';
import { networkToJSON } from '../../src/models/network-to-json.ts';
import { networkFromObject } from '../../src/models/read-network.ts';
import { ownFolder } from '../own-folder.ts';

const folder = ownFolder();

function archive(name: string, arrays: Record<string, NpyData>): string {
  writeNpz(
    join(folder, name),
    Object.fromEntries(Object.entries(arrays).map(([key, data]) => [key, { data, shape: [data.length] }])),
  );
  return name;
}

function events(file: string, time_unit?: 'us' | 'ms' | 's') {
  const list = { receptor: 'exc', weight: 1, file, ...(time_unit && { time_unit }) };
  const { populations } = networkFromObject(
    {
      receptors: { exc: { tau: '5 ms', E_rev: '0 mV' } },
      populations: { cells: { size: 3, cell: 'RS-cell', events: [list] } },
    },
    { folder, ...arrayReaders },
  );
  const { time, neuron } = populations[0]!.events[0]!;
  return { time: [...time], neuron: [...neuron] };
}

const neurons = Int32Array.of(0, 2, 1);
const expected = { time: [1, 2.5, 4], neuron: [0, 2, 1] };

describe('archives', () => {
  test.each([
    ['times', 'neurons', 1, undefined],
    ['time', 'neuron', 1, undefined],
    ['times', 'i', 1000, 's'],
    ['time_ms', 'neuron', 1, 'ms'],
    ['times_s', 'neurons', 1000, undefined],
    ['time_s', 'neurons', 1000, 's'],
    ['t', 'i', 1000, 's'],
    ['t', 'i', 1, 'ms'],
    ['t', 'i', 1e-3, 'us'],
  ] as const)('%s and %s', (time, neuron, unit, time_unit) => {
    const times = Float64Array.from(expected.time, (value) => value / unit);
    const found = events(
      archive('a.npz', { other: Float64Array.of(1), [neuron]: neurons, [time]: times }),
      time_unit,
    );
    expect(found.neuron).toEqual(expected.neuron);
    found.time.forEach((value, index) => {
      expect(value).toBeCloseTo(expected.time[index]!, 12);
    });
  });

  test('indices of 64 bits, as NumPy has them', () => {
    const file = archive('b.npz', { times: Float32Array.of(1, 2.5, 4), i: BigInt64Array.of(0n, 2n, 1n) });
    expect(events(file)).toEqual(expected);
  });

  const times = Float64Array.from(expected.time);
  test.each([
    [
      'Brian2 times of an unknown unit',
      { t: times, i: neurons },
      undefined,
      'say which with time_unit: s or time_unit: ms',
    ],
    [
      'a unit that the name denies',
      { time_ms: times, i: neurons },
      's',
      'time_unit is s, but bad.npz calls its times time_ms',
    ],
    ['no times', { when: times, i: neurons }, undefined, 'bad.npz has no column time_ms but when, i'],
    ['no neurons', { times, who: neurons }, undefined, 'bad.npz has no column neuron but times, who'],
    [
      'lists of two lengths',
      { times, i: neurons.slice(1) },
      undefined,
      'bad.npz has 3 values of times and 2 of i',
    ],
    [
      'a time that is none',
      { times: Float64Array.of(1, Number.NaN, 2), i: neurons },
      undefined,
      'values that are NaN',
    ],
    [
      'unsorted times',
      { times: times.toReversed(), i: neurons },
      undefined,
      'has event 1 (time 2.5 ms, neuron 2) after a later one',
    ],
    [
      'a stray neuron',
      { times, i: Int32Array.of(0, 3, 1) },
      undefined,
      'has event 1 (time 2.5 ms, neuron 3) but population cells has 3 neurons, counted from 0 to 2',
    ],
    [
      'a negative neuron',
      { times, i: Int32Array.of(0, 1, -1) },
      undefined,
      'has event 2 (time 4 ms, neuron -1) but',
    ],
    [
      'a time before the start',
      { times: Float64Array.of(-1, 2, 3), i: neurons },
      undefined,
      'has event 0 (time -1 ms, neuron 0) before the start',
    ],
  ] as const)('%s', (_, arrays, unit, message) => {
    const file = archive('bad.npz', { ...arrays });
    expect(() => events(file, unit)).toThrow(message);
  });

  test('an archive that is none, or holds texts alone', () => {
    writeFileSync(join(folder, 'text.npz'), 'time, neuron');
    expect(() => events('text.npz')).toThrow('this is not a zip archive');
    expect(() => events('absent.npz')).toThrow('there is no such file');
  });

  test('without a reader', () => {
    const populations = { a: { size: 3, cell: 'LIF', neuron_current: { file: 'V.npz' } } } as const;
    expect(() => networkFromObject({ populations }, { folder })).toThrow('pass the option readNpz');
  });
});

describe('text', () => {
  test('names its columns as archives do', () => {
    writeFileSync(join(folder, 'a.csv'), '# from elsewhere\ni,t\n0,0.001\n2,0.0025\n1,0.004\n');
    expect(events('a.csv', 's')).toEqual(expected);
    expect(() => events('a.csv')).toThrow('say which with time_unit');
  });

  test('a message names the line', () => {
    writeFileSync(join(folder, 'bad.csv'), '# head\ntime_ms,neuron\n1,0\n\n3,1\n2,1\n4,3\n');
    expect(() => events('bad.csv')).toThrow(
      'bad.csv:6: populations.cells.events.0 has event 2 (time 2 ms, neuron 1) after a later one',
    );
    expect(() => events('bad.csv')).toThrow(
      'bad.csv:7: populations.cells.events.0 has event 3 (time 4 ms, neuron 3) but population cells has 3 neurons',
    );
  });
});

test('a unit of times that stand in the network file', () => {
  const list = { receptor: 'exc', weight: 1, times: [1], neurons: [0], time_unit: 's' as const };
  const populations = { cells: { size: 3, cell: 'RS-cell', events: [list] } };
  const receptors = { exc: { tau: 5, E_rev: 0 } };
  expect(() => networkFromObject({ receptors, populations })).toThrow(
    'populations.cells.events.0.time_unit is that of a file, but times stand in the network file',
  );
});

describe('a population whose spikes are given', () => {
  type Fields = NetworkDocument['populations'][string];
  const read = (fields: Partial<Fields>, projections = {}) =>
    networkFromObject(
      {
        projections,
        receptors: { exc: { tau: '5 ms', E_rev: '0 mV' } },
        populations: {
          given: { size: 3, spikes: { times: [1, 2.5, 4], neurons: [0, 2, 1] }, ...fields },
          cells: { size: 5, cell: 'RS-cell' },
        },
      },
      { folder, ...arrayReaders },
    );
  const onto = (to: string) => ({
    p: { from: 'given', to, receptor: 'exc', weight: 1, connect: 'all-to-all' },
  });

  test('has spikes and no membrane, whatever the step', () => {
    const [given] = read({}, onto('cells')).populations;
    expect(given!.spikes).toEqual({ time: Float64Array.of(1, 2.5, 4), neuron: Uint32Array.of(0, 2, 1) });
    expect(given!.cell).toBe(SPIKE_SOURCE);
    const spikes = { times: [0, 14], neurons: [0, 0] };
    expect(networkFromObject({ dt: 7, populations: { given: { size: 1, spikes } } }).dt).toBe(7);
  });

  test('from a file', () => {
    const file = archive('c.npz', { t: Float64Array.of(1e-3, 2.5e-3, 4e-3), i: neurons });
    const { spikes } = read({ spikes: { file, time_unit: 's' } }).populations[0]!;
    expect([...spikes!.neuron]).toEqual(expected.neuron);
    expect(spikes!.time[1]).toBeCloseTo(2.5, 12);
  });

  test('as JSON is the same again', () => {
    const network = read({ space: { line: { length: 1 } } }, onto('cells'));
    const json = networkToJSON(network);
    expect(Object.keys(json.populations.given!)).toEqual(['size', 'spikes', 'space']);
    expect(networkFromObject(json as NetworkDocument)).toEqual(network);
  });

  test.each([
    ['a cell', { cell: 'LIF' }, 'populations.given.cell is given beside spikes'],
    ['a current', { current: '10 pA' }, 'populations.given.current is given beside spikes'],
    ['noise', { noise: { white: 1 } }, 'populations.given.noise is given beside spikes'],
    ['a start', { initial: { V: -60 } }, 'populations.given.initial is given beside spikes'],
    [
      'a drive',
      { drive: [{ receptor: 'exc', synapses: 1, rate: 1, weight: 1 }] },
      'populations.given.drive is given beside spikes',
    ],
    [
      'no spikes',
      { spikes: {} },
      'populations.given.spikes needs its spikes once; give either times and neurons, or a file',
    ],
    ['neither', { spikes: undefined }, 'populations.given has neither a cell nor spikes; give a cell (LIF, '],
    [
      'unsorted',
      { spikes: { times: [2, 1], neurons: [0, 0] } },
      'has spike 1 (time 1 ms, neuron 0) after a later one; sort the spikes by time',
    ],
    [
      'strays',
      { spikes: { times: [1, 2], neurons: [0, 3] } },
      'has spike 1 (time 2 ms, neuron 3) but population given has 3 neurons, counted from 0 to 2; correct',
    ],
    [
      'twice in a step',
      { spikes: { times: [1, 1.02, 1.05], neurons: [0, 1, 0] } },
      'has spike 2 (time 1.05 ms, neuron 0) in the same step of 0.1 ms as another spike of this neuron; leave one out, or lower dt',
    ],
  ] as [string, Partial<Fields>, string][])('%s', (_, fields, message) => {
    expect(() => read(fields)).toThrow(message);
  });

  test('a line of a file in which a neuron spikes twice', () => {
    writeFileSync(join(folder, 'twice.csv'), 'time_ms,neuron\n1,0\n1.03,0\n');
    expect(() => read({ spikes: { file: 'twice.csv' } })).toThrow(
      'twice.csv:3: populations.given.spikes has spike 1 (time 1.03 ms, neuron 0) in the same step',
    );
  });

  test('hears nothing', () => {
    expect(() => read({}, onto('given'))).toThrow(
      'projections.p.to is "given", whose spikes are given, so that nothing acts on it; leave the projection out',
    );
  });

  test('has no mean field', () => {
    const network = read({}, onto('cells'));
    expect(() => meanField(network)).toThrow(
      'population given of network network fires given spikes, which a mean field does not know: give its targets a drive of the same rate instead',
    );
  });
});
