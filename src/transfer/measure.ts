/**
 * Measures transfer functions: the output rate of a cell and the statistics of its membrane potential for every point of a grid
 * of excitatory and inhibitory input rates. All points and repeats are one batch, cut into blocks that fit the device; an
 * adaptive grid is one batch for each of its columns.
 *
 *     await using device = await openDevice();
 *     const grid = rectangularGrid(evenly(0, 20, 11), evenly(0, 20, 11));
 *     const data = await measureTransferFunction(device, libraryCell('RS-cell')!, readNetwork('config1'), grid);
 */
import type { AdapterDescription, Device } from '../gpu/device.ts';
import { type Cell, membraneTimeConstant } from '../models/cells.ts';
import type { Network } from '../models/network.ts';
import { AdaptiveSearch, type Trial } from './adaptive.ts';
import type { MeasureSettings, SynapticInput, TransferData } from './data.ts';
import type { TransferGrid } from './grid.ts';
import { measureBlock } from './measure-block.ts';
import type { Subject } from './measure-program.ts';
import { checkParameters, resolveSettings } from './measure-settings.ts';
import { averagesFor, potentialMoments, SUM_COUNT } from './moments.ts';
import { type Quartet, QuartetStore, quartetsAt } from './quartets.ts';
import { synapticInputOfCell } from './synapses.ts';

export interface MeasureOptions extends Partial<MeasureSettings> {
  /** Called with the fraction that is done, 0 to 1; an error that it throws ends the measurement. */
  onProgress?: (fraction: number) => void;
  /** What was measured before with the same cell, input and settings; it is added to. */
  store?: QuartetStore;
  /** Called when a block is done, with what is new in the store. */
  onBlock?: (quartets: readonly Quartet[], sums: readonly Float64Array[]) => void;
}

/** What measuring leaves beyond what fitting needs. */
export interface TransferMeasurement extends TransferData {
  grid: TransferGrid;
  /** Output rate of each repeat, Hz, `[nu_i, nu_e, repeat]`. */
  rates: Float64Array;
  /** Spikes of all neurons of the grid. */
  spikes: number;
  adapter: AdapterDescription;
  timing: {
    /** Wall time, s, and neuron-steps simulated in it: more than the grid has where it was searched for. */
    run_s: number;
    neuron_steps: number;
  };
}

/**
 * The transfer function of a cell.
 *
 * @param input its synapses, or a network to take them from
 * @throws InputError where grid or settings cannot be meant, NonFiniteError where V blows up
 */
export async function measureTransferFunction(
  device: Device,
  cell: Cell,
  input: SynapticInput | Network,
  grid: TransferGrid,
  options: MeasureOptions = {},
): Promise<TransferMeasurement> {
  const subject = describeSubject(cell, input, options);
  const measurer = new Measurer(device, subject, options);
  const started = performance.now();
  const nu_e = grid.kind === 'adaptive' ? await measurer.search(grid) : await measurer.rectangle(grid);
  const nu_i = Float64Array.from(
    nu_e,
    (_, point) => grid.nu_i[Math.floor((point * grid.nu_i.length) / nu_e.length)]!,
  );
  const timing = { run_s: (performance.now() - started) / 1000, neuron_steps: measurer.neuronSteps };
  return {
    ...summarize(subject, grid.nu_i.length, nu_e, nu_i, measurer.store),
    grid,
    adapter: device.adapter,
    timing,
  };
}

/**
 * The transfer functions of several cells of a network, one after the other, on the same grid.
 * @throws as `measureTransferFunction`, before anything is measured where a cell cannot be
 */
export async function measureTransferFunctions(
  device: Device,
  cells: readonly Cell[],
  input: SynapticInput | Network,
  grid: TransferGrid,
  options: Omit<MeasureOptions, 'store' | 'onBlock'> = {},
): Promise<TransferMeasurement[]> {
  for (const cell of cells) describeSubject(cell, input, options);
  const all: TransferMeasurement[] = [];
  for (const cell of cells) {
    const onProgress = (fraction: number) => options.onProgress?.((all.length + fraction) / cells.length);
    all.push(await measureTransferFunction(device, cell, input, grid, { ...options, onProgress }));
  }
  return all;
}

/** What will be measured, checked, without a device. Throws InputError. */
export function describeSubject(
  cell: Cell,
  given: SynapticInput | Network,
  options: Partial<MeasureSettings>,
): Subject {
  const input = 'populations' in given ? synapticInputOfCell(given, cell.name) : given;
  checkParameters(cell, input);
  const { dt, duration, discard, repeats, seed } = options;
  const entries = Object.entries({ dt, duration, discard, repeats, seed });
  const settings = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  return { cell, input, settings: resolveSettings(settings, cell, input) };
}

/** Neuron-steps that a block takes, about: a few seconds of a CPU driver, less of a GPU. */
const blockWork = { software: 5e8, gpu: 5e10 };
/** Quartets in a block: enough to busy the device, few enough that a window takes no long dispatch. */
const blockQuartets = { software: [64, 2048], gpu: [2048, 16_384] } as const;

class Measurer {
  readonly store: QuartetStore;
  neuronSteps = 0;
  private readonly device: Device;
  private readonly subject: Subject;
  private readonly options: MeasureOptions;

