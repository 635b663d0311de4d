/** `spikefield brain` from the outside: what it prints and leaves, how it refuses, and that a killed run goes on as if nothing had been. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBrainRun } from '../../src/cli/brain-options.ts';
import { brainRun } from '../../src/cli/brain-run.ts';
import { readNpy } from '../../src/io/npy.ts';
import { readRunManifest } from '../../src/io/run-manifest.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const tsx = import.meta.resolve('tsx');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spikefield-brain-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const commandLine = (args: string[]) => ['--import', tsx, main, 'brain', 'run', ...args];

function brain(...args: string[]) {
  const child = spawnSync(process.execPath, commandLine(args), { cwd: folder, encoding: 'utf8' });
  const sentence = child.stderr.split('\n').find((line) => line.startsWith('spikefield: '));
  return { status: child.status, stdout: child.stdout, sentence };
}

const POINT = [
  '--set',
  'mue_ext_mean=1.57',
  '--set',
  'mui_ext_mean=1.6',
  '--set',
  'sigma_ou=0.09',
  '--set',
  'b=5',
];
const SMALL = [
  '--connectome',
  'synthetic:12:3',
  ...POINT,
  '--bold',
  '--bold-tr',
  '200ms',
  '--transient',
  '400ms',
];

test('a run leaves arrays, functional connectivity, figures and a report', () => {
  const { status, stdout } = brain(...SMALL, '--duration', '2s', '--seeds', '2', '--out', 'a', '--json');
  expect(status).toBe(0);
  const summary = JSON.parse(stdout) as Record<string, unknown>;
  expect(summary).toMatchObject({
    brains: 2,
    nodes: 12,
    bold_samples: 10,
    fc_correlation: null,
    warning: null,
  });
  expect(summary.rate_mean_hz).toBeGreaterThan(0.01);
  expect(summary.timing).toMatchObject({ biological_s: 4 });
  expect(readNpy(join(folder, 'a/rates_exc.npy'), 'f4').shape).toEqual([200, 2, 12]);
  expect(readNpy(join(folder, 'a/bold.npy'), 'f4').shape).toEqual([10, 2, 12]);
  expect(readNpy(join(folder, 'a/fc.npy'), 'f8').shape).toEqual([2, 12, 12]);
  for (const name of ['rates.png', 'bold.svg', 'connectome.png', 'report.html'])
    expect(existsSync(join(folder, 'a', name))).toBe(true);
  expect(readRunManifest(join(folder, 'a')).status).toBe('complete');
  expect(existsSync(join(folder, 'a.unfinished'))).toBe(false);
  expect(brain(...SMALL, '--out', 'a', '--duration', '2s').sentence).toMatch(/a .*--force/);
});

test('the fit to recordings, subject by subject', () => {
  // A folder as `connectome make` writes it has recordings of its subjects, which the synthetic one of above has not.
  const made = spawnSync(
    process.execPath,
    [
      '--import',
      tsx,
      main,
      'connectome',
      'make',
      '--nodes',
      '12',
      '--seed',
      '3',
      '--recordings',
      '2',
      '--samples',
      '40',
      '--out',
      'made',
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(made.stderr);
  const { stdout, status } = brain(
    '--connectome',
    'made',
    ...SMALL.slice(2),
    '--duration',
    '2s',
    '--out',
    'b',
    '--json',
    '--no-figures',
  );
  expect(status).toBe(0);
  const { fc_correlation: fit } = JSON.parse(stdout) as {
    fc_correlation: { mean: number; per_subject: Record<string, number>; per_seed: number[] };
  };
  const each = Object.values(fit.per_subject);
  expect(each).toHaveLength(2);
  expect(fit.mean).toBeCloseTo((each[0]! + each[1]!) / 2, 12);
  expect(fit.per_seed[0]).toBeCloseTo(fit.mean, 12);
});

describe('a run that is killed', () => {
  const arguments_ = [...SMALL, '--duration', '6s', '--checkpoint', '200ms', '--no-figures', '--quiet'];
  const arrays = (out: string) =>
    Object.fromEntries(
      readdirSync(join(folder, out))
        .filter((name) => name.endsWith('.npy'))
        .map((name) => [name, readFileSync(join(folder, out, name)).toString('base64')]),
    );

  test('and resumed, again and again, gives what one left alone gives', async () => {
    expect(brain(...arguments_, '--out', 'whole').status).toBe(0);
    const args = [...arguments_, '--out', 'cut', '--resume'];
    let kills = 0;
    for (const parts of [1, 4, 11]) {
      const child = spawn(process.execPath, commandLine(args), { cwd: folder, stdio: 'ignore' });
      const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
      const journal = join(folder, 'cut.unfinished');
      const enough = () =>
        existsSync(journal) && readdirSync(journal).filter((name) => name.endsWith('.bin')).length >= parts;
      while (child.exitCode === null && !enough()) await new Promise((resolve) => setTimeout(resolve, 5));
      if (child.kill('SIGKILL')) kills++;
      await ended;
    }
    expect(kills).toBe(3);
    const journal = join(folder, 'cut.unfinished');
    // A part that the disk did not take whole is not believed.
    const last = readdirSync(journal)
      .filter((name) => name.endsWith('.bin'))
      .sort()
      .at(-1)!;
    writeFileSync(join(journal, last), readFileSync(join(journal, last)).subarray(0, 5000));
    expect(brain(...arguments_, '--out', 'cut').sentence).toMatch(
      /cut.unfinished holds a run that was stopped; add --resume/,
    );
    expect(brain(...args, '--set', 'tauA=300').sentence).toMatch(/holds a run of another parameters/);
    expect(brain(...args).status).toBe(0);
    expect(arrays('cut')).toEqual(arrays('whole'));
    expect(existsSync(journal)).toBe(false);
  }, 120_000);
});

test('what stands alone after the verb is refused', () => {
  const { status, sentence } = brain('synthetic:12', '--out', 'refused', '--quiet');
  expect(sentence).toContain('write --connectome synthetic:12');
  expect(status).toBe(2);
});

test.each([
  [{}, 'spikefield brain run needs a connectome'],
  [{ duration: '3s', bold: true }, '--transient is 10000 ms, but the run has 3000 ms'],
  [{ duration: '12s', bold: true }, 'leaves 1 samples after the transient of 10000 ms'],
  [
    { duration: '30s', bold: true, boldTr: '0.25' },
    '--bold-tr is 0.25 ms, but must be a whole number of steps',
  ],
  [{ set: 'signalV=0' }, 'signalV is 0, but signals must move'],
  [{ set: ['signalV=10', 'signalV=20'] }, 'signalV is set twice'],
  [{ set: 'mue=1' }, 'the ALN node has no parameter mue'],
  [{ set: 'b=1,2,3' }, 'b has 3 values, but the connectome has 12 nodes'],
  [{ boldTr: '1s' }, '--bold-tr is of use with --bold alone'],
])('%o is refused before anything is made', async (options, message) => {
  const connectome = Object.keys(options).length === 0 ? {} : { connectome: 'synthetic:12' };
  const out = join(folder, 'refused');
  await expect(brainRun({ ...connectome, ...options, out }, '0')).rejects.toThrow(message);
  expect(existsSync(out)).toBe(false);
  expect(existsSync(`${out}.unfinished`)).toBe(false);
});

test('a dry run says what it would cost', () => {
  const { stdout } = brain(
    '--connectome',
    'synthetic:12',
    '--duration',
    '300s',
    '--bold',
    '--seeds',
    '3',
    '--dry-run',
    '--json',
  );
  expect(JSON.parse(stdout)).toMatchObject({ brains: 3, nodes: 12, steps: 3_000_000 });
});

test("tables in neurolib's file serve as those of a folder do", async () => {
  const hdf5 = await import('h5wasm/node');
  await hdf5.ready;
  const path = join(folder, 'quantities.h5');
  const file = new hdf5.File(path, 'w');
  const put = (name: string, data: number[], shape: number[]) =>
    file.create_dataset({ name, data: Float64Array.from(data), shape, dtype: '<d' });
  put('mu_vals', [-10, 10], [2]);
  put('sigma_vals', [0.5, 5], [2]);
  for (const name of ['r_ss', 'V_mean_ss', 'tau_mu_exp', 'tau_sigma_exp', 'tau_mu_dosc', 'f0_mu_dosc'])
    put(name, [1, 2, 3, 4], [2, 2]);
  const params = file.create_group('params');
  const neuron = { C: 200, gL: 10, EL: -65, VT: -50, deltaT: 1.5, Vr: -70, Vcut: -40, t_ref: 1.5 };
  for (const [name, value] of Object.entries(neuron))
    params.create_dataset({ name, data: Float64Array.of(value), shape: [1], dtype: '<d' });
  file.close();
  const given = { connectome: 'synthetic:4', tables: path };
  expect((await readBrainRun(given)).tables).toMatch(/^[0-9a-f]{64}$/);
  expect((await readBrainRun({ connectome: 'synthetic:4' })).tables).toBeUndefined();
});
