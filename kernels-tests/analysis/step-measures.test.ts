import { describe, expect, test } from 'vitest';
import { stepMeasures } from '../../src/analysis/step-measures.ts';

const time = Array.from({ length: 700 }, (_, k) => k);
const step = { start: 100, stop: 500 };
/** -65 mV, and -80 mV + 1 mV for each 80 ms of step. */
const V = time.map((t) => (t >= 100 && t < 500 ? -80 + Math.floor((t - 100) / 80) : -65));

describe('stepMeasures', () => {
  test('a silent response: the last fifth of the step is its steady V', () => {
    expect(stepMeasures({ spikeTimes: [], time, V }, step)).toEqual({
      spikes: 0,
      rate_hz: 0,
      first_spike_latency_ms: null,
      steady_V_mV: -76,
      adaptation_index: null,
    });
  });

  test('latency, rate and index are of the step alone', () => {
    // Intervals within the step: 20, 30, 50.
    const spikeTimes = [50, 110.4, 130.4, 160.4, 210.4, 500, 600];
    const found = stepMeasures({ spikeTimes, time, V }, step);
    expect(found.spikes).toBe(7);
    expect(found.rate_hz).toBe(10);
    expect(found.first_spike_latency_ms).toBe(10.4);
    expect(found.adaptation_index).toBeCloseTo((10 / 50 + 20 / 80) / 2, 12);
    expect(found.steady_V_mV).toBe(-76);
  });

  test('regular firing does not adapt, accelerating firing has an index below 0', () => {
    const index = (spikeTimes: number[]) => stepMeasures({ spikeTimes, time, V }, step).adaptation_index;
    expect(index([110.1, 120.2, 130.3, 140.4])).toBe(0);
    expect(index([110, 150, 170])).toBeCloseTo(-1 / 3, 12);
    expect(index([110, 150])).toBeNull();
  });

  test('there is no steady V where the cell fires', () => {
    expect(stepMeasures({ spikeTimes: [419], time, V }, step).steady_V_mV).toBe(-76);
    expect(stepMeasures({ spikeTimes: [420], time, V }, step).steady_V_mV).toBeNull();
    expect(stepMeasures({ spikeTimes: [499], time, V }, step).steady_V_mV).toBeNull();
    expect(stepMeasures({ spikeTimes: [500], time, V }, step).steady_V_mV).toBe(-76);
  });

  test('a spike at the onset has a latency of 0, rounding included', () => {
    const found = stepMeasures({ spikeTimes: [100 - 1e-13], time, V }, step);
    expect(found.first_spike_latency_ms).toBe(0);
  });
});
