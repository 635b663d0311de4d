/** Rings in subgroups, and rings whose units load links together, do what rings do where each unit looks for itself: bit for bit. */
import { describe, expect, test } from 'vitest';
import { type Ring, ZERLAUT_RING } from '../../src/models/ring.ts';
import { runRings } from '../../src/ring/run-rings.ts';
import { prepareUnit, type RingOptions } from '../../src/ring/settings.ts';
import { type CompactOption, shapeOf } from '../../src/ring/shape.ts';
import { simulateRings } from '../../src/ring/simulate.ts';
import { testDevice } from '../device.ts';
import { draws } from '../draws.ts';
import { corrected, published, smallRing } from './rings.ts';

const { between } = draws(23);
const device = await testDevice();

/** Responses of each ring, `[sample, unit]`, wherever the device left them, and how many invocations had a ring. */
async function responses(rings: readonly Ring[], options: RingOptions & CompactOption) {
  const found: Float32Array[] = [];
  const subgroups = new Set<number>();
  await runRings(
    device,
    rings,
    options,
    async ({ deltaV, subgroup, stride, pixels, samples, rings: places }) => {
      const words = new Float32Array(await device.read(deltaV));
      subgroups.add(subgroup);
      places.forEach((ring, place) => {
        if (ring < 0) return;
        found[ring] = Float32Array.from({ length: samples[place]! * pixels }, (_, at) => {
          const [sample, unit] = [Math.floor(at / pixels), at % pixels];
          return subgroup > 0
            ? words[
                ((place * stride + sample) * subgroup + (unit % subgroup)) * 4 + Math.floor(unit / subgroup)
              ]!
            : words[((Math.floor(place / 4) * stride + sample) * pixels + unit) * 4 + (place % 4)]!;
        });
      });
    },
  );
  return { found, subgroups: [...subgroups] };
}

/** Rings alike but for their connectivity, stimuli and durations. */
function someRings(units: number, count: number): Ring[] {
  return Array.from({ length: count }, () =>
    smallRing(
      {
        ...{ units, extent: 1.2 * units, conduction_velocity: between(60, 900) },
        ...{ exc_extent: between(0.5, 5), inh_extent: between(0.3, 5) },
      },
      { extent: between(0.6, 3), tau1: between(4, 12), tau2: between(10, 30), duration: between(40, 70) },
    ),
  );
}

describe.runIf(device.adapter.software && device.subgroup > 1)('rings in subgroups', () => {
  test.each([7, 12, 30, 32])('of %i units', async (units) => {
    if (units > 4 * device.subgroup) return;
    const rings = someRings(units, 9);
    const plain = await responses(rings, { model: published, subgroups: false });
    const compact = await responses(rings, { model: published, compact: true });
    expect([plain.subgroups, compact.subgroups]).toEqual([[0], [device.subgroup]]);
    expect(compact.found).toEqual(plain.found);
    expect(Math.max(...plain.found.map((each) => Math.max(...each)))).toBeGreaterThan(0.01);
  });

  test('whatever the window, and with others of another connectivity', async () => {
    const rings = someRings(30, 6);
    const whole = await responses(rings, { model: corrected, compact: true });
    const alone = await responses([rings[3]!], { model: corrected, compact: true, window: 7 });
    expect(alone.found[0]).toEqual(whole.found[3]);
  });

  test('are left alone where they cannot hold what is asked for', () => {
    const inSubgroups = (rings: readonly Ring[], options: Partial<RingOptions & CompactOption> = {}) => {
      const all = { model: published, compact: true, ...options };
      return shapeOf(device, rings, prepareUnit(rings, all), all).inSubgroups;
    };
    const small = smallRing({ exc_extent: 2, inh_extent: 1 });
    expect(inSubgroups([small])).toBe(true);
    expect(inSubgroups([small], { compact: false })).toBe(false);
    expect(inSubgroups([small], { subgroups: false })).toBe(false);
    expect(inSubgroups([small], { rates: true })).toBe(false);
    expect(inSubgroups([small], { order: 2 })).toBe(false);
    expect(inSubgroups([{ ...small, rows: 3 }])).toBe(false);
    expect(inSubgroups(someRings(4 * device.subgroup + 1, 1))).toBe(false);
    const values = new Float64Array(12 * 4).fill(3);
    const stimulus = { kind: 'sampled', name: 'own', values, dt: 10, duration: 40 } as Ring['stimulus'];
    expect(inSubgroups([small, { ...small, stimulus }])).toBe(false);
  });

  test.each([
    { of: 'rings', rings: someRings(30, 3), order: 1 as const },
    { of: 'rings in second order', rings: someRings(12, 2), order: 2 as const },
    { of: 'sheets', rings: [{ ...ZERLAUT_RING, units: 8, rows: 5, extent: 9.6 }], order: 1 as const },
  ])('units of $of load links together', async ({ rings, order }) => {
    const options = { model: corrected, order, rates: true };
    const [plain, together] = [
      await simulateRings(device, rings, { ...options, subgroups: false }),
      await simulateRings(device, rings, options),
    ];
    together.forEach(({ Fe, Fi, deltaV }, ring) => {
      expect([Fe, Fi, deltaV]).toEqual([plain[ring]!.Fe, plain[ring]!.Fi, plain[ring]!.deltaV]);
    });
  });
});
