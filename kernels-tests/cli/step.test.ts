/** `spikefield step` from the outside: what it prints, what it leaves, how it refuses. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StepSummary } from '../../src/cli/step-recorder.ts';
import { readNpy } from '../../src/io/npy.ts';
import { readRunManifest } from '../../src/io/run-manifest.ts';
import { ownFolder } from '../own-folder.ts';
import { runIn } from './spikefield.ts';

const folder = ownFolder();
const spikefield = (...args: string[]) => runIn(folder, ...args);

test('numbers, arrays, figure and manifest of two cells and three currents belong together', () => {
  const command = ['step', 'RS-cell,LIF', '--current', '-200pA,0.2nA,50', '--dt', '0.1', '--json'];
  const { status, stdout } = spikefield(...command, '--set', 'tau_ref=4 ms', '--out', 'steps');
  expect(status).toBe(0);
  const summary = JSON.parse(stdout) as StepSummary;
  const manifest = readRunManifest(join(folder, 'steps'));
  expect(manifest.status).toBe('complete');
  expect(manifest.responses).toEqual(summary.cells);
  expect(Object.keys(manifest.files).sort()).toEqual(['steps.png', 'steps.svg']);
  expect(readNpy(join(folder, 'steps', 'time_ms.npy'), 'f8').shape).toEqual([7000]);
  expect([...readNpy(join(folder, 'steps', 'current_pA.npy'), 'f8').data]).toEqual([-200, 200, 50]);
  for (const { cell, currents_pA, responses } of summary.cells) {
    const array = (name: string) => readNpy(join(folder, 'steps', `${cell.name}.${name}.npy`));
    expect(cell.tau_ref).toBe(4);
    expect(currents_pA).toEqual([-200, 200, 50]);
    expect(array('V_mV').shape).toEqual([3, 7000]);
    expect(array('w_pA').shape).toEqual([3, 7000]);
    expect([...array('spike_times_ms').data]).toEqual(responses.flatMap((each) => each.spike_times_ms));
    expect([...array('spike_currents').data]).toEqual(
      responses.flatMap(({ spikes }, index) => new Array<number>(spikes).fill(index)),
    );
    const [down, up] = responses;
    expect(down!.steady_V_mV).toBeLessThan(-75);
    expect(up!.spikes).toBeGreaterThan(3);
    expect(up!.first_spike_latency_ms).toBeCloseTo(up!.spike_times_ms[0]! - 100, 9);
  }
  expect(summary.cells[0]!.responses[1]!.adaptation_index).toBeGreaterThan(0.1);
  expect(summary.cells[1]!.responses[1]!.adaptation_index).toBeCloseTo(0, 2);
  const again = spikefield(...command, '--out', 'steps');
  expect(again.status).toBe(6);
  expect(again.sentence).toMatch(/steps already holds a run/);
});

test('one current means both signs; --quiet says nothing, --no-figures draws nothing', () => {
  const quick = ['--dt', '0.1', '--start', '10', '--stop', '30', '--duration', '40'];
  const { status, stdout } = spikefield(
    ...['step', 'FS-cell', '--current', '100', '--quiet', '--no-figures', '--out', 'one'],
    ...quick,
  );
  expect([status, stdout]).toEqual([0, '']);
  expect([...readNpy(join(folder, 'one', 'current_pA.npy'), 'f8').data]).toEqual([100, -100]);
  expect(existsSync(join(folder, 'one', 'steps.svg'))).toBe(false);
  expect(JSON.parse(readFileSync(join(folder, 'one', 'manifest.json'), 'utf8')).arrays).toBeDefined();
});

test('a mistake ends in one sentence and leaves nothing', () => {
  const { status, sentence } = spikefield('step', 'RS-cell', '--current', '5mV', '--out', 'bad');
  expect(status).toBe(2);
  expect(sentence).toBe('spikefield: --current is in mV but a current is needed; write it in pA, nA or A.');
  expect(existsSync(join(folder, 'bad'))).toBe(false);
});
