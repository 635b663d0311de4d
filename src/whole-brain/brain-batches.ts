/** Brains that a device does not hold together: how many of them run at once. */
import type { Device } from '../gpu/device.ts';
import type { BrainPlan } from './brain-plan.ts';
import { requireRoom } from './brain-room.ts';

/**
 * How many brains of a plan, from brain `from` on, can be run at once; brains that share a connectome and a velocity share its table.
 * @param plan of all brains
 * @param most never more than these
 * @throws DeviceMemoryError where not even one can
 */
export function brainsThatFit(
  device: Pick<Device, 'limits' | 'adapter'>,
  plan: Pick<BrainPlan, 'brains' | 'nodes' | 'rings' | 'links'>,
  from: number,
  most = Number.POSITIVE_INFINITY,
): number {
  const room = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
  const { brains, links } = plan;
  const bytesOfTables = (tables: number, count: number) =>
    16 * (Math.ceil(count / 4) + tables * links.tableStride);
  const tables = new Set<number>();
  let count = 0;
  while (from + count < brains && count < most) {
    tables.add(links.tableOf[from + count]!);
    if (16 * plan.rings.stride * (count + 1) > room || bytesOfTables(tables.size, count + 1) > room) break;
    count++;
  }
  if (count === 0) requireRoom(device, { ...plan, brains: 1, tableBytes: bytesOfTables(1, 1) });
  return Math.max(1, count);
}
