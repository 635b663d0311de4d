/**
 * Runs many networks of one shape as one: the same dispatches advance all of them. What a network does is, bit for bit, what
 * `simulate` finds of it alone; only the time differs.
 */
import { splitWindow } from '../analysis/spike-windows.ts';
import { DeviceMemoryError, InputError, type NonFiniteError } from '../errors.ts';
import { megabytes } from '../gpu/bytes.ts';
import type { Device } from '../gpu/device.ts';
import type { Network } from '../models/network.ts';
import type { Activity } from './activity.ts';
import { type MemberPlan, planBatch, planMember } from './batch-plan.ts';
import { estimateMemory, roomOf } from './memory.ts';
import type { NetworkPlan } from './plan.ts';
import { RunStatistics } from './run-statistics.ts';
import { type RunTimes, runTimes } from './run-times.ts';
import type { RunSummary, RunTiming } from './simulate.ts';
import { Simulation } from './simulation.ts';
import { deviceOptions } from './storage.ts';
import type { TraceChannel, TraceRequest } from './traces.ts';

export interface BatchMember {
  network: Network;
  /** Of connectivity, drives and initial values: an integer from 0 to 2^53 - 1. */
  seed: number;
}

export interface BatchOptions {
  /** ms; the networks' own where not given. */
  duration?: number;
  /** Statistics begin here, ms; 500 where not given, or 0 in runs that are not longer. */
  discard?: number;
  /** How neurons hear of each other, which changes no result (default: the fastest). */
  hearing?: 'deliver' | 'together';
  /** Recorded of each member. */
  traces?: TraceRequest[];
  /** Steps between trace samples. */
  traceEverySteps?: number;
  /**
   * Called with each chunk of each member that is still finite, neurons counted within it; `channels` say what its traces are of. An error
   * that it throws ends the run.
   */
  onActivity?: (activity: Activity, member: number, channels: readonly TraceChannel[]) => void;
  /** Called when a member has blown up; an error that it throws ends the run. */
  onFailure?: (error: NonFiniteError, member: number) => void;
  /** Called with the time that all have reached, ms. */
  onTime?: (end: number) => void;
}

export interface BatchRun {
  /** In order; of a member that blew up, how. */
  members: (Omit<RunSummary, 'timing'> | NonFiniteError)[];
  /** Of all together. */
  timing: RunTiming;
}

/**
 * Builds and runs networks of one shape: the same populations, sizes and times, whatever their parameters, weights, rules of
 * connection and seeds. Their shortest delays agree, since they say how many steps are made at once, and what has arrays over time.
 *
 *     const seeds = [1, 2, 3];
 *     const run = await simulateBatch(device, seeds.map((seed) => ({ network, seed })));
 *
 * A member that blows up does not stop the others.
 *
 * @throws InputError where shapes differ, DeviceMemoryError where all together do not fit
 */
