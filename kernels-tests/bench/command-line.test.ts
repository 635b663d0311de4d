/** What `npm run bench` says to arguments, before anything is measured, and where its report goes. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bench } from '../../bench/bench.ts';
import { benchmark } from '../../bench/command-line.ts';
import { readOptions } from '../../bench/network.ts';
import { findBrian2, findBrian2Cuda } from '../../bench/peers/brian2.ts';
import { findNumba } from '../../bench/peers/numba.ts';
import { readTransferOptions } from '../../bench/transfer.ts';
import { InputError } from '../../src/errors.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spikefield-bench-test-'));
  vi.spyOn(console, 'info').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs with arguments and gives all that was written. */
async function run(args: string[], known?: Bench[]) {
  let out = '';
  let err = '';
  const output = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const code = await benchmark(args, output, known);
  return { code, out, err };
}

/** A benchmark that takes no time. */
const quick: Bench = {
  name: 'quick',
  about: 'Measure nothing',
  options: [{ flag: '--rounds <n>', about: 'How often' }],
  run: async ({ rounds }, say) => {
    say('measuring');
    return { result: { benchmark: 'quick', rounds }, lines: ['a table', 'of two lines'] };
  },
};

describe('wrong arguments end in one sentence and exit code 2', () => {
  const cases: [string[], string][] = [
    [['netwrk'], 'there is no benchmark netwrk; did you mean network?'],
    [['network', 'config1'], 'benchmark network takes no argument, but was given config1: leave it out'],
    [['network', '--round', '3'], 'benchmark network has no option --round; did you mean --rounds?'],
    [['network', '--rounds', '0'], '--rounds is 0, but must be a whole number from 1 to 1000'],
    [['network', '--rounds', '1.5'], '--rounds is 1.5, but must be a whole number from 1 to 1000'],
    [['network', '--rounds'], 'needs a value'],
    [['network', '--rounds', '2', '--rounds', '3'], '--rounds is given 2 times: give it once'],
    [['network', '--delay', 'soon'], '--delay is "soon" but a time is needed'],
    [['network', '--delay', '1.55ms'], '--delay is 1.55 ms, but must be 0 ms or a multiple of the time step'],
    [
      ['network', '--delay=-1ms'],
      '--delay is -1 ms, but must be 0 ms or a multiple of the time step: use 0 ms',
    ],
    [['network', '--duration', '5nS'], '--duration is in nS but a time is needed'],
    [['network', '--duration', '0.1'], '--duration is 0.1 ms, but must be at least two steps of 0.1 ms'],
    [['transfer', '--points', '1'], '--points is 1, but must be a whole number from 2 to 1000'],
    [['transfer', '--repeats', '1'], '--repeats is 1, but must be a whole number from 2 to 1000'],
    [['transfer', '--duration', '10.02'], 'duration is 10.02 ms, but must be a multiple of dt = 0.05 ms'],
    [['transfer', '--delay', '1ms'], 'benchmark transfer has no option --delay'],
    [['network', '--duration', '10.05'], 'duration is 10.05 ms, but a duration must be a multiple of dt'],
  ];
  test.each(cases)('%j', async (args, sentence) => {
    const { code, out, err } = await run(args);
    expect(err).toContain(sentence);
    expect(err).toMatch(/^bench: .+\n$/);
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});

test('without a name the benchmarks are listed, and the exit code is 2', async () => {
  expect((await run([])).code).toBe(2);
  expect((await run(['--help'])).code).toBe(0);
  expect(vi.mocked(console.info).mock.calls.join()).toContain('network');
});

test('--json prints one object, else the table; progress goes to stderr', async () => {
  const json = await run(['quick', '--json', '--rounds', '2'], [quick]);
  expect(json).toEqual({ code: 0, out: '{"benchmark":"quick","rounds":2}\n', err: 'measuring\n' });
  expect((await run(['quick'], [quick])).out).toBe('a table\nof two lines\n');
});

test('--save writes the object beside either', async () => {
  const file = join(folder, 'result.json');
  const { out } = await run(['quick', '--save', file], [quick]);
  expect(out).toBe('a table\nof two lines\n');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ benchmark: 'quick' });
});

test('a place where nothing can be saved is known before anything is measured', async () => {
  const missing = await run(['quick', '--save', join(folder, 'none', 'result.json')], [quick]);
  expect(missing.code).toBe(6);
  expect(missing.err).toMatch(/^bench: .*create the folder/);
  const taken = await run(['quick', '--save', folder], [quick]);
  expect(taken.code).toBe(6);
  expect(taken.err).toMatch(/^bench: .*is a folder/);
});

test('the network benchmark takes both delays and a second, three times, where nothing is said', () => {
  expect(readOptions({})).toEqual({ rounds: 3, duration: 1000, delays: [0, 1.5] });
  expect(readOptions({ delay: '1500us', duration: '0.2 s', rounds: 5 })).toEqual({
    rounds: 5,
    duration: 200,
    delays: [1.5],
  });
});

test('the transfer benchmark takes the grid of the paper, three times, where nothing is said', () => {
  expect(readTransferOptions({})).toEqual({ rounds: 3, points: 10, repeats: 4, duration: 10_000, dt: 0.05 });
});

test('a Python without Brian2 is told apart from one that does not exist', async () => {
  const missing = join(folder, 'python');
  await expect(findBrian2({ SPIKEFIELD_PYTHON: missing })).rejects.toThrow(InputError);
  await expect(findBrian2({ SPIKEFIELD_PYTHON: missing })).rejects.toThrow(/cannot be started \(ENOENT\)/);
  // Node takes the script for JavaScript, and so plays a Python that has trouble with it.
  expect(await findBrian2({ SPIKEFIELD_PYTHON: process.execPath })).toHaveProperty('absent');
  const own = 'SPIKEFIELD_BRIAN2CUDA_PYTHON';
  await expect(findBrian2Cuda({ [own]: missing })).rejects.toThrow(/^SPIKEFIELD_BRIAN2CUDA_PYTHON is /);
  // Its own variable comes first.
  const both = { [own]: process.execPath, SPIKEFIELD_PYTHON: missing };
  expect(await findBrian2Cuda(both)).toHaveProperty('absent');
  await expect(findNumba({ SPIKEFIELD_PYTHON: missing })).rejects.toThrow(/name a Python that has numba/);
  expect(await findNumba({ SPIKEFIELD_PYTHON: process.execPath })).toHaveProperty('absent');
});
