/** What a ring refuses, each in one sentence that names the field and the remedy; and what a device has no room for. */
import { describe, expect, test } from 'vitest';
import { DeviceMemoryError, InputError } from '../../src/errors.ts';
import type { Device } from '../../src/gpu/device.ts';
import { withFluctuatingDrive } from '../../src/mean-field/fluctuation.ts';
import { checkRing, type Ring, ringSteps, ZERLAUT_RING } from '../../src/models/ring.ts';
import { planChunks } from '../../src/ring/chunks.ts';
import { prepareUnit, type RingOptions } from '../../src/ring/settings.ts';
import { published, smallRing } from './rings.ts';

const cases: [string, Ring, RegExp][] = [
  ['velocity of zero', smallRing({ conduction_velocity: 0 }), /conduction velocity .* 0 mm\/s.*above 0/],
  ['negative velocity', smallRing({ conduction_velocity: -3 }), /conduction velocity/],
  ['two units', smallRing({ units: 2 }), /2 units.*from 3/],
  ['no rows', smallRing({ rows: 0 }), /0 rows/],
  ['no extent', smallRing({ extent: 0 }), /extent of ring .* 0 mm/],
  ['negative excitation', smallRing({ exc_extent: -1 }), /exc_extent .* -1 mm/],
  [
    'inhibition wider than the ring',
    smallRing({ inh_extent: 15 }),
    /inh_extent .* 15 mm.*wider than the ring/,
  ],
  ['excitation wider than a sheet', smallRing({ rows: 2, exc_extent: 5 }), /exc_extent .* 5 mm.*wider/],
  ['stimulus without extent', smallRing({}, { extent: 0 }), /extent of the stimulus is 0 mm/],
  ['no rise', smallRing({}, { tau1: 0 }), /tau1/],
  ['a fall that is no number', smallRing({}, { tau2: Number.NaN }), /tau2/],
  ['negative amplitude', smallRing({}, { amplitude: -1 }), /amplitude/],
  ['no duration', smallRing({}, { duration: 0.2 }), /0 steps/],
  [
    'samples of other units',
    smallRing({ stimulus: { kind: 'sampled', dt: 1, values: new Float64Array(13) } }),
    /13 numbers.*12 units/,
  ],
  [
    'a sample that is no rate',
    smallRing({ stimulus: { kind: 'sampled', dt: 1, values: new Float64Array(24).fill(1).fill(-2, 17) } }),
    /-2 in sample 1 of unit 5/,
  ],
];

describe('a ring is refused', () => {
  test.each(cases)('%s', (_, ring, message) => {
    expect(() => checkRing(ring)).toThrow(InputError);
    expect(() => checkRing(ring)).toThrow(message);
  });

  test('so slow that nothing arrives within the run', () => {
    const slow = smallRing({ conduction_velocity: 1e-9 });
    expect(() => prepareUnit([slow], { model: published })).toThrow(
      /needs \d+ steps to the next unit .* the run has 120/,
    );
  });
});

test('options are refused', () => {
  const refused: [Partial<RingOptions>, RegExp][] = [
    [{ fraction: 1.5 }, /fraction is 1.5/],
    [{ dt: 5 }, /dt is 5 ms.*below T/],
    [{ dt: Number.NaN }, /dt is NaN/],
    [{ window: 0 }, /window is 0/],
    [{ model: { ...published, populations: published.populations.slice(0, 1) } }, /one excitatory and one/],
    [
      { model: withFluctuatingDrive(published, { sd: 1, tau: 5 }) },
      /a drive of population exc fluctuates, but/,
    ],
  ];
  for (const [options, message] of refused)
    expect(() => prepareUnit([smallRing()], { model: published, ...options })).toThrow(message);
  expect(() => prepareUnit([], { model: published })).toThrow(/no ring/);
  expect(() => prepareUnit([smallRing(), smallRing({ units: 13 })], { model: published })).toThrow(
    /equally many units/,
  );
});

describe('memory', () => {
  const device = (bytes: number) =>
    ({ limits: { maxStorageBufferBindingSize: bytes }, adapter: { name: 'a device' } }) as unknown as Device;

  test('a history that does not fit says how much it needs', () => {
    const slow = { ...ZERLAUT_RING, conduction_velocity: 50 };
    expect(() => planChunks(device(2 ** 18), [slow], 0.5, { recorded: 0 })).toThrow(DeviceMemoryError);
    expect(() => planChunks(device(2 ** 18), [slow], 0.5, { recorded: 0 })).toThrow(
      /history needs 506 kB.*262.*conduction velocity|history needs \d+ kB/,
    );
  });

  test.each([
    [0, 0],
    [7, 7],
  ])('many rings are cut into chunks that fit, each ring once, %i variables recorded', (recorded, kept) => {
    const rings = Array.from({ length: 37 }, (_, k) => ({
      ...ZERLAUT_RING,
      conduction_velocity: 50 + 100 * (k % 5),
      stimulus: { ...ZERLAUT_RING.stimulus, tau2: 50 + k } as Ring['stimulus'],
    }));
    const room = 4 * 2 ** 20;
    const chunks = planChunks(device(room), rings, 0.5, { recorded, kept });
    expect(chunks.length).toBeGreaterThan(1);
    for (const { quads, slots, stride } of chunks) {
      expect(quads.length * slots * 30 * 32).toBeLessThanOrEqual(room);
      expect(quads.length * stride * 30 * 16 * Math.max(1, recorded)).toBeLessThanOrEqual(room);
      expect(quads.length * kept * 30 * 16).toBeLessThanOrEqual(room);
    }
    const places = chunks.flatMap(({ quads }) => quads.flatMap((quad) => quad.rings));
    expect(places.filter((index) => index >= 0).sort((a, b) => a - b)).toEqual(rings.map((_, k) => k));
    for (const { quads } of chunks)
      for (const quad of quads)
        quad.rings.forEach((index, place) => {
          if (index >= 0) expect(quad.samples[place]).toBe(ringSteps(rings[index]!));
        });
  });
});
