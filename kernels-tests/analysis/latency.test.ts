/** Latencies and speeds of a response whose front is known, and the latencies that the published program gives (zerlaut2017/ring_*). */
import { describe, expect, test } from 'vitest';
import { latencies, propagation } from '../../src/analysis/latency.ts';
import { referenceArray, referenceJson, referencePath } from '../reference.ts';

/** A ramp that reaches each place after its distance over the speed, and stays below 1. */
function front(speed: number, { places = 21, origin = 10, dt = 0.5, samples = 800 } = {}) {
  const positions = Float64Array.from({ length: places }, (_, k) => 1.2 * k);
  const times = Float64Array.from({ length: samples }, (_, k) => k * dt);
  const values = new Float64Array(places * samples);
  for (let sample = 0; sample < samples; sample++)
    for (let place = 0; place < places; place++) {
      const start = 50 + (1000 * Math.abs(positions[place]! - positions[origin]!)) / speed;
      const since = times[sample]! - start;
      values[sample * places + place] =
        Math.min(1, Math.max(0, since / 50)) * Math.exp(-Math.max(0, since - 50) / 100);
    }
  return { values, times, positions };
}

describe('a front of known speed', () => {
  test.each([60, 150, 400])('%d mm/s', (speed) => {
    const found = propagation(front(speed));
    expect(found.latencies).toHaveLength(21);
    // A fifth of the ramp's 50 ms after its beginning.
    expect(found.origin).toEqual({ place: 10, position: 12, time: 60 });
    expect(found.fronts.map(({ side, places }) => [side, places])).toEqual([
      ['left', 10],
      ['right', 10],
    ]);
    // Times are multiples of 0.5 ms.
    expect(Math.abs(found.speed! / speed - 1)).toBeLessThan(0.02);
    const right = found.fronts[1]!;
    expect(right.from.position).toBeCloseTo(13.2, 10);
    expect(right.to.position).toBeCloseTo(24, 10);
    expect(right.to.time - right.from.time).toBeCloseTo((1000 * 10.8) / right.speed, 8);
  });

  test('places that do not respond have no latency, and too few of them no speed', () => {
    const map = front(100);
    for (let sample = 0; sample < 800; sample++)
      for (let place = 0; place < 21; place++)
        if (Math.abs(place - 10) > 2) map.values[sample * 21 + place]! *= 0.01;
    const found = propagation(map);
    expect(found.latencies.map(({ place }) => place)).toEqual([8, 9, 10, 11, 12]);
    expect(found.fronts).toEqual([]);
    expect(found.speed).toBeUndefined();
  });

  test('nothing at all', () => {
    const map = { ...front(100), values: new Float64Array(21 * 800) };
    expect(propagation(map)).toEqual({ latencies: [], origin: undefined, fronts: [], speed: undefined });
  });
});

const names = ['baseline', 'vc50', 'Tau1_10_Tau2_50', 'lexc1_sX4'];
describe.skipIf(referencePath('zerlaut2017', 'ring_baseline.json') === undefined)(
  'published latencies',
  () => {
    test.each(names)('%s', (name) => {
      const { latency, X_mm, n_t } = referenceJson<{
        latency: { t_ms: number[]; X_mm: number[] };
        X_mm: number[];
        n_t: number;
      }>('zerlaut2017', `ring_${name}.json`);
      const { data } = referenceArray('zerlaut2017', `ring_${name}_muVn.npy`);
      const times = Float64Array.from({ length: n_t }, (_, k) => 0.5 * k);
      const found = latencies({ values: data, times, positions: X_mm });
      expect(found.map(({ position }) => position)).toEqual(latency.X_mm);
      found.forEach(({ time }, k) => {
        expect(time).toBeCloseTo(latency.t_ms[k]!, 6);
      });
    });
  },
);
