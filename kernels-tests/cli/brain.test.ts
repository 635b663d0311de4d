/** `spikefield brain` from the outside: what it prints and leaves, how it refuses, and that a killed run goes on as if nothing had been. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { colourTop } from '../../src/cli/brain-figures.ts';
import { readBrainRun } from '../../src/cli/brain-options.ts';
import { brainRun } from '../../src/cli/brain-run.ts';
import type { Device } from '../../src/gpu/device.ts';
import { readNpy } from '../../src/io/npy.ts';
import { readRunManifest } from '../../src/io/run-manifest.ts';
import { brainsThatFit } from '../../src/whole-brain/brain-batches.ts';
import { planBrains } from '../../src/whole-brain/brain-plan.ts';
import { nodeModel } from '../../src/whole-brain/defined-model.ts';
import { ownFolder } from '../own-folder.ts';
import { killedAfter, nodeArguments, runIn } from './spikefield.ts';

const folder = ownFolder();

const brain = (...args: string[]) => runIn(folder, 'brain', 'run', ...args);

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
  const options = ['--nodes', '12', '--seed', '3', '--recordings', '2', '--samples', '40', '--out', 'made'];
  expect(runIn(folder, 'connectome', 'make', ...options).status).toBe(0);
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

/** Everything that a run leaves in numbers. */
const arrays = (out: string) =>
  Object.fromEntries(
    readdirSync(join(folder, out))
      .filter((name) => name.endsWith('.npy'))
      .map((name) => [name, readFileSync(join(folder, out, name)).toString('base64')]),
  );

/** Ends by SIGKILL when so many parts are on the disk. */
const killed = (parts: number, args: string[]) => killedAfter(parts, folder, 'brain', 'run', ...args);

describe('a run that is killed', () => {
  const arguments_ = [...SMALL, '--duration', '6s', '--checkpoint', '200ms', '--no-figures', '--quiet'];

  test('and resumed, again and again, gives what one left alone gives', async () => {
    expect(brain(...arguments_, '--out', 'whole').status).toBe(0);
    const args = [...arguments_, '--out', 'cut', '--resume'];
    const journal = join(folder, 'cut.unfinished');
    const names = (kind: string) =>
      readdirSync(journal)
        .filter((name) => name.startsWith(kind))
        .sort();
    killed(1, args);
    killed(3, args);
    expect(names('part')).toHaveLength(4);
    expect(names('state')).toHaveLength(2);
    // What the disk did not take whole is not believed: neither a state nor a part.
    const spoil = (name: string) =>
      writeFileSync(join(journal, name), readFileSync(join(journal, name)).subarray(0, 5000));
    spoil(names('state').at(-1)!);
    killed(4, args);
    expect(names('part')).toHaveLength(7);
    spoil(names('part').at(-1)!);
    expect(brain(...arguments_, '--out', 'cut').sentence).toMatch(
      /cut.unfinished holds a run that was stopped; add --resume/,
    );
    expect(brain(...args, '--set', 'tauA=300').sentence).toMatch(/holds a run of another parameters/);
    // Once at any moment; it may have ended by then.
    const child = spawn(process.execPath, nodeArguments('brain', 'run', ...args), {
      cwd: folder,
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    await new Promise((resolve) => setTimeout(resolve, 1000 + 1500 * Math.random()));
    child.kill('SIGKILL');
    await ended;
    if (existsSync(journal)) expect(brain(...args).status).toBe(0);
    expect(arrays('cut')).toEqual(arrays('whole'));
    expect(existsSync(journal)).toBe(false);
  }, 120_000);
});

describe('brains that run one batch after the other', () => {
  const arguments_ = [
    ...SMALL,
    ...['--duration', '1200ms', '--seeds', '5', '--checkpoint', '300ms', '--no-figures', '--quiet'],
  ];

  test('leave what they leave together, killed and cut otherwise too', () => {
    const summaryOf = (out: string) => {
      const { result } = readRunManifest(join(folder, out)) as unknown as {
        result: { timing: { batch: number }; rate_sd_hz: number };
      };
      return result;
    };
    expect(brain(...arguments_, '--out', 'together').status).toBe(0);
    expect(summaryOf('together').timing.batch).toBe(5);
    expect(brain(...arguments_, '--batch', '2', '--out', 'apart').status).toBe(0);
    expect(summaryOf('apart').timing.batch).toBe(2);
    expect(arrays('apart')).toEqual(arrays('together'));
    expect(summaryOf('apart').rate_sd_hz).toBe(summaryOf('together').rate_sd_hz);
    // Four parts and the end make a batch: killed at the end of the first, and within the second.
    const cut = [...arguments_, '--out', 'cut-batches', '--resume'];
    killed(5, [...cut, '--batch', '2']);
    killed(2, [...cut, '--batch', '1']);
    expect(brain(...cut, '--batch', '3').status).toBe(0);
    expect(arrays('cut-batches')).toEqual(arrays('together'));
  }, 120_000);

  test('because a device holds no more', () => {
    const brains = [0, 1, 2, 3, 4].map((seed) => ({
      connectome: { nodes: 2, weights: [0, 1, 1, 0], lengths: [0, 100 + (seed % 2), 100, 0] },
      seed,
    }));
    // Two different connectomes, so that tables count too.
    const whole = planBrains(nodeModel('hopf'), brains, { dt: 0.1, together: true });
    const history = 16 * whole.rings.stride;
    const device = (bytes: number) =>
      ({
        limits: { maxStorageBufferBindingSize: bytes, maxBufferSize: bytes },
        adapter: { name: 'a small device' },
      }) as unknown as Device;
    expect(brainsThatFit(device(5 * history), whole, 0)).toBe(5);
    expect(brainsThatFit(device(3 * history - 1), whole, 0)).toBe(2);
    expect(brainsThatFit(device(3 * history), whole, 3)).toBe(2);
    expect(brainsThatFit(device(3 * history), whole, 0, 1)).toBe(1);
    expect(() => brainsThatFit(device(history - 1), whole, 0)).toThrow(/a small device binds at most/);
    const wide = { ...whole, links: { ...whole.links, tableStride: history / 8 } };
    expect(brainsThatFit(device(3 * history), wide, 0)).toBe(1);
  });
});

test('colours of rates serve most cells where a few are far above', () => {
  const sparse = new Float32Array(10_000).map((_, at) => (at < 50 ? 14 + at / 5 : 0.1));
  expect(colourTop(sparse)).toBe(20);
  sparse[3] = Number.NaN;
  expect(colourTop(sparse)).toBe(20);
  expect(colourTop(Float32Array.from({ length: 1000 }, (_, at) => at))).toBeUndefined();
  expect(colourTop(new Float32Array(100))).toBeUndefined();
  expect(colourTop(new Float32Array())).toBeUndefined();
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
