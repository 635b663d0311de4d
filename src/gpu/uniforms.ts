/**
 * Uniform buffers are small (64 KiB on most devices). An array that a network makes too long for one is refused with how
 * many of its elements would fit, before the device refuses the pipeline in words of its own.
 */
import type { ArrayInfo, StructInfo, TypeInfo } from 'wgsl_reflect';
import { DeviceMemoryError } from '../errors.ts';
import type { Device } from './device.ts';
import { type Binding, byteSize } from './layout.ts';

/** @throws DeviceMemoryError where a uniform is larger than the device binds */
export function refuseLargeUniforms(device: Device, bindings: Iterable<Binding>): void {
  const limit = device.limits.maxUniformBufferBindingSize;
  for (const { name, type, layout } of bindings) {
    const bytes = byteSize(layout);
    if (type !== 'uniform' || bytes <= limit) continue;
    const room = roomFor(name, layout, limit);
    const what = room ? `${room.count} ${room.array}` : name;
    const remedy = room ? `use at most ${room.most} ${room.array}` : 'use a smaller network';
    throw new DeviceMemoryError(
      `${what} need ${bytes} bytes in one uniform buffer, but ${device.adapter.name} binds at most ${limit}: ${remedy}`,
    );
  }
}

/** The array that makes a type too large, and how many of its elements fit into `bytes` with all that stands beside it. */
function roomFor(
  name: string,
  type: TypeInfo,
  bytes: number,
): { array: string; count: number; most: number } | undefined {
  if (type.isArray) {
    const { count, stride, format } = type as ArrayInfo;
    const most = Math.floor(bytes / stride);
    return most >= 1 ? { array: name, count, most } : roomFor(name, format, bytes);
  }
  if (!type.isStruct) return undefined;
  const arrays = (type as StructInfo).members.filter((member) => member.type.isArray);
  const largest = arrays.sort((a, b) => byteSize(b.type) - byteSize(a.type))[0];
  if (!largest) return undefined;
  const own = byteSize(largest.type);
  return roomFor(largest.name, largest.type, bytes - (type.size - own));
}
