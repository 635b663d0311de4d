/** `spikefield ring` from the outside: what it prints, what it leaves, how it refuses. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addRingCommand } from '../../src/cli/ring.ts';
import { velocityOption } from '../../src/cli/ring-model.ts';
import { readNpy, writeNpy } from '../../src/io/npy.ts';
import { ownFolder } from '../own-folder.ts';
import { caller } from './spikefield.ts';

const folder = ownFolder();

const { said, call: ring } = caller(addRingCommand, 'ring');

/** Short, and with the kernel of the other tests. */
const small = [
  '--units',
  '12',
  '--extent',
  '14.4mm',
  '--start',
  '20ms',
  '--duration',
  '60ms',
  '--tau1',
  '8ms',
];

describe('run', () => {
  test('says what it found, and leaves arrays, a figure and a manifest', async () => {
    const out = join(folder, 'run');
    await ring('run', ...small, '--as-published', '--json', '--out', out);
    const found = JSON.parse(said.stdout) as {
      formula: string;
      samples: number;
      peak: { Fe_hz: { value: number; unit: number }; delta_V: { value: number } };
      latency: { position_mm: number[]; onset_ms: number };
    };
    expect(found.formula).toBe('as-published');
    expect(found.samples).toBe(120);
    expect(found.peak.Fe_hz.unit).toBe(6);
    const { shape, data } = readNpy(join(out, 'delta_V.npy'));
    expect([...shape]).toEqual([120, 12]);
    expect(Math.max(...(data as Float32Array))).toBe(found.peak.delta_V.value);
    expect(existsSync(join(out, 'space-time.png'))).toBe(true);
    const figure = readFileSync(join(out, 'space-time.svg'), 'utf8');
    for (const text of ['Membrane response', 'Cortical space (mm)', 'Time (ms)'])
      expect(figure).toContain(text);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({ kind: 'ring', status: 'complete', dt_ms: 0.5, ring: { units: 12 } });
    await expect(ring('run', ...small, '--out', out)).rejects.toThrow(/already holds a run/);
  });

  test('second order with adaptation leaves covariances and currents too', async () => {
    const out = join(folder, 'second');
    await ring('run', ...small, '--order', '2', '--adaptation', '--json', '--out', out);
    const found = JSON.parse(said.stdout) as { peak: Record<string, { value: number }> };
    expect(found).toMatchObject({ order: 2, adaptation: true, formula: 'corrected' });
    const rest = { C_ee: 0.147, C_ei: 0.19, C_ii: 0.36, w_e: 53.08, w_i: 0 };
    for (const [name, value] of Object.entries(rest)) {
      const { shape, data } = readNpy(join(out, `${name}.npy`));
      expect([...shape]).toEqual([120, 12]);
      expect(data[0]).toBeCloseTo(value, 2);
    }
    const { data } = readNpy(join(out, 'C_ee.npy'));
    expect(Math.max(...(data as Float32Array))).toBe(found.peak.C_ee_hz2!.value);
    expect(readFileSync(join(out, 'space-time.svg'), 'utf8')).toContain('second order, with adaptation');
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({ order: 2, adaptation: true, rest: { covariance_hz2: {} } });
  });

  test('a state that leaves all bounds stops the run', async () => {
    // Units that hear only themselves, in steps nearly as long as T.
    const own = [
      ...small,
      '--exc-extent',
      '0.42mm',
      '--inh-extent',
      '0.4mm',
      '--order',
      '2',
      '--dt',
      '4.5ms',
    ];
    const out = join(folder, 'unstable');
    await expect(ring('run', ...own, '--adaptation', '--out', out)).rejects.toThrow(
      /became unstable: at \d+\.\d ms the .* in unit \d+ of 12 was .*order 1/,
    );
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { status: string };
    expect(manifest.status).not.toBe('complete');
  });

  test('a stimulus from a file, without figures', async () => {
    const file = join(folder, 'stimulus.npy');
    const values = Float32Array.from({ length: 4 * 12 }, (_, k) => (k % 12 === 3 ? 20 : 0));
    writeNpy(file, values, [4, 12]);
    const out = join(folder, 'file');
    const given = ['--units', '12', '--extent', '14.4mm', '--stimulus', file, '--stimulus-dt', '10ms'];
    await ring('run', ...given, '--no-figures', '--out', out);
    expect(said.stdout).toContain('ring of 12 units of config1: 39.5 ms');
    expect(existsSync(join(out, 'space-time.svg'))).toBe(false);
    const input = readNpy(join(out, 'input.npy'));
    expect([...input.shape]).toEqual([80, 12]);
    expect(input.data[3]).toBe(20);
    await expect(ring('run', ...given, '--tau1', '5ms')).rejects.toThrow(/--tau1 cannot stand beside it/);
    await expect(ring('run', '--stimulus', file)).rejects.toThrow(/shape \[4, 12\].*\[samples, 30\]/);
  });

  test('a dry run costs nothing', async () => {
    await ring('run', '--dry-run', '--json');
    expect(JSON.parse(said.stdout)).toMatchObject({
      units: 30,
      samples: 1200,
      reach_units: { exc: 10, inh: 2 },
      longest_delay_steps: 80,
    });
    expect(said.stderr).toBe('');
  });

  const refused: [string[], RegExp][] = [
    [['--conduction-velocity', '0'], /conduction velocity .* 0 mm\/s/],
    [['--conduction-velocity', '1e-9'], /steps to the next unit/],
    [['--conduction-velocity', '3mV'], /a velocity is needed/],
    [['--exc-extent', '50mm'], /wider than the ring/],
    [['--stimulus', 'middle'], /no stimulus middle/],
    [['--stimulus-dt', '1ms'], /belongs to a stimulus from a file/],
    [['--as-published', '--fit', 'x.json'], /--as-published/],
    [['--fraction', '2'], /fraction is 2/],
    [['--order', '3'], /--order is 3/],
    [['--adaptation', '--as-published'], /leave out --as-published or --adaptation/],
    [['--rows', '0'], /--rows is 0/],
  ];
  test.each(refused)('refuses %j', async (args, message) => {
    await expect(ring('run', ...args, '--dry-run')).rejects.toThrow(message);
  });
});

test('velocities have units', () => {
  expect(velocityOption(300, '--v')).toBe(300);
  expect(velocityOption('0.3 m/s', '--v')).toBe(300);
  expect(velocityOption('50mm/s', '--v')).toBe(50);
  expect(velocityOption(undefined, '--v')).toBeUndefined();
});
