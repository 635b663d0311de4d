/**
 * The kernel against its twin in double precision, at 1e-5 of the peak (single precision, about 1000 roundings that decay with T), and
 * against itself: a ring's numbers are the same bit for bit alone, in a batch, and however time is cut into dispatches.
 */
import { describe, expect, test } from 'vitest';
import type { MeanField } from '../../src/mean-field/model.ts';
import type { Ring } from '../../src/models/ring.ts';
import { ringInput } from '../../src/ring/device-ring.ts';
import { prepareUnit, type RingOptions } from '../../src/ring/settings.ts';
import { simulateRings } from '../../src/ring/simulate.ts';
import { testDevice } from '../device.ts';
import { draws } from '../draws.ts';
import { twinRing } from '../twins/ring.ts';
import { corrected, published, smallRing } from './rings.ts';

/** Largest difference from the twin over the twin's peak, of Fe, Fi and deltaV. */
async function misses(ring: Ring, model: MeanField, options: Partial<RingOptions> = {}): Promise<number[]> {
  const given = { model, rates: true, ...options };
  const [run] = await simulateRings(await testDevice(), [ring], given);
  const samples = run!.times.length;
  const unit = prepareUnit([ring], given);
  const input = ring.stimulus.kind === 'sampled' ? run!.input : ringInput(ring, samples, unit.dt);
  const twin = twinRing(ring, unit, input, samples);
  return (
    [
      [run!.Fe!, twin.Fe],
      [run!.Fi!, twin.Fi],
      [run!.deltaV, twin.deltaV],
    ] as const
  ).map(([found, expected]) => {
    const flat = expected.flatMap((row) => [...row]);
    expect(found.length).toBe(flat.length);
    const peak = Math.max(...flat);
    expect(peak).toBeGreaterThan(0.005);
    return Math.max(...flat.map((value, k) => Math.abs(value - found[k]!))) / peak;
  });
}

describe('against the twin', () => {
  const cases: [string, Ring, MeanField, Partial<RingOptions>?][] = [
    ['a ring', smallRing(), published],
    ['the corrected formula', smallRing(), corrected],
    ['slow conduction', smallRing({ conduction_velocity: 60 }), published],
    ['conduction within a step', smallRing({ conduction_velocity: 5000 }), published],
    ['inhibition wider than excitation', smallRing({ exc_extent: 1, inh_extent: 4 }), published],
    ['reaches around more than once', smallRing({ extent: 7.2, exc_extent: 3 }), published],
    ['nobody reached', smallRing({ exc_extent: 0.3, inh_extent: 0.3 }), published],
    ['inhibitory cells stimulated too', smallRing({}, { amplitude: 8 }), published, { fraction: 0.7 }],
    ['apparent motion', smallRing({}, { kind: 'apparent-motion-1deg', duration: 90 }), published],
    ['another time step', smallRing(), published, { dt: 0.25 }],
    ['a sheet', smallRing({ units: 4, rows: 4, extent: 4.8, exc_extent: 2 }, { duration: 40 }), published],
  ];
  test.each(cases)('%s', async (_, ring, model, options) => {
    const found = await misses(ring, model, options);
    expect(Math.max(...found), found.map((each) => each.toExponential(1)).join(' ')).toBeLessThan(1e-5);
  });

  test('a sampled stimulus, more units than one workgroup holds', async () => {
    const { between } = draws(2);
    const units = 300;
    const values = Float64Array.from({ length: units * 6 }, () => between(0, 20));
    const ring = smallRing({
      units,
      extent: 300,
      exc_extent: 4,
      conduction_velocity: 700,
      stimulus: { kind: 'sampled', dt: 2.5, values },
    });
    expect(Math.max(...(await misses(ring, published)))).toBeLessThan(1e-5);
  });
});

/** Equal in every bit (a list of differences would be thousands of lines long). */
function same(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, k) => value === b[k]);
}

describe('bit for bit', () => {
  const rings = [
    smallRing(),
    smallRing({ conduction_velocity: 80 }),
    smallRing({}, { extent: 2 }),
    smallRing({}, { tau2: 40, duration: 80 }),
    smallRing({}, { amplitude: 5 }),
    smallRing({ exc_extent: 2, inh_extent: 3 }),
    smallRing({}, { kind: 'apparent-motion-2deg' }),
    smallRing({}, { tau1: 4 }),
    smallRing({ stimulus: { kind: 'sampled', dt: 60, values: new Float64Array(12).fill(3) } }),
  ];

  test('alone and in a batch', async () => {
    const device = await testDevice();
    const together = await simulateRings(device, rings, { model: published, rates: true });
    // Without rates, and without the sampled one, which would be two kernels more.
    const few = rings.slice(0, -1).reverse();
    const reversed = await simulateRings(device, few, { model: published });
    for (const [index, ring] of rings.entries()) {
      const [alone] = await simulateRings(device, [ring], { model: published, rates: true });
      expect(same(together[index]!.deltaV, alone!.deltaV)).toBe(true);
      expect(same(together[index]!.Fe!, alone!.Fe!)).toBe(true);
      if (index < few.length)
        expect(same(reversed[few.length - 1 - index]!.deltaV, alone!.deltaV)).toBe(true);
      expect(alone!.deltaV.some((value) => value > 0.003)).toBe(true);
    }
  });

  test('in windows of any length', async () => {
    const device = await testDevice();
    const whole = await simulateRings(device, rings, { model: published, rates: true, window: 1000 });
    for (const window of [1, 7, 50]) {
      const cut = await simulateRings(device, rings, { model: published, rates: true, window });
      for (const index of rings.keys()) expect(same(cut[index]!.deltaV, whole[index]!.deltaV)).toBe(true);
    }
  });
});
