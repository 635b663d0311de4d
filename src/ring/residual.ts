/** How far rings are from a recording, found where they ran: of each ring only its residual comes back from the device. */

import { type Alignment, gaussianWeights, meetings } from '../analysis/vsd-residual.ts';
import { InputError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import { type DonePiece, Job } from '../gpu/work-queue.ts';
import { type Ring, ringPositions, ringSteps } from '../models/ring.ts';
import type { RingFault } from './faults.ts';
import { type RingChunk, type RingTiming, runRings } from './run-rings.ts';
import type { RingOptions } from './settings.ts';

export interface RingResiduals {
  /** Sum of squared differences, in the order of the rings; NaN where a ring became unstable, in the other numbers too. */
  residuals: Float64Array;
  /** When the mean response of the compared pixels was largest, ms from the ring's beginning. */
  peakTimes: Float64Array;
  /** Largest response among those compared, before scaling. */
  tops: Float64Array;
  /** Rings that became unstable, which second order does not exclude. */
  unstable: RingFault[];
  timing: RingTiming;
}

/** Where the units of a ring are from its stimulus as the published comparison counts, mm: half a pixel further left than halved. */
export function stimulusPositions(ring: Ring): Float64Array {
  const { extent, units } = ring;
  return ringPositions(ring).map((x) => x - (extent / 2 + extent / units / 2));
}

/**
 * Runs all rings and compares each with the recording.
 *
 * @param alignment made for the positions of these rings (`alignTo(recording, stimulusPositions(ring), { dt })`)
 * @throws InputError where rings have other units, extents or steps than the alignment, or rows
 * @throws DeviceMemoryError where a ring does not fit
 */
export async function ringResiduals(
  device: Device,
  rings: readonly Ring[],
  alignment: Alignment,
  options: RingOptions,
): Promise<RingResiduals> {
  refuseOthers(rings, alignment, options);
  const residuals = new Float64Array(rings.length);
  const peakTimes = new Float64Array(rings.length);
  const tops = new Float64Array(rings.length);
  const unstable: RingFault[] = [];
  const longest = rings.reduce((most, ring) => Math.max(most, ringSteps(ring, alignment.dt)), 0);
  using comparer = await Comparer.create(device, alignment, longest);
  const timing = await runRings(
    device,
    rings,
    { ...options, dt: alignment.dt, rates: false, compact: true },
    async (chunk) => {
      const words = await comparer.compare(chunk);
      const [floats, integers] = [new Float32Array(words), new Uint32Array(words)];
      chunk.rings.forEach((index, place) => {
        if (index < 0) return;
        residuals[index] = floats[3 * place]!;
        peakTimes[index] = integers[3 * place + 1]! * chunk.dt;
        tops[index] = floats[3 * place + 2]!;
      });
      for (const { ring } of chunk.faults)
        for (const values of [residuals, peakTimes, tops]) values[ring] = Number.NaN;
      unstable.push(...chunk.faults);
    },
  );
  return { residuals, peakTimes, tops, unstable, timing };
}

function refuseOthers(rings: readonly Ring[], alignment: Alignment, { dt }: RingOptions): void {
  const refuse = (field: string, message: string): never => {
    throw new InputError(message, { field });
  };
  for (const ring of rings) {
    if (ring.rows > 1)
      refuse(
        'rows',
        `ring ${ring.name} has ${ring.rows} rows, but a recording along a line is compared with a ring of 1 row`,
      );
    const x = stimulusPositions(ring);
    if (
      Math.abs((x[alignment.first] ?? Number.NaN) - alignment.positions[0]!) > 1e-9 ||
      !(x.length >= alignment.first + alignment.pixels)
    )
      refuse(
        'units',
        `ring ${ring.name} has its ${ring.units} units on ${ring.extent} mm in other places than those aligned with the recording; align it anew`,
      );
  }
  if (dt !== undefined && dt !== alignment.dt)
    refuse(
      'dt',
      `rings run with dt ${dt} ms, but the recording was aligned for ${alignment.dt} ms; use one dt`,
    );
}

/** The kernel with the recording on the device. */
class Comparer {
  private readonly device: Device;
  private readonly kernel: Kernel;
  private readonly alignment: Alignment;
  private readonly constant: Record<string, GPUBuffer>;
  private readonly job: Job;

  private constructor(
    device: Device,
    kernel: Kernel,
    alignment: Alignment,
    constant: Record<string, GPUBuffer>,
  ) {
    this.device = device;
    this.kernel = kernel;
    this.alignment = alignment;
    this.constant = constant;
    this.job = new Job(device);
  }

  /** @param longest samples of the longest ring */
  static async create(device: Device, alignment: Alignment, longest: number): Promise<Comparer> {
    const kernel = await Kernel.create(device, 'ring/residual.wgsl');
    const { STORAGE } = GPUBufferUsage;
    const recording = await device.upload('recording', Float32Array.from(alignment.data), STORAGE);
    const table = new Int32Array(longest * alignment.times.length);
    for (let peak = 0; peak < longest; peak++)
      table.set(meetings(alignment, peak, longest), peak * alignment.times.length);
    const met = await device.upload('samples that times meet', table, STORAGE);
    return new Comparer(device, kernel, alignment, { recording, meetings: met });
  }

  async compare({ samples, stride, pixels, deltaV, subgroup }: RingChunk): Promise<ArrayBuffer> {
    const { device, kernel, alignment } = this;
    const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const weights = gaussianWeights();
    const places = samples.length;
    const settings = kernel.pack('settings', {
      weights: [weights.slice(0, 4), [weights[4]!, 0, 0, 0]],
      places,
      stride,
      width: pixels,
      first: alignment.first,
      pixels: alignment.pixels,
      times: alignment.times.length,
      scale: alignment.scale,
      subgroup,
    });
    const own = {
      settings: await device.upload('settings of a comparison', settings, UNIFORM | COPY_DST),
      samples: await device.upload('samples of rings', samples, STORAGE),
      comparisons: await device.allocate(
        'comparisons of rings',
        kernel.sizeOf('comparisons', places),
        STORAGE | COPY_SRC,
      ),
    };
    try {
      const group = kernel.bind({ ...own, ...this.constant, delta_v: deltaV });
      const compare = (pass: GPUComputePassEncoder) => kernel.dispatch(pass, group, places);
      await this.job.run(places * stride, compare, own.comparisons);
      const [{ results }] = (await this.job.drain()) as [DonePiece];
      return results;
    } finally {
      for (const buffer of Object.values(own)) buffer.destroy();
    }
  }

  [Symbol.dispose](): void {
    for (const buffer of Object.values(this.constant)) buffer.destroy();
  }
}
