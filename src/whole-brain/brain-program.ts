/** Buffers and kernels of a batch of brains: advances them dispatch by dispatch and reads back what was sampled. */
import { packColumns, unpackColumns } from '../gpu/columns.ts';
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import { Pace } from '../gpu/pace.ts';
import type { BoldParameters } from '../models/bold.ts';
import type { InputCourses } from './aln-inputs.ts';
import { hemodynamics } from './bold-constants.ts';
import type { BrainState, Rings } from './brain-state.ts';
import { BLOCK, type Links } from './links.ts';
import type { NodeBatch, NodeModel } from './node-model.ts';

/** Invocations of a workgroup where a brain has several. */
const PART = 64;
/** How long a dispatch should take, ms. */
const DISPATCH_TIME = 100;
/** Couplings times steps of the first dispatch, from whose time the next ones follow. */
const FIRST_DISPATCH = 4e6;
/** Room for the samples of one dispatch, bytes. */
const MOST_BYTES = 2 ** 25;
/** Blocks encoded in one submission where each is a dispatch. */
const MOST_BLOCKS = 256;
/** Stands for a sampling that does not take place. */
const SELDOM = 2 ** 20;

export interface ProgramGiven {
  model: NodeModel;
  batch: NodeBatch;
  brains: number;
  nodes: number;
  seeds: readonly number[];
  links: Links;
  rings: Rings;
  dt: number;
  together: boolean;
}

export interface Stretch {
  first: number;
  steps: number;
  /** Steps between samples; undefined: none. */
  every: number | undefined;
  /** Variables that are recorded, the first of the model's. */
  recorded: number;
  bold: { every: number; parameters: BoldParameters } | undefined;
  courses: InputCourses | undefined;
  /** Takes the rows of a dispatch, `[sample, variable, brain, node]` and `[sample, brain, node]`. */
  keep: (samples: Float32Array, firstSample: number, bold: Float32Array, firstBold: number) => void;
  onStep: (step: number) => void;
}

export class BrainProgram {
  private readonly device: Device;
  private readonly given: ProgramGiven;
  private readonly kernel: Kernel;
  private readonly buffers: Record<'parameters' | 'states' | 'history' | 'links' | 'measures', GPUBuffer>;
  private readonly resources: Record<string, GPUBuffer>;
  private readonly uniforms: GPUBuffer;
  private readonly empty: GPUBuffer;
  private samples: GPUBuffer | undefined;
  private readonly pace = new Pace();
  private msPerStep: number | undefined;

  private constructor(
    device: Device,
    given: ProgramGiven,
    kernel: Kernel,
    buffers: BrainProgram['buffers'],
    resources: Record<string, GPUBuffer>,
    shared: { uniforms: GPUBuffer; empty: GPUBuffer },
  ) {
    this.device = device;
    this.given = given;
    this.kernel = kernel;
    this.buffers = buffers;
    this.resources = resources;
    this.uniforms = shared.uniforms;
    this.empty = shared.empty;
  }

  /** A kernel of which only the layout is used, to pack the first state. */
  static layoutOf(device: Device, model: NodeModel): Promise<Kernel> {
    return Kernel.create(device, model.kernels.brain, { dynamic: ['uniforms'] });
  }

  /** @throws DeviceMemoryError where the batch is too large */
  static async create(device: Device, given: ProgramGiven, state: BrainState): Promise<BrainProgram> {
    const { model, batch, brains, nodes, seeds, links, dt } = given;
    const kernel = await BrainProgram.layoutOf(device, model);
    const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const kept = STORAGE | COPY_SRC | COPY_DST;
    const seedOf = (part: (seed: number) => number) =>
      Float64Array.from({ length: brains * nodes }, (_, index) => part(seeds[Math.floor(index / nodes)]!));
    const parameters = packColumns(kernel, 'parameters', brains * nodes, {
      ...model.columns(batch, dt),
      seed_low: seedOf((seed) => seed % 2 ** 32),
      seed_high: seedOf((seed) => Math.floor(seed / 2 ** 32)),
    });
    const buffers = {
      parameters: await device.upload('parameters of the nodes', parameters, STORAGE),
      states: await device.upload('states of the nodes', state.states, kept),
      history: await device.upload('history of the brains', state.history, kept),
      links: await device.upload('connectomes', links.words, STORAGE),
      measures: await device.upload('measures of the nodes', state.measures, kept),
    };
    const resources = await model.resources(device, kernel);
    const spans = given.together ? 1 : MOST_BLOCKS;
    const shared = {
      uniforms: await device.allocate('spans', spans * kernel.dynamicStride('uniforms'), UNIFORM | COPY_DST),
      empty: await device.allocate('no inputs', 16, STORAGE),
    };
    return new BrainProgram(device, given, kernel, buffers, resources, shared);
  }

