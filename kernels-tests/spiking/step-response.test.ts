/**
 * Responses to current steps: against the same equations written out in double precision, against the solution of the
 * passive membrane, and that a batch does not depend on how it is cut.
 */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { CELL_LIBRARY, type Cell, spikeLevel } from '../../src/models/cells.ts';
import {
  type StepOptions,
  stepBatches,
  stepResponse,
  stepResponses,
} from '../../src/spiking/step-response.ts';
import { testDevice } from '../device.ts';
import { cell } from './networks.ts';

/** Euler in double precision with Brian2's meaning of refractoriness: samples of V and w, and steps with spikes. */
function doublePrecision(of: Cell, current: (step: number) => number, steps: number, dt: number) {
  const V = [of.E_L];
  const w = [0];
  const spikes: number[] = [];
  const held = Math.round(of.tau_ref / dt);
  let free = 0;
  for (let step = 0; step < steps; step++) {
    const [v, a] = [V[step]!, w[step]!];
    const exponential = of.Delta_T > 0 ? of.g_L * of.Delta_T * Math.exp((v - of.V_T) / of.Delta_T) : 0;
    const rise = (dt / of.C_m) * (of.g_L * (of.E_L - v) + exponential - a + current(step));
    let next = step < free ? v : v + rise;
    let adapted = a + (dt / of.tau_w) * (of.a * (v - of.E_L) - a);
    if (step >= free && next > spikeLevel(of)) {
      spikes.push(step);
      next = of.V_r;
      adapted += of.b;
      free = step + held;
    }
    V.push(next);
    w.push(adapted);
  }
  return { V, w, spikes };
}

test('every library cell as in double precision, at every step', async () => {
  const dt = 0.1;
  const currents = [250, -100, 40];
  const responses = await stepResponses(CELL_LIBRARY, {
    device: await testDevice(),
    ...{ currents, dt, sampleEvery: dt, start: 20, stop: 120, duration: 150 },
  });
  expect(responses.map(({ cell }) => cell.name)).toEqual(CELL_LIBRARY.map(({ name }) => name));
  for (const { cell: of, traces, time } of responses) {
    expect(time.length).toBe(1500);
    expect(time[1499]).toBe(149.9);
    traces.forEach(({ current, V, w, spikeTimes }, index) => {
      expect(current).toBe(currents[index]);
      const injected = (step: number) => (step >= 200 && step < 1200 ? current : 0);
      const expected = doublePrecision(of, injected, 1500, dt);
      const what = `${of.name} at ${current} pA`;
      expect(
        Array.from(spikeTimes, (t) => Math.round(t / dt)),
        what,
      ).toEqual(expected.spikes);
      // In the step before a spike V moves by millivolts, and single precision shows: below V_T it does not.
      const off = (sample: number) =>
        expected.V[sample]! < of.V_T ? Math.abs(V[sample]! - expected.V[sample]!) : 0;
      expect(Math.max(...V.map((_, sample) => off(sample))), what).toBeLessThan(2e-3);
      expect(Math.max(...w.map((value, sample) => Math.abs(value - expected.w[sample]!))), what).toBeLessThan(
        2e-3,
      );
    });
  }
});

test('a passive membrane charges as exp(-t / tau_m)', async () => {
  const of = cell('LIF');
  const { traces, time } = await stepResponse(of, {
    device: await testDevice(),
    ...{ currents: [-100], start: 0, stop: 60, duration: 60 },
  });
  const tau = of.C_m / of.g_L;
  const worst = time.reduce(
    (most, t, k) => Math.max(most, Math.abs(traces[0]!.V[k]! - (of.E_L - 10 * (1 - Math.exp(-t / tau))))),
    0,
  );
  // Euler lags by dt / (2 tau) of the slope: at most 10 mV x 0.01 / 15 / 2 / e.
  expect(worst).toBeLessThan(2e-3);
});

