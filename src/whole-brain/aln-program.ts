/** The buffers and kernels of a batch of ALN nodes: advances them dispatch by dispatch, and reads back what a run asks for. */
import type { CascadeTables } from '../fokker-planck/tables.ts';
import { packColumns, unpackColumns } from '../gpu/columns.ts';
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import { Pace } from '../gpu/pace.ts';
import { type AlnNodes, extentOf } from '../models/aln.ts';
import { ALN_VARIABLE_NAMES, type AlnVariableName } from '../models/aln-state.ts';
import { parameterColumns, ringSlots, tableAxes, tableCells } from './aln-constants.ts';
import { historyOf, ringOf } from './aln-history.ts';
import type { AlnState } from './aln-initial.ts';
import type { InputCourses } from './aln-inputs.ts';
import type { Reduction } from './aln-result.ts';
import { type Crossings, type ReducedColumns, reductionOf, startOfWindow } from './aln-window.ts';

const PATH = 'whole-brain/aln.wgsl';
export const RATES_AND_ADAPTATION: readonly AlnVariableName[] = ['rates_exc', 'rates_inh', 'IA'];
/** All variables in the order of the kernel: those three, then the others in their own order. */
const RECORDED: readonly AlnVariableName[] = [
  ...RATES_AND_ADAPTATION,
  ...ALN_VARIABLE_NAMES.filter((name) => !RATES_AND_ADAPTATION.includes(name)),
];

/** How long a dispatch should take, ms: short enough for watchdogs of drivers and for a progress bar. */
const DISPATCH_TIME = 100;
/** Node-steps of the first dispatch, from whose time the next ones follow. */
const FIRST_DISPATCH = 100_000;
/** Most samples and most input words that one dispatch moves, bytes. */
const MOST_BYTES = 2 ** 25;

export interface Recording {
  every: number;
  names: readonly AlnVariableName[];
  /** `[node, sample]` each, of `samples`. */
  series: Map<AlnVariableName, Float32Array>;
  samples: number;
  /** Number of the first sample, counted from step 0. */
  firstSample: number;
}

export interface Advance {
  first: number;
  steps: number;
  /** Steps between samples. */
  every: number;
  /** Compiled to write all variables, or rates and adaptation alone. */
  all: boolean;
  /** Where samples are kept, if they are. */
  record?: Recording | undefined;
  courses: InputCourses | undefined;
  /** The step at which the courses of inputs begin. */
  courseFirst: number;
  onStep: (step: number) => void;
}

/** State and rates of all nodes; a second set replays a window. */
interface Store {
  states: GPUBuffer;
  history: GPUBuffer;
}

export class AlnProgram {
  private readonly device: Device;
  private readonly nodes: AlnNodes;
  private readonly tables: CascadeTables;
  private readonly dt: number;
  private readonly slots: number;
  private readonly kernel: Kernel;
  private readonly shared: Record<'parameters' | 'cells' | 'reduced' | 'span', GPUBuffer>;
  private readonly store: Store;
  /** Bound where a run has no inputs. */
  private readonly empty: GPUBuffer;
  private readonly pace = new Pace();
  private msPerStep: number | undefined;

  private constructor(
    device: Device,
    { nodes, tables, dt }: { nodes: AlnNodes; tables: CascadeTables; dt: number },
    kernel: Kernel,
    shared: AlnProgram['shared'],
    store: Store,
    empty: GPUBuffer,
  ) {
    this.device = device;
    this.nodes = nodes;
    this.tables = tables;
    this.dt = dt;
    this.slots = ringSlots(nodes, dt);
    this.kernel = kernel;
    this.shared = shared;
    this.store = store;
    this.empty = empty;
  }

  static async create(
    device: Device,
    given: { nodes: AlnNodes; tables: CascadeTables; dt: number; seeds: Float64Array; state: AlnState },
  ): Promise<AlnProgram> {
    const { nodes, tables, dt, seeds, state } = given;
    const kernel = await Kernel.create(device, PATH, { constants: variantOf(nodes) });
    const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const kept = STORAGE | COPY_SRC | COPY_DST;
    const packed = packColumns(kernel, 'parameters', nodes.count, parameterColumns(nodes, dt, seeds));
    const shared = {
      parameters: await device.upload('parameters of the nodes', packed, STORAGE),
      cells: await device.upload('look-up table', tableCells(tables), STORAGE),
      reduced: await device.allocate('reduced rates', kernel.sizeOf('reduced', nodes.count), kept),
      span: await device.allocate('span', kernel.sizeOf('span'), UNIFORM | COPY_DST),
    };
    const states = packColumns(kernel, 'states', nodes.count, { ...state.variables, clipped: 0 });
    const store = {
      states: await device.upload('states of the nodes', states, kept),
      history: await device.upload('rates over the delays', ringOf(state), kept),
    };
    const empty = await device.allocate('no inputs', 16, STORAGE);
    return new AlnProgram(device, given, kernel, shared, store, empty);
  }

