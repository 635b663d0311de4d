/**
 * Advances one block of neurons from their first step to their last, and sums up what the kernel adds together in each window
 * of steps: single precision within a window, double precision over windows.
 */
import { InputError, NonFiniteError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import { Pace } from '../gpu/pace.ts';
import { compileMeasureProgram, type MeasureProgram, type Subject, sumPlanes } from './measure-program.ts';
import { SUM_COUNT, SUMS } from './moments.ts';
import { type Quartet, quartetSums } from './quartets.ts';

/** Steps in a window. Sums of single precision depend on where they are cut, so it is the same for all devices and blocks. */
const windowSteps = 1024;
/** Windows on their way at once, at most, and the bytes that their sums may take. */
const mostSlots = 256;
const mostSumBytes = 32 * 2 ** 20;
/** Neuron-steps between two reports, some hundredths of a second: the first are waited for without a guess of how long. */
const chunkWork = { software: 6e6, gpu: 2e8 };

const [spikes, counted, VV, fastGain, slowGain] = (
  ['spikes', 'counted', 'VV', 'fastGain', 'slowGain'] as const
).map((name) => SUMS.indexOf(name)) as [number, number, number, number, number];

interface Window {
  first: number;
  steps: number;
  /** Whether it is past what is to be discarded. */
  counts: boolean;
}

interface Chunk {
  flight: Flight;
  windows: Window[];
  submitted: number;
}

interface Flight {
  windows: GPUBuffer;
  sums: GPUBuffer;
  staging: GPUBuffer;
  group: GPUBindGroup;
}

/**
 * What the neurons of some quartets do.
 *
 * @param onProgress called with the fraction of the steps that are done; an error that it throws ends the block
 * @returns for each quartet `[repeat, SUMS]`, in their order
 * @throws NonFiniteError where V is no longer finite, InputError where it never counts, DeviceMemoryError where it does not fit
 */
export async function measureBlock(
  device: Device,
  subject: Subject,
  quartets: readonly Quartet[],
  onProgress: (fraction: number) => void = () => {},
): Promise<Float64Array[]> {
  const program = await compileMeasureProgram(device, subject, quartets);
  const block = new Block(device, subject, quartets, program);
  try {
    await block.prepare();
    return await block.run(onProgress);
  } finally {
    block.destroy();
  }
}

class Block {
  private readonly device: Device;
  private readonly subject: Subject;
  private readonly quartets: readonly Quartet[];
  private readonly program: MeasureProgram;
  private readonly slots: number;
  private readonly totals: Float64Array;
  private readonly flights: Flight[] = [];
  private readonly buffers: GPUBuffer[];
  private readonly pace = new Pace();
  private readonly steps: { discarded: number; all: number };

  constructor(device: Device, subject: Subject, quartets: readonly Quartet[], program: MeasureProgram) {
    this.device = device;
    this.subject = subject;
    this.quartets = quartets;
    this.program = program;
    this.totals = new Float64Array(quartets.length * quartetSums);
    this.buffers = Object.values(program.buffers);
    const { dt, duration, discard } = subject.settings;
    this.steps = { discarded: Math.round(discard / dt), all: Math.round(duration / dt) };
    const work = device.adapter.software ? chunkWork.software : chunkWork.gpu;
    const affordable = Math.floor(
      Math.min(work / (4 * windowSteps), mostSumBytes / (16 * sumPlanes)) / program.groups,
    );
    this.slots = Math.max(1, Math.min(mostSlots, affordable));
  }

  /** Two chunks are on their way at once: one is computed while the sums of the other are added up. */
  async prepare(): Promise<void> {
    const { STORAGE, UNIFORM, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const { kernel, groups, buffers } = this.program;
    const bytes = 16 * sumPlanes * groups * this.slots;
    const keep = async (label: string, size: number, usage: number): Promise<GPUBuffer> => {
      const buffer = await this.device.allocate(label, size, usage);
      this.buffers.push(buffer);
      return buffer;
    };
    for (let index = 0; index < 2; index++) {
      const windows = await keep('windows', kernel.dynamicStride('window') * this.slots, UNIFORM | COPY_DST);
      const sums = await keep('sums of windows', bytes, STORAGE | COPY_SRC);
      const staging = await keep('sums of a chunk', bytes, MAP_READ | COPY_DST);
      const group = kernel.bind({ window: windows, ...buffers, sums });
      this.flights.push({ windows, sums, staging, group });
    }
  }

  destroy(): void {
    for (const buffer of this.buffers) buffer.destroy();
  }

  async run(onProgress: (fraction: number) => void): Promise<Float64Array[]> {
    const inFlight: Chunk[] = [];
    let next = 0;
    while (next < this.steps.all || inFlight.length > 0) {
      while (next < this.steps.all && inFlight.length < this.flights.length) {
        const windows = this.windowsFrom(next);
        inFlight.push(this.submit(windows));
        next = windows.at(-1)!.first + windows.at(-1)!.steps;
      }
      const chunk = inFlight.shift()!;
      await this.receive(chunk);
      onProgress((chunk.windows.at(-1)!.first + chunk.windows.at(-1)!.steps) / this.steps.all);
    }
    this.refuseUncounted();
    return this.quartets.map((_, index) => this.totals.slice(index * quartetSums, (index + 1) * quartetSums));
  }

  /** The next windows, which end where the discarded time ends, whatever the chunk. */
  private windowsFrom(start: number): Window[] {
    const { discarded, all } = this.steps;
    const windows: Window[] = [];
    for (let first = start; first < all && windows.length < this.slots; ) {
      const counts = first >= discarded;
      const steps = Math.min(windowSteps, (counts ? all : discarded) - first);
      windows.push({ first, steps, counts });
      first += steps;
    }
    return windows;
  }

  private submit(windows: Window[]): Chunk {
    const { kernel, groups, workgroups } = this.program;
    const flight = this.flights.shift()!;
    this.flights.push(flight);
    const stride = kernel.dynamicStride('window');
    const uniforms = new Uint8Array(stride * windows.length);
    windows.forEach(({ first, steps }, slot) => {
      uniforms.set(kernel.pack('window', { first_step: first, steps, groups, slot }), slot * stride);
    });
    this.device.write(flight.windows, 0, uniforms);
    const encoder = this.device.raw.createCommandEncoder({ label: `steps from ${windows[0]!.first}` });
    const pass = encoder.beginComputePass();
    windows.forEach((_, slot) => {
      kernel.dispatch(pass, flight.group, workgroups, [slot * stride]);
    });
    pass.end();
    const bytes = 16 * sumPlanes * groups * windows.length;
    encoder.copyBufferToBuffer(flight.sums, 0, flight.staging, 0, bytes);
    this.device.raw.queue.submit([encoder.finish()]);
    return { flight, windows, submitted: performance.now() };
  }

  private async receive({ flight, windows, submitted }: Chunk): Promise<void> {
    const { staging } = flight;
    await this.pace.wait(submitted, () => this.device.map(staging));
    const values = new Float32Array(this.device.mapped(staging));
    const wordsPerWindow = 4 * sumPlanes * this.program.groups;
    windows.forEach((window, slot) => {
      this.add(values.subarray(slot * wordsPerWindow, (slot + 1) * wordsPerWindow), window);
    });
    staging.unmap();
    this.refuseNonFinite(windows);
  }

  /** Adds the sums of a window, `[group, plane, neuron]`, to `[group, neuron, SUMS]`. */
  private add(values: Float32Array, window: Window): void {
    const { totals } = this;
    const last = window.first + window.steps === this.steps.all;
    const begins = window.first + window.steps === this.steps.discarded;
    for (let group = 0; group < this.program.groups; group++) {
      for (let plane = 0; plane < sumPlanes; plane++) {
        for (let neuron = 0; neuron < 4; neuron++) {
          const value = values[(group * sumPlanes + plane) * 4 + neuron]!;
          const at = (group * 4 + neuron) * SUM_COUNT + plane;
          // The last two planes are where the running averages stand at the end, of which the gain is kept.
          if (plane < fastGain) totals[at]! += window.counts ? value : 0;
          else if (begins) totals[at]! -= value;
          else if (last) totals[at]! += value;
        }
      }
    }
  }

  private refuseNonFinite(windows: readonly Window[]): void {
    const { totals } = this;
    for (let neuron = 0; neuron * SUM_COUNT < totals.length; neuron++) {
      const first = neuron * SUM_COUNT;
      if (Number.isFinite(totals[first + VV]!) && Number.isFinite(totals[first + slowGain]!)) continue;
      const { dt } = this.subject.settings;
      const until = windows.at(-1)!.first + windows.at(-1)!.steps;
      throw new NonFiniteError(
        `V of ${this.subject.cell.name} at ${this.placeOf(neuron)} became infinite or NaN between ${(windows[0]!.first * dt).toFixed(1)} and ${(until * dt).toFixed(1)} ms: the step of ${dt} ms is too coarse for the conductances that act there; use a shorter dt, or lower rates`,
      );
    }
  }

  private refuseUncounted(): void {
    const { totals } = this;
    for (let neuron = 0; neuron * SUM_COUNT < totals.length; neuron++) {
      if (totals[neuron * SUM_COUNT + counted]! > 0) continue;
      throw new InputError(
        `${this.subject.cell.name} at ${this.placeOf(neuron)} is refractory or spiking in every step that counts (${totals[neuron * SUM_COUNT + spikes]} spikes), so V has no mean there: give lower rates, a longer duration or a shorter dt`,
      );
    }
  }

  private placeOf(neuron: number): string {
    const { nu_e, nu_i, index } = this.quartets[Math.floor(neuron / 4)]!;
    return `nu_e = ${nu_e} Hz, nu_i = ${nu_i} Hz (repeat ${4 * index + (neuron % 4)})`;
  }
}
