/**
 * The ALN kernel against its twin in double precision, and against itself: in batches, in pieces, reduced, noisy.
 * Tolerances: single precision follows double to 2e-3 Hz over 100 ms from random states and parameters (rates reach 100 Hz).
 */
import { describe, expect, test } from 'vitest';
import { NonFiniteError } from '../../src/errors.ts';
import { defaultTables } from '../../src/fokker-planck/default-tables.ts';
import { alnNodes } from '../../src/models/aln.ts';
import { ALN_VARIABLE_NAMES } from '../../src/models/aln-state.ts';
import { uniforms } from '../../src/random.ts';
import { AlnSimulation } from '../../src/whole-brain/aln-simulation.ts';
import { simulateAln } from '../../src/whole-brain/simulate-aln.ts';
import { testDevice } from '../device.ts';
import { runAlnTwin, type TwinState } from '../twins/aln.ts';

const draw = (stream: number, count: number, low: number, high: number) =>
  uniforms([7, 0, 0, 0], [stream, 0], count).map((u) => low + (high - low) * u);

const COUNT = 40;
/** Beyond both ends of the table too. */
const random = {
  mue_ext_mean: draw(1, COUNT, -2, 6),
  mui_ext_mean: draw(2, COUNT, -2, 6),
  sigmae_ext: draw(3, COUNT, 0.2, 5),
  b: draw(4, COUNT, 0, 40),
  a: draw(5, COUNT, 0, 15),
  de: draw(6, COUNT, 0, 8),
  di: draw(7, COUNT, 0, 8),
  ext_exc_rate: draw(8, COUNT, 0, 0.01),
  tau_se: draw(9, COUNT, 1, 4),
};

