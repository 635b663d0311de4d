/**
 * Runs networks of any shapes: those of one shape side by side, as many at a time as suit the device. What each does is, bit for bit,
 * what `simulate` finds of it alone.
 */
import { NonFiniteError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import type { Network } from '../models/network.ts';
import type { Activity } from './activity.ts';
import { type MemberPlan, planMember } from './batch-plan.ts';
import { sensibleBatch } from './batch-size.ts';
import { type RunSummary, simulate } from './simulate.ts';
import { type BatchMember, simulateBatch } from './simulate-batch.ts';
import { deviceOptions } from './storage.ts';
import type { TraceChannel, TraceRequest } from './traces.ts';

export interface ManyOptions {
  /** Statistics begin here, ms; 500 where not given, or 0 in runs that are not longer. */
  discard?: number;
  /** Recorded of each network. */
  traces?: TraceRequest[];
  /** Steps between trace samples. */
  traceEverySteps?: number;
  /** Networks side by side at most (default: as many as suit the device). */
  batch?: number;
  /** Called before each batch with its size. */
  onBatch?: (networks: number) => void;
  /** Called with each chunk of each network, by its place in the list; an error that it throws ends all. */
  onActivity?: (activity: Activity, place: number, channels: readonly TraceChannel[]) => void;
  /** Called when a network has blown up; an error that it throws ends all. */
  onFailure?: (error: NonFiniteError, place: number) => void;
  /** Called with the part that is done. */
  onProgress?: (fraction: number) => void;
}

/** Of a network that blew up, how. */
export type ManySummary = Omit<RunSummary, 'timing'> | NonFiniteError;

/** A network with its place in the list. */
interface Placed extends BatchMember {
  place: number;
  member: MemberPlan;
}

/**
 * Runs each network with its seed. Networks of one shape have the same populations, sizes, times and shortest delay; see docs/sweep.md.
 *
 *     const runs = await simulateMany(device, [1, 2, 3].map((seed) => ({ network, seed })));
 *
 * @returns their summaries, in order; one that blows up does not stop the others
 * @throws InputError and DeviceMemoryError as `simulate` does
 */
export async function simulateMany(
  device: Device,
  networks: readonly BatchMember[],
  options: ManyOptions = {},
): Promise<ManySummary[]> {
  const { batch, onBatch, onActivity, onFailure, onProgress } = options;
  // Planned once for all seeds of a network.
  const plans = new Map<Network, MemberPlan>();
  const placed = networks.map(({ network, seed }, place): Placed => {
    const member = plans.get(network) ?? planMember(network, networks.length, deviceOptions(device));
    plans.set(network, member);
    return { place, network, seed, member };
  });
  const found: ManySummary[] = [];
  let done = 0;
  for (const together of batches(placed, ({ member }) => batch ?? sensibleBatch(device, member.plan))) {
    const { network } = together[0]!;
    onBatch?.(together.length);
    const summaries = await runTogether(device, together, {
      ...options,
      onActivity: (activity, index, channels) => onActivity?.(activity, together[index]!.place, channels),
      onFailure: (error, index) => onFailure?.(error, together[index]!.place),
      onTime: (end) =>
        onProgress?.((done + together.length * Math.min(1, end / network.duration)) / networks.length),
    });
    together.forEach(({ place }, index) => {
      found[place] = summaries[index]!;
    });
    done += together.length;
  }
  return found;
}

/** Networks at a time that suit so many runs of one like this: as equal as can be, as kernels are compiled for each size. */
export function evenBatch(device: Device, network: Network, runs: number): number {
  const most = sensibleBatch(device, planMember(network, runs, deviceOptions(device)).plan);
  return Math.max(1, Math.ceil(runs / Math.ceil(runs / most)));
}

/** Networks of one shape together, in their order, no more than `most` says. */
function batches(networks: readonly Placed[], most: (network: Placed) => number): Placed[][] {
  const shapes = new Map<string, Placed[]>();
  for (const each of networks) {
    const { shape } = each.member;
    shapes.set(shape, [...(shapes.get(shape) ?? []), each]);
  }
  return [...shapes.values()].flatMap((alike) => {
    const count = Math.ceil(alike.length / most(alike[0]!));
    const size = Math.ceil(alike.length / count);
    return Array.from({ length: count }, (_, k) => alike.slice(k * size, (k + 1) * size)).filter(
      (each) => each.length > 0,
    );
  });
}

interface TogetherOptions extends Pick<ManyOptions, 'discard' | 'traces' | 'traceEverySteps'> {
  onActivity: NonNullable<ManyOptions['onActivity']>;
  onFailure: NonNullable<ManyOptions['onFailure']>;
  /** Called with the time that all have reached, ms. */
  onTime: (end: number) => void;
}

async function runTogether(
  device: Device,
  networks: readonly Placed[],
  { discard, traces, traceEverySteps, onActivity, onFailure, onTime }: TogetherOptions,
): Promise<ManySummary[]> {
  const options = {
    ...(discard === undefined ? {} : { discard }),
    ...(traces === undefined ? {} : { traces }),
    ...(traceEverySteps === undefined ? {} : { traceEverySteps }),
  };
  const [first, ...others] = networks;
  if (others.length > 0)
    return (await simulateBatch(device, networks, { ...options, onActivity, onFailure, onTime })).members;
  const { network, seed } = first!;
  try {
    const { timing: _, ...summary } = await simulate(device, network, {
      ...{ ...options, seed },
      onActivity: (activity, { channels }) => {
        onActivity(activity, 0, channels);
        onTime(activity.end);
      },
    });
    return [summary];
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    onFailure(error, 0);
    return [error];
  }
}
