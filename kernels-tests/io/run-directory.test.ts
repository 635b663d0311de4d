import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { InputError, OutputError } from '../../src/errors.ts';
import { readNpy } from '../../src/io/npy.ts';
import { openOutput } from '../../src/io/output-file.ts';
import { RunDirectory } from '../../src/io/run-directory.ts';
import { readRunManifest } from '../../src/io/run-manifest.ts';
import { ownFolder } from '../own-folder.ts';
import { fullDisk } from './full-disk.ts';

const root = ownFolder();
let path = '';
let count = 0;
beforeEach(() => {
  path = join(root, `run${count++}`);
});

function finishedRun(): void {
  const run = RunDirectory.create(path, { manifest: { seed: 5 } });
  run.writer('exc.rate_hz', 'f8').append(Float64Array.of(1, 2));
  run.finish();
}

describe('a run', () => {
  test('is incomplete until it is finished, then lists what it holds', () => {
    const run = RunDirectory.create(join(path, 'deep', 'er'), { manifest: { network: 'config1' } });
    expect(readRunManifest(run.path)).toMatchObject({
      format: 'spikefield-run',
      version: 1,
      status: 'incomplete',
      network: 'config1',
    });
    const V = run.writer('exc.V_mV', 'f4', [2]);
    V.append(Float32Array.of(-65, -60, -64, -61));
    run.write('exc.spike_counts', Uint32Array.of(1, 2, 3));
    writeFileSync(run.file('figure.svg'), '<svg/>');
    expect(readRunManifest(run.path).arrays['exc.V_mV.npy']).toEqual({ dtype: 'f4', shape: [null, 2] });
    expect(readRunManifest(run.path).status).toBe('incomplete');

    run.finish({ rates: Float64Array.of(1.5), w: new Map([['a', 1]]), format: 'mine', status: 'odd' });
    const manifest = readRunManifest(run.path);
    expect(manifest).toMatchObject({
      format: 'spikefield-run',
      status: 'complete',
      network: 'config1',
      rates: [1.5],
      w: { a: 1 },
    });
    const bytes = readFileSync(join(run.path, 'exc.V_mV.npy'));
    expect(manifest.arrays['exc.V_mV.npy']).toEqual({
      dtype: 'f4',
      shape: [2, 2],
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    expect(manifest.files['figure.svg']).toEqual({
      bytes: 6,
      sha256: createHash('sha256').update('<svg/>').digest('hex'),
    });
    expect(readdirSync(run.path).sort()).toEqual([
      'exc.V_mV.npy',
      'exc.spike_counts.npy',
      'figure.svg',
      'manifest.json',
    ]);
    expect(() => run.writer('more', 'f8')).toThrow(/has ended/);
  });

  test('that is abandoned says why and can still be read', () => {
    const run = RunDirectory.create(path);
    run.writer('a', 'f8').append(Float64Array.of(1, 2, 3));
    run.abandon('stopped by Ctrl-C at 12 ms');
    expect(readRunManifest(path)).toMatchObject({
      status: 'incomplete',
      reason: 'stopped by Ctrl-C at 12 ms',
      arrays: { 'a.npy': { shape: [3] } },
    });
    expect(readNpy(join(path, 'a.npy')).shape).toEqual([3]);
    expect(() => run.finish()).toThrow(OutputError);
  });

  test('that is left by an error is abandoned, one that was finished is not', () => {
    const simulate = (end: boolean) => {
      using run = RunDirectory.create(path, { force: true });
      if (!end) throw new Error('the device went away');
      run.finish();
    };
    expect(() => simulate(false)).toThrow('the device went away');
    expect(readRunManifest(path).status).toBe('incomplete');
    simulate(true);
    expect(readRunManifest(path).status).toBe('complete');
  });

  test('gives every file one plain name', () => {
    const run = RunDirectory.create(path);
    run.writer('a', 'f8');
    expect(() => run.writer('a', 'f8')).toThrow(/written twice/);
    expect(() => run.write('a', new Float64Array(1))).toThrow(/written twice/);
    expect(() => run.file('manifest.json')).toThrow(/written twice/);
    for (const name of ['../a', 'L2/3', 'a\\b', '.hidden', '', 'a:b', 'line\nbreak']) {
      expect(() => run.file(name)).toThrow(/cannot be the name of a file/);
    }
    run.abandon('');
  });
});

describe('a place that is taken', () => {
  test('by a run is kept without force and replaced with it', () => {
    finishedRun();
    expect(() => RunDirectory.create(path)).toThrow(/already holds a run; .* --force/);
    expect(readRunManifest(path).status).toBe('complete');
    const run = RunDirectory.create(path, { force: true });
    expect(readdirSync(path)).toEqual(['manifest.json']);
    expect(readRunManifest(path).seed).toBeUndefined();
    run.finish();
  });

  test('by an abandoned run is replaced with force, all of its files', () => {
    const first = RunDirectory.create(path);
    first.writer('a', 'f8');
    writeFileSync(first.file('b.svg'), '');
    // No abandon: the process was killed.
    RunDirectory.create(path, { force: true }).finish();
    expect(readdirSync(path)).toEqual(['manifest.json']);
  });

  test('replacing a run deletes nothing that the run did not write', () => {
    finishedRun();
    writeFileSync(join(path, 'notes.txt'), 'mine');
    RunDirectory.create(path, { force: true }).finish();
    expect(readFileSync(join(path, 'notes.txt'), 'utf8')).toBe('mine');
  });

  test('replacing a run follows no name out of its directory', () => {
    finishedRun();
    const outside = join(root, 'outside.txt');
    writeFileSync(outside, 'mine');
    const manifest = readRunManifest(path);
    manifest.files['../outside.txt'] = {};
    writeFileSync(join(path, 'manifest.json'), JSON.stringify(manifest));
    RunDirectory.create(path, { force: true }).finish();
    expect(existsSync(outside)).toBe(true);
  });

  test('by anything else is refused even with force, and left alone', () => {
    mkdirSync(path);
    RunDirectory.create(path).abandon('an empty folder may be used');
    for (const manifest of [undefined, '{"format": "other"}', '{', 'null', '[]']) {
      const other = join(root, `other${count++}`);
      mkdirSync(other);
      writeFileSync(join(other, 'thesis.tex'), 'years of work');
      if (manifest !== undefined) writeFileSync(join(other, 'manifest.json'), manifest);
      const before = readdirSync(other);
      expect(() => RunDirectory.create(other, { force: true })).toThrow(
        /not a Spikefield run, and they are left alone/,
      );
      expect(readdirSync(other)).toEqual(before);
    }
    const file = join(root, 'file');
    writeFileSync(file, '');
    expect(() => RunDirectory.create(file, { force: true })).toThrow(/is a file and not a folder/);
  });
});

describe('a place that cannot be written', () => {
  test('below a file', () => {
    const file = join(root, 'plain');
    writeFileSync(file, '');
    expect(() => RunDirectory.create(join(file, 'run'))).toThrow(OutputError);
    expect(() => RunDirectory.create(join(file, 'run'))).toThrow(/part of this path is a file/);
  });

  test.runIf(existsSync('/proc/self'))('where the system makes no folders', () => {
    expect(() => RunDirectory.create('/proc/run')).toThrow(OutputError);
    expect(() => RunDirectory.create('/proc/deep/run')).toThrow(/^\/proc\/deep cannot be written/);
  });

  test.skipIf(process.getuid?.() === 0)('in a folder without permission', () => {
    mkdirSync(path);
    chmodSync(path, 0o555);
    expect(() => RunDirectory.create(join(path, 'run'))).toThrow(/no permission/);
    expect(() => RunDirectory.create(path)).toThrow(/no permission/);
    chmodSync(path, 0o755);
  });
});

describe('a disk that is full', () => {
  /** Runs until the disk of the given size refuses; what became of the run. */
  function runOnDisk(capacity: number): { finished: boolean; error: unknown } {
    let run: RunDirectory | undefined;
    try {
      run = RunDirectory.create(path, { open: fullDisk(capacity) });
      const writer = run.writer('a', 'f8');
      for (let i = 0; i < 20; i++) writer.append(new Float64Array(5000));
      run.finish({ seed: 1 });
      return { finished: true, error: undefined };
    } catch (error) {
      run?.abandon(String(error));
      return { finished: false, error };
    }
  }

  test('never leaves a run that says complete, wherever it fills', () => {
    let finished = 0;
    for (let capacity = 0; capacity < 830_000; capacity += capacity < 2000 ? 50 : 40_000) {
      path = join(root, `disk${capacity}`);
      const result = runOnDisk(capacity);
      if (result.finished) {
        finished++;
        expect(readNpy(join(path, 'a.npy')).shape).toEqual([100_000]);
        continue;
      }
      expect(result.error).toBeInstanceOf(OutputError);
      expect((result.error as Error).message).toMatch(
        /^The disk is full, so .*choose another output folder\.$/,
      );
      if (existsSync(join(path, 'manifest.json'))) expect(readRunManifest(path).status).toBe('incomplete');
      expect(readdirSync(path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    }
    expect(finished).toBeGreaterThan(0);
  });

  test('in the last moment leaves it incomplete', () => {
    const run = RunDirectory.create(path, { open: fullDisk(600) });
    expect(() => run.finish({ long: 'x'.repeat(1000) })).toThrow(/^The disk is full/);
    expect(readRunManifest(path).status).toBe('incomplete');
  });

  test('in the last moment does not keep the reason from being noted, once there is room', () => {
    let disk = openOutput;
    const run = RunDirectory.create(path, { open: (...file) => disk(...file) });
    run.writer('a', 'f8');
    disk = fullDisk(0);
    expect(() => run.finish()).toThrow(/^The disk is full/);
    disk = openOutput;
    run.abandon('the disk was full');
    expect(readRunManifest(path)).toMatchObject({ status: 'incomplete', reason: 'the disk was full' });
  });
});

test('a manifest of a later version is refused with the remedy', () => {
  finishedRun();
  const manifest = { ...readRunManifest(path), version: 2 };
  writeFileSync(join(path, 'manifest.json'), JSON.stringify(manifest));
  expect(() => readRunManifest(path)).toThrow(InputError);
  expect(() => readRunManifest(path)).toThrow(/version 2 .* update/);
  expect(() => readRunManifest(root)).toThrow(/no manifest/);
});
