/**
 * Makes recording.npz: a ring whose parameters lie off the paper's grid, seen by a camera of 110 frames a second along 24 mm of cortex, with
 * noise. Run again with `npx tsx examples/zerlaut2017-scan/make-recording.ts`; the numbers come out the same.
 */
import { fileURLToPath } from 'node:url';
import { openDevice } from '../../src/gpu/device.ts';
import { writeNpz } from '../../src/io/npz.ts';
import { meanField } from '../../src/mean-field/library.ts';
import { readNetwork } from '../../src/models/read-network.ts';
import { ZERLAUT_RING } from '../../src/models/ring.ts';
import { normals, randomKey } from '../../src/random.ts';
import { simulateRings } from '../../src/ring/simulate.ts';

const HIDDEN = { conduction_velocity: 240, exc_extent: 4.3, inh_extent: 1.6 } as const;
const STIMULUS = { kind: 'centre', amplitude: 15, extent: 0.95, tau1: 34, tau2: 140 } as const;
/** Frames a second, noise as part of the largest response, and its seed. */
const [FRAMES, NOISE, SEED] = [110, 0.05, 2017];
/** The camera's own clock and ruler. */
const [FIRST_FRAME, PEAK_FRAME, PIXELS, PIXEL, CENTRE] = [-32, 0, 61, 0.4, 11];

await using device = await openDevice();
const model = meanField(readNetwork('config1'), { formula: 'as-published' });
const [run] = await simulateRings(device, [{ ...ZERLAUT_RING, ...HIDDEN, stimulus: STIMULUS }], { model });
const { deltaV, positions, times } = run!;
const units = positions.length;
const at = (time: number, x: number) => {
  const sample = Math.round(time / (times[1]! - times[0]!));
  if (sample < 0 || sample >= times.length) return 0;
  const unit = Math.min(units - 2, Math.max(0, Math.floor(x / (positions[1]! - positions[0]!))));
  const part = (x - positions[unit]!) / (positions[unit + 1]! - positions[unit]!);
  return deltaV[sample * units + unit]! * (1 - part) + deltaV[sample * units + unit + 1]! * part;
};
const top = deltaV.reduce((most, value) => Math.max(most, value), 0);
const peak = Math.floor(deltaV.indexOf(top) / units) * (times[1]! - times[0]!);
const time = Float64Array.from({ length: 72 }, (_, k) => ((FIRST_FRAME + k) * 1000) / FRAMES);
const space = Float64Array.from({ length: PIXELS }, (_, k) => k * PIXEL);
const noise = normals(randomKey(SEED, 1026), [0, 0], time.length * PIXELS);
const data = Float32Array.from({ length: time.length * PIXELS }, (_, k) => {
  const [row, column] = [Math.floor(k / time.length), k % time.length];
  const value = at(
    peak + time[column]! - PEAK_FRAME,
    positions[Math.floor(units / 2)]! + space[row]! - CENTRE,
  );
  return 1.4 * (value / top + NOISE * noise[k]!);
});
writeNpz(fileURLToPath(new URL('recording.npz', import.meta.url)), {
  data: { data, shape: [PIXELS, time.length] },
  time: { data: time, shape: [time.length] },
  space: { data: space, shape: [PIXELS] },
});
