/** What the comparison with peers runs, and what it makes of what it finds; no peer is run here. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ChildFailure, Conversation } from '../../bench/child.ts';
import { checkMemory, irregularity } from '../../bench/contenders.ts';
import { networkOf, recipesOf } from '../../bench/peer-networks.ts';
import { TimeLimit } from '../../bench/peers/time-limit.ts';
import { readPeersOptions, summary } from '../../bench/peers.ts';
import { peersLines } from '../../bench/peers-lines.ts';
import {
  type PeerRow,
  type PeerRun,
  type PeersResult,
  scalingExponent,
  scalings,
} from '../../bench/peers-result.ts';
import { scalingFigure } from '../../bench/scaling-figure.ts';
import { InputError } from '../../src/errors.ts';
import { networkSize } from '../../src/models/network.ts';
import { totalSynapses } from '../../src/spiking/expected-synapses.ts';
import { ownFolder } from '../own-folder.ts';

const scratch = ownFolder();

test('options are read, with defaults', () => {
  expect(readPeersOptions({})).toEqual({
    ...{
      networks: ['config1', 'config1-delay', 'coba'],
      sizes: [4000, 10_000, 20_000],
      peers: ['brian2', 'nest', 'brian2cuda'],
    },
    ...{ rounds: 3, duration: 500, limit: 120, out: undefined },
  });
  expect(
    readPeersOptions({ networks: 'coba,million', sizes: '50000,4000,4000', peers: 'nest', limit: '5s' }),
  ).toMatchObject({ networks: ['coba', 'million'], sizes: [4000, 50_000], peers: ['nest'], limit: 5 });
});

test.each([
  [{ networks: 'config' }, '--networks has config; did you mean config1?'],
  [{ peers: 'brian' }, '--peers has brian; did you mean brian2?'],
  [{ sizes: '4000,,8000' }, '--sizes has an empty entry: separate entries by one comma'],
  [{ sizes: '100' }, '--sizes is 100, but must be a whole number from 1000 to 1000000'],
  [{ duration: '10ms' }, '--duration is 10 ms, but must be a whole number of ms, 20 ms or more'],
  [{ limit: '0s' }, '--limit is 0 s, but must be from 1 s to 24 h (86400 s)'],
])('%j is refused', (given, sentence) => {
  expect(() => readPeersOptions(given)).toThrow(InputError);
  expect(() => readPeersOptions(given)).toThrow(sentence);
});

test('what the documentation types is understood', () => {
  const page = readFileSync(new URL('../../docs/benchmarks.md', import.meta.url), 'utf8');
  const lines = Array.from(page.matchAll(/npm run bench -- peers(.*)/g), ([, rest]) => rest!.trim());
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) {
    const given = Object.fromEntries(
      Array.from(line.matchAll(/--(\w+) (\S+)/g), ([, name, value]) => [name, value]),
    );
    expect(() => readPeersOptions(given), line).not.toThrow();
  }
});

test('config1 keeps 500 synapses onto each neuron at every size, and its own weights', () => {
  for (const name of ['config1', 'config1-delay'] as const) {
    const sizes = [4000, 10_000, 100_000];
    const networks = recipesOf(name, { sizes, duration: 500, scratch }).map(networkOf);
    expect(networks.map(networkSize)).toEqual(sizes);
    for (const network of networks) {
      const [exc, inh] = network.populations.map(({ size }) => size);
      expect(exc).toBe(4 * inh!);
      expect(network.projections.map(({ weight }) => weight)).toEqual([1, 1, 5, 5]);
      expect(network.projections.map(({ delay }) => delay)).toEqual(
        Array(4).fill(name === 'config1' ? 0 : 1.5),
      );
      expect(totalSynapses(network) / networkSize(network)).toBeGreaterThan(499.8);
      expect(totalSynapses(network) / networkSize(network)).toBeLessThanOrEqual(500);
      expect(network.duration).toBe(500);
    }
  }
});

test('COBA is that of the paper with a tenth of input, and a million neurons run 100 ms at most', () => {
  const [coba] = recipesOf('coba', { sizes: [8000], duration: 500, scratch }).map(networkOf);
  expect(coba!.populations.map(({ size }) => size)).toEqual([3200, 800]);
  const { C_m, g_L, E_L, V_T, V_r, tau_ref } = coba!.populations[1]!.cell;
  expect([C_m / g_L, E_L, V_T, V_r, tau_ref]).toEqual([20, -60, -50, -60, 5]);
  expect(coba!.projections.map(({ weight }) => weight)).toEqual([6, 6, 67, 67]);
  for (const { drives } of coba!.populations) {
    expect(drives.map(({ synapses, rate, weight }) => [synapses, rate, weight])).toEqual([[20, 5, 6]]);
  }
  expect(coba!.receptors.map(({ tau, E_rev }) => [tau, E_rev])).toEqual([
    [5, 0],
    [10, -80],
  ]);
  const [million] = recipesOf('million', { sizes: [], duration: 500, scratch }).map(networkOf);
  expect([networkSize(million!), million!.duration]).toEqual([1_000_000, 100]);
  expect(totalSynapses(million!)).toBeCloseTo(1e9, -6);
  expect(() => checkMemory('NEST', million!, 4e9)).toThrow(
    /^its 9\d\d,\d\d\d,\d\d\d synapses would take at least 32\.0 GB, and 4\.0 GB are free$/,
  );
  expect(() => checkMemory('NEST', million!, 40e9)).not.toThrow();
});

test('the exponent of a power law is found, and the slope of scattered points is that of least squares', () => {
  const x = [4000, 10_000, 100_000];
  expect(
    scalingExponent(
      x,
      x.map((n) => 3e-6 * n ** 1.25),
    ),
  ).toBeCloseTo(1.25, 12);
  // In logarithms (0, 0), (1, 2), (2, 1): slope 1/2.
  const e = Math.E;
  expect(scalingExponent([1, e, e * e], [1, e * e, e])).toBeCloseTo(0.5, 12);
  expect(() => scalingExponent([4000, 4000], [1, 2])).toThrow(RangeError);
  expect(() => scalingExponent([4000, 8000], [1, 0])).toThrow(RangeError);
});

const run = (wall: number): PeerRun => ({
  ...{ wall_s_per_bio_s: wall, run_s: wall / 2, build_s: 0.1, startup_s: 0.2, peak_rss_bytes: 5e7 },
  ...{ synapses: 2_000_000, spikes: 4000, rates_hz: { exc: 3 } },
  activity: { exc: { rate_hz: 3, cv_isi: 0.5, correlation: null } },
});

test('ratios are those of rounds that both ended; events are spikes times synapses of a neuron', () => {
  const measured = summary([run(4), null, run(9)], [run(2), run(1), run(3)], 4000, 7)!;
  expect(measured.ratio).toEqual({ median: 2.5, min: 2, max: 3 });
  expect(measured.wall_s_per_bio_s.median).toBe(6.5);
  // 4000 spikes of 500 synapses each, in 2 s and in 4.5 s.
  expect(measured.synaptic_events_per_s).toBeCloseTo((2e6 / 2 + 2e6 / 4.5) / 2, 6);
  expect(measured.runs).toHaveLength(2);
  expect(summary([null], [run(1)], 4000, 7)).toBeNull();
  expect(summary([run(1)], null, 4000, null)!.ratio).toBeNull();
});

const row = (simulator: string, neurons: number, wall: number | null): PeerRow => ({
  ...{ network: 'config1', simulator, neurons, duration_ms: 500, statistics_from_ms: 250 },
  failure: wall === null ? 'a run took longer than the limit of 5 s' : null,
  measured: wall === null ? null : summary([run(wall)], null, neurons, 2),
});
const rows = [
  ...[
    row('Spikefield', 4000, 0.5),
    row('NEST', 4000, 1),
    row('Spikefield', 16_000, 1),
    row('NEST', 16_000, null),
  ],
];

test('who fails at one size has a sentence in the report and no exponent', () => {
  const scaling = scalings(rows);
  expect(scaling).toEqual([
    { network: 'config1', simulator: 'Spikefield', sizes: 2, exponent: expect.closeTo(0.5, 12) },
  ]);
  const machine = {
    cpu: 'c',
    cores: 2,
    memory_bytes: 1,
    system: 's',
    node: 'v20',
    spikefield: '0',
    load_before: 0,
  };
  const simulators = {
    Brian2: { absent: 'python3 has no Brian2' },
    NEST: { nest: '3.10.0', python: '3.11' },
    Brian2CUDA: { brian2cuda: '1.0', python: '3.12', gpu: 'NVIDIA Z' },
  };
  const head = {
    benchmark: 'peers' as const,
    machine,
    adapter: null,
    simulators,
    seed: 1,
    rounds: 1,
    limit_s: 5,
  };
  const result: PeersResult = { ...head, rows, scaling };
  const text = peersLines(result).join('\n');
  expect(text).toContain('Brian2 is not measured: python3 has no Brian2');
  expect(text).toContain('NEST 3.10.0, 2 threads, Python 3.11');
  expect(text).toContain('Brian2CUDA 1.0, NVIDIA Z, Python 3.12');
  expect(text).toContain('config1, 16,000 neurons by NEST failed: a run took longer than the limit of 5 s');
  expect(text).toMatch(/config1\s+Spikefield\s+0\.50\s+2/);
});

test('the figure shows what was measured, and there is none of nothing', () => {
  const svg = scalingFigure(rows)!;
  for (const text of ['Spikefield', 'NEST', 'config1', 'real time', 'Peak memory (MB)'])
    expect(svg).toContain(text);
  expect(svg).not.toContain('NaN');
  expect(scalingFigure([row('NEST', 4000, null)])).toBeNull();
});

test('a measurement over its limit ends with its process, and says so', async () => {
  const limit = new TimeLimit(0.3);
  const talk = new Conversation(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], limit.signal);
  const asked = limit.within('a run', () => talk.ask());
  await expect(asked).rejects.toThrow(new ChildFailure('a run took longer than the limit of 0.3 s'));
});

test('irregularity is null where the window is too short for it', () => {
  const few = { size: 3, times: [1, 2], neurons: [0, 1] };
  expect(irregularity(few, { t0: 0, t1: 20 }).cv_isi).toBeNull();
  const times = [1, 2, 4, 7, 8, 12, 13];
  const one = irregularity({ size: 1, times, neurons: times.map(() => 0) }, { t0: 0, t1: 20 });
  // Intervals 1 2 3 1 4 1: mean 2, variance 8/5.
  expect(one.cv_isi).toBeCloseTo(Math.sqrt(8 / 5) / 2, 12);
  expect(one.correlation).toBeNull();
});

const python = spawnSync('python3', ['--version']).status === 0;
test.skipIf(!python)('the scripts of peers are Python, also of those that are not installed', () => {
  const folder = fileURLToPath(new URL('../../bench/peers/', import.meta.url));
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.py'));
  expect(scripts).toContain('brian2cuda_network.py');
  // Parsed only: compiling them would leave files beside them.
  const parse = 'import ast, sys\nfor path in sys.argv[1:]: ast.parse(open(path).read(), path)';
  const paths = scripts.map((name) => join(folder, name));
  const { status, stderr } = spawnSync('python3', ['-c', parse, ...paths], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
