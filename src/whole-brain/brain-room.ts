/** How many nodes make a workgroup, and how many brains a device has room for. */
import { DeviceMemoryError } from '../errors.ts';
import { megabytes } from '../gpu/bytes.ts';
import type { Device } from '../gpu/device.ts';
import type { Rings } from './brain-state.ts';

/** Largest brain that is one workgroup: what every device grants. */
const MOST_TOGETHER = 256;

/** Whether brains of so many nodes are one workgroup each. */
export function fitsTogether(nodes: number): boolean {
  return nodes <= MOST_TOGETHER;
}

/** @throws DeviceMemoryError, saying how much one brain needs and how many fit */
export function requireRoom(
  device: Pick<Device, 'limits' | 'adapter'>,
  { brains, nodes, rings, tableBytes }: { brains: number; nodes: number; rings: Rings; tableBytes: number },
): void {
  const most = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
  const history = 16 * rings.stride;
  if (history * brains > most) {
    const fit = Math.floor(most / history);
    throw new DeviceMemoryError(
      `the history of a brain of ${nodes} nodes over ${rings.slots} steps takes ${megabytes(history)}${brains === 1 ? '' : `, ${brains} of them ${megabytes(history * brains)}`}, but ${device.adapter.name} binds at most ${megabytes(most)}: ${fit > 0 ? `run at most ${fit} brains at once` : 'use a higher velocity, a larger dt or fewer nodes'}`,
    );
  }
  if (tableBytes > most)
    throw new DeviceMemoryError(
      `the connectomes of this batch take ${megabytes(tableBytes)}, but ${device.adapter.name} binds at most ${megabytes(most)}: run fewer different connectomes or velocities at once`,
    );
}