  /** Advances all brains. */
  async advance(stretch: Stretch): Promise<void> {
    const { device, given } = this;
    const { model, batch, brains, nodes } = given;
    const { noise, own } = model.constants(batch);
    const kernel = await Kernel.create(device, model.kernels.brain, {
      dynamic: ['uniforms'],
      constants: {
        ...own,
        ...{ NOISE: noise, SAMPLED: stretch.courses !== undefined, BOLD: stretch.bold !== undefined },
        ...{ TOGETHER: given.together, NEAR: given.together && given.links.near },
        LANES: this.lanes,
        RECORDED: stretch.recorded,
      },
    });
    const samples = await this.roomForSamples();
    const end = stretch.first + stretch.steps;
    for (let step = stretch.first; step < end; ) {
      const steps = Math.min(end - step, this.stepsAtOnce(stretch));
      const from = step - stretch.first;
      const courses =
        stretch.courses &&
        (await device.upload('inputs', stretch.courses.slice(from, from + steps), GPUBufferUsage.STORAGE));
      const every = stretch.every ?? SELDOM;
      const boldEvery = stretch.bold?.every ?? SELDOM;
      const rows = (of: number) => Math.floor((step + steps) / of) - Math.floor(step / of);
      const sampleRows = stretch.every === undefined ? 0 : rows(every);
      const boldAt = (Math.ceil(steps / every) + 1) * stretch.recorded * brains * nodes;
      try {
        const began = performance.now();
        const group = kernel.bind({
          ...{ ...this.buffers, ...this.resources, uniforms: this.uniforms, samples },
          inputs: courses ?? this.empty,
        });
        this.submit(kernel, group, { step, steps, every, boldEvery, boldAt, stretch });
        await this.pace.wait(began, () => device.raw.queue.onSubmittedWorkDone());
        this.msPerStep = (performance.now() - began) / steps;
        const words = brains * nodes;
        const taken = new Float32Array(
          await device.read(samples, 0, 4 * sampleRows * stretch.recorded * words),
        );
        const boldRows = stretch.bold ? rows(boldEvery) : 0;
        const bold = new Float32Array(await device.read(samples, 4 * boldAt, 4 * boldRows * words));
        stretch.keep(taken, Math.floor(step / every), bold, Math.floor(step / boldEvery));
        device.throwIfFaulty();
      } finally {
        courses?.destroy();
      }
      step += steps;
      stretch.onStep(step);
    }
  }

  /** The state after `step` steps. */
  async state(step: number, counted: number): Promise<BrainState> {
    const { model, dt, brains, nodes, rings } = this.given;
    const read = async (name: 'states' | 'history' | 'measures', bytes: number) =>
      new Uint8Array(await this.device.read(this.buffers[name], 0, bytes));
    const count = brains * nodes;
    return {
      ...{ model: model.name, step, counted, dt, brains, nodes, rings },
      states: await read('states', this.kernel.sizeOf('states', count)),
      history: await read('history', 16 * rings.stride * brains),
      measures: await read('measures', this.kernel.sizeOf('measures', count)),
    };
  }

  /** Fields of the states or measures of all nodes as they are now, `[brain, node]` each. */
  async columns(name: 'states' | 'measures'): Promise<Record<string, Float32Array | Uint32Array>> {
    const count = this.given.brains * this.given.nodes;
    const bytes = await this.device.read(this.buffers[name], 0, this.kernel.sizeOf(name, count));
    return unpackColumns(this.kernel, name, count, bytes);
  }

  /** Puts statistics back to their beginning and leaves BOLD as it is. */
  writeMeasures(bytes: Uint8Array): void {
    this.device.write(this.buffers.measures, 0, bytes);
  }

  /** The bytes of measures with some fields replaced. */
  packMeasures(columns: Record<string, ArrayLike<number> | number>): Uint8Array {
    return packColumns(this.kernel, 'measures', this.given.brains * this.given.nodes, columns);
  }

  destroy(): void {
    for (const buffer of [...Object.values(this.buffers), ...Object.values(this.resources)]) buffer.destroy();
    for (const buffer of [this.uniforms, this.empty, this.samples]) buffer?.destroy();
  }

