/** `spikefield transfer measure` and `show` from the outside: what they print, what they leave, how they refuse. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addTransferCommand } from '../../src/cli/transfer.ts';
import { InputError, OutputError } from '../../src/errors.ts';
import { readTransferData } from '../../src/transfer/transfer-arrays.ts';
import { readTransferManifest } from '../../src/transfer/transfer-manifest.ts';
import { ownFolder } from '../own-folder.ts';
import { called, nodeArguments, runIn } from './spikefield.ts';

const folder = ownFolder();

const run = (...args: string[]) => runIn(folder, 'transfer', ...args);

const small = ['--nu-e', '0,4,8', '--nu-i', '0:10:2', '--duration', '200ms', '--repeats', '3', '--seed', '5'];

test('two cells: one JSON object, and a directory for each', () => {
  const { status, stdout } = run('measure', 'RS-cell,FS-cell', ...small, '--json', '--out', 'two');
  expect(status).toBe(0);
  const { network, cells } = JSON.parse(stdout);
  expect(network).toBe('config1');
  expect(cells.map((each: { out: string }) => each.out)).toEqual(['two/RS-cell', 'two/FS-cell']);
  for (const each of cells) {
    const data = readTransferData(join(folder, each.out));
    expect(each.rate_hz.flat()).toEqual(Array.from(data.rate));
    expect(each.nu_e_hz).toEqual([
      [0, 4, 8],
      [0, 4, 8],
    ]);
    expect(each.shape).toEqual([2, 3]);
    expect(data.settings).toEqual({ dt: 0.05, duration: 200, discard: 0, repeats: 3, seed: 5 });
    expect(data.rate[2]).toBeGreaterThan(20);
  }
  expect(cells[0].cell.name).toBe('RS-cell');
  expect(cells[1].rate_hz[0][2]).toBeGreaterThan(cells[0].rate_hz[0][2]);

  const shown = run('show', 'two/RS-cell');
  expect(shown.status).toBe(0);
  expect(shown.stdout).toContain('RS-cell: output rates (Hz) over 3 repeats of 200 ms at dt 0.05 ms, seed 5');
  expect(shown.stdout).toContain(cells[0].rate_hz[0][2].toFixed(2));
});

test('an interrupted measurement says so, and the same command goes on with it', async () => {
  const long = [
    ...['measure', 'RS-cell', '--nu-e', '0:10:60', '--nu-i', '0:10:60', '--duration', '300s', '--dt', '0.1'],
    ...['--repeats', '8', '--out', 'long'],
  ];
  const child = spawn(process.execPath, nodeArguments('transfer', ...long), { cwd: folder });
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const out = join(folder, 'long');
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const started = performance.now();
  while (
    !existsSync(join(out, 'partial-0.npy')) &&
    child.exitCode === null &&
    performance.now() - started < 60_000
  )
    await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(stderr).toMatch(
    /spikefield: interrupted when \d+ % of RS-cell were done; long keeps what is whole, and the same command goes on from there/,
  );
  expect(readTransferManifest(out).status).toBe('incomplete');
  expect(() => readTransferData(out)).toThrow('the measurement is not complete');
  const kept = readdirSync(out).filter((name) => name.startsWith('partial-')).length;
  expect(kept).toBeGreaterThan(0);
  // Gone on with as a library would: what was kept is not measured again.
  const { TransferDirectory } = await import('../../src/transfer/transfer-directory.ts');
  const { cell, input, settings, grid } = readTransferManifest(out);
  const version = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
  const directory = TransferDirectory.create(out, { cell, input, settings, grid, version });
  expect(directory.store.size).toBeGreaterThan(0);
});

test('a cell that stays silent is measured, with a word about it', () => {
  const args = [
    'measure',
    'RS-cell',
    '--nu-e',
    '0,0.1',
    '--nu-i',
    '0,1',
    '--duration',
    '50ms',
    '--out',
    'silent',
  ];
  const { status, sentences, stdout } = run(...args, '--quiet');
  expect(status).toBe(0);
  expect(stdout).toBe('');
  expect(sentences).toEqual([
    'spikefield: RS-cell fired no spike anywhere on the grid in 50 ms, so no transfer function can be fitted to this: give higher rates or a longer duration',
  ]);
});

test('--dry-run computes and writes nothing', () => {
  const { status, stdout } = run(
    'measure',
    'RS-cell',
    '--adaptive',
    '--repeats',
    '8',
    '--dry-run',
    '--json',
    '--out',
    'dry',
  );
  expect(status).toBe(0);
  const cost = JSON.parse(stdout);
  expect(cost).toMatchObject({ cells: ['RS-cell'], points: 100, repeats: 8, steps: 200_000, problem: null });
  expect(cost.time_s).toBeGreaterThan(0);
  expect(existsSync(join(folder, 'dry'))).toBe(false);
});

/** Runs a command in this process, which none of these lets come to a device. */
const transfer = (...args: string[]) => called(addTransferCommand, 'transfer', ...args);
const refused = (...args: string[]) => transfer(...args, '--out', join(folder, 'refused'));