export async function simulateBatch(
  device: Device,
  members: readonly BatchMember[],
  options: BatchOptions = {},
): Promise<BatchRun> {
  const first = members[0];
  if (!first) throw new InputError('a batch has no networks: give at least one', { field: 'batch' });
  const times = runTimes(first.network, options);
  const planned = {
    ...deviceOptions(device),
    ...(options.hearing === undefined ? {} : { hearing: options.hearing }),
  };
  const plans = members.map(({ network }) =>
    planMember({ ...network, duration: times.duration }, members.length, planned),
  );
  refuseMixed(plans);
  const plan = planBatch(plans.map((each) => each.plan));
  refuseLargeBatch(device, plan);
  const seeds = members.map(({ seed }) => seed);

  const started = performance.now();
  await using simulation = await Simulation.build(device, plan, seeds, options);
  await device.raw.queue.onSubmittedWorkDone();
  device.throwIfFaulty();
  const built = performance.now();
  await simulation.warmUp();
  const compiled = performance.now();

  const statistics = members.map(({ network }) => new RunStatistics(network, times));
  // The same of each member, one member's behind another's.
  const channels = simulation.channels.slice(0, simulation.channels.length / members.length);
  let deviceTime: number | undefined = 0;
  const failed = new Set<number>();
  for await (const activity of simulation.run({ duration: times.duration })) {
    deviceTime = activity.deviceTime === undefined ? undefined : deviceTime! + activity.deviceTime;
    for (const [member, error] of simulation.failures) {
      if (!failed.has(member)) options.onFailure?.(error, member);
      failed.add(member);
    }
    splitActivity(activity, members.length).forEach((part, member) => {
      if (simulation.failures.has(member)) return;
      statistics[member]!.add(part);
      options.onActivity?.(part, member, channels);
    });
    if (simulation.failures.size === members.length) break;
    options.onTime?.(activity.end);
  }
  const run_s = (performance.now() - compiled) / 1000;
  return {
    members: members.map(
      ({ seed }, member) =>
        simulation.failures.get(member) ??
        memberSummary(simulation, member, { seed, adapter: device.adapter, times }, statistics[member]!),
    ),
    timing: {
      build_s: (built - started) / 1000,
      compile_s: (compiled - built) / 1000,
      run_s,
      wall_s_per_bio_s: (1000 * run_s) / times.duration,
      outside_kernels: deviceTime === undefined ? null : Math.max(0, 1 - deviceTime / 1000 / run_s),
      dispatches_per_step: simulation.dispatches / times.steps,
      window_steps: plan.windowSteps,
    },
  };
}

function memberSummary(
  { plan, connectivity }: Simulation,
  member: number,
  { seed, adapter, times }: Pick<RunSummary, 'seed' | 'adapter'> & { times: RunTimes },
  statistics: RunStatistics,
): Omit<RunSummary, 'timing'> {
  const network = plan.networks[member]!;
  const its = [...plan.projections.entries()].filter(([, { instance }]) => instance === member);
  const stored = its.reduce((sum, [place]) => sum + (connectivity.synapses.get(place) ?? 0), 0);
  const drawn = its.reduce(
    (sum, [, each]) => sum + (each.storage === 'stored' ? 0 : each.expectedSynapses),
    0,
  );
  return {
    ...{ network: network.name, seed, dt_ms: network.dt, duration_ms: times.duration },
    ...{ discard_ms: times.discard, adapter, populations: statistics.result() },
    synapses: stored + Math.round(drawn),
    storage: Object.fromEntries(its.map(([, { projection, storage }]) => [projection.name, storage])),
    spikes: statistics.spikes,
  };
}

/** What each of `count` networks of one size did, its neurons counted within it. */
function splitActivity(activity: Activity, count: number): Activity[] {
  const { spikes, potentials, traces } = activity;
  const size = (potentials.values[0]?.length ?? 0) / count;
  const channels = traces.values.length / count;
  const ranges = Array.from({ length: count }, (_, k) => ({ name: String(k), first: k * size, size }));
  return splitWindow(spikes, ranges).map((its, k) => ({
    ...activity,
    spikes: its,
    potentials: {
      times: potentials.times,
      values: potentials.values.map((V) => V.subarray(k * size, (k + 1) * size)),
    },
    traces: { times: traces.times, values: traces.values.slice(k * channels, (k + 1) * channels) },
  }));
}

function refuseMixed(plans: readonly MemberPlan[]): void {
  const other = plans.findIndex(({ shape }) => shape !== plans[0]!.shape);
  if (other < 0) return;
  throw new InputError(
    `member ${other} of a batch differs from the first in its populations, its times, its method, its shortest delay or in what acts on its neurons: put it into a batch of its own`,
    { field: 'batch' },
  );
}

function refuseLargeBatch(device: Device, plan: NetworkPlan): void {
  const { adapter, memory } = roomOf(device);
  const { total } = estimateMemory(plan);
  const members = plan.networks.length;
  if (members === 1 || memory === undefined || total <= memory) return;
  const fit = Math.floor((members * memory) / total);
  throw new DeviceMemoryError(
    `a batch of ${members} networks needs ${megabytes(total)}, but ${adapter} has ${megabytes(memory)} of memory free: use a batch of ${Math.max(1, fit)}`,
  );
}
