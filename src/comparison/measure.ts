/** Runs a network over several seeds and measures what a mean field predicts. */

import { populationRanges, splitWindow } from '../analysis/spike-windows.ts';
import { mean, standardDeviation } from '../analysis/summary.ts';
import { InputError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import type { MeanField } from '../mean-field/model.ts';
import type { Network } from '../models/network.ts';
import { simulate } from '../spiking/simulate.ts';
import type { Simulation } from '../spiking/simulation.ts';
import { sameReceptor } from '../transfer/synapses.ts';
import type { PopulationQuantities } from './predict.ts';

export interface MeasureNetworkOptions {
  /** One run for each. */
  seeds: readonly number[];
  /** ms; statistics begin at `discard`. */
  duration: number;
  discard: number;
  /** Width of the bins of population rates, ms: the T of the mean field, whose covariances are those of such rates. */
  bin: number;
  /** Neurons of each population whose V and conductances are looked at (default 40). */
  traced?: number;
  onProgress?: (fraction: number) => void;
}

/** What one seed gave. */
export interface SeedResult {
  seed: number;
  /** In the order of the network's populations. */
  populations: PopulationQuantities[];
  /** Population rates, Hz, `[population][bin]` from time 0. */
  rates: Float64Array[];
}

/** Between samples of the traces, ms. */
const TRACE_EVERY = 1;

/**
 * Runs the network once for each seed, one after the other.
 * @param model the mean field of the same network; its receptors tell excitation from inhibition
 * @throws InputError where times do not fit, and what simulating throws
 */
export async function measureNetwork(
  device: Device,
  network: Network,
  model: MeanField,
  options: MeasureNetworkOptions,
): Promise<SeedResult[]> {
  const { seeds, duration, discard, bin, traced = 40, onProgress } = options;
  const { dt } = network;
  const binSteps = Math.round(bin / dt);
  if (binSteps < 1 || Math.abs(binSteps * dt - bin) > 1e-6 * bin)
    throw new InputError(
      `population rates are compared in bins of T = ${bin} ms, which is no multiple of the network's dt of ${dt} ms: give another --T or --dt`,
    );
  if (seeds.length === 0) throw new InputError('a comparison needs at least one seed');
  const ranges = populationRanges(network.populations);
  const results: SeedResult[] = [];
  for (const [index, seed] of seeds.entries()) {
    const bins = ranges.map(() => new Float64Array(Math.floor(Math.round(duration / dt) / binSteps)));
    const traces = new Map<string, number[]>();
    let channels: Simulation['channels'] = [];
    await simulate(device, network, {
      seed,
      duration,
      discard,
      traces: network.populations.map(({ name, size }) => ({
        population: name,
        neurons: Array.from({ length: Math.min(traced, size) }, (_, neuron) => neuron),
      })),
      traceEverySteps: Math.max(1, Math.round(TRACE_EVERY / dt)),
      onBuilt: (simulation) => {
        channels = simulation.channels;
      },
      onActivity: (activity) => {
        splitWindow(activity.spikes, ranges).forEach(({ steps }, population) => {
          for (const step of steps) {
            const at = Math.floor(step / binSteps);
            if (at < bins[population]!.length) bins[population]![at]!++;
          }
        });
        channels.forEach(({ population, neuron, variable }, channel) => {
          const key = `${population} ${variable} ${neuron}`;
          const list = traces.get(key) ?? [];
          traces.set(key, list);
          activity.traces.times.forEach((time, sample) => {
            if (time > discard) list.push(activity.traces.values[channel]![sample]!);
          });
        });
        onProgress?.((index + activity.end / duration) / seeds.length);
      },
    });
    const rates = bins.map((counts, population) =>
      counts.map((count) => (1000 * count) / (ranges[population]!.size * bin)),
    );
    results.push({
      seed,
      rates,
      populations: network.populations.map((_, population) =>
        quantities(network, model, population, rates[population]!.slice(Math.ceil(discard / bin)), traces),
      ),
    });
  }
  return results;
}

function quantities(
  network: Network,
  model: MeanField,
  population: number,
  rates: Float64Array,
  traces: ReadonlyMap<string, number[]>,
): PopulationQuantities {
  const { name } = network.populations[population]!;
  const { input } = model.populations[population]!.transfer;
  /** Mean over time and neurons; mean over neurons of the SD over time. */
  const moments = (variable: string) => {
    const lists = [...traces].flatMap(([key, list]) =>
      key.startsWith(`${name} ${variable} `) ? [list] : [],
    );
    return { mean: mean(lists.map(mean)), sd: mean(lists.map((list) => standardDeviation(list))) };
  };
  const conductance = (kind: 'exc' | 'inh') =>
    moments(`g_${network.receptors.find((receptor) => sameReceptor(receptor, input[kind]))!.name}`);
  const [V, exc, inh] = [moments('V'), conductance('exc'), conductance('inh')];
  return {
    rate_hz: mean(rates),
    population_rate_sd_hz: standardDeviation(rates),
    mean_V_mV: V.mean,
    sd_V_mV: V.sd,
    mean_g_exc_nS: exc.mean,
    sd_g_exc_nS: exc.sd,
    mean_g_inh_nS: inh.mean,
    sd_g_inh_nS: inh.sd,
  };
}