  private get lanes(): number {
    return this.given.together ? 16 * Math.ceil(this.given.nodes / 16) : PART;
  }

  /** Steps of one dispatch: all of them in one workgroup, or none that hears what another writes. */
  private get blockSteps(): number {
    return Math.min(BLOCK, this.given.links.shortest + 1);
  }

  private submit(
    kernel: Kernel,
    group: GPUBindGroup,
    work: { step: number; steps: number; every: number; boldEvery: number; boldAt: number; stretch: Stretch },
  ): void {
    const { device, given } = this;
    const parts = given.together ? 1 : Math.ceil(given.nodes / this.lanes);
    const size = given.together ? work.steps : this.blockSteps;
    const stride = kernel.dynamicStride('uniforms');
    const end = work.step + work.steps;
    for (let step = work.step; step < end; ) {
      const ends: number[] = [];
      const bytes: Uint8Array[] = [];
      for (let from = step; from < end && ends.length < (given.together ? 1 : MOST_BLOCKS); from += size) {
        ends.push(Math.min(end, from + size));
        bytes.push(this.packUniforms(kernel, from, ends.at(-1)!, parts, work));
      }
      const packed = new Uint8Array(ends.length * stride);
      for (const [index, each] of bytes.entries()) packed.set(each, index * stride);
      device.write(this.uniforms, 0, packed);
      const encoder = device.raw.createCommandEncoder({ label: kernel.path });
      const pass = encoder.beginComputePass();
      for (const index of ends.keys()) kernel.dispatch(pass, group, given.brains * parts, [index * stride]);
      pass.end();
      device.raw.queue.submit([encoder.finish()]);
      step = ends.at(-1)!;
    }
  }

  private packUniforms(
    kernel: Kernel,
    from: number,
    to: number,
    parts: number,
    { step, every, boldEvery, boldAt, stretch }: Parameters<BrainProgram['submit']>[2],
  ): Uint8Array {
    const { model, brains, nodes, links, rings, dt } = this.given;
    const width = stretch.courses?.width ?? 1;
    return kernel.pack('uniforms', {
      span: {
        ...{ brains, nodes, parts, first_step: from, end_step: to },
        ...{ sample_from: Math.floor(step / every), bold_from: Math.floor(step / boldEvery) },
        ...{ sample_every: every, bold_every: boldEvery, bold_at: boldAt },
        ...{ input_from: step, input_stride: width > 1 ? 1 : 0, input_width: width },
        ...{ slot_mask: rings.slots - 1, own_mask: rings.ownSlots - 1 },
        ...{ brain_stride: rings.stride, own_at: rings.ownAt },
        ...{ table_stride: links.tableStride, tables_at: links.tablesAt, pairs: links.pairs },
        ...{ dt, rate_factor: model.rateFactor, rate_offset: model.rateOffset },
      },
      hemodynamics: hemodynamics(stretch.bold?.parameters, dt),
    });
  }

  private async roomForSamples(): Promise<GPUBuffer> {
    const { brains, nodes, model } = this.given;
    const least = 4 * brains * nodes * (2 * model.variables.length + 2);
    this.samples ??= await this.device.allocate(
      'samples',
      Math.max(MOST_BYTES, least),
      GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
    );
    return this.samples;
  }

  /** As many steps as fit into the time and memory of a dispatch. */
  private stepsAtOnce({ every, recorded, bold, courses }: Stretch): number {
    const { brains, nodes } = this.given;
    const byTime =
      this.msPerStep === undefined
        ? FIRST_DISPATCH / (brains * nodes * nodes)
        : DISPATCH_TIME / this.msPerStep;
    const room = this.samples!.size / 4 / (brains * nodes);
    // Half for variables, half for BOLD, and a row more of each where the last one is not whole.
    const bySamples = every === undefined ? Number.POSITIVE_INFINITY : (room / 2 / recorded - 1) * every;
    const byBold = bold ? (room / 2 - 1) * bold.every : Number.POSITIVE_INFINITY;
    const byInputs = courses ? MOST_BYTES / (16 * courses.width) : Number.POSITIVE_INFINITY;
    const most = Math.floor(Math.min(byTime, bySamples, byBold, byInputs, SELDOM));
    // Whole blocks, but never none.
    return Math.max(1, most - (most > BLOCK ? most % BLOCK : 0));
  }
}
