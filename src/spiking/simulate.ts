/** Runs a network for a while and sums up what it did: the ten-line way in. */
import type { AdapterDescription, Device } from '../gpu/device.ts';
import type { Network } from '../models/network.ts';
import type { Activity } from './activity.ts';
import type { KernelTime } from './profile.ts';
import { type PopulationSummary, RunStatistics } from './run-statistics.ts';
import { runTimes } from './run-times.ts';
import { Simulation, type SimulationOptions } from './simulation.ts';
import type { Kept } from './storage.ts';

export type { PopulationSummary };

export interface SimulateOptions extends SimulationOptions {
  /** ms; the network's own where not given. */
  duration?: number;
  /** Statistics begin here, ms; 500 where not given, or 0 in runs that are not longer. */
  discard?: number;
  /** Called once the network stands on the device, before its first step. */
  onBuilt?: (simulation: Simulation) => void;
  /** Called with each chunk of activity, in order; an error that it throws ends the run. */
  onActivity?: (activity: Activity, simulation: Simulation) => void;
}

export interface RunSummary {
  network: string;
  seed: number;
  dt_ms: number;
  duration_ms: number;
  discard_ms: number;
  adapter: AdapterDescription;
  populations: Record<string, PopulationSummary>;
  /** Of projections that are drawn at each spike, the expected number. */
  synapses: number;
  /** How the synapses of each projection are kept. */
  storage: Record<string, Kept>;
  spikes: number;
  timing: RunTiming;
}

/** Where the time of a run went. */
export interface RunTiming {
  build_s: number;
  /** Until the driver has compiled the kernels. Mesa keeps them on disk: the next run of a network like this finds them. */
  compile_s: number;
  run_s: number;
  wall_s_per_bio_s: number;
  /** Share of `run_s` in which the device ran no kernels, by its own clock; null where it has none. */
  outside_kernels: number | null;
  dispatches_per_step: number;
  /** Steps that neurons advance in one dispatch. */
  window_steps: number;
  /** Time of each kernel by the device's clock, where a profile was asked for. */
  kernels?: KernelTime[];
}

/**
 * Builds and runs a network.
 *
 *     await using device = await openDevice();
 *     const summary = await simulate(device, readNetwork('config1'), { seed: 5 });
 *     console.log(summary.populations.exc.rate_hz);
 *
 * @throws DeviceMemoryError where it does not fit, NonFiniteError where it blows up, InputError for times that cannot be
 */
export async function simulate(
  device: Device,
  network: Network,
  options: SimulateOptions = {},
): Promise<RunSummary> {
  const times = runTimes(network, options);
  const { duration, steps, discard } = times;
  const seed = options.seed ?? 0;

  const started = performance.now();
  await using simulation = await Simulation.create(device, network, options);
  await device.raw.queue.onSubmittedWorkDone();
  device.throwIfFaulty();
  const built = performance.now();
  await simulation.warmUp();
  const compiled = performance.now();
  options.onBuilt?.(simulation);

  const statistics = new RunStatistics(network, times);
  let deviceTime: number | undefined = 0;
  for await (const activity of simulation.run({ duration })) {
    statistics.add(activity);
    deviceTime = activity.deviceTime === undefined ? undefined : deviceTime! + activity.deviceTime;
    options.onActivity?.(activity, simulation);
  }
  const ended = performance.now();

  const run_s = (ended - compiled) / 1000;
  return {
    network: network.name,
    seed,
    dt_ms: network.dt,
    duration_ms: duration,
    discard_ms: discard,
    adapter: device.adapter,
    populations: statistics.result(),
    synapses: simulation.connectivity.total,
    storage: Object.fromEntries(
      simulation.plan.projections.map(({ projection, storage }) => [projection.name, storage]),
    ),
    spikes: statistics.spikes,
    timing: {
      build_s: (built - started) / 1000,
      compile_s: (compiled - built) / 1000,
      run_s,
      wall_s_per_bio_s: (1000 * run_s) / duration,
      outside_kernels: deviceTime === undefined ? null : Math.max(0, 1 - deviceTime / 1000 / run_s),
      dispatches_per_step: simulation.dispatches / steps,
      window_steps: simulation.plan.windowSteps,
      ...(simulation.profile && { kernels: simulation.profile }),
    },
  };
}
