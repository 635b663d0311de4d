/** A profile tells the time of each kernel, and changes no spike; where the device has no clock, it says so. */
import { expect, test } from 'vitest';
import { DeviceError } from '../../src/errors.ts';
import type { Device } from '../../src/gpu/device.ts';
import { ChunkProfile } from '../../src/spiking/profile.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { cell, exc, network, population, projection } from './networks.ts';
import { record } from './record.ts';

const model = network(
  [population('cells', 600, cell('RS-cell'), { current: 800 })],
  [projection(0, 0, exc, 1, { rule: 'fixed-probability', probability: 0.1 }, { delay: 0.4 })],
);

// Four or more dispatches a step: more timestamps in a chunk than one query set has.
test.each([
  ['step by step', { hearing: 'deliver', chunkSteps: 1000, windowSteps: 1, pieceBytes: 60_000 }, 100, 1],
  ['in short chunks', { hearing: 'deliver', chunkSteps: 20 }, 30, 5],
  ['that gather', { hearing: 'gather', chunkSteps: 100 }, 30, 5],
] as const)('kernels %s', async (_name, changes, duration, window) => {
  const device = await testDevice();
  const options = { ...changes, seed: 4 };
  await using plain = await Simulation.create(device, model, options);
  const found = await record(plain, duration);
  expect(found.spikes.length).toBeGreaterThan(100);
  expect(plain.profile).toBeUndefined();
  if (!device.features.has('timestamp-query')) {
    await expect(Simulation.create(device, model, { ...options, profile: true })).rejects.toThrow(
      DeviceError,
    );
    return;
  }
  await using profiled = await Simulation.create(device, model, { ...options, profile: true });
  const started = performance.now();
  expect((await record(profiled, duration)).spikes).toEqual(found.spikes);
  const wall = (performance.now() - started) / 1000;
  const kernels = profiled.profile!;
  const windows = (10 * duration) / window;
  const counts = Object.fromEntries(kernels.map(({ kernel, dispatches }) => [kernel, dispatches]));
  expect(counts).toMatchObject(
    changes.hearing === 'gather'
      ? { 'spiking/advance-gathering': windows }
      : {
          'spiking/advance': windows,
          'spiking/deliver': windows * Math.ceil(profiled.connectivity.pieces.length / 2),
        },
  );
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(profiled.dispatches);
  const sum = kernels.reduce((total, { time_s }) => total + time_s, 0);
  expect(sum).toBeGreaterThan(0);
  expect(sum).toBeLessThan(wall);
  kernels.forEach(({ time_s, share }) => {
    expect(share).toBeCloseTo(time_s / sum, 12);
  });
  expect(kernels.map(({ time_s }) => time_s)).toEqual(
    kernels.map(({ time_s }) => time_s).sort((a, b) => b - a),
  );
});

test('a device without timestamps', () => {
  const device = { features: new Set(), adapter: { name: 'a device' } } as unknown as Device;
  expect(() => new ChunkProfile(device)).toThrow(
    new DeviceError(
      'a device has no timestamps (the feature timestamp-query), so that the time of each kernel cannot be told: leave the profile out, or use another adapter',
    ),
  );
});
