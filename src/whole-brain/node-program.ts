/** The buffers and kernels of a batch of nodes of any model: advances them dispatch by dispatch, and reads back what a run asks for. */
import { packColumns, unpackColumns } from '../gpu/columns.ts';
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import { Pace } from '../gpu/pace.ts';
import type { ShaderConstants } from '../gpu/shader.ts';
import type { InputCourses } from './aln-inputs.ts';
import { historyOf, ringOf } from './node-history.ts';
import type { NodeBatch, NodeModel } from './node-model.ts';
import { keepRows, type Recording, rowsOf } from './node-recording.ts';
import type { NodeState } from './node-state.ts';
import {
  type Crossings,
  type NodeReduction,
  type ReducedColumns,
  reductionOf,
  startOfWindow,
} from './node-window.ts';

/** How long a dispatch should take, ms: short enough for watchdogs of drivers and for a progress bar. */
const DISPATCH_TIME = 100;
/** Node-steps of the first dispatch, from whose time the next ones follow. */
const FIRST_DISPATCH = 100_000;
/** Most samples and most input words that one dispatch moves, bytes. */
const MOST_BYTES = 2 ** 25;

export interface Advance {
  first: number;
  steps: number;
  /** Steps between samples. */
  every: number;
  /** Compiled to write all variables, or those alone that the model records. */
  all: boolean;
  /** Where samples are kept, if they are. */
  record?: Recording | undefined;
  courses: InputCourses | undefined;
  /** The step at which the courses of inputs begin. */
  courseFirst: number;
  onStep: (step: number) => void;
}

/** State and what was emitted of all nodes; a second set replays a window. */
interface Store {
  states: GPUBuffer;
  history: GPUBuffer;
}

interface Made<Batch extends NodeBatch> {
  model: NodeModel<Batch>;
  nodes: Batch;
  dt: number;
  seeds: Float64Array;
  state: NodeState;
}

export class NodeProgram<Batch extends NodeBatch = NodeBatch> {
  private readonly device: Device;
  private readonly model: NodeModel<Batch>;
  private nodes: Batch;
  private readonly dt: number;
  private readonly seeds: Float64Array;
  private readonly slots: number;
  private readonly kernel: Kernel;
  private readonly shared: Record<'parameters' | 'reduced' | 'span', GPUBuffer>;
  /** Of the model's own bindings. */
  private readonly own: Record<string, GPUBuffer>;
  private readonly store: Store;
  /** Bound where a run has no inputs. */
  private readonly empty: GPUBuffer;
  private readonly pace = new Pace();
  private msPerStep: number | undefined;

  private constructor(
    device: Device,
    { model, nodes, dt, seeds, state }: Made<Batch>,
    kernel: Kernel,
    shared: NodeProgram['shared'],
    own: Record<string, GPUBuffer>,
    store: Store,
    empty: GPUBuffer,
  ) {
    this.device = device;
    this.model = model;
    this.nodes = nodes;
    this.dt = dt;
    this.seeds = seeds;
    this.slots = state.history.slots;
    this.kernel = kernel;
    this.shared = shared;
    this.own = own;
    this.store = store;
    this.empty = empty;
  }

  static async create<Batch extends NodeBatch>(
    device: Device,
    given: Made<Batch>,
  ): Promise<NodeProgram<Batch>> {
    const { model, nodes, dt, seeds, state } = given;
    const kernel = await Kernel.create(device, model.kernels.single, { constants: variantOf(model, nodes) });
    const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const kept = STORAGE | COPY_SRC | COPY_DST;
    const packed = packColumns(kernel, 'parameters', nodes.count, columnsOf(model, nodes, dt, seeds));
    const shared = {
      parameters: await device.upload('parameters of the nodes', packed, STORAGE | COPY_DST),
      reduced: await device.allocate('reduced values', kernel.sizeOf('reduced', nodes.count), kept),
      span: await device.allocate('span', kernel.sizeOf('span'), UNIFORM | COPY_DST),
    };
    const counters = Object.fromEntries(model.counters.map((name) => [name, 0]));
    const states = packColumns(kernel, 'states', nodes.count, { ...state.variables, ...counters });
    const store = {
      states: await device.upload('states of the nodes', states, kept),
      history: await device.upload('what was emitted over the delays', ringOf(state), kept),
    };
    const empty = await device.allocate('no inputs', 16, STORAGE);
    const own = await model.resources(device, kernel);
    return new NodeProgram(device, given, kernel, shared, own, store, empty);
  }

