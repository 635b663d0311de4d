/**
 * Advances a batch of rings on the device. Windows of steps are one dispatch each, and the membrane response of every step stays on the
 * device, where whoever asked for it may reduce it before anything is read back. The numbers of a ring depend on its own parameters
 * alone, not on the batch, the chunk or the window.
 */
import type { Device } from '../gpu/device.ts';
import { type DonePiece, Job } from '../gpu/work-queue.ts';
import { pixelCount, type Ring } from '../models/ring.ts';
import { type Chunk, planChunks } from './chunks.ts';
import { deviceMoments, deviceProfiles, deviceQuads, deviceUnit, sampledInput } from './device-ring.ts';
import { keptVectors, type RingFault, ringFaults } from './faults.ts';
import { prepareUnit, type RingOptions, type Unit } from './settings.ts';
import { type CompactOption, kernelOf, type Shape, shapeOf } from './shape.ts';

/** Rings that have run, with their results on the device. */
export interface RingChunk {
  /** Index of the ring in each place, -1 where there is none; four places make a quad. */
  rings: Int32Array;
  /** Samples of each place; later ones in the buffers mean nothing. */
  samples: Int32Array;
  quads: number;
  /** Samples that a quad has room for. */
  stride: number;
  pixels: number;
  /** ms */
  dt: number;
  /**
   * Normalised membrane response, f32 `[quad, sample, pixel, place in the quad]`; or, of rings in a subgroup of this many invocations,
   * `[quad, place in the quad, sample, pixel % subgroup, pixel / subgroup]`, four of the last.
   */
  deltaV: GPUBuffer;
  /** 0, or that many invocations. */
  subgroup: number;
  /**
   * Rates, Hz, and in second order covariances, Hz^2, with adaptation currents, pA (as `Unit.state`): f32
   * `[quad, sample, pixel, variable, place in the quad]`; only where rates are recorded.
   */
  rates?: GPUBuffer;
  /** Variables of the state. */
  variables: number;
  /** Rings whose state left all bounds, which second order does not exclude: their numbers mean nothing. */
  faults: readonly RingFault[];
}

export interface RingTiming {
  run_s: number;
  /** Units times steps. */
  unit_steps: number;
}

/** Steps of the first dispatch of a chunk; later ones are as long as takes about `DISPATCH_MS`. */
const FIRST_STEPS = 16;
const DISPATCH_MS = 150;
/** Of sampled stimuli on the device at a time. */
const INPUT_BYTES = 32 * 2 ** 20;

/**
 * Runs all rings and hands each chunk that is done to `take`, whose promise is waited for; its buffers are then used again.
 *
 * @param rings as many as one likes, all with equally many units
 * @throws InputError where rings or options cannot be meant
 * @throws DeviceMemoryError where one ring's past or samples do not fit
 */
export async function runRings(
  device: Device,
  rings: readonly Ring[],
  options: RingOptions & CompactOption,
  take: (chunk: RingChunk) => Promise<void>,
): Promise<RingTiming> {
  const unit = prepareUnit(rings, options);
  const { onProgress, rates = false, window = Number.POSITIVE_INFINITY } = options;
  const shape = shapeOf(device, rings, unit, options);
  const recorded = rates ? unit.state.length : 0;
  const width = shape.inSubgroups ? 4 * shape.subgroup : undefined;
  const chunks = planChunks(device, rings, unit.dt, { recorded, kept: keptVectors(unit), width });
  const ring = rings[0]!;
  const pixels = pixelCount(ring);
  const started = performance.now();
  const work = chunks.map(({ quads }) => quads.reduce((sum, { longest }) => sum + longest, 0));
  const total = work.reduce((sum, each) => sum + each, 0);
  let done = 0;
  const batch = new Batch(device, rings, unit, { rates, window, shape });
  try {
    for (const [index, chunk] of chunks.entries()) {
      await batch.run(chunk, (fraction) => onProgress?.((done + fraction * work[index]!) / total));
      await take({ ...batch.result(chunk), faults: await batch.faults(chunk) });
      done += work[index]!;
      onProgress?.(done / total);
    }
  } finally {
    batch.free();
  }
  const steps = chunks.flatMap(({ quads }) => quads.flatMap(({ samples }) => samples));
  const unit_steps = pixels * steps.reduce((sum, samples) => sum + Math.max(0, samples - 1), 0);
  return { run_s: (performance.now() - started) / 1000, unit_steps };
}

