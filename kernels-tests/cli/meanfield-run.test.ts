/** `spikefield meanfield run` from the outside: what it prints, what it leaves, of what it warns. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addMeanFieldCommand } from '../../src/cli/meanfield.ts';
import { readNpy } from '../../src/io/npy.ts';
import { ownFolder } from '../own-folder.ts';
import { caller } from './spikefield.ts';

const folder = ownFolder();

const { said, call: meanfield } = caller(addMeanFieldCommand, 'meanfield');

/** What the tests look at of what is printed. */
interface Printed {
  populations: { exc: { first_hz: number; last_hz: number; peak_hz: number } };
  warnings: string[];
}
const json = () => JSON.parse(said.stdout) as Printed;

describe('run', () => {
  test('a dry run counts fluctuations among the numbers of a sample', async () => {
    const options = ['--duration', '50ms', '--dry-run', '--json'];
    await meanfield('run', 'config1', ...options, '--ou-sd', '1Hz');
    expect(JSON.parse(said.stdout)).toEqual({
      ...{ network: 'config1', order: 2, steps: 500, samples: 51, variables: 7 },
    });
  });

  test("the paper's waveform: rates rise and return; arrays, figure and manifest", async () => {
    const out = join(folder, 'run');
    const options = ['--waveform', '2Hz,100ms,20ms,30ms', '--duration', '300ms', '--out', out, '--json'];
    await meanfield('run', 'config1', '--as-published', ...options);
    const { populations, warnings } = json();
    expect(populations.exc.first_hz).toBeCloseTo(2.4596, 3);
    expect(populations.exc.last_hz).toBeCloseTo(2.4596, 3);
    expect(populations.exc.peak_hz).toBeGreaterThan(8);
    expect(warnings).toEqual([]);
    const rate = readNpy(join(out, 'rate_exc.npy'));
    expect(rate.shape).toEqual([301]);
    expect(readNpy(join(out, 'covariance_exc_inh.npy')).shape).toEqual([301]);
    expect(existsSync(join(out, 'rates.png'))).toBe(true);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    expect(manifest.status).toBe('complete');
    expect(manifest.waveform).toBe('2Hz,100ms,20ms,30ms');
  });

  test('says what cannot be trusted', async () => {
    const out = join(folder, 'beyond');
    // 60 Hz more excitation than any fit has seen, within a ms.
    await meanfield(
      'run',
      'config1',
      '--waveform',
      '60Hz,20ms,1ms,1ms',
      '--duration',
      '40ms',
      '--out',
      out,
      '--quiet',
    );
    expect(said.stderr).toMatch(
      /input to exc reaches rates that its fit has not seen, so it extrapolates there/,
    );
    expect(said.stderr).toMatch(/knows nothing shorter than its time scale T of 5 ms/);
    expect(readFileSync(join(out, 'rates.svg'), 'utf8')).toContain('beyond the range fitted');
  });

  test('says where second order leaves the rates that there are', async () => {
    const out = join(folder, 'negative');
    const options = ['--waveform', '40Hz,50ms,20ms,20ms', '--duration', '40ms', '--no-figures', '--out', out];
    await meanfield('run', 'config1', ...options, '--json');
    expect(json().warnings.join()).toMatch(
      /the rate of exc is below 0 Hz at \d+\.0 ms, which second order does not/,
    );
    expect(readNpy(join(out, 'rate_exc.npy')).data.some((rate) => rate < 0)).toBe(true);
  });
});

describe('drives that fluctuate', () => {
  test('leave their fluctuations, which the seed determines', async () => {
    const rates = async (name: string, seed: string) => {
      const out = join(folder, name);
      const options = ['--ou-sd', '0.5Hz', '--ou-tau', '4ms', '--seed', seed, '--duration', '60ms'];
      await meanfield('run', 'config1', ...options, '--order', '1', '--out', out, '--quiet');
      return { out, rate: readNpy(join(out, 'rate_exc.npy')).data as Float32Array };
    };
    const one = await rates('ou-1', '1');
    const same = await rates('ou-same', '1');
    const other = await rates('ou-2', '2');
    expect(same.rate).toEqual(one.rate);
    expect(other.rate).not.toEqual(one.rate);
    expect(Math.max(...one.rate) - Math.min(...one.rate)).toBeGreaterThan(0.3);
    expect(readNpy(join(one.out, 'fluctuation_inh.npy')).shape).toEqual([61]);
    const manifest = JSON.parse(readFileSync(join(one.out, 'manifest.json'), 'utf8'));
    expect(manifest.fluctuation).toEqual({ sd: 0.5, tau: 4 });
    expect(manifest.settings.seed).toBe(1);
    expect(readFileSync(join(one.out, 'rates.svg'), 'utf8')).toContain('drive +- 0.5 Hz over 4 ms');
  });

  test('are warned of where they would fall below 0', async () => {
    const out = join(folder, 'ou-wide');
    await meanfield(
      'run',
      'config1',
      '--ou-sd',
      '3Hz',
      '--duration',
      '5ms',
      '--out',
      out,
      '--no-figures',
      '--json',
    );
    expect(json().warnings.join()).toContain(
      'the external rate of exc, 4 Hz at its lowest, fluctuates with an SD of 3 Hz',
    );
  });
});