  /** Variables in the order of the kernel. */
  recordable(all: boolean): readonly string[] {
    const { variables, recorded } = this.model;
    return variables.slice(0, all ? variables.length : recorded).map(({ name }) => name);
  }

  /** Longest delay that the ring of emitted values has room for, in steps. */
  get longestDelay(): number {
    return this.slots - 1;
  }

  /** Other parameters from now on, of as many nodes with delays not above `longestDelay`. */
  retune(nodes: Batch): void {
    const { model, dt, seeds, kernel } = this;
    this.nodes = nodes;
    const packed = packColumns(kernel, 'parameters', nodes.count, columnsOf(model, nodes, dt, seeds));
    this.device.write(this.shared.parameters, 0, packed);
  }

  /** Advances all nodes. */
  advance(span: Advance): Promise<void> {
    return this.dispatchAll(span, this.store);
  }

  /**
   * Advances all nodes through a window, reduces it, and where the first variable moves by the model's least amplitude or more
   * replays it on a copy to count how often that rises through the middle between its extremes.
   */
  async reduce(span: Advance): Promise<NodeReduction> {
    const { device, kernel, nodes, store } = this;
    const { leastAmplitude, variables } = this.model;
    const names = [variables[0]!.name, variables[1]!.name] as const;
    const shape = { names, steps: span.steps, dt: this.dt, leastAmplitude };
    const writeReduced = (crossings?: Crossings) =>
      device.write(
        this.shared.reduced,
        0,
        packColumns(kernel, 'reduced', nodes.count, startOfWindow(crossings)),
      );
    const copy = await this.copyOf(store);
    try {
      const before = (await this.readStates())[names[0]];
      writeReduced();
      await this.dispatchAll(span, store);
      const reduced = await this.readReduced();
      const middle = Float32Array.from(reduced.most_e!, (most, node) => (most + reduced.least_e![node]!) / 2);
      const moves = reduced.most_e!.some((most, node) => most - reduced.least_e![node]! >= leastAmplitude);
      if (!moves) return reductionOf(reduced, undefined, shape);
      writeReduced({ level: middle, before: before! });
      const { record: _, ...replay } = span;
      await this.dispatchAll({ ...replay, onStep: (step) => span.onStep(step + span.steps) }, copy);
      return reductionOf(reduced, await this.readReduced(), shape);
    } finally {
      copy.states.destroy();
      copy.history.destroy();
    }
  }

  /** The state after `step` steps, and what each node counted so far. */
  async state(step: number): Promise<{ state: NodeState; counted: Record<string, Uint32Array> }> {
    const { slots, nodes, model } = this;
    const columns = await this.readStates();
    const variables = Object.fromEntries(
      model.variables.map(({ name }) => [name, columns[name] as Float32Array]),
    );
    const ring = new Float32Array(await this.device.read(this.store.history, 0, 8 * slots * nodes.count));
    const counted = Object.fromEntries(model.counters.map((name) => [name, columns[name] as Uint32Array]));
    const state = { model: model.name, step, dt: this.dt, variables, history: historyOf(ring, step, slots) };
    return { state, counted };
  }

  destroy(): void {
    const all = [this.shared, this.own, this.store].flatMap((buffers) => Object.values(buffers));
    for (const buffer of [...all, this.empty]) buffer.destroy();
  }

