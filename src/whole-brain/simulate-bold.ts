/** BOLD of rates from anywhere: a recording, another simulator, a formula. */
import { InputError } from '../errors.ts';
import { packColumns } from '../gpu/columns.ts';
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import { Pace } from '../gpu/pace.ts';
import { type BoldParameters, boldParameters } from '../models/bold.ts';
import { wholeSteps } from './aln-checks.ts';
import { hemodynamics } from './bold-constants.ts';

export interface BoldOptions {
  /** Rates in Hz, `[node, step]`: one list for each node, all of one length. */
  rates: readonly ArrayLike<number>[];
  /** Time between two rates, ms; it is the step of the integration too. */
  dt: number;
  /** Repetition time, ms; 2000. */
  TR?: number;
  parameters?: Partial<BoldParameters>;
  onProgress?: (fraction: number) => void;
}

export interface Bold {
  /** ms: the state after the step that ends there. */
  times: Float64Array;
  /** `[node, time]`, relative change of the signal. */
  data: Float32Array;
  nodes: number;
}

/** Rates uploaded at once, bytes; and most samples of one dispatch. */
const MOST_BYTES = 2 ** 24;

const AT_REST = { X_high: 1, X_low: 0, F_high: 1, F_low: 0, Q_high: 1, Q_low: 0, V_high: 1, V_low: 0 };

/**
 * Runs the Balloon-Windkessel model from rest.
 * @throws InputError where rates are missing, of different lengths, not finite or below 0, or TR is no whole number of steps
 */
export async function simulateBold(device: Device, options: BoldOptions): Promise<Bold> {
  const { rates, dt, TR = 2000, onProgress = () => {} } = options;
  const nodes = rates.length;
  const steps = checkRates(rates);
  if (!(Number.isFinite(dt) && dt > 0))
    throw new InputError(`dt is ${dt}, but must be the time between two rates, above 0 ms`, { field: 'dt' });
  const every = wholeSteps(TR, dt, 'TR');
  const constants = hemodynamics(boldParameters(options.parameters), dt);
  const kernel = await Kernel.create(device, 'whole-brain/bold.wgsl');
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
  const most = Math.max(1, Math.floor(MOST_BYTES / 4 / nodes));
  const measures = await device.upload('BOLD', packColumns(kernel, 'measures', nodes, AT_REST), STORAGE);
  const uniforms = await device.allocate('span', kernel.sizeOf('uniforms'), UNIFORM | COPY_DST);
  const chunk = await device.allocate('rates', 4 * nodes * Math.min(most, steps), STORAGE | COPY_DST);
  const rows = Math.ceil(Math.min(most, steps) / every) + 1;
  const samples = await device.allocate('samples of BOLD', 4 * nodes * rows, STORAGE | COPY_SRC);
  const count = Math.floor(steps / every);
  const data = new Float32Array(nodes * count);
  const pace = new Pace();
  try {
    const group = kernel.bind({ uniforms, rates: chunk, measures, samples });
    for (let first = 0; first < steps; first += most) {
      const length = Math.min(most, steps - first);
      const words = new Float32Array(length * nodes);
      rates.forEach((list, node) => {
        for (let step = 0; step < length; step++) words[step * nodes + node] = list[first + step]!;
      });
      device.write(chunk, 0, words);
      const span = { nodes, steps: length, phase: first % every, sample_every: every };
      device.write(uniforms, 0, kernel.pack('uniforms', { span, hemodynamics: constants }));
      const began = performance.now();
      kernel.run(group, Math.ceil(nodes / kernel.layout.workgroupSize[0]));
      await pace.wait(began, () => device.raw.queue.onSubmittedWorkDone());
      const from = Math.floor(first / every);
      const whole = Math.floor((first + length) / every) - from;
      const taken = new Float32Array(await device.read(samples, 0, 4 * whole * nodes));
      for (let sample = 0; sample < whole; sample++) {
        for (let node = 0; node < nodes; node++)
          data[node * count + from + sample] = taken[sample * nodes + node]!;
      }
      onProgress((first + length) / steps);
    }
  } finally {
    for (const buffer of [measures, uniforms, chunk, samples]) buffer.destroy();
  }
  return { times: Float64Array.from({ length: count }, (_, index) => (index + 1) * every * dt), data, nodes };
}

function checkRates(rates: readonly ArrayLike<number>[]): number {
  const fail = (message: string): never => {
    throw new InputError(message, { field: 'rates' });
  };
  const steps = rates[0]?.length ?? 0;
  if (steps === 0) fail('there are no rates; give a list of rates in Hz for each node');
  rates.forEach((list, node) => {
    if (list.length !== steps)
      fail(`node ${node} has ${list.length} rates and node 0 has ${steps}; give lists of one length`);
    const bad = Array.prototype.findIndex.call(list, (rate: number) => !(Number.isFinite(rate) && rate >= 0));
    if (bad >= 0)
      fail(`the rate of node ${node} is ${list[bad]} at step ${bad}; give finite rates of 0 or more, in Hz`);
  });
  return steps;
}
