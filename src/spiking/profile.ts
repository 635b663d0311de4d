/**
 * Where the time of a run goes, kernel by kernel, by the device's own clock. Each dispatch is then a pass of its own with a timestamp
 * before and after it, which takes time itself: a profile compares kernels, and the run without it is faster.
 */
import { DeviceError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import type { Kernel } from '../gpu/kernel.ts';

/** One kernel of a run. */
export interface KernelTime {
  /** Its file below shaders/, without the ending. */
  kernel: string;
  dispatches: number;
  time_s: number;
  /** Of the time in all kernels, from 0 to 1. */
  share: number;
}

/** Timestamps of a query set, at most: what WebGPU allows. */
const mostQueries = 4096;

/** The timestamps of one chunk's dispatches. */
export class ChunkProfile {
  private readonly device: Device;
  private readonly sets: GPUQuerySet[] = [];
  private kernels: string[] = [];

  /** @throws DeviceError where the device has no clock to read */
  constructor(device: Device) {
    if (!device.features.has('timestamp-query'))
      throw new DeviceError(
        `${device.adapter.name} has no timestamps (the feature timestamp-query), so that the time of each kernel cannot be told: leave the profile out, or use another adapter`,
      );
    this.device = device;
  }

  /** Forgets the chunk before, whose times were read. */
  begin(): void {
    this.kernels = [];
  }

  /** What encodes a dispatch in a pass of its own, in place of the one that is open, and returns the pass that goes on. */
  timing(encoder: GPUCommandEncoder) {
    return (
      open: GPUComputePassEncoder,
      { path }: Pick<Kernel, 'path'>,
      encode: (pass: GPUComputePassEncoder) => void,
    ): GPUComputePassEncoder => {
      open.end();
      const own = this.pass(encoder, path.replace('.wgsl', ''));
      encode(own);
      own.end();
      return encoder.beginComputePass();
    };
  }

  private pass(encoder: GPUCommandEncoder, kernel: string): GPUComputePassEncoder {
    const place = 2 * this.kernels.length;
    this.kernels.push(kernel);
    const set = Math.floor(place / mostQueries);
    this.sets[set] ??= this.device.raw.createQuerySet({
      ...{ label: 'profile', type: 'timestamp' as const, count: mostQueries },
    });
    const timestampWrites = {
      querySet: this.sets[set],
      beginningOfPassWriteIndex: place % mostQueries,
      endOfPassWriteIndex: (place % mostQueries) + 1,
    };
    return encoder.beginComputePass({ label: kernel, timestampWrites });
  }

  /** Adds the times of the chunk, which has ended, to `totals`. */
  async read(totals: ProfileTotals): Promise<void> {
    const { QUERY_RESOLVE, COPY_SRC } = GPUBufferUsage;
    const { device, kernels } = this;
    const bytes = 16 * kernels.length;
    if (bytes === 0) return;
    const times = await device.allocate('profile', bytes, QUERY_RESOLVE | COPY_SRC);
    try {
      const encoder = device.raw.createCommandEncoder({ label: 'profile' });
      for (let first = 0; first < 2 * kernels.length; first += mostQueries) {
        const count = Math.min(mostQueries, 2 * kernels.length - first);
        encoder.resolveQuerySet(this.sets[first / mostQueries]!, 0, count, times, 8 * first);
      }
      device.raw.queue.submit([encoder.finish()]);
      const ticks = new BigUint64Array(await device.read(times, 0, bytes));
      for (const [at, kernel] of kernels.entries())
        totals.add(kernel, Math.max(0, Number(ticks[2 * at + 1]! - ticks[2 * at]!)));
    } finally {
      times.destroy();
    }
  }

  destroy(): void {
    for (const set of this.sets) set.destroy();
  }
}

/** Sums over chunks. */
export class ProfileTotals {
  private readonly sums = new Map<string, { dispatches: number; nanoseconds: number }>();

  add(kernel: string, nanoseconds: number): void {
    const sum = this.sums.get(kernel) ?? { dispatches: 0, nanoseconds: 0 };
    sum.dispatches += 1;
    sum.nanoseconds += nanoseconds;
    this.sums.set(kernel, sum);
  }

  /** Every kernel, the one that takes most first. */
  result(): KernelTime[] {
    const all = [...this.sums.values()].reduce((sum, { nanoseconds }) => sum + nanoseconds, 0);
    return [...this.sums]
      .map(([kernel, { dispatches, nanoseconds }]) => ({
        kernel,
        dispatches,
        time_s: nanoseconds / 1e9,
        share: all > 0 ? nanoseconds / all : 0,
      }))
      .sort((a, b) => b.time_s - a.time_s);
  }
}

/** Encodes a dispatch in the pass that is open, as where nothing is timed. */
export function untimed(
  open: GPUComputePassEncoder,
  _kernel: Pick<Kernel, 'path'>,
  encode: (pass: GPUComputePassEncoder) => void,
): GPUComputePassEncoder {
  encode(open);
  return open;
}