describe('ALN nodes', () => {
  test('follow the twin from random states with random parameters and inputs', async () => {
    const steps = 1000;
    const inputs = { ext_exc_current: draw(10, steps, -1, 1), ext_inh_rate: draw(11, steps, 0, 0.02) };
    const device = await testDevice();
    await using simulation = await AlnSimulation.create(device, { parameters: random, seed: 3 });
    const begin = await simulation.state();
    const result = await simulation.run({ duration: 100, inputs, window: 50 });
    for (let node = 0; node < COUNT; node++) {
      const initial = Object.fromEntries(
        ALN_VARIABLE_NAMES.map((name) => [name, begin.variables[name][node]!]),
      ) as TwinState;
      const twin = runAlnTwin(alnNodes(random), node, defaultTables(), initial, { dt: 0.1, steps, inputs });
      const rates = result.select({ variable: 'rates_exc', node });
      const furthest = (from: ArrayLike<number>, to: Float64Array) =>
        to.reduce((most, value, step) => Math.max(most, Math.abs(value - from[step]!)), 0);
      expect(furthest(rates, twin.rates_exc)).toBeLessThan(2e-3);
      expect(furthest(result.select({ variable: 'rates_inh', node }), twin.rates_inh)).toBeLessThan(2e-3);
      expect(furthest(result.select({ variable: 'IA', node }), twin.IA)).toBeLessThan(2e-3);
      expect(Math.abs(result.outsideTable[node]! * steps - twin.clipped)).toBeLessThanOrEqual(2);
      const closing = rates.subarray(steps / 2);
      expect(result.reduction!.rates_exc.max[node]).toBe(Math.max(...closing));
      expect(result.reduction!.rates_exc.min[node]).toBe(Math.min(...closing));
      const mean = closing.reduce((sum, rate) => sum + rate, 0) / closing.length;
      expect(Math.abs(result.reduction!.rates_exc.mean[node]! - mean)).toBeLessThan(1e-5 * Math.max(1, mean));
      for (const name of ALN_VARIABLE_NAMES)
        expect(Math.abs(result.finalState.variables[name][node]! - twin.state[name])).toBeLessThan(5e-3);
    }
  });

  test('a batch of n is n runs, bit for bit, noise included', async () => {
    const device = await testDevice();
    const parameters = { mue_ext_mean: [0.4, 1, 2.4], b: [0, 20, 5], de: [4, 2, 6], sigma_ou: 0.1 };
    const run = { duration: 60, sampling: 1, window: 40 };
    const batch = await simulateAln(device, { parameters, seed: 11, ...run });
    for (const node of [0, 1, 2]) {
      const own = Object.fromEntries(
        Object.entries(parameters).map(([name, value]) => [
          name,
          typeof value === 'number' ? value : value[node]!,
        ]),
      );
      const alone = await simulateAln(device, { parameters: own, seed: 11 + node, ...run });
      for (const variable of batch.variables)
        expect(alone.select({ variable })).toEqual(batch.select({ variable, node }));
      expect(alone.reduction!.rates_exc.mean[0]).toBe(batch.reduction!.rates_exc.mean[node]);
      expect(alone.reduction!.frequency[0]).toBe(batch.reduction!.frequency[node]);
    }
  });

  test('pieces make the whole, in one simulation or handed over, noise included', async () => {
    const device = await testDevice();
    const options = { parameters: { mue_ext_mean: [1, 2], sigma_ou: 0.1, b: 20 }, seed: 4 };
    const whole = await simulateAln(device, { ...options, duration: 50, sampling: 1 });
    await using simulation = await AlnSimulation.create(device, options);
    const first = await simulation.run({ duration: 13.7, sampling: 1 });
    const second = await simulation.run({ duration: 10, sampling: 1 });
    const third = await simulateAln(device, {
      ...options,
      initial: second.finalState,
      duration: 26.3,
      sampling: 1,
    });
    expect([...first.times, ...second.times, ...third.times]).toEqual([...whole.times]);
    for (const variable of whole.variables) {
      const joined = [first, second, third].flatMap((part) => [...part.select({ variable, node: 1 })]);
      expect(joined).toEqual([...whole.select({ variable, node: 1 })]);
    }
    expect(third.finalState).toEqual(whole.finalState);
  });

  test('inputs of the OU process have the mean, SD and correlation of its scheme', async () => {
    const device = await testDevice();
    const count = 400;
    const result = await simulateAln(device, {
      parameters: { mue_ext_mean: new Float64Array(count).fill(0.4), sigma_ou: 0.1 },
      ...{ duration: 200, sampling: 5, variables: 'all', seed: 1 },
    });
    for (const variable of ['mue_ou', 'mui_ou']) {
      const mean = variable === 'mue_ou' ? 0.4 : 0.3;
      const values: number[] = [];
      let product = 0;
      let pairs = 0;
      for (let node = 0; node < count; node++) {
        const all = result.select({ variable, node });
        // After ten time constants the process is stationary.
        for (let sample = 10; sample < all.length; sample++) {
          values.push(all[sample]! - mean);
          if (sample === all.length - 1) continue;
          product += (all[sample]! - mean) * (all[sample + 1]! - mean);
          pairs++;
        }
      }
      const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
      const expected = (0.1 ** 2 * 0.1) / (1 - (1 - 0.1 / 5) ** 2);
      // 400 nodes with 150 / (2 tau) = 15 independent values each: standard errors of mean and SD, four of them.
      const independent = (count * 150) / 10;
      const offset = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(Math.abs(offset)).toBeLessThan(4 * Math.sqrt(expected / independent));
      expect(Math.abs(Math.sqrt(variance / expected) - 1)).toBeLessThan(4 / Math.sqrt(2 * independent));
      expect(Math.abs(product / pairs / variance - (1 - 0.1 / 5) ** 50)).toBeLessThan(0.05);
    }
    const [e, i] = ['mue_ou', 'mui_ou'].map((variable) => result.select({ variable, node: 0 }));
    expect(e).not.toEqual(i);
  });

  test('frequency is counted over the window alone and without recording', async () => {
    const device = await testDevice();
    const parameters = { mue_ext_mean: [1, 0.5], mui_ext_mean: [0.4, 0.8] };
    const result = await simulateAln(device, { parameters, duration: 600, window: 400, sampling: null });
    expect(result.variables).toEqual([]);
    expect(result.reduction!.frequency[0]).toBeGreaterThan(20);
    expect(result.reduction!.frequency[0]).toBeLessThan(22.5);
    expect(result.reduction!.frequency[1]).toBeNaN();
    expect(() => result.select({ variable: 'rates_exc' })).toThrow('run with a sampling time');
  });

  test('a state that explodes ends in a sentence', async () => {
    const device = await testDevice();
    const bad = simulateAln(device, { parameters: { cii: 1e20, Ki: 1e20 }, duration: 10 });
    await expect(bad).rejects.toThrow(NonFiniteError);
    await expect(bad).rejects.toThrow(/of node 0 is .* use a smaller dt/);
  });

  test('a run that is ended within ends the simulation', async () => {
    await using simulation = await AlnSimulation.create(await testDevice());
    const stop = () => {
      throw new Error('enough');
    };
    await expect(simulation.run({ duration: 10, onProgress: stop })).rejects.toThrow('enough');
    await expect(simulation.run({ duration: 10 })).rejects.toThrow('nothing can follow; make another');
  });

  test('times that do not fit are refused', async () => {
    const device = await testDevice();
    const run = (options: object) => simulateAln(device, { duration: 10, ...options });
    await expect(run({ duration: 3 })).rejects.toThrow('the delay de of 4 ms is longer than the run');
    await expect(run({ window: 20 })).rejects.toThrow('the window of 20 ms is longer than the run of 10 ms');
    await expect(run({ sampling: 0.15 })).rejects.toThrow('sampling is 0.15 ms');
    await expect(run({ seed: [1, 2] })).rejects.toThrow('there are 2 seeds for 1 nodes');
  });
});
