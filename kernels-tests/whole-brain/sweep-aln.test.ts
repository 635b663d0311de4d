/**
 * Sweeps by continuation: each value goes on where the one before ended, both directions in one batch, hysteresis where there are
 * two branches (mui_ext_mean 2.5 as in explore-aln.test.ts: silent and active states at mue_ext_mean 2.5).
 */
import { expect, test } from 'vitest';
import { ALN_STARTS, exploreAln } from '../../src/whole-brain/explore-aln.ts';
import { simulateAln } from '../../src/whole-brain/simulate-aln.ts';
import { sweepAln } from '../../src/whole-brain/sweep-aln.ts';
import { testDevice } from '../device.ts';

const axis = (name: string, ...values: number[]) => ({ name, values: Float64Array.from(values) });
const brief = { duration: 400, window: 200 };

test('each value begins where the one before ended, bit for bit', async () => {
  const device = await testDevice();
  const parameters = { mui_ext_mean: 0.5, sigma_ou: 0.05 };
  const vary = axis('mue_ext_mean', 0.4, 1.2);
  const swept = await sweepAln(device, { parameters, vary, ...brief, seed: 3 });
  expect(swept.starts).toEqual(['sweep_up', 'sweep_down']);
  const run = { ...brief, sampling: null, seed: 3 };
  const first = await exploreAln(device, {
    parameters,
    vary: [vary],
    starts: ['down', 'up'],
    ...brief,
    seed: 3,
  });
  const { sweep_up, sweep_down } = swept.outcomes;
  expect(sweep_up!.rates_exc.max[0]).toBe(first.outcomes.down!.rates_exc.max[0]);
  // explore draws the noise of point k from seed + k, so the other end is run alone.
  const top = await simulateAln(device, {
    ...{ ...run, parameters: { ...parameters, mue_ext_mean: 1.2 }, initial: ALN_STARTS.up },
  });
  expect(sweep_down!.rates_exc.max[1]).toBe(top.reduction!.rates_exc.max[0]);
  const bottom = await simulateAln(device, {
    ...{ ...run, parameters: { ...parameters, mue_ext_mean: 0.4 }, initial: top.finalState },
  });
  expect(sweep_down!.rates_exc.mean[0]).toBe(bottom.reduction!.rates_exc.mean[0]);
});

test('hysteresis shows where there are two branches, and only there', async () => {
  const device = await testDevice();
  const vary = axis('mue_ext_mean', 1, 1.75, 2.5, 3.25, 4);
  const run = { ...{ duration: 1500, window: 500 }, parameters: { mui_ext_mean: 2.5 } };
  const { outcomes, regions } = await sweepAln(device, { vary, ...run });
  const [up, down] = [outcomes.sweep_up!.rates_exc.mean, outcomes.sweep_down!.rates_exc.mean];
  expect(down[2]! - up[2]!).toBeGreaterThan(20);
  expect(regions[2]).toBe('bistable');
  expect(Math.abs(down[0]! - up[0]!)).toBeLessThan(0.1);
  expect(Math.abs(down[4]! - up[4]!)).toBeLessThan(0.1);
});

test('a delay is swept too', async () => {
  const device = await testDevice();
  const { outcomes } = await sweepAln(device, {
    ...{ vary: axis('de', 2, 6), parameters: { mue_ext_mean: 1, mui_ext_mean: 0.4 } },
    ...{ duration: 800, window: 500 },
  });
  // The longer the loop, the slower its cycle; both sweeps find it.
  const { sweep_up, sweep_down } = outcomes;
  expect(sweep_up!.frequency[0]!).toBeGreaterThan(sweep_up!.frequency[1]! + 1);
  expect(Math.abs(sweep_up!.frequency[0]! - sweep_down!.frequency[0]!)).toBeLessThan(1);
});

test('what makes no sense is refused', async () => {
  const device = await testDevice();
  await expect(sweepAln(device, { vary: axis('b', 3, 1), ...brief })).rejects.toThrow(
    'values of b do not ascend',
  );
  await expect(sweepAln(device, { vary: axis('bb', 1, 3), ...brief })).rejects.toThrow('no parameter bb');
  await expect(sweepAln(device, { vary: axis('de', 1, 900), ...brief })).rejects.toThrow(
    'the delay de of 900 ms is longer than the run',
  );
});
