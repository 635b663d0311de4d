/** `spikefield compare` from the outside: what it prints and leaves, on a network of 1000 neurons. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addCompareCommand } from '../../src/cli/compare.ts';
import { readNpy } from '../../src/io/npy.ts';
import { ownFolder } from '../own-folder.ts';
import { caller } from './spikefield.ts';

const folder = ownFolder();

const small = [
  ...['--set', 'populations.exc.size=800', '--set', 'populations.inh.size=200'],
  ...['--set', 'projections.*.connect.probability=0.5'],
];
const { said, call: compare } = caller(addCompareCommand, 'compare', 'config1', ...small);

test('each quantity measured, predicted, ratio; arrays and figures', async () => {
  const out = join(folder, 'two');
  const options = ['--seeds', '2', '--duration', '150ms', '--discard', '50ms'];
  await compare(...options, '--waveform', '2Hz,100ms,20ms,20ms', '--out', out, '--json');
  const { populations, seeds, response } = JSON.parse(said.stdout) as {
    populations: Record<string, Record<string, { measured: number; predicted: number; ratio: number }>>;
    seeds: number[];
    response: Record<string, { peak_hz: { ratio: number } }>;
  };
  expect(seeds).toEqual([1, 2]);
  for (const name of ['exc', 'inh'])
    for (const { measured, predicted, ratio } of Object.values(populations[name]!)) {
      expect(ratio).toBeCloseTo(measured / predicted, 12);
      expect(ratio).toBeGreaterThan(0.3);
    }
  expect(response.exc!.peak_hz.ratio).toBeGreaterThan(0.3);
  expect(readNpy(join(out, 'rates_exc.npy')).shape).toEqual([2, 30]);
  expect(readNpy(join(out, 'response_predicted_inh.npy')).shape).toEqual([151]);
  for (const name of ['distributions', 'response']) expect(existsSync(join(out, `${name}.png`))).toBe(true);
  expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')).status).toBe('complete');
});

test('says what it would cost, and refuses what cannot be', async () => {
  await compare('--seeds', '3', '--duration', '1s', '--dry-run', '--json');
  expect(JSON.parse(said.stdout)).toEqual({ network: 'config1', runs: 3, simulated_ms: 3000 });
  await expect(compare('--seeds', '0')).rejects.toThrow('--seeds is 0, but must be a whole number from 1');
  await expect(compare('--fraction', '0.5')).rejects.toThrow('--fraction divides an afferent input');
  await expect(compare('--discard', '2s', '--duration', '1s', '--out', join(folder, 'no'))).rejects.toThrow(
    '2000 ms are to be discarded of a run of 1000 ms',
  );
});
