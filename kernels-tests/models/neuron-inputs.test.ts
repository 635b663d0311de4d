/** Inputs that differ from neuron to neuron, as network files give them: rates, profiles, currents over time; and what is wrong with them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { arrayReaders } from '../../src/io/array-readers.ts';
import { writeNpy } from '../../src/io/npy.ts';
import { meanField } from '../../src/mean-field/library.ts';
import type { NetworkDocument } from '../../src/models/network-schema.ts';
import { networkToJSON } from '../../src/models/network-to-json.ts';
import { networkFromObject } from '../../src/models/read-network.ts';
import { ownFolder } from '../own-folder.ts';

const folder = ownFolder();
const save = (name: string, values: number[], shape: number[]) =>
  writeNpy(join(folder, name), Float64Array.from(values), shape);

type Fields = Partial<NetworkDocument['populations'][string]>;
type DriveFields = Partial<NonNullable<Fields['drive']>[number]>;

function network(fields: Fields, readers: Partial<typeof arrayReaders> = arrayReaders) {
  return networkFromObject(
    {
      receptors: { exc: { tau: '5 ms', E_rev: '0 mV' } },
      populations: { cells: { size: 4, cell: 'RS-cell', ...fields } },
    },
    { folder, ...readers },
  );
}
const cells = (fields: Fields) => network(fields).populations[0]!;
const driven = (drive: DriveFields, fields: Fields = {}) =>
  cells({ ...fields, drive: [{ receptor: 'exc', synapses: 10, weight: 1, ...drive }] }).drives[0]!;

save('rates.npy', [1, 2, 3, 4, 5, 6, 7, 8], [2, 4]);
save('three.npy', [1, 2, 3], [1, 3]);
save('negative.npy', [1, 2, 3, 4, 5, -6, 7, 8], [2, 4]);
save('vector.npy', [1, 2, 3, 4], [4]);
save('fast.npy', [1e6, 0, 0, 0], [1, 4]);
writeFileSync(join(folder, 'profile.csv'), '0\n0.5\n1\n2\n');

describe('rates of neurons', () => {
  test('from an array', () => {
    const { neuronRate, rate, profile } = driven({ neuron_rate: { dt: '2 ms', file: 'rates.npy' } });
    expect([rate, profile]).toEqual([0, undefined]);
    const { dt, rows, least, greatest } = neuronRate!;
    expect([dt, rows, least, greatest]).toEqual([2, 2, 1, 8]);
    expect([...(neuronRate!.row(1) as Float64Array)]).toEqual([5, 6, 7, 8]);
  });

  test('from a profile: a list, a file, a place', () => {
    expect([...driven({ rate: 4, profile: [0, 1, 0.5, 3] }).profile!]).toEqual([0, 1, 0.5, 3]);
    expect([...driven({ rate: 4, profile: { file: 'profile.csv' } }).profile!]).toEqual([0, 0.5, 1, 2]);
    // Neurons of a ring of 4 mm stand at 0.5, 1.5, 2.5 and 3.5 mm.
    const around = { x: '0.5 mm', profile: 'gaussian', scale: '1 mm' } as const;
    const ring = driven({ rate: 4, profile: { around } }, { space: { ring: { length: 4 } } }).profile!;
    const line = driven({ rate: 4, profile: { around } }, { space: { line: { length: 4 } } }).profile!;
    const bell = (d: number) => Math.exp((-d * d) / 2);
    expect([...ring]).toEqual([1, bell(1), bell(2), bell(1)]);
    expect([...line]).toEqual([1, bell(1), bell(2), bell(3)]);
    // Two columns and two rows, of 2 mm by 1 mm.
    const sheet = { sheet: { width: 2, height: 1, columns: 2 } };
    const fall = { around: { x: 1.5, y: 0.25, profile: 'exponential', scale: 0.5 } } as const;
    const on = driven({ rate: 4, profile: fall }, { space: sheet }).profile!;
    [1, 0, Math.hypot(1, 0.5), 0.5].forEach((d, neuron) => {
      expect(on[neuron]).toBeCloseTo(Math.exp(-d / 0.5), 12);
    });
  });

  test.each([
    [
      'two rates',
      { rate: 1, neuron_rate: { dt: 1, file: 'rates.npy' } },
      'populations.cells.drive.0 has both a rate and a neuron_rate; give one of the two',
    ],
    ['no rate', {}, 'populations.cells.drive.0 has neither a rate nor a neuron_rate'],
    [
      'a profile beside an array',
      { profile: [1, 1, 1, 1], neuron_rate: { dt: 1, file: 'rates.npy' } },
      'drive.0.profile is given beside neuron_rate',
    ],
    [
      'other columns',
      { neuron_rate: { dt: 1, file: 'three.npy' } },
      'neuron_rate.file names an array of 1 rows and 3 columns for the 4 neurons of cells; give a row for each 1 ms and a column for each neuron',
    ],
    [
      'a negative rate',
      { neuron_rate: { dt: 1, file: 'negative.npy' } },
      'has -6 in row 1, column 1, both counted from 0; give numbers of at least 0',
    ],
    [
      'a vector',
      { neuron_rate: { dt: 1, file: 'vector.npy' } },
      'has the shape (4); save one with a row for each sample',
    ],
    [
      'a text',
      { neuron_rate: { dt: 1, file: 'profile.csv' } },
      'neuron_rate.file is profile.csv, but an array over time must be a .npy file',
    ],
    ['no file', { neuron_rate: { dt: 1, file: 'absent.npy' } }, 'there is no such file'],
    [
      'rows of half a step',
      { neuron_rate: { dt: 0.25, file: 'rates.npy' } },
      'neuron_rate.dt is 0.25 ms, but a row of an array over time must be a multiple of dt = 0.1 ms',
    ],
    [
      'other statistics',
      { statistics: 'binomial', neuron_rate: { dt: 1, file: 'rates.npy' } },
      'drive.0.statistics is binomial, but where neurons have rates of their own their events are Poisson counts; use poisson',
    ],
    [
      'too many events',
      { neuron_rate: { dt: 1, file: 'fast.npy' } },
      'drive.0.neuron_rate brings up to 1000 events a step to a neuron, more than the 256',
    ],
    [
      'too many by a profile',
      { rate: 1e5, profile: [1, 1, 1, 10] },
      'drive.0.profile brings up to 1000 events a step',
    ],
    [
      'samples of half a step with a profile',
      { rate: { dt: 0.25, values: [1, 2] }, profile: [1, 1, 1, 1] },
      'drive.0.rate.dt is 0.25 ms, but a sample of a rate that has a profile must be a multiple of dt = 0.1 ms',
    ],
    [
      'a short profile',
      { rate: 1, profile: [1, 2] },
      'drive.0.profile has 2 values for 4 neurons; give one for each neuron',
    ],
    ['a negative profile', { rate: 1, profile: [1, 2, -1, 0] }, 'is -1'],
    ['an empty profile', { rate: 1, profile: {} }, 'drive.0.profile needs one of a list, a file and around'],
    [
      'a place without a space',
      { rate: 1, profile: { around: { x: 1, profile: 'gaussian', scale: 1 } } },
      'depends on distances but population cells has no space',
    ],
    [
      'a unit that is none',
      { rate: 1, profile: { around: { x: '1 mV', profile: 'gaussian', scale: 1 } } },
      'is in mV but a length is needed',
    ],
  ] as [string, DriveFields, string][])('%s', (_, drive, message) => {
    expect(() => driven(drive)).toThrow(message);
  });

  test('a place outside the space', () => {
    const profile = { around: { x: 5, profile: 'gaussian', scale: 1 } } as const;
    expect(() => driven({ rate: 1, profile }, { space: { line: { length: 4 } } })).toThrow(
      'drive.0.profile.around is at 5 mm, 0 mm, outside the space of cells, which is 4 mm by 0 mm; move it there',
    );
  });

  test('have no mean field', () => {
    const model = network({
      drive: [{ receptor: 'exc', synapses: 10, weight: 1, rate: 1, profile: [1, 2, 3, 4] }],
    });
    expect(() => meanField(model)).toThrow(
      'drive 0 of population cells of network network has rates that differ between neurons, but a mean field has one neuron for all: give it one rate',
    );
  });
});

describe('currents of neurons', () => {
  test('constant, or an array over time', () => {
    expect([...cells({ neuron_current: { file: 'vector.npy' } }).neuronCurrent!]).toEqual([1, 2, 3, 4]);
    const { neuronCurrent, neuronCurrents } = cells({ neuron_current: { dt: '5 ms', file: 'negative.npy' } });
    expect(neuronCurrent).toBeUndefined();
    expect([neuronCurrents!.dt, neuronCurrents!.rows, neuronCurrents!.least]).toEqual([5, 2, -6]);
  });

  test.each([
    [
      'other columns',
      { neuron_current: { dt: 1, file: 'three.npy' } },
      'neuron_current.file names an array of 1 rows and 3 columns for the 4 neurons of cells',
    ],
    [
      'rows shorter than a step',
      { neuron_current: { dt: 0.05, file: 'rates.npy' } },
      'neuron_current.dt is 0.05 ms, but a row',
    ],
    ['a dt of nothing', { neuron_current: { dt: 1 } as never }, 'neuron_current.file is missing'],
  ] as [string, Fields, string][])('%s', (_, fields, message) => {
    expect(() => cells(fields)).toThrow(message);
  });

  test('without a reader', () => {
    const read = () =>
      network({ neuron_current: { dt: 1, file: 'rates.npy' } }, { readNpy: arrayReaders.readNpy });
    expect(read).toThrow('rates.npy needs a reader of rows; pass the option openRows');
  });
});

test('a record names arrays over time by what they hold', () => {
  const drive = { receptor: 'exc', synapses: 10, weight: 1, neuron_rate: { dt: 2, file: 'rates.npy' } };
  const json = networkToJSON(network({ drive: [drive], neuron_current: { dt: 5, file: 'rates.npy' } }));
  const values = { rows: 2, type: 'f8', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) };
  expect(json.populations.cells).toMatchObject({
    neuron_current: { dt: 5, values },
    drive: [{ neuron_rate: { dt: 2, values } }],
  });
  const profile = { receptor: 'exc', synapses: 10, weight: 1, rate: 3, profile: [1, 2, 3, 4] };
  const model = network({ drive: [profile] });
  expect(networkFromObject(networkToJSON(model) as NetworkDocument)).toEqual(model);
});