/** Buffers that chunks use one after the other, as large as the largest so far. */
class Batch {
  private readonly device: Device;
  private readonly rings: readonly Ring[];
  private readonly unit: Unit;
  readonly rates: boolean;
  readonly window: number;
  readonly shape: Shape;
  private readonly pixels: number;
  private readonly buffers: Record<string, GPUBuffer> = {};
  private readonly job: Job;
  /** Quad-steps that take about `DISPATCH_MS`. */
  private size = 0;

  constructor(
    device: Device,
    rings: readonly Ring[],
    unit: Unit,
    { rates, window, shape }: Pick<Batch, 'rates' | 'window' | 'shape'>,
  ) {
    this.device = device;
    this.job = new Job(device);
    this.rings = rings;
    this.unit = unit;
    this.rates = rates;
    this.window = window;
    this.shape = shape;
    this.pixels = pixelCount(rings[0]!);
  }

  async run(chunk: Chunk, onProgress: (fraction: number) => void): Promise<void> {
    const { device, pixels, unit, rings } = this;
    const count = chunk.quads.length;
    const { sampled } = chunk;
    const { units, rows } = rings[0]!;
    const { lanes, subgroup, inSubgroups } = this.shape;
    const kernel = await kernelOf(device, unit, this.shape, {
      ...{ LANES: lanes, SUBGROUP: subgroup },
      ...(inSubgroups ? { UNITS: units } : { SAMPLED: sampled, SHEET: rows > 1, RATES: this.rates }),
    });
    const variables = unit.state.length;
    const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const values = deviceQuads(chunk, rings, unit);
    // Neither of these two is larger than the past; their sizes are exact, since the shader counts quads by them.
    await this.replace('quads', kernel.pack('quads', values.quads), STORAGE);
    await this.replace('links', kernel.pack('links', values.links), STORAGE);
    await this.replace('profiles', deviceProfiles(chunk, rings, pixels), STORAGE);
    const quadBytes = 16 * pixels;
    // Four rings' vectors of all units, or a vector of each invocation for each of four rings.
    const sampleBytes = inSubgroups ? 64 * subgroup : quadBytes;
    await this.reserve('history', 2 * sampleBytes * count * chunk.slots, STORAGE | COPY_DST);
    await this.reserve('delta_v', sampleBytes * count * chunk.stride, STORAGE | COPY_SRC | COPY_DST);
    await this.reserve(
      'rates',
      this.rates ? variables * quadBytes * count * chunk.stride : 0,
      STORAGE | COPY_SRC | COPY_DST,
    );
    const held = sampled
      ? Math.max(1, Math.floor(INPUT_BYTES / (quadBytes * count)))
      : Number.POSITIVE_INFINITY;
    const mostSteps = Math.min(held, this.window);
    await this.reserve(
      'sampled',
      sampled ? quadBytes * count * Math.min(mostSteps, chunk.stride) : 0,
      STORAGE | COPY_DST,
    );
    await this.reserve('settings', kernel.sizeOf('settings'), UNIFORM | COPY_DST);
    const kept = keptVectors(unit);
    if (kept > 0) {
      await this.replace('unit', kernel.pack('unit', deviceMoments(unit)), UNIFORM);
      await this.reserve('states', kept * quadBytes * count, STORAGE | COPY_SRC | COPY_DST);
    } else await this.reserve('own_rates', 2 * sampleBytes * count, STORAGE | COPY_DST);
    this.fillWithRest(chunk, sampleBytes);
    const group = kernel.bind(this.buffers);
    const constant = { ...deviceUnit(unit), units, rows, pixels };
    let steps = Math.max(1, this.size === 0 ? FIRST_STEPS : Math.floor(this.size / count));
    const learn = (pieces: DonePiece[]) => {
      for (const { size, took } of pieces) {
        const isCurrent = size === steps * count;
        if (isCurrent && took < DISPATCH_MS / 2) steps *= 2;
        else if (isCurrent && took > 2 * DISPATCH_MS) steps = Math.max(1, Math.floor(steps / 2));
      }
    };
    for (let done = 1; done < chunk.stride; ) {
      const now = Math.min(steps, mostSteps, chunk.stride - done);
      const window = { done, steps: now, slots: chunk.slots, stride: chunk.stride };
      device.write(this.buffers.settings!, 0, kernel.pack('settings', { ...constant, ...window }));
      if (sampled)
        device.write(
          this.buffers.sampled!,
          0,
          sampledInput(chunk, rings, { first: done - 1, steps: now, dt: unit.dt, pixels }),
        );
      const advance = (pass: GPUComputePassEncoder) => kernel.dispatch(pass, group, count);
      learn(await this.job.run(now * count, advance));
      done += now;
      onProgress(done / chunk.stride);
    }
    learn(await this.job.drain());
    this.size = steps * count;
  }

