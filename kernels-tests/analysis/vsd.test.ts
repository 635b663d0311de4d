/** Recordings: smoothing and centring against values worked out by hand, and what is refused. */
import { expect, test } from 'vitest';
import { boxSmoothed, centreRecording } from '../../src/analysis/vsd.ts';
import { alignTo, meetings, NONE } from '../../src/analysis/vsd-residual.ts';

function blob(peakTime = 40, centre = 6) {
  const times = Float64Array.from({ length: 50 }, (_, k) => -100 + 8 * k);
  const positions = Float64Array.from({ length: 30 }, (_, k) => 0.5 * k);
  const data = Float64Array.from({ length: 1500 }, (_, k) =>
    Math.exp(
      -(((positions[Math.floor(k / 50)]! - centre) / 3) ** 2) - ((times[k % 50]! - peakTime) / 60) ** 2,
    ),
  );
  return { data, times, positions };
}

test('the box: even ones end at the sample, odd ones lie around it, 0 beyond the edge', () => {
  expect(Array.from(boxSmoothed([4, 8, 12, 16], 2, 2, 2))).toEqual([1, 3, 4, 10]);
  expect(Array.from(boxSmoothed([9, 0, 0, 0, 0, 0, 0, 0, 9], 3, 3, 3))).toEqual([1, 1, 0, 1, 2, 1, 0, 1, 1]);
});

test('the response is centred where it was made', () => {
  const centred = centreRecording(blob(), { box: 1, from: -200, to: 400 });
  expect(Math.abs(centred.peakTime - 40)).toBeLessThanOrEqual(8);
  expect(Math.abs(centred.centre - 6)).toBeLessThanOrEqual(0.5);
  expect(centred.times).toContain(0);
  expect(centred.positions).toContain(0);
  expect(centreRecording(blob(), { box: 1, from: -100, to: 292 }).times.length).toBe(48);
});

test('NaN count as 0 and are told; rows of nothing else are named', () => {
  const recording = blob();
  recording.data.fill(Number.NaN, 100, 150);
  recording.data[7] = Number.NaN;
  const { blanked, emptyRows, data } = centreRecording(recording);
  expect([blanked, emptyRows]).toEqual([51, [2]]);
  expect(data.every(Number.isFinite)).toBe(true);
});

test.each([
  ['only NaN', (r: ReturnType<typeof blob>) => r.data.fill(Number.NaN), /no numbers/],
  ['nothing above 0', (r: ReturnType<typeof blob>) => r.data.fill(-1), /rises above 0/],
  ['times that fall', (r: ReturnType<typeof blob>) => r.times.reverse(), /time axis/],
  ['NaN in space', (r: ReturnType<typeof blob>) => r.positions.fill(Number.NaN, 3, 4), /space axis/],
])('%s is refused', (_, spoil, message) => {
  const recording = blob();
  spoil(recording);
  expect(() => centreRecording(recording)).toThrow(message);
});

test('windows, boxes and sizes are checked', () => {
  expect(() => centreRecording(blob(), { from: 900, to: 1000 })).toThrow(/0 samples/);
  expect(() => centreRecording(blob(), { from: 5, to: 5 })).toThrow(/above its beginning/);
  expect(() => centreRecording(blob(), { box: 0 })).toThrow(/box/);
  expect(() => centreRecording({ ...blob(), data: new Float64Array(7) })).toThrow(/7 values/);
  expect(() =>
    centreRecording({
      data: new Float64Array(2),
      times: Float64Array.of(1),
      positions: Float64Array.of(1, 2),
    }),
  ).toThrow(/at least 2/);
});

test('the model meets a frame early, and nothing beyond its ends', () => {
  const centred = centreRecording(blob(), { box: 1 });
  const alignment = alignTo(centred, [-3, 0, 3], { dt: 0.5 });
  const met = meetings(alignment, 100, 300);
  const zero = centred.times.indexOf(0);
  // Less than 8 ms before the time itself: 15 steps of 0.5 ms.
  expect(met[zero]).toBe(100 - 15);
  expect(met[centred.times.length - 1]).toBe(NONE);
  expect(() => alignTo(centred, [50], { dt: 0.5 })).toThrow(/no pixel/);
  expect(() => alignTo(centred, [0], { dt: 8 })).toThrow(/smaller dt/);
  expect(() => alignTo(centred, [0], { dt: 0.5, scale: -1 })).toThrow(/above 0/);
});
