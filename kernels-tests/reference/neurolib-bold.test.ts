/**
 * BOLD of given rates against neurolib 0.7 over a minute: six inputs from silence to 100 Hz, every 10 ms and at neurolib's own sample
 * times, which come two steps after each multiple of 2 s. Twin: 1e-9 of the range; kernel: 1e-4 of the range at every sample.
 */
import { describe, expect, test } from 'vitest';
import { BOLD_DEFAULTS } from '../../src/models/bold.ts';
import { simulateBold } from '../../src/whole-brain/simulate-bold.ts';
import { testDevice } from '../device.ts';
import { referenceArray, referencePath } from '../reference.ts';
import { balloonStep, restingBalloon } from '../twins/balloon.ts';

const reference = referencePath('neurolib', 'bold_fixed_input.json');
const DT = 0.1;
const STEPS = 600_000;
const INPUTS: ((t: number) => number)[] = [
  () => 10,
  (t) => 5 + 5 * Math.sin((2 * Math.PI * 0.1 * t) / 1000),
  (t) => (t % 10_000 < 1000 ? 40 : 0),
  () => 0.2,
  () => 0,
  (t) => (5000 < t && t <= 5100 ? 100 : 1),
];

describe.skipIf(!reference)("neurolib's BOLD", () => {
  const rates = INPUTS.map((input) =>
    Float64Array.from({ length: STEPS }, (_, step) => input((step + 1) * DT)),
  );
  const theirs = reference ? referenceArray('neurolib', 'bold_fixed_input', 'bold_10ms.npy').data : [];
  const sampled = reference ? referenceArray('neurolib', 'bold_fixed_input', 'bold_sampled.npy').data : [];
  const row = (data: ArrayLike<number>, node: number, length: number) =>
    Float64Array.from({ length }, (_, index) => data[node * length + index]!);
  const furthest = (a: ArrayLike<number>, b: Float64Array) =>
    b.reduce((most, value, index) => Math.max(most, Math.abs(value - a[index]!)), 0);
  const rangeOf = (values: Float64Array) => Math.max(...values) - Math.min(...values);

  test('the twin is the same to nine digits', () => {
    rates.forEach((list, node) => {
      const state = restingBalloon();
      const ours = new Float64Array(6000);
      for (let step = 0; step < STEPS; step++) {
        const signal = balloonStep(state, list[step]!, DT / 1000, BOLD_DEFAULTS);
        if ((step + 1) % 100 === 0) ours[(step + 1) / 100 - 1] = signal;
      }
      const wanted = row(theirs, node, 6000);
      expect(furthest(ours, wanted)).toBeLessThan(1e-9 * rangeOf(wanted));
    });
  });

  test('the kernel is within 1e-4 of the range at every sample', async () => {
    const device = await testDevice();
    const bold = await simulateBold(device, { rates, dt: DT, TR: 10 });
    const often = await simulateBold(device, { rates, dt: DT, TR: 2 * DT });
    INPUTS.forEach((_, node) => {
      const wanted = row(theirs, node, 6000);
      expect(furthest(row(bold.data, node, 6000), wanted)).toBeLessThan(1e-4 * rangeOf(wanted));
      const each = row(often.data, node, STEPS / 2);
      const at = Float64Array.from({ length: 30 }, (_, sample) => each[sample * 10_000]!);
      expect(furthest(at, row(sampled, node, 30))).toBeLessThan(1e-4 * rangeOf(wanted));
    });
  });
});
