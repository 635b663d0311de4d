/** Residuals from the device against the host's double precision, on the same responses: 1e-5 relative (a sum of some hundred squares in single precision). */
import { expect, test } from 'vitest';
import { centreRecording } from '../../src/analysis/vsd.ts';
import { alignModel, alignTo, residual } from '../../src/analysis/vsd-residual.ts';
import { InputError } from '../../src/errors.ts';
import { type Ring, ZERLAUT_RING } from '../../src/models/ring.ts';
import { ringResiduals, stimulusPositions } from '../../src/ring/residual.ts';
import { changedRing, PAPER_AXES } from '../../src/ring/scan.ts';
import { simulateRings } from '../../src/ring/simulate.ts';
import { testDevice } from '../device.ts';
import { draws } from '../draws.ts';
import { corrected, published } from './rings.ts';

const { between } = draws(11);

/** A blob that moves outwards, with noise. */
function recording() {
  const times = Float64Array.from({ length: 60 }, (_, k) => -200 + 8.7 * k);
  const positions = Float64Array.from({ length: 37 }, (_, k) => 0.5 * k);
  const data = Float64Array.from({ length: times.length * positions.length }, (_, k) => {
    const [x, t] = [positions[Math.floor(k / 60)]! - 9, times[k % 60]! - 15];
    return Math.exp(-((x / 5) ** 2) - (t / 110) ** 2) + between(-0.05, 0.05);
  });
  return centreRecording({ data, times, positions });
}

function someRings(count: number): Ring[] {
  return Array.from({ length: count }, () =>
    changedRing(
      {
        ...ZERLAUT_RING,
        stimulus: { ...ZERLAUT_RING.stimulus, duration: between(380, 460) } as Ring['stimulus'],
      },
      PAPER_AXES,
      [between(80, 600), between(0.4, 2), between(3, 7), between(1, 3), between(50, 200), between(10, 50)],
      0.5,
    ),
  );
}

test.each([undefined, 'peak', 0.1] as const)('scale %s', async (scale) => {
  const rings = someRings(9);
  const alignment = alignTo(recording(), stimulusPositions(ZERLAUT_RING), {
    dt: 0.5,
    ...(scale === undefined ? {} : { scale }),
  });
  expect(alignment.pixels).toBeGreaterThan(8);
  const options = { model: published };
  const found = await ringResiduals(await testDevice(), rings, alignment, options);
  const runs = await simulateRings(await testDevice(), rings, options);
  runs.forEach(({ deltaV }, k) => {
    const twin = alignModel(alignment, deltaV, 30);
    expect(found.peakTimes[k]).toBe(twin.peakTime);
    expect(Math.abs(found.residuals[k]! / residual(alignment, twin) - 1)).toBeLessThan(1e-5);
  });
  // Alone, a ring has the same residual to the last bit.
  const alone = await ringResiduals(await testDevice(), [rings[4]!], alignment, { ...options, window: 77 });
  expect(alone.residuals[0]).toBe(found.residuals[4]);
});

test('a ring that becomes unstable has no residual, and the others have theirs', async () => {
  const device = await testDevice();
  const narrow = { ...ZERLAUT_RING, name: 'narrow', exc_extent: 0.7 };
  const rings = [
    ZERLAUT_RING,
    { ...narrow, stimulus: { ...narrow.stimulus, extent: 2 } as Ring['stimulus'] },
  ];
  const alignment = alignTo(recording(), stimulusPositions(ZERLAUT_RING), { dt: 0.5 });
  const options = { model: corrected, order: 2 as const };
  const found = await ringResiduals(device, rings, alignment, options);
  const [run] = await simulateRings(device, rings.slice(0, 1), options);
  const twin = alignModel(alignment, run!.deltaV, 30);
  expect(Math.abs(found.residuals[0]! / residual(alignment, twin) - 1)).toBeLessThan(1e-5);
  expect([found.residuals[1], found.peakTimes[1], found.tops[1]]).toEqual([
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ]);
  expect(found.unstable).toHaveLength(1);
  expect(found.unstable[0]!.ring).toBe(1);
  expect(found.unstable[0]!.message).toMatch(
    /ring narrow .*exc_extent 0.7 mm.* became unstable: at \d+\.\d ms the (rate|variance) of (exc|inh) in unit \d+ of 30/,
  );
});

test('rings that do not lie where the alignment has them are refused', async () => {
  const alignment = alignTo(recording(), stimulusPositions(ZERLAUT_RING), { dt: 0.5 });
  const run = async (ring: Ring, dt?: number) =>
    await ringResiduals(await testDevice(), [ring], alignment, { model: published, ...(dt ? { dt } : {}) });
  await expect(run({ ...ZERLAUT_RING, units: 40 })).rejects.toThrow(InputError);
  await expect(run({ ...ZERLAUT_RING, rows: 2 })).rejects.toThrow(/1 row/);
  await expect(run(ZERLAUT_RING, 0.25)).rejects.toThrow(/one dt/);
  expect(() => changedRing(ZERLAUT_RING, ['conduction_velocity'], [0], 0.5)).toThrow(/above 0/);
});