  result({ quads, stride }: Chunk): Omit<RingChunk, 'faults'> {
    return {
      rings: Int32Array.from(quads.flatMap(({ rings }) => rings)),
      samples: Int32Array.from(quads.flatMap(({ samples }) => samples)),
      quads: quads.length,
      stride,
      pixels: this.pixels,
      dt: this.unit.dt,
      deltaV: this.buffers.delta_v!,
      subgroup: this.shape.inSubgroups ? this.shape.subgroup : 0,
      ...(this.rates ? { rates: this.buffers.rates! } : {}),
      variables: this.unit.state.length,
    };
  }

  /** Rates of first order are between 0 and what transfer functions give, so only other states are looked at. */
  async faults({ quads }: Chunk): Promise<RingFault[]> {
    const { device, pixels, unit, rings } = this;
    const kept = keptVectors(unit);
    if (kept === 0) return [];
    const bytes = 16 * kept * pixels * quads.length;
    return ringFaults(
      new Float32Array(await device.read(this.buffers.states!, 0, bytes)),
      quads,
      rings,
      unit,
    );
  }

  free(): void {
    for (const buffer of Object.values(this.buffers)) buffer.destroy();
  }

  /** The past, and the first sample, of all rings is rest. */
  private fillWithRest({ quads, slots, stride }: Chunk, sampleBytes: number): void {
    const { device, pixels, buffers } = this;
    const { state } = this.unit;
    const encoder = device.raw.createCommandEncoder({ label: 'rest' });
    encoder.clearBuffer(buffers.history!, 0, 2 * sampleBytes * slots * quads.length);
    if (buffers.own_rates) encoder.clearBuffer(buffers.own_rates, 0, 2 * sampleBytes * quads.length);
    // The first sample of each quad, or of each of its rings.
    const parts = this.shape.inSubgroups ? 4 : 1;
    const [rows, rowBytes] = [parts * quads.length, sampleBytes / parts];
    for (let row = 0; row < rows; row++)
      encoder.clearBuffer(buffers.delta_v!, row * stride * rowBytes, rowBytes);
    device.raw.queue.submit([encoder.finish()]);
    // A vector of four rings for each of these numbers in each pixel.
    const inAllPixels = (numbers: Float64Array) =>
      Float32Array.from(
        { length: 4 * numbers.length * pixels },
        (_, at) => numbers[Math.floor(at / 4) % numbers.length]!,
      );
    const whole = inAllPixels(state);
    const kept = new Float64Array(keptVectors(this.unit));
    kept.set(state.subarray(2));
    const keptRow = inAllPixels(kept);
    for (const quad of quads.keys()) {
      if (this.rates) device.write(buffers.rates!, quad * stride * whole.byteLength, whole);
      if (kept.length > 0) device.write(buffers.states!, quad * keptRow.byteLength, keptRow);
    }
  }

  private async replace(name: string, data: ArrayBufferView, usage: GPUBufferUsageFlags): Promise<void> {
    this.buffers[name]?.destroy();
    this.buffers[name] = await this.device.upload(`${name} of rings`, data, usage);
  }

  private async reserve(name: string, bytes: number, usage: GPUBufferUsageFlags): Promise<void> {
    if (this.buffers[name] && this.buffers[name].size >= bytes) return;
    this.buffers[name]?.destroy();
    this.buffers[name] = await this.device.allocate(`${name} of rings`, bytes, usage);
  }
}