  private async dispatchAll(span: Advance, store: Store): Promise<void> {
    const { device, nodes } = this;
    const { record } = span;
    const recorded = this.recordable(span.all).length;
    const kernel = await Kernel.create(device, this.model.kernels.single, {
      constants: { ...variantOf(this.model, nodes), SAMPLED: span.courses !== undefined, RECORDED: recorded },
    });
    const groups = Math.ceil(nodes.count / kernel.layout.workgroupSize[0]);
    for (let step = span.first; step < span.first + span.steps; ) {
      const steps = Math.min(span.first + span.steps - step, this.stepsAtOnce(span));
      const courses = span.courses && (await this.uploadInputs(span.courses, step - span.courseFirst, steps));
      const rows = Math.ceil(steps / span.every) + 1;
      const { STORAGE, COPY_SRC } = GPUBufferUsage;
      const samples = await device.allocate('samples', 4 * rows * recorded * nodes.count, STORAGE | COPY_SRC);
      try {
        device.write(
          this.shared.span,
          0,
          kernel.pack('span', {
            ...{
              nodes: nodes.count,
              first_step: step,
              steps,
              slots: this.slots,
              sample_every: span.every,
              dt: this.dt,
            },
            input_width: span.courses?.width ?? 1,
            input_stride: (span.courses?.width ?? 1) > 1 ? 1 : 0,
            window_step: step - span.first,
          }),
        );
        const bound = {
          ...this.shared,
          ...this.own,
          ...store,
          inputs: courses ?? this.empty,
          samples,
        };
        const began = performance.now();
        kernel.run(kernel.bind(bound), groups);
        await this.pace.wait(began, () => device.raw.queue.onSubmittedWorkDone());
        this.msPerStep = (performance.now() - began) / steps;
        if (record) {
          const rows = rowsOf(record, step, steps);
          const bytes = 4 * rows.count * record.names.length * nodes.count;
          keepRows(record, rows, new Float32Array(await device.read(samples, 0, bytes)), nodes.count);
        }
        device.throwIfFaulty();
      } finally {
        courses?.destroy();
        samples.destroy();
      }
      step += steps;
      span.onStep(step);
    }
  }

  /** As many steps as fit into the time and memory of a dispatch; not less than half, not more than twice those before. */
  private stepsAtOnce({ every, all, courses }: Advance): number {
    const byTime =
      this.msPerStep === undefined ? FIRST_DISPATCH / this.nodes.count : DISPATCH_TIME / this.msPerStep;
    const perSample = 4 * this.recordable(all).length * this.nodes.count;
    const byMemory = Math.max(1, MOST_BYTES / perSample - 1) * every;
    const byInputs = courses ? MOST_BYTES / (16 * courses.width) : Number.POSITIVE_INFINITY;
    return Math.max(1, Math.floor(Math.min(byTime, byMemory, byInputs, 2 ** 20)));
  }

  private uploadInputs(courses: InputCourses, from: number, steps: number): Promise<GPUBuffer> {
    return this.device.upload('inputs', courses.slice(from, from + steps), GPUBufferUsage.STORAGE);
  }

  private async copyOf(store: Store): Promise<Store> {
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const copy = async (buffer: GPUBuffer) =>
      this.device.allocate(`${buffer.label}, a copy`, buffer.size, STORAGE | COPY_SRC | COPY_DST);
    const copies = { states: await copy(store.states), history: await copy(store.history) };
    const encoder = this.device.raw.createCommandEncoder();
    encoder.copyBufferToBuffer(store.states, 0, copies.states, 0, store.states.size);
    encoder.copyBufferToBuffer(store.history, 0, copies.history, 0, store.history.size);
    this.device.raw.queue.submit([encoder.finish()]);
    return copies;
  }

  private async readStates(): Promise<Record<string, Float32Array | Uint32Array>> {
    const bytes = await this.device.read(this.store.states);
    return unpackColumns(this.kernel, 'states', this.nodes.count, bytes);
  }

  private async readReduced(): Promise<ReducedColumns> {
    const bytes = await this.device.read(this.shared.reduced);
    return unpackColumns(this.kernel, 'reduced', this.nodes.count, bytes) as ReducedColumns;
  }
}

/** What these nodes need of the kernel; all that needs none is compiled once. */
function variantOf(model: NodeModel, nodes: NodeBatch): ShaderConstants {
  const { noise, own } = model.constants(nodes);
  return { ...own, NOISE: noise, SAMPLED: false, RECORDED: model.recorded };
}

function columnsOf(model: NodeModel, nodes: NodeBatch, dt: number, seeds: Float64Array) {
  return {
    ...model.columns(nodes, dt),
    seed_low: seeds.map((seed) => seed % 2 ** 32),
    seed_high: seeds.map((seed) => Math.floor(seed / 2 ** 32)),
  };
}