  recordable(all: boolean): readonly AlnVariableName[] {
    return all ? RECORDED : RATES_AND_ADAPTATION;
  }

  /** Advances all nodes. */
  advance(span: Advance): Promise<void> {
    return this.dispatchAll(span, this.store);
  }

  /**
   * Advances all nodes through a window, reduces it, and where a rate moves by `leastAmplitude` Hz or more replays it on a
   * copy to count how often the rate rises through the middle between its extremes.
   */
  async reduce(span: Advance, leastAmplitude: number): Promise<Reduction> {
    const { device, kernel, nodes, store } = this;
    const writeReduced = (crossings?: Crossings) =>
      device.write(
        this.shared.reduced,
        0,
        packColumns(kernel, 'reduced', nodes.count, startOfWindow(crossings)),
      );
    const copy = await this.copyOf(store);
    try {
      const { rates_exc: before } = await this.readStates();
      writeReduced();
      await this.dispatchAll(span, store);
      const reduced = await this.readReduced();
      const middle = Float32Array.from(reduced.most_e!, (most, node) => (most + reduced.least_e![node]!) / 2);
      const moves = reduced.most_e!.some((most, node) => most - reduced.least_e![node]! >= leastAmplitude);
      if (!moves) return reductionOf(reduced, undefined, span.steps, this.dt, leastAmplitude);
      writeReduced({ level: middle, before: before! });
      const { record: _, ...replay } = span;
      await this.dispatchAll({ ...replay, onStep: (step) => span.onStep(step + span.steps) }, copy);
      return reductionOf(reduced, await this.readReduced(), span.steps, this.dt, leastAmplitude);
    } finally {
      copy.states.destroy();
      copy.history.destroy();
    }
  }

  /** The state after `step` steps, and how many steps of each node so far lay beyond the table. */
  async state(step: number): Promise<{ state: AlnState; clipped: Uint32Array }> {
    const { slots, nodes } = this;
    const columns = await this.readStates();
    const variables = Object.fromEntries(
      ALN_VARIABLE_NAMES.map((name) => [name, columns[name]]),
    ) as AlnState['variables'];
    const ring = new Float32Array(await this.device.read(this.store.history, 0, 8 * slots * nodes.count));
    const state = { step, dt: this.dt, variables, history: historyOf(ring, step, slots) };
    return { state, clipped: columns.clipped as Uint32Array };
  }

  destroy(): void {
    for (const buffer of [...Object.values(this.shared), ...Object.values(this.store), this.empty])
      buffer.destroy();
  }

  private async dispatchAll(span: Advance, store: Store): Promise<void> {
    const { device, nodes } = this;
    const { record } = span;
    const kernel = await Kernel.create(device, PATH, {
      constants: { ...variantOf(nodes), SAMPLED: span.courses !== undefined, RECORD_ALL: span.all },
    });
    const recorded = this.recordable(span.all).length;
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
            ...tableAxes(this.tables),
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
          ...store,
          inputs: courses ?? this.empty,
          samples,
        };
        const began = performance.now();
        kernel.run(kernel.bind(bound), groups);
        await this.pace.wait(began, () => device.raw.queue.onSubmittedWorkDone());
        this.msPerStep = (performance.now() - began) / steps;
        if (record) await this.keep(record, samples, step, steps);
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

  /** Takes the samples of a dispatch over into the series. */
  private async keep(record: Recording, buffer: GPUBuffer, first: number, steps: number): Promise<void> {
    const { count } = this.nodes;
    const from = Math.floor(first / record.every);
    const rows = Math.floor((first + steps) / record.every) - from;
    const words = new Float32Array(await this.device.read(buffer, 0, 4 * rows * record.names.length * count));
    record.names.forEach((name, variable) => {
      const series = record.series.get(name)!;
      for (let row = 0; row < rows; row++) {
        const sample = from + row - record.firstSample;
        const at = (row * record.names.length + variable) * count;
        for (let node = 0; node < count; node++) series[node * record.samples + sample] = words[at + node]!;
      }
    });
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
function variantOf(nodes: AlnNodes) {
  const a = extentOf(nodes, 'a');
  return {
    NOISE: extentOf(nodes, 'sigma_ou').most > 0,
    SUBTHRESHOLD: a.least !== 0 || a.most !== 0,
    SAMPLED: false,
    RECORD_ALL: false,
  };
}
