/** Given spikes on their way to the device: uploaded chunk by chunk, and added to those of each window before they are delivered. */
import { firstAtOrAfter } from '../analysis/spike-statistics.ts';
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import type { Flight } from './flight.ts';
import type { NetworkPlan } from './plan.ts';
import type { Trains } from './trains.ts';

export class TrainFeed {
  private readonly device: Device;
  private readonly trains: Trains;
  private readonly kernel: Kernel;
  private readonly list: GPUBuffer;
  private readonly windows: number;
  private readonly groups = new WeakMap<Flight, GPUBindGroup>();
  /** First entry of each window of the chunk that was loaded, and one past the last. */
  private starts = new Uint32Array();

  private constructor(device: Device, trains: Trains, kernel: Kernel, list: GPUBuffer, windows: number) {
    this.device = device;
    this.trains = trains;
    this.kernel = kernel;
    this.list = list;
    this.windows = windows;
  }

  /** Undefined where no population's spikes are given. */
  static async create(device: Device, plan: NetworkPlan, windows: number): Promise<TrainFeed | undefined> {
    if (!plan.trains) return undefined;
    const kernel = await Kernel.create(device, 'spiking/emit.wgsl', {
      dynamic: ['window'],
      constants: {
        POPULATIONS: plan.populations.length,
        GROUPS: plan.groups,
        WORDS: plan.words,
        SLOTS: plan.slots,
        WINDOWS: windows,
      },
    });
    const bytes = 4 * (windows + 1 + Math.max(1, plan.givenEntries));
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    const list = await device.allocate('given spikes', bytes, usage);
    return new TrainFeed(device, plan.trains, kernel, list, windows);
  }

  /** Uploads the spikes of a chunk's windows: what was submitted before has read the last ones, as the queue keeps its order. */
  load(windows: readonly { first: number; steps: number }[]): void {
    const { steps, entries } = this.trains;
    const { first: begin, steps: length } = windows.at(-1)!;
    const from = firstAtOrAfter(steps, windows[0]!.first);
    const count = firstAtOrAfter(steps, begin + length) - from;
    const head = this.windows + 1;
    const packed = new Uint32Array(head + count).fill(count, 0, head);
    windows.forEach(({ first }, window) => {
      packed[window] = firstAtOrAfter(steps, first) - from;
    });
    windows.forEach(({ first }, window) => {
      for (let at = packed[window]!; at < packed[window + 1]!; at++)
        packed[head + at] = ((steps[from + at]! - first) << 27) | entries[from + at]!;
    });
    this.starts = packed.slice(0, head);
    this.device.write(this.list, 0, packed);
  }

  /** Encodes the spikes of a window of the chunk, where there are any. @param offset of the window's uniform */
  encode(pass: GPUComputePassEncoder, flight: Flight, window: number, offset: number): void {
    const count = this.starts[window + 1]! - this.starts[window]!;
    if (count === 0) return;
    let group = this.groups.get(flight);
    if (!group) {
      group = this.kernel.bind({ window: flight.windows, given: this.list, spikes: flight.spikes });
      this.groups.set(flight, group);
    }
    this.kernel.dispatch(pass, group, Math.ceil(count / 64), [offset]);
  }

  get buffers(): GPUBuffer[] {
    return [this.list];
  }
}
