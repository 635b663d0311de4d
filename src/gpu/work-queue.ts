/**
 * Keeps a device busy with work whose length is not known beforehand: more is submitted while one piece is looked at, and nobody
 * asks for a piece until it is about done.
 *
 * A device has one queue, which several jobs may share: while one prepares or looks at its results, the device does the other's work.
 * What a piece needs may be written into buffers right before it, since the device keeps the order.
 */
import type { Device } from './device.ts';
import { Watch } from './watch.ts';

/** Pieces of a job that are submitted at a time: one that runs, and one behind it. */
const mostPieces = 2;

export interface DonePiece {
  /** What the job counts its pieces by. */
  size: number;
  /** How long the device took, ms. */
  took: number;
  /** The buffer that was to be read back, as it was after the piece. */
  results: ArrayBuffer;
}

interface Piece {
  job: Job;
  size: number;
  submitted: number;
  clock: Clock | undefined;
  /** Maps when the piece is done; holds when it began and ended by the device's clock, ns, and the results. */
  staging: GPUBuffer;
  resolve: (done: DonePiece) => void;
  reject: (cause: unknown) => void;
}

interface Clock {
  queries: GPUQuerySet;
  times: GPUBuffer;
}

const clockBytes = 16;
const queues = new WeakMap<Device, WorkQueue>();

/** Pieces of one kind, whose time goes by their size. */
export class Job {
  /** ms for each unit of size, of the last two pieces; the first compiles. */
  private rates: [number, number] = [0, 0];
  private readonly pieces: Promise<DonePiece>[] = [];
  private readonly queue: WorkQueue;

  constructor(device: Device) {
    this.queue = queues.get(device) ?? new WorkQueue(device);
    queues.set(device, this.queue);
  }

  /**
   * Submits a pass, then waits until there is room for the next one.
   * @param read a buffer that comes back with the piece
   * @returns the pieces that were done meanwhile, in their order
   * @throws DeviceError where the device was lost or found a fault
   */
  async run(
    size: number,
    encode: (pass: GPUComputePassEncoder) => void,
    read?: GPUBuffer,
  ): Promise<DonePiece[]> {
    const piece = this.queue.submit(this, size, encode, read);
    // Whoever waits for it hears of a failure; nobody may, where an earlier one failed.
    piece.catch(() => undefined);
    this.pieces.push(piece);
    return this.pieces.length < mostPieces ? [] : [await this.pieces.shift()!];
  }

  /** Waits for all that was submitted. */
  drain(): Promise<DonePiece[]> {
    return Promise.all(this.pieces.splice(0));
  }

  expected(size: number): number {
    return size * Math.min(...this.rates);
  }

  learn(size: number, took: number): void {
    this.rates = [took / size, this.rates[0]];
  }
}

class WorkQueue {
  private readonly device: Device;
  private readonly clocks: Clock[] = [];
  private readonly pieces: Piece[] = [];
  private readonly watch = new Watch();

  constructor(device: Device) {
    this.device = device;
  }

  submit(
    job: Job,
    size: number,
    encode: (pass: GPUComputePassEncoder) => void,
    read: GPUBuffer | undefined,
  ): Promise<DonePiece> {
    const { raw } = this.device;
    const clock = this.freeClock();
    const encoder = raw.createCommandEncoder();
    const pass = encoder.beginComputePass(clock ? { timestampWrites: timestamps(clock) } : {});
    encode(pass);
    pass.end();
    const staging = raw.createBuffer({
      label: 'results of a piece of work',
      size: clockBytes + (read?.size ?? 0),
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    if (clock) {
      encoder.resolveQuerySet(clock.queries, 0, 2, clock.times, 0);
      encoder.copyBufferToBuffer(clock.times, 0, staging, 0, clockBytes);
    } else encoder.clearBuffer(staging, 0, clockBytes);
    if (read) encoder.copyBufferToBuffer(read, 0, staging, clockBytes, read.size);
    raw.queue.submit([encoder.finish()]);
    return new Promise((resolve, reject) => {
      this.pieces.push({ job, size, submitted: performance.now(), clock, staging, resolve, reject });
      if (this.pieces.length === 1) void this.collect();
    });
  }

  private async collect(): Promise<void> {
    for (let piece = this.pieces[0]; piece; piece = this.pieces[0]) {
      try {
        piece.resolve(await this.finish(piece));
      } catch (cause) {
        piece.reject(cause);
      } finally {
        piece.staging.destroy();
        if (piece.clock) this.clocks.push(piece.clock);
        this.pieces.shift();
      }
    }
  }

  private async finish({ job, size, submitted, clock, staging }: Piece): Promise<DonePiece> {
    const sleep = this.watch.rest(submitted, job.expected(size), this.pieces.length > 1);
    let took = await this.watch.wait(submitted, sleep, () => this.device.map(staging));
    const words = this.device.mapped(staging).slice(0);
    if (clock) {
      const [start, end] = Array.from(new BigUint64Array(words, 0, 2), (ns) => Number(ns) / 1e6);
      took = end! - start!;
      this.watch.ended(end!);
    }
    job.learn(size, took);
    return { size, took, results: words.slice(clockBytes) };
  }

  private freeClock(): Clock | undefined {
    const { raw, features } = this.device;
    if (!features.has('timestamp-query')) return undefined;
    const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC;
    return (
      this.clocks.pop() ?? {
        queries: raw.createQuerySet({ type: 'timestamp', count: 2 }),
        times: raw.createBuffer({ label: 'clock', size: clockBytes, usage }),
      }
    );
  }
}

function timestamps({ queries }: Clock): GPUComputePassTimestampWrites {
  return { querySet: queries, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
}