  constructor(device: Device, subject: Subject, options: MeasureOptions) {
    this.device = device;
    this.subject = subject;
    this.options = options;
    this.store = options.store ?? new QuartetStore();
  }

  /** Measures every point of a rectangular grid; nu_e of the points, `[nu_i, nu_e]`. */
  async rectangle({
    nu_e,
    nu_i,
  }: {
    nu_e: readonly number[];
    nu_i: readonly number[];
  }): Promise<Float64Array> {
    const points = nu_i.flatMap((i) => nu_e.map((e) => ({ nu_e: e, nu_i: i })));
    await this.measure(this.quartetsOf(points), 0, 1);
    return Float64Array.from(points, (point) => point.nu_e);
  }

  /** Measures while it looks for the points: a round a column, with the first four repeats, then the others. */
  async search(grid: Extract<TransferGrid, { kind: 'adaptive' }>): Promise<Float64Array> {
    const search = new AdaptiveSearch(grid);
    const { duration, discard } = this.subject.settings;
    const seconds = (duration - discard) / 1000;
    const rateOf = (trial: Trial) => this.store.repeatsAt(trial, 1)[0]! / seconds;
    // With more than four repeats the last batch is as much work as the rounds.
    const share = this.subject.settings.repeats > 4 ? 0.5 : 1;
    while (!search.done) {
      const [from, to] = [search.columns - 1, search.columns].map(
        (each) => (share * each) / (grid.columns - 1),
      );
      await this.measure(
        search.trials().map((trial) => ({ ...trial, index: 0 })),
        from!,
        to!,
      );
      search.decide(rateOf);
    }
    const { nu_e } = search;
    const points = Array.from(nu_e, (each, point) => ({
      nu_e: each,
      nu_i: grid.nu_i[Math.floor(point / grid.columns)]!,
    }));
    await this.measure(this.quartetsOf(points), share, 1);
    return nu_e;
  }

  private quartetsOf(points: readonly Trial[]): Quartet[] {
    return points.flatMap(({ nu_e, nu_i }) => quartetsAt(nu_e, nu_i, this.subject.settings.repeats));
  }

  /** Measures the quartets that the store has not, and reports progress from one fraction to another. */
  private async measure(wanted: readonly Quartet[], from: number, to: number): Promise<void> {
    const missing = wanted.filter((quartet) => !this.store.has(quartet));
    const size = this.quartetsPerBlock();
    for (let first = 0; first < missing.length; first += size) {
      const quartets = missing.slice(first, first + size);
      const sums = await measureBlock(this.device, this.subject, quartets, (fraction) => {
        const done = (first + fraction * quartets.length) / missing.length;
        this.options.onProgress?.(from + (to - from) * done);
      });
      quartets.forEach((quartet, index) => {
        this.store.set(quartet, sums[index]!);
      });
      this.neuronSteps += 4 * quartets.length * this.stepCount();
      this.options.onBlock?.(quartets, sums);
    }
  }

  private quartetsPerBlock(): number {
    const kind = this.device.adapter.software ? 'software' : 'gpu';
    const [least, most] = blockQuartets[kind];
    return Math.round(Math.max(least, Math.min(most, blockWork[kind] / (4 * this.stepCount()))));
  }

  private stepCount(): number {
    const { duration, dt } = this.subject.settings;
    return Math.round(duration / dt);
  }
}

function summarize(
  { cell, input, settings }: Subject,
  rows: number,
  nu_e: Float64Array,
  nu_i: Float64Array,
  store: QuartetStore,
): Omit<TransferMeasurement, 'grid' | 'adapter' | 'timing'> {
  const { dt, duration, discard, repeats } = settings;
  const seconds = (duration - discard) / 1000;
  const averages = averagesFor(membraneTimeConstant(cell), input, dt);
  const points = nu_e.length;
  const all = {
    rate: new Float64Array(points),
    rate_sd: new Float64Array(points),
    mu_V: new Float64Array(points),
    sigma_V: new Float64Array(points),
    tau_V: new Float64Array(points),
  };
  const rates = new Float64Array(points * repeats);
  let spikes = 0;
  for (let point = 0; point < points; point++) {
    const sums = store.repeatsAt({ nu_e: nu_e[point]!, nu_i: nu_i[point]! }, repeats);
    const own = rates.subarray(point * repeats, (point + 1) * repeats);
    for (let repeat = 0; repeat < repeats; repeat++) {
      spikes += sums[repeat * SUM_COUNT]!;
      own[repeat] = sums[repeat * SUM_COUNT]! / seconds;
    }
    const mean = own.reduce((sum, rate) => sum + rate, 0) / repeats;
    all.rate[point] = mean;
    all.rate_sd[point] = Math.sqrt(own.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / (repeats - 1));
    const { mu_V, sigma_V, tau_V } = potentialMoments(sums, averages, cell.E_L, dt);
    all.mu_V[point] = mu_V;
    all.sigma_V[point] = sigma_V;
    all.tau_V[point] = tau_V;
  }
  return { cell, input, settings, shape: [rows, points / rows], nu_e, nu_i, ...all, rates, spikes };
}
