/** One device for all tests of a file, closed when they are done. */
import { afterAll } from 'vitest';
import { type Device, openDevice } from '../src/gpu/device.ts';

let opened: Promise<Device> | undefined;

/** The device that the environment provides (see SPIKEFIELD_DRIVER in docs/install.md). */
export function testDevice(): Promise<Device> {
  opened ??= openDevice();
  return opened;
}

afterAll(async () => {
  const device = await opened;
  opened = undefined;
  await device?.close();
});