describe('wrong input ends in one sentence', () => {
  const cases: [string[], string][] = [
    [['measur', 'RS-cell'], 'spikefield transfer cannot measur; did you mean measure?'],
    [['measure', 'RS-cel'], '"RS-cel" is neither a file nor a library cell'],
    [
      ['measure', 'RS-cell,'],
      '"RS-cell," names an empty cell; separate cells by single commas, as RS-cell,FS-cell',
    ],
    [
      ['measure', 'RS-cell,RS-cell'],
      'two of the cells are called RS-cell; give each another name, or measure one at a time',
    ],
    [['measure', 'RS-cell', '--network', 'config2'], '"config2" is neither a file nor a built-in network'],
    [
      ['measure', 'RS-cell', '--population', 'exe'],
      'network config1 has no population exe; did you mean exc?',
    ],
    [
      ['measure', 'RS-cell', '--nu-e', '5'],
      'nu_e has one value, but a transfer function is measured on a grid',
    ],
    [
      ['measure', 'RS-cell', '--nu-e', '0:20:0'],
      'nu_e has no value, but a transfer function is measured on a grid',
    ],
    [['measure', 'RS-cell', '--nu-i=-5:5:3'], 'nu_i holds -5 Hz, but rates are 0 Hz or more'],
    [['measure', 'RS-cell', '--nu-i', '0:5'], '--nu-i is "0:5", but must be first:last:count'],
    [
      ['measure', 'RS-cell', '--adaptive', '--nu-e', '0:5:3'],
      '--adaptive chooses nu_e by itself: leave out --nu-e',
    ],
    [
      ['measure', 'RS-cell', '--columns', '5'],
      '--columns says how nu_e is chosen, so it needs --adaptive beside it',
    ],
    [['measure', 'RS-cell', '--repeats', '1'], 'repeats is 1, but must be a whole number from 2'],
    [['measure', 'RS-cell', '--duration', '0'], 'duration is 0 ms, but must be at least one step'],
    [['measure', 'RS-cell', '--dt', '2 nS'], '--dt is in nS but a time is needed'],
    [
      ['measure', 'RS-cell', '--set', 'tau_ref=4.98ms'],
      'dt is 0.05 ms, of which the refractory period of RS-cell, 4.98 ms, is no multiple',
    ],
    [['measure', 'RS-cell', '--linear'], 'spikefield transfer measure has no option --linear'],
    [['fit', 'x', '--nu-e', '0:5:3'], 'spikefield transfer fit has no option --nu-e'],
    [['measure', 'RS-cell', '--no-figures'], 'spikefield transfer measure has no option --no-figures'],
  ];
  test.each(cases)('%j', async (args, sentence) => {
    const error = await refused(...args).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain(sentence);
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });

  test('a folder that holds a measurement already', async () => {
    const again = refused('measure', 'RS-cell', '--out', 'x').catch((each: unknown) => each);
    expect(((await again) as Error).message).toBe('--out is given 2 times: give it once');
    const silent = transfer('measure', 'RS-cell', '--out', join(folder, 'silent'));
    await expect(silent).rejects.toThrow(OutputError);
  });

  test('show of what is no measurement', async () => {
    await expect(transfer('show', folder)).rejects.toThrow('there is no manifest here that can be read');
  });
});
