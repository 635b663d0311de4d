/** Measured transfer functions on the disk: written and read back, interrupted and gone on with, damaged and refused. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InputError, OutputError } from '../../src/errors.ts';
import { readNpy, writeNpy } from '../../src/io/npy.ts';
import { openOutput } from '../../src/io/output-file.ts';
import { adaptiveGrid, rectangularGrid } from '../../src/transfer/grid.ts';
import type { TransferMeasurement } from '../../src/transfer/measure.ts';
import { quartetSums } from '../../src/transfer/quartets.ts';
import { readTransferData } from '../../src/transfer/transfer-arrays.ts';
import {
  TransferDirectory,
  type TransferRequest,
  writeTransferData,
} from '../../src/transfer/transfer-directory.ts';
import { readTransferManifest } from '../../src/transfer/transfer-manifest.ts';
import { draws } from '../draws.ts';
import { subject } from './measured.ts';

const version = '9.9.9';
const grid = rectangularGrid([0, 1.5, 3], [0, 2]);
const request: TransferRequest = { ...subject(), grid, version };
const adapter = { name: 'a test', driver: 'none', vendor: '', architecture: '', software: true };

function measurement(seed = 1): TransferMeasurement {
  const { uniform } = draws(seed);
  const random = (count: number) => Float64Array.from({ length: count }, uniform);
  const { cell, input, settings } = request;
  return {
    ...{ cell, input, settings, grid, adapter, spikes: 17, timing: { run_s: 1, neuron_steps: 1 } },
    shape: [2, 3],
    nu_e: Float64Array.of(0, 1.5, 3, 0, 1.5, 3),
    nu_i: Float64Array.of(0, 0, 0, 2, 2, 2),
    ...{ rate: random(6), rate_sd: random(6), mu_V: random(6), sigma_V: random(6), tau_V: random(6) },
    rates: random(24),
  };
}

let root: string;
let path: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spikefield-transfer-'));
  path = join(root, 'measured');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const names = ['nu_e', 'nu_i', 'rate', 'rate_sd', 'mu_V', 'sigma_V', 'tau_V'] as const;

describe('a whole measurement', () => {
  test('comes back as it was', () => {
    const written = measurement();
    writeTransferData(path, written, version);
    const { cell, input, settings, shape, ...arrays } = readTransferData(path);
    expect({ cell, input, settings, shape }).toEqual({ ...subject(), shape: [2, 3] });
    for (const name of names) expect(arrays[name]).toEqual(written[name]);
    expect(readNpy(join(path, 'rates.npy')).shape).toEqual([2, 3, 4]);
    const manifest = readTransferManifest(path);
    expect(manifest).toMatchObject({ status: 'complete', spikefield: version, spikes: 17, adapter, grid });
    expect(manifest.arrays['tau_V.npy']).toMatchObject({ unit: 'ms', axes: ['nu_i', 'nu_e'], shape: [2, 3] });
    expect(readdirSync(path).sort()).toEqual(
      [...names.map((name) => `${name}.npy`), 'rates.npy', 'manifest.json', 'table.csv'].sort(),
    );
  });

  test('has a table with a line for each point', () => {
    const written = measurement();
    writeTransferData(path, written, version);
    const lines = readFileSync(join(path, 'table.csv'), 'utf8').trimEnd().split('\n');
    expect(lines[0]).toBe('nu_e_Hz,nu_i_Hz,rate_Hz,rate_sd_Hz,mu_V_mV,sigma_V_mV,tau_V_ms');
    expect(lines.length).toBe(7);
    expect(lines[5]!.split(',').map(Number)).toEqual(names.map((name) => written[name][4]));
  });

  test('is replaced only by force', () => {
    writeTransferData(path, measurement(1), version);
    writeFileSync(join(path, 'notes.txt'), 'mine');
    const again = () => writeTransferData(path, measurement(2), version);
    expect(again).toThrow(OutputError);
    expect(again).toThrow(
      'already holds a measured transfer function; choose another output folder, or give --force to replace it.',
    );
    writeTransferData(path, measurement(2), version, { force: true });
    expect(readTransferData(path).rate).toEqual(measurement(2).rate);
    expect(readFileSync(join(path, 'notes.txt'), 'utf8')).toBe('mine');
  });

  test('is not replaced under the fits to it', () => {
    writeTransferData(path, measurement(1), version);
    const fit = join(path, 'fit-linear');
    mkdirSync(fit);
    mkdirSync(join(path, 'other'));
    writeFileSync(join(fit, 'transfer-function.json'), '{}');
    const replace = () => writeTransferData(path, measurement(2), version, { force: true });
    expect(replace).toThrow(
      new OutputError(
        `${path} holds fits to the measurement that --force would replace (fit-linear): move or delete them first, or choose another output folder.`,
      ),
    );
    expect(readTransferData(path).rate).toEqual(measurement(1).rate);
    rmSync(fit, { recursive: true });
    replace();
    expect(readTransferData(path).rate).toEqual(measurement(2).rate);
  });

  test('of an adaptive grid keeps how it was found', () => {
    const adaptive = adaptiveGrid({ nu_i: [0, 2], columns: 3 });
    TransferDirectory.create(path, { ...request, grid: adaptive }).finish({
      ...measurement(),
      grid: adaptive,
    });
    expect(readTransferManifest(path).grid).toEqual(adaptive);
  });
});

describe('an interrupted measurement', () => {
  const quartets = [
    { nu_e: 0, nu_i: 0, index: 0 },
    { nu_e: 1.5, nu_i: 0, index: 0 },
    { nu_e: 1.5, nu_i: 2, index: 0 },
  ];
  const sums = quartets.map((_, at) =>
    Float64Array.from({ length: quartetSums }, (_, index) => at + index / 7),
  );

  function interrupted() {
    const directory = TransferDirectory.create(path, request);
    directory.keep(quartets.slice(0, 2), sums.slice(0, 2));
    directory.keep(quartets.slice(2), sums.slice(2));
    directory.abandon('the lights went out');
  }

  test('is known to be incomplete', () => {
    interrupted();
    const read = () => readTransferData(path);
    expect(read).toThrow(InputError);
    expect(read).toThrow(
      'the measurement is not complete (the lights went out); give the same command again, and it goes on where it stopped',
    );
  });

  test('goes on with what was kept, and leaves nothing of it at the end', () => {
    interrupted();
    const { created } = readTransferManifest(path);
    const again = TransferDirectory.create(path, request);
    expect(again.store.size).toBe(3);
    quartets.forEach((quartet, at) => {
      expect(again.store.repeatsAt(quartet, 4)).toEqual(sums[at]);
    });
    again.keep([{ nu_e: 3, nu_i: 2, index: 0 }], [sums[0]!]);
    expect(TransferDirectory.create(path, request).store.size).toBe(4);
    again.finish(measurement());
    expect(readdirSync(path).filter((name) => name.startsWith('partial'))).toEqual([]);
    expect(readTransferManifest(path)).toMatchObject({ status: 'complete', created });
  });

  test('of something else is not gone on with', () => {
    interrupted();
    const other = { ...request, settings: { ...request.settings, seed: 8 } };
    const others: [TransferRequest, string][] = [
      [other, 'other settings'],
      [{ ...request, cell: { ...request.cell, b: 21 } }, 'another cell'],
      [{ ...request, input: { ...request.input, exc: { ...request.input.exc, K: 5 } } }, 'other synapses'],
      [{ ...request, grid: rectangularGrid([0, 1], [0, 2]) }, 'another grid'],
      [{ ...request, grid: adaptiveGrid() }, 'another grid'],
    ];
    for (const [each, what] of others)
      expect(() => TransferDirectory.create(path, each)).toThrow(
        `${path} holds an interrupted measurement with ${what}; choose another output folder, or give --force to replace it.`,
      );
    expect(TransferDirectory.create(path, other, { force: true }).store.size).toBe(0);
    expect(existsSync(join(path, 'partial-0.npy'))).toBe(false);
  });

  test('with a damaged part is refused', () => {
    interrupted();
    writeNpy(join(path, 'partial-1.npy'), Float64Array.of(1, 2, 3, Number.NaN), [2, 2]);
    expect(() => TransferDirectory.create(path, request)).toThrow(
      'partial-1.npy: this part of an interrupted measurement is damaged; measure again with --force',
    );
  });

  test('on a full disk says so, and can be gone on with', () => {
    let room = 4000;
    const open: typeof openOutput = (name, flags) => {
      const file = openOutput(name, flags);
      const write = file.write.bind(file);
      file.write = (bytes) => {
        room -= bytes.length;
        if (room < 0) throw new OutputError('the disk is full');
        write(bytes);
      };
      return file;
    };
    const directory = TransferDirectory.create(path, request, { open });
    directory.keep(quartets.slice(0, 2), sums.slice(0, 2));
    room = 100;
    expect(() => directory.keep(quartets.slice(2), sums.slice(2))).toThrow('the disk is full');
    directory.abandon('the disk is full');
    expect(TransferDirectory.create(path, request).store.size).toBe(2);
  });
});

describe('what is not a measurement', () => {
  test.each([
    [
      'nothing',
      () => {},
      'there is no manifest here that can be read; give the folder that spikefield transfer measure wrote',
    ],
    ['no JSON', () => writeFileSync(join(path, 'manifest.json'), '{'), 'the manifest is not valid JSON'],
    [
      'a run',
      () => writeFileSync(join(path, 'manifest.json'), '{"format": "spikefield-run", "version": 1}'),
      'this is not the manifest of a measured transfer function (its format is not "spikefield-transfer")',
    ],
    [
      'another version',
      () => writeFileSync(join(path, 'manifest.json'), '{"format": "spikefield-transfer", "version": 2}'),
      'the measurement is of version 2 and this Spikefield knows 1; measure again, or use the Spikefield that wrote it',
    ],
  ])('%s', (_, make, sentence) => {
    mkdirSync(path);
    make();
    const read = () => readTransferData(path);
    expect(read).toThrow(InputError);
    expect(read).toThrow(sentence);
  });

  test('a folder with other files, or a file, is left alone', () => {
    mkdirSync(path);
    writeFileSync(join(path, 'thesis.tex'), '');
    for (const force of [false, true])
      expect(() => TransferDirectory.create(path, request, { force })).toThrow(
        `${path} holds files that are not a measured transfer function, and they are left alone; choose another output folder.`,
      );
    expect(() => TransferDirectory.create(join(path, 'thesis.tex'), request)).toThrow(
      'is a file and not a folder',
    );
  });
});

describe('a damaged measurement', () => {
  function damaged(name: string, bytes: (whole: Buffer) => Buffer | string) {
    writeTransferData(path, measurement(), version);
    const file = join(path, name);
    writeFileSync(file, bytes(readFileSync(file)));
    return () => readTransferData(path);
  }

  test('truncated', () => {
    const read = damaged('rate.npy', (whole) => whole.subarray(0, whole.length - 8));
    expect(read).toThrow(InputError);
    expect(read).toThrow(`${join(path, 'rate.npy')}: the file is truncated`);
  });

  test('changed', () => {
    const read = damaged('rate.npy', (whole) => {
      whole.writeDoubleLE(3.25, whole.length - 8);
      return whole;
    });
    expect(read).toThrow(
      'the file is not the one that was measured (its SHA-256 is another); copy it again, or measure again',
    );
  });

  test('NaN', () => {
    const read = damaged('sigma_V.npy', (whole) => {
      whole.writeDoubleLE(Number.NaN, whole.length - 8);
      return whole;
    });
    expect(read).toThrow(
      'sigma_V.npy: the value in row 1, column 2 is NaN; measure the transfer function again',
    );
  });

  test('of another shape', () => {
    writeTransferData(path, measurement(), version);
    writeNpy(join(path, 'rate.npy'), new Float64Array(6), [3, 2]);
    expect(() => readTransferData(path)).toThrow(
      'the array is of shape (3, 2), and the measurement of (2, 3); measure again',
    );
  });

  test('missing', () => {
    writeTransferData(path, measurement(), version);
    rmSync(join(path, 'mu_V.npy'));
    expect(() => readTransferData(path)).toThrow('mu_V.npy: there is no such file');
  });

  test('a manifest with a field that cannot be', () => {
    const read = damaged('manifest.json', (whole) =>
      whole.toString('utf8').replace('"C_m": 200', '"C_m": null'),
    );
    expect(read).toThrow(/cell\.C_m is damaged \(.*\); measure the transfer function again/);
  });
});
