/**
 * Runs networks of any shapes: those of one shape side by side, as many at a time as suit the device. What each does is, bit for bit,
 * what `simulate` finds of it alone.
 */
import { InputError, NonFiniteError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import type { Network } from '../models/network.ts';
import type { Activity } from './activity.ts';
import { type MemberPlan, planMember } from './batch-plan.ts';
import { sensibleBatch } from './batch-size.ts';
import { type RunSummary, simulate } from './simulate.ts';
import { type BatchMember, simulateBatch } from './simulate-batch.ts';
import { deviceOptions } from './storage.ts';
import { planTraces, type TraceChannel, type TraceRequest, traceBytes } from './traces.ts';

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
 * Runs each network with its seed. What one shape is, `simulateBatch` and docs/sweep.md say.
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
  if (batch !== undefined && !(Number.isInteger(batch) && batch >= 1))
    throw new InputError(`a batch has a whole number of networks from 1, not ${batch}`, { field: 'batch' });
  // Planned once for all seeds of a network.
  const plans = new Map<Network, MemberPlan>();
  const placed = networks.map(({ network, seed }, place): Placed => {
    const member = plans.get(network) ?? planMember(network, networks.length, deviceOptions(device));
    plans.set(network, member);
    return { place, network, seed, member };
  });
  const found: ManySummary[] = [];
  let done = 0;
  for (const together of batches(placed, (alike) => batch ?? mostTogether(device, alike, options))) {
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
    onProgress?.(done / networks.length);
  }
  return found;
}

/** Networks at a time that suit so many runs of one like this: as equal as can be, as kernels are compiled for each size. */
export function evenBatch(device: Device, network: Network, runs: number): number {
  const most = sensibleBatch(device, planMember(network, runs, deviceOptions(device)).plan);
  return Math.max(1, Math.ceil(runs / Math.ceil(runs / most)));
}

/** Networks of one shape together, in their order, no more than `most` says of all of that shape. */
function batches(networks: readonly Placed[], most: (alike: readonly Placed[]) => number): Placed[][] {
  const shapes = new Map<string, Placed[]>();
  for (const each of networks) {
    const { shape } = each.member;
    shapes.set(shape, [...(shapes.get(shape) ?? []), each]);
  }
  return [...shapes.values()].flatMap((alike) => {
    const count = Math.ceil(alike.length / most(alike));
    const size = Math.ceil(alike.length / count);
    return Array.from({ length: count }, (_, k) => alike.slice(k * size, (k + 1) * size)).filter(
      (each) => each.length > 0,
    );
  });
}

/** What suits the largest of them. */
function mostTogether(
  device: Device,
  alike: readonly Placed[],
  { traces = [], traceEverySteps = 1 }: ManyOptions,
): number {
  const plans = new Set(alike.map(({ member }) => member.plan));
  return Math.min(
    ...Array.from(plans, (plan) => {
      // Seeds of a network share its rows over time.
      const fieldWords = (plan.fieldWords * plans.size) / alike.length;
      const samples = traceBytes(plan, planTraces(plan, traces, traceEverySteps));
      return sensibleBatch(device, { ...plan, fieldWords }, samples);
    }),
  );
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
  let thrown: unknown;
  try {
    const { timing: _, ...summary } = await simulate(device, network, {
      ...{ ...options, seed },
      onActivity: (activity, { channels }) => {
        try {
          onActivity(activity, 0, channels);
          onTime(activity.end);
        } catch (error) {
          thrown = error;
          throw error;
        }
      },
    });
    return [summary];
  } catch (error) {
    if (error === thrown || !(error instanceof NonFiniteError)) throw error;
    onFailure(error, 0);
    return [error];
  }
}
