/**
 * Names and paths: of networks, and of the files beside them that a network refers to.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { readNpy, writeNpy } from '../../src/io/npy.ts';
import type { NetworkDocument } from '../../src/models/network-schema.ts';
import { networkFromObject, readNetwork } from '../../src/models/read-network.ts';
import { ownFolder } from '../own-folder.ts';

const folder = ownFolder();
const path = (name: string) => join(folder, name);

function population(fields: Partial<NetworkDocument['populations'][string]>) {
  const receptors = { exc: { tau: '5 ms', E_rev: '0 mV' } };
  const populations = { cells: { size: 3, cell: 'RS-cell', ...fields } };
  return networkFromObject({ receptors, populations }, { folder, readNpy }).populations[0]!;
}

describe('files that cannot be used', () => {
  test.each([
    ['cells', '1,2\n3\n', 'bad.csv:2: The line has 1 cells but those above have 2'],
    ['words', '1,2\n3,x\n', 'bad.csv:2: The cell "x" is not a finite number'],
    ['NaN', '1,nan\n', 'bad.csv:1: The cell "nan" is not a finite number'],
    ['rows', '# nothing\n\n', 'bad.csv: The file has no rows of numbers'],
    ['columns', '1,2,3\n', 'bad.csv has 3 columns; give it 2, time_ms and neuron'],
    ['names', 't,n\n1,2\n', 'bad.csv has no column neuron but t, n; rename its columns'],
    ['order', '2,0\n1,0\n', 'event 1 (time 1 ms, neuron 0) after a later one'],
    ['neurons', '1,3\n', 'event 0 (time 1 ms, neuron 3) but population cells has 3 neurons'],
    ['half neurons', '1,0.5\n', 'event 0 (time 1 ms, neuron 0.5)'],
  ])('a CSV file with wrong %s', (_, text, message) => {
    writeFileSync(path('bad.csv'), text);
    const read = () => population({ events: [{ receptor: 'exc', weight: 1, file: 'bad.csv' }] });
    expect(read).toThrow(InputError);
    expect(read).toThrow(message);
  });

  test('values outside their range', () => {
    writeFileSync(path('V.csv'), '-65\n-65\n-6500\n');
    expect(() => population({ initial: { V: { file: 'V.csv' } } })).toThrow(
      'has -6500 as value 2, counted from 0',
    );
    writeFileSync(path('rate.csv'), '5\n-5\n');
    const drive = { receptor: 'exc', synapses: 1, weight: 1, rate: { dt: 1, file: 'rate.csv' } };
    expect(() => population({ drive: [drive] })).toThrow(
      'has -5 as value 1, counted from 0; give values of at least 0',
    );
  });

  test('arrays of a shape that means nothing, and files of another kind', () => {
    writeNpy(path('cube.npy'), new Float64Array(8), [2, 2, 2]);
    expect(() => population({ initial: { V: { file: 'cube.npy' } } })).toThrow('has the shape (2, 2, 2)');
    expect(() => population({ initial: { V: { file: 'absent.npy' } } })).toThrow('absent.npy');
    expect(() => population({ initial: { V: { file: 'V.mat' } } })).toThrow(
      'V.mat is no .csv, .npy or .npz file',
    );
    const object = {
      populations: { a: { size: 3, cell: 'LIF', neuron_current: { file: 'V.npy' } } },
    } as const;
    expect(() => networkFromObject(object, { folder })).toThrow('pass the option readNpy');
  });
});

describe('a name or path', () => {
  test.each([
    ['confg1', 'neither a file nor a built-in network (config1, vogels-abbott); did you mean config1?'],
    ['no/such/file.yaml', 'check the path or name one of these.'],
    ['', '"" is neither a file'],
    ['__proto__', 'is neither a file'],
  ])('%j is refused', (name, message) => {
    expect(() => readNetwork(name)).toThrow(InputError);
    expect(() => readNetwork(name)).toThrow(message);
  });

  test('a directory, a file that is no text, a file that may not be read', () => {
    mkdirSync(path('folder.yaml'));
    expect(() => readNetwork(path('folder.yaml'))).toThrow('is a directory; name a network file in it.');
    writeFileSync(path('binary.yaml'), Uint8Array.of(0xff, 0xfe, 0x00));
    expect(() => readNetwork(path('binary.yaml'))).toThrow('is not text in UTF-8');
    writeFileSync(path('secret.yaml'), 'populations: {}');
    chmodSync(path('secret.yaml'), 0);
    // The superuser may read everything; then it is the content that is refused.
    expect(() => readNetwork(path('secret.yaml'))).toThrow(/cannot be read \(EACCES\)|populations is empty/);
  });

  test('files are found beside the network file', () => {
    mkdirSync(path('sub'));
    writeFileSync(path('sub/I.csv'), '1\n2\n');
    writeFileSync(
      path('sub/net.yaml'),
      'populations: {a: {size: 2, cell: LIF, neuron_current: {file: I.csv}}}',
    );
    expect(readNetwork(path('sub/net.yaml')).populations[0]?.neuronCurrent).toEqual(Float64Array.of(1, 2));
  });
});
