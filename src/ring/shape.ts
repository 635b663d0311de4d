/** How rings lie in workgroups, and which kernel advances them so. */
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import type { ShaderConstants } from '../gpu/shader.ts';
import type { Ring } from '../models/ring.ts';
import { keptVectors } from './faults.ts';
import type { RingOptions, Unit } from './settings.ts';

export interface CompactOption {
  /** Whoever takes the chunks knows the responses of rings in subgroups too (default: false). */
  compact?: boolean;
}

export interface Shape {
  /** Invocations of a workgroup, and of a subgroup where these help each other. */
  lanes: number;
  subgroup: number;
  /** Each ring is in one subgroup; else each unit of four rings in one invocation. */
  inSubgroups: boolean;
}

/** A GPU loads what several units want once; a CPU driver for each of them, unless a subgroup shares it. */
export function shapeOf(
  device: Device,
  rings: readonly Ring[],
  unit: Unit,
  { compact = false, rates = false, subgroups = true }: RingOptions & CompactOption,
): Shape {
  const { units, rows } = rings[0]!;
  const lanes = Math.min(256, 8 * Math.ceil((units * rows) / 8));
  const size = subgroups && device.adapter.software ? device.subgroup : 0;
  const sampled = rings.some(({ stimulus }) => stimulus.kind === 'sampled');
  const isPlain = keptVectors(unit) === 0 && !rates && rows === 1 && !sampled;
  if (compact && isPlain && size > 1 && 4 * size <= 256 && units <= 4 * size)
    return { lanes: 4 * size, subgroup: size, inSubgroups: true };
  return { lanes, subgroup: size > 1 && lanes % size === 0 ? size : 0, inSubgroups: false };
}

/** The kernel for rates alone, or that for states which are more. */
export function kernelOf(
  device: Device,
  unit: Unit,
  { inSubgroups }: Shape,
  constants: ShaderConstants,
): Promise<Kernel> {
  if (inSubgroups) return Kernel.create(device, 'ring/advance-in-subgroup.wgsl', { constants });
  const { order, adapting, state } = unit;
  const kept = keptVectors(unit);
  if (kept === 0) return Kernel.create(device, 'ring/advance.wgsl', { constants });
  return Kernel.create(device, 'ring/advance-moments.wgsl', {
    constants: {
      ...constants,
      ORDER: order,
      ADAPTING: adapting,
      VARIABLES: state.length,
      HIDDEN: state.length - 2,
      KEPT: kept,
    },
  });
}