test('a response does not depend on the others of its batch, nor on where it is cut', async () => {
  const device = await testDevice();
  const shared = { device, dt: 0.1, start: 5, stop: 40, duration: 50 } satisfies StepOptions;
  const currents = Array.from({ length: 140 }, (_, index) => 5 * index);
  expect(stepBatches([cell('RS-cell')], { ...shared, currents }).networks.length).toBe(2);
  const { traces } = await stepResponse(cell('RS-cell'), { ...shared, currents });
  for (const index of [0, 127, 128, 139]) {
    const alone = await stepResponse(cell('RS-cell'), { ...shared, currents: [currents[index]!] });
    expect(traces[index]).toEqual(alone.traces[0]);
  }
  expect(traces[139]!.spikes).toBeGreaterThan(0);
});

test('progress rises to 1, and an error in it ends the run', async () => {
  const device = await testDevice();
  const seen: number[] = [];
  const options = { device, dt: 0.1, start: 0, stop: 100, duration: 200 };
  await stepResponse(cell('RS-cell'), { ...options, onProgress: (fraction) => seen.push(fraction) });
  expect(seen.at(-1)).toBe(1);
  expect(seen.toSorted((a, b) => a - b)).toEqual(seen);
  const stop = () => {
    throw new Error('enough');
  };
  await expect(stepResponse(cell('RS-cell'), { ...options, onProgress: stop })).rejects.toThrow('enough');
});

describe('refuses in a sentence', () => {
  const rows: [Partial<StepOptions>, RegExp][] = [
    [{ dt: 0 }, /^dt is 0 ms; give a time above 0 ms$/],
    [{ dt: Number.NaN }, /^dt is NaN ms/],
    [
      { dt: 0.03 },
      /onset of the step is 100 ms, which is not a multiple of dt = 0.03 ms; use 99.99 or 100.02 ms/,
    ],
    [{ dt: 0.8 }, /tau_ref of RS-cell is 5 ms, which is not a multiple of dt = 0.8 ms/],
    [{ dt: 2.5 }, /dt is 2.5 ms, too coarse: near the threshold of RS-cell V may move by half of Delta_T/],
    [{ start: -1 }, /onset of the step is -1 ms; give a time of at least 0 ms/],
    [{ start: 500, stop: 100 }, /begins at 500 ms and ends at 100 ms/],
    [{ stop: 900 }, /ends at 900 ms, after the run of 700 ms/],
    [{ sampleEvery: 0.005 }, /time between samples is 0.005 ms, which is not a multiple of dt/],
    [{ duration: 1e9 }, /is 1000000000 ms, or 100000000000 steps of dt; give at most 4294967295 steps/],
    [{ duration: 2e7, sampleEvery: 0.1 }, /4.00e\+8 samples of V would be recorded, more than/],
    [{ currents: [] }, /no current is given/],
    [{ currents: [Number.NaN] }, /the current is NaN, which is not a finite number/],
    [{ currents: [1, 1] }, /the current 1 pA is given twice/],
    [{ currents: [2e9] }, /is 200000 V, more than any membrane bears; give a current of at most 100000 pA/],
  ];
  test.each(rows)('%j', (options, sentence) => {
    const attempt = () => stepBatches([cell('RS-cell')], options);
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(sentence);
  });

  test('cells that cannot be, or be told apart', () => {
    expect(() => stepBatches([], {})).toThrow(/no cell is given/);
    expect(() => stepBatches([cell('LIF'), cell('LIF', { b: 1, tau_w: 5 })], {})).toThrow(
      /two cells are called LIF/,
    );
    expect(() => stepBatches([cell('LIF', { C_m: -1 })], {})).toThrow(/cell\.C_m is -1 pF/);
  });

  test('defaults follow dt', () => {
    expect(stepBatches([cell('RS-cell')], {}).settings.sampleEvery).toBe(0.1);
    expect(stepBatches([cell('RS-cell')], { dt: 0.25 }).settings.sampleEvery).toBe(0.25);
    expect(stepBatches([cell('RS-cell')], { dt: 0.02 }).settings.sampleEvery).toBe(0.1);
  });
});
