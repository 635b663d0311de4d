/** What measuring transfer functions would cost, without measuring them. */
import { DeviceError } from '../errors.ts';
import { openDevice } from '../gpu/device.ts';
import type { TransferGrid } from '../transfer/grid.ts';
import { measureBlock } from '../transfer/measure-block.ts';
import type { Subject } from '../transfer/measure-program.ts';
import { formatSeconds } from './progress.ts';

export interface TransferDryRun {
  cells: string[];
  points: number;
  repeats: number;
  steps: number;
  /** Of all cells; an adaptive grid simulates what it tries as well. */
  neuron_steps: number;
  /** Null where there is no adapter to ask. */
  adapter: string | null;
  /** Why it would not run here, or null. */
  problem: string | null;
  /** Seconds, from a short run on this device; starting comes on top. */
  time_s: number | null;
}

/** Quartets and steps of the short run, and about how many points an adaptive grid tries for each that it keeps. */
const sample = { quartets: { software: 256, gpu: 16_384 }, steps: 2048 };
const triedPerPoint = 6;

export async function transferDryRun(
  subjects: readonly Subject[],
  grid: TransferGrid,
): Promise<TransferDryRun> {
  const { dt, duration, repeats } = subjects[0]!.settings;
  const steps = Math.round(duration / dt);
  const columns = grid.kind === 'adaptive' ? grid.columns : grid.nu_e.length;
  const points = grid.nu_i.length * columns;
  // An adaptive grid is searched for with four repeats, and then has the others.
  const neurons = 4 * Math.ceil(repeats / 4);
  const simulated = grid.kind === 'adaptive' ? points * (4 * triedPerPoint + neurons - 4) : points * neurons;
  const cost: TransferDryRun = {
    cells: subjects.map(({ cell }) => cell.name),
    points,
    repeats,
    steps,
    neuron_steps: subjects.length * simulated * steps,
    adapter: null,
    problem: null,
    time_s: null,
  };
  try {
    await using device = await openDevice();
    cost.adapter = device.adapter.name;
    const nu_e = grid.kind === 'adaptive' ? grid.max_nu_e / 2 : grid.nu_e.at(-1)! / 2;
    const nu_i = grid.nu_i.at(-1)! / 2;
    const count = device.adapter.software ? sample.quartets.software : sample.quartets.gpu;
    const quartets = Array.from({ length: count }, (_, index) => ({ nu_e, nu_i, index }));
    const settings = { ...subjects[0]!.settings, duration: sample.steps * dt, discard: 0 };
    const short = { ...subjects[0]!, settings };
    await measureBlock(device, short, quartets);
    // The first run compiled the kernel.
    const started = performance.now();
    await measureBlock(device, short, quartets);
    const perStep = (performance.now() - started) / 1000 / (4 * count * sample.steps);
    cost.time_s = perStep * cost.neuron_steps;
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    cost.problem = error.message;
  }
  return cost;
}

export function dryRunLines(cost: TransferDryRun): string[] {
  const amount = `${cost.cells.join(', ')}: ${cost.points} points with ${cost.repeats} neurons each, ${cost.steps.toLocaleString('en-US')} steps: about ${(cost.neuron_steps / 1e6).toFixed(0)} million neuron-steps`;
  if (cost.time_s === null) return [amount, `it would not run here: ${cost.problem}`];
  return [amount, `time: ${formatSeconds(cost.time_s)} on ${cost.adapter}, as just measured`];
}
