/**
 * Solves the Fokker-Planck equation of an EIF neuron at a block of grid points on the device: stationary rate and mean
 * voltage, then linear responses at frequencies that all points share, or that each has for itself.
 */
import { InputError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import { Pace } from '../gpu/pace.ts';
import { type EifNeuron, eifTimeConstant } from '../models/eif.ts';
import { type InputPoint, layOut, type VoltageMesh } from './mesh.ts';

/** Responses of the rate per unit of the rate: `[frequency, point]`, real and imaginary parts. */
export interface Responses {
  /** To a modulation of mu, 1 / (mV/ms). */
  muRe: Float32Array;
  muIm: Float32Array;
  /** To a modulation of sigma, 1 / (mV/sqrt(ms)). */
  sigmaRe: Float32Array;
  sigmaIm: Float32Array;
}

/** A block of points whose stationary densities lie on the device. */
export interface SolvedBlock {
  points: readonly InputPoint[];
  /** Natural logarithm of the rate in kHz, refractoriness included. */
  logRate: Float64Array;
  /** Mean membrane potential outside refractoriness, mV. */
  voltage: Float64Array;
}

/** Cells of a point at most: drives for which more were needed leave the neuron in no state that a model would reach. */
const MOST_CELLS = 2 ** 15;
/** Frequencies that the kernel takes at a time. */
const GROUP = 4;
/** Words of the kernel's struct Frequencies and struct Response. */
const FREQUENCY_WORDS = 12;
const RESPONSE_WORDS = 16;

export class FokkerPlanckSolver {
  private readonly device: Device;
  private readonly neuron: EifNeuron;
  private readonly stationary: Kernel;
  private readonly response: Kernel;
  /** One for each kind of work, since a pace is learnt from work of the same length. */
  private readonly paces = { solve: new Pace(), shared: new Pace(), each: new Pace() };
  private buffers: Record<string, GPUBuffer> = {};

  private constructor(device: Device, neuron: EifNeuron, stationary: Kernel, response: Kernel) {
    this.device = device;
    this.neuron = neuron;
    this.stationary = stationary;
    this.response = response;
  }

  static async create(device: Device, neuron: EifNeuron): Promise<FokkerPlanckSolver> {
    const stationary = await Kernel.create(device, 'fokker-planck/stationary.wgsl');
    const response = await Kernel.create(device, 'fokker-planck/response.wgsl');
    return new FokkerPlanckSolver(device, neuron, stationary, response);
  }

  /** How many of the points from `first` on, and at most `most`, fit into one block with their densities. */
  blockSize(points: readonly InputPoint[], first: number, step: number, most: number): number {
    const room = Math.min(this.device.limits.maxStorageBufferBindingSize, 128 * 2 ** 20) / 4;
    let cells = 0;
    let count = 0;
    for (; count < most && first + count < points.length; count++) {
      const mesh = layOut(this.neuron, points[first + count]!, step);
      cells = Math.max(cells, mesh.below + mesh.above);
      if (count > 0 && cells * (count + 1) > room) break;
    }
    return count;
  }

  /**
   * Rates and mean voltages of a block of points, which stays on the device for `respond`.
   * @param step width of a cell of the voltage axis, mV (see `layOut`)
   * @throws InputError where a point needs more cells than are allowed
   * @throws DeviceMemoryError where the block is too large
   */
  async solve(points: readonly InputPoint[], step: number): Promise<SolvedBlock> {
    this.release();
    const meshes = points.map((point) => layOut(this.neuron, point, step));
    const counts = meshes.map((mesh) => mesh.below + mesh.above);
    const cells = Math.max(...counts);
    if (!(cells <= MOST_CELLS)) {
      const { mu, sigma } = points[counts.findIndex((count) => !(count <= MOST_CELLS))]!;
      throw new InputError(
        `mu = ${mu} mV/ms with sigma = ${sigma} mV/sqrt(ms) needs ${cells} cells of the voltage axis, and ${MOST_CELLS} are allowed; narrow the grid, with a higher least sigma or a higher least mu.`,
      );
    }
    const { STORAGE, UNIFORM, COPY_SRC } = GPUBufferUsage;
    const { device, stationary: kernel, neuron } = this;
    const packed = points.map((point, index) => packPoint(neuron, point, meshes[index]!));
    this.buffers = {
      neuron: await device.upload('the neuron', kernel.pack('neuron', packNeuron(neuron)), UNIFORM),
      points: await device.upload('grid points', kernel.pack('points', packed), STORAGE),
      ratios: await device.allocate('stationary densities', 4 * cells * points.length, STORAGE),
    };
    const batch = await device.upload('batch', kernel.pack('batch', { points: points.length }), UNIFORM);
    const result = await device.allocate('rates and voltages', 16 * points.length, STORAGE | COPY_SRC);
    try {
      kernel.run(
        kernel.bind({ ...this.buffers, batch, stationary: result }),
        Math.ceil(points.length / kernel.layout.workgroupSize[0]),
      );
      return toBlock(neuron, points, await this.read('solve', result, 16 * points.length));
    } finally {
      batch.destroy();
      result.destroy();
    }
  }

  /**
   * Responses of the block solved last.
   * @param hertz frequencies, a multiple of four: shared by all points, or `[frequency, point]` where `each` is set
   */
  async respond(block: SolvedBlock, hertz: Float64Array, { each = false } = {}): Promise<Responses> {
    const { device, response: kernel, neuron } = this;
    const count = block.points.length;
    const groups = hertz.length / (GROUP * (each ? count : 1));
    const { STORAGE, UNIFORM, COPY_SRC } = GPUBufferUsage;
    const batch = await device.upload(
      'batch',
      kernel.pack('batch', {
        points: count,
        groups,
        group_stride: each ? count : 1,
        point_stride: each ? 1 : 0,
      }),
      UNIFORM,
    );
    const packed = packFrequencies(hertz, each ? count : 1, neuron.Tref);
    const frequencies = await device.upload('frequencies', packed, STORAGE);
    const bytes = 4 * RESPONSE_WORDS * groups * count;
    const responses = await device.allocate('responses', bytes, STORAGE | COPY_SRC);
    try {
      const group = kernel.bind({ ...this.buffers, batch, frequencies, responses });
      kernel.run(group, Math.ceil((groups * count) / kernel.layout.workgroupSize[0]));
      return sortResponses(await this.read(each ? 'each' : 'shared', responses, bytes), groups, count);
    } finally {
      for (const buffer of [batch, frequencies, responses]) buffer.destroy();
    }
  }

  /** Frees what the last block took. */
  release(): void {
    for (const buffer of Object.values(this.buffers)) buffer.destroy();
    this.buffers = {};
  }

  [Symbol.dispose](): void {
    this.release();
  }

  private async read(work: keyof typeof this.paces, buffer: GPUBuffer, bytes: number): Promise<Float32Array> {
    let words = new Float32Array();
    await this.paces[work].wait(performance.now(), async () => {
      words = new Float32Array(await this.device.read(buffer, 0, bytes));
    });
    return words;
  }
}

function packNeuron(neuron: EifNeuron) {
  return {
    reset: neuron.Vr - neuron.EL,
    threshold: neuron.VT - neuron.EL,
    slope: neuron.DeltaT,
    tau: eifTimeConstant(neuron),
  };
}

function packPoint({ DeltaT }: EifNeuron, { mu, sigma }: InputPoint, mesh: VoltageMesh) {
  const meanOverCell = (width: number) => Math.sinh(width / (2 * DeltaT)) / (width / (2 * DeltaT));
  return {
    mu,
    sigma,
    below: mesh.below,
    above: mesh.above,
    width_below: mesh.widthBelow,
    width_above: mesh.widthAbove,
    mean_below: meanOverCell(mesh.widthBelow),
    mean_above: meanOverCell(mesh.widthAbove),
  };
}

/** `[group, point]` of struct Frequencies; angular frequencies in 1/ms. */
function packFrequencies(hertz: Float64Array, points: number, Tref: number): Float32Array {
  const words = new Float32Array((hertz.length / GROUP) * FREQUENCY_WORDS);
  for (let index = 0; index < hertz.length; index++) {
    const [frequency, point] = [Math.floor(index / points), index % points];
    const at = (Math.floor(frequency / GROUP) * points + point) * FREQUENCY_WORDS + (frequency % GROUP);
    const omega = 2 * Math.PI * hertz[index]! * 1e-3;
    words[at] = omega;
    words[at + GROUP] = Math.cos(omega * Tref);
    words[at + 2 * GROUP] = Math.sin(omega * Tref);
  }
  return words;
}

function toBlock(neuron: EifNeuron, points: readonly InputPoint[], words: Float32Array): SolvedBlock {
  const logRate = new Float64Array(points.length);
  const voltage = new Float64Array(points.length);
  for (let index = 0; index < points.length; index++) {
    const [mass, exponent, mean] = words.subarray(4 * index, 4 * index + 3);
    const logInterval = Math.log(mass!) + exponent! * Math.LN2;
    // 1 / (interval + Tref) without leaving the range of doubles.
    logRate[index] = -logInterval - Math.log1p(neuron.Tref * Math.exp(-logInterval));
    voltage[index] = mean! + neuron.EL;
  }
  return { points, logRate, voltage };
}

function sortResponses(words: Float32Array, groups: number, points: number): Responses {
  const part = (which: number) => {
    const values = new Float32Array(GROUP * groups * points);
    for (let index = 0; index < values.length; index++) {
      const [frequency, point] = [Math.floor(index / points), index % points];
      const item = Math.floor(frequency / GROUP) * points + point;
      values[index] = words[item * RESPONSE_WORDS + which * GROUP + (frequency % GROUP)]!;
    }
    return values;
  };
  return { muRe: part(0), muIm: part(1), sigmaRe: part(2), sigmaIm: part(3) };
}
