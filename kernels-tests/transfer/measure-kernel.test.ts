/**
 * shaders/transfer/measure.wgsl against its twin in double precision, neuron by neuron: cells, synapses, rates, time steps and
 * seeds drawn at random, windows of steps that do not divide the run, tables in registers and tables looked up.
 *
 * Spikes must be identical wherever they do not hang on rounding: where the twin's count is the same when V is pushed by 2e-6 mV
 * in every step, up or down (single precision rounds the distance of V from E_L by less than 1e-6 mV). Of those neurons the sums
 * must agree as follows, relative to the sum of absolute values:
 *
 * | sum              | tolerance | reason                                                                               |
 * | ---------------- | --------- | ------------------------------------------------------------------------------------ |
 * | spikes, counted  | 0         | integers                                                                             |
 * | V, VV, fast, slow| 1e-4      | V itself is right to 1e-5 mV but for the last step before a spike, where errors grow with the spike current |
 */
import { describe, expect, test } from 'vitest';
import { measureBlock } from '../../src/transfer/measure-block.ts';
import type { Subject } from '../../src/transfer/measure-program.ts';
import { testDevice } from '../device.ts';
import { type Draws, draws } from '../draws.ts';
import { cell } from '../spiking/networks.ts';
import type { MeasuredNeuron } from '../twins/measure.ts';
import { subject, sumsOf, twinOf } from './measured.ts';

const names = ['RS-cell', 'FS-cell', 'LIF', 'EIF', 'AdExp', 'RS-cell2'];

/** A cell with synapses and settings; rates will be `crowd` times as high as usual, and events as much weaker. */
function randomSubject(draw: Draws, crowd: number): Subject {
  const dt = draw.pick([0.1, 0.05, 0.025]);
  const group = (E_rev: number, Q: number) => ({
    K: draw.integer(20, 500),
    Q,
    tau: draw.between(2, 10),
    E_rev,
  });
  const scale = 1 / crowd;
  const input = {
    exc: group(draw.between(-10, 10), scale * draw.between(0.5, 2)),
    inh: group(draw.between(-90, -70), scale * draw.between(1, 6)),
  };
  const changes = { b: draw.pick([0, 20, 60]), tau_w: draw.between(50, 500), tau_ref: draw.pick([0, 2, 5]) };
  const steps = draw.integer(1200, 2600);
  const discard = dt * draw.pick([0, 150, 1040]);
  return subject(
    cell(draw.pick(names), changes),
    { dt, duration: steps * dt, discard, seed: draw.integer(0, 2 ** 40) },
    input,
  );
}

const sums = ['V', 'VV', 'fast', 'slow'] as const;

function expectSums(found: MeasuredNeuron, twin: MeasuredNeuron, scale: number, where: string) {
  expect(found.spikes, `spikes ${where}`).toBe(twin.spikes);
  expect(found.counted, `counted ${where}`).toBe(twin.counted);
  for (const name of sums) {
    const unit = twin.counted * (name === 'V' ? scale : scale * scale);
    expect(Math.abs(found[name] - twin[name]) / unit, `${name} ${where}`).toBeLessThan(1e-4);
  }
  for (const name of ['fastGain', 'slowGain'] as const)
    expect(Math.abs(found[name] - twin[name]) / scale, `${name} ${where}`).toBeLessThan(1e-3);
}

describe('neurons of one block against the twin', () => {
  const cases = [
    ...[1, 2, 3, 4, 5, 6].map((seed) => ({ seed, crowd: 1, tables: 'few thresholds' })),
    ...[7, 8].map((seed) => ({ seed, crowd: 10, tables: 'many thresholds' })),
    ...[11, 12].map((seed) => ({ seed, crowd: 60, tables: 'thresholds looked up' })),
  ];
  let fired = 0;
  let compared = 0;
  let doubtful = 0;
  test.each(cases)('subject $seed, $tables', async ({ seed, crowd }) => {
    const draw = draws(seed);
    const of = randomSubject(draw, crowd);
    const quartets = Array.from({ length: crowd > 1 ? 2 : 5 }, () => ({
      nu_e: crowd * draw.pick([0, draw.between(0, 8), draw.between(4, 25)]),
      nu_i: crowd * draw.pick([0, draw.between(0, 20)]),
      index: draw.integer(0, 3),
    }));
    const found = await measureBlock(await testDevice(), of, quartets);
    quartets.forEach((quartet, at) => {
      for (let lane = 0; lane < 4; lane++) {
        const place = { ...quartet, repeat: 4 * quartet.index + lane };
        const twin = twinOf(of, place);
        const pushed = [2e-6, -2e-6].map((push) => twinOf(of, place, push));
        if (pushed.some(({ spikes, counted }) => spikes !== twin.spikes || counted !== twin.counted)) {
          doubtful++;
          continue;
        }
        compared++;
        fired += twin.spikes;
        const scale = Math.sqrt(twin.VV / twin.counted) || 1;
        const where = `at nu_e ${place.nu_e}, nu_i ${place.nu_i}, repeat ${place.repeat} of ${of.cell.name}`;
        expectSums(sumsOf(found[at]!, lane), twin, Math.max(scale, 1), where);
      }
    });
  });

  test('enough was compared, and it fired', () => {
    expect(compared).toBeGreaterThan(10 * doubtful);
    expect(fired).toBeGreaterThan(500);
  });
});
