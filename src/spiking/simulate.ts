/** Runs a network for a while and sums up what it did: the ten-line way in. */
import { MomentAccumulator } from '../analysis/moments.ts';
import { SpikeAccumulator } from '../analysis/spike-accumulator.ts';
import type { SpikeStatistics } from '../analysis/spike-statistics.ts';
import { populationRanges } from '../analysis/spike-windows.ts';
import { InputError } from '../errors.ts';
import type { AdapterDescription, Device } from '../gpu/device.ts';
import type { Network } from '../models/network.ts';
import type { Activity } from './activity.ts';
import { Simulation, type SimulationOptions } from './simulation.ts';
import type { Kept } from './storage.ts';

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

/** What a population did after `discard_ms`. */
export interface PopulationSummary {
  size: number;
  /** Mean over neurons. */
  rate_hz: number;
  /** SD over neurons of their rates. */
  rate_sd_hz: number;
  /** Mean over neurons with at least five intervals; null where there is none. */
  cv_isi: number | null;
  silent_fraction: number;
  /** Mean over neurons and time. */
  mean_V_mV: number;
  /** Mean over neurons of the SD over time. */
  sd_V_mV: number;
  /** SD over time of the population rate in bins of 5 ms. */
  population_rate_sd_hz: number;
  /** Mean correlation of spike counts in bins of 5 ms over all pairs. */
  pairwise_correlation: number | null;
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
  timing: {
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
  };
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
  const { dt } = network;
  const duration = options.duration ?? network.duration;
  const steps = Math.round(duration / dt);
  if (
    !(steps >= 1) ||
    !Number.isFinite(duration) ||
    Math.abs(steps * dt - duration) > 1e-6 * dt * Math.max(1, steps)
  ) {
    throw new InputError(
      `the duration is ${duration} ms, which is not a whole number of steps of ${dt} ms; use ${Math.max(1, steps) * dt} ms`,
    );
  }
  const discard = options.discard ?? (duration > 500 ? 500 : 0);
  if (!(discard >= 0 && discard < duration)) {
    throw new InputError(
      `${discard} ms are to be discarded of a run of ${duration} ms: discard less, or run longer`,
    );
  }
  const seed = options.seed ?? 0;

  const started = performance.now();
  await using simulation = await Simulation.create(device, network, options);
  await device.raw.queue.onSubmittedWorkDone();
  device.throwIfFaulty();
  const built = performance.now();
  await simulation.warmUp();
  const compiled = performance.now();
  options.onBuilt?.(simulation);

  const firstStep = Math.round(discard / dt);
  const ranges = populationRanges(network.populations);
  const statistics = new SpikeAccumulator(ranges, { dt, firstStep });
  const potentials = ranges.map(({ size }) => new MomentAccumulator(size));
  let spikes = 0;
  let deviceTime: number | undefined = 0;
  for await (const activity of simulation.run({ duration })) {
    statistics.add(activity.spikes);
    spikes += activity.spikes.steps.length;
    deviceTime = activity.deviceTime === undefined ? undefined : deviceTime! + activity.deviceTime;
    activity.potentials.values.forEach((V, at) => {
      if (activity.potentials.times[at]! <= discard) return;
      ranges.forEach(({ first, size }, index) => {
        potentials[index]!.add(V.subarray(first, first + size));
      });
    });
    options.onActivity?.(activity, simulation);
  }
  const ended = performance.now();

  const results = statistics.result(steps);
  const run_s = (ended - compiled) / 1000;
  return {
    network: network.name,
    seed,
    dt_ms: dt,
    duration_ms: duration,
    discard_ms: discard,
    adapter: device.adapter,
    populations: Object.fromEntries(
      ranges.map(({ name, size }, index) => [
        name,
        populationSummary(size, results.get(name)!, potentials[index]!),
      ]),
    ),
    synapses: simulation.connectivity.total,
    storage: Object.fromEntries(
      simulation.plan.projections.map(({ projection, storage }) => [projection.name, storage]),
    ),
    spikes,
    timing: {
      build_s: (built - started) / 1000,
      compile_s: (compiled - built) / 1000,
      run_s,
      wall_s_per_bio_s: (1000 * run_s) / duration,
      outside_kernels: deviceTime === undefined ? null : Math.max(0, 1 - deviceTime / 1000 / run_s),
      dispatches_per_step: simulation.dispatches / steps,
      window_steps: simulation.plan.windowSteps,
    },
  };
}

function populationSummary(size: number, spikes: SpikeStatistics, V: MomentAccumulator): PopulationSummary {
  const potential = V.result();
  return {
    size,
    rate_hz: spikes.meanRate,
    rate_sd_hz: spikes.rateSd,
    cv_isi: finiteOrNull(spikes.cvIsi.mean),
    silent_fraction: spikes.silentFraction,
    mean_V_mV: potential.mean,
    sd_V_mV: potential.sd,
    population_rate_sd_hz: spikes.populationRateSd,
    pairwise_correlation: finiteOrNull(spikes.pairwiseCorrelation),
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
