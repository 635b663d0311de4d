/** What a run of one seed says of the quantities that a mean field predicts, gathered chunk by chunk: a few numbers a neuron. */
import { MomentAccumulator } from '../analysis/moments.ts';
import { type PopulationRange, populationRanges, splitWindow } from '../analysis/spike-windows.ts';
import { mean, standardDeviation } from '../analysis/summary.ts';
import type { MeanField } from '../mean-field/model.ts';
import type { Network } from '../models/network.ts';
import type { Activity } from '../spiking/activity.ts';
import type { TraceChannel } from '../spiking/traces.ts';
import { sameReceptor } from '../transfer/synapses.ts';
import type { PopulationQuantities } from './predict.ts';

/** What one seed gave. */
export interface SeedResult {
  seed: number;
  /** In the order of the network's populations. */
  populations: PopulationQuantities[];
  /** Population rates, Hz, `[population][bin]` from time 0. */
  rates: Float64Array[];
}

/** Neurons of which one variable is recorded. */
interface Recorded {
  channels: number[];
  moments: MomentAccumulator;
}

export interface SeedSettings {
  seed: number;
  /** Statistics begin here, ms. */
  discard: number;
  /** Width of the bins of population rates, ms: a multiple of dt. */
  bin: number;
}

export class SeedRecorder {
  private readonly network: Network;
  private readonly model: MeanField;
  private readonly settings: SeedSettings;
  private readonly ranges: readonly PopulationRange[];
  private readonly binSteps: number;
  /** Spikes, `[population][bin]`. */
  private readonly bins: Float64Array[];
  /** By population and variable; known once the first chunk is there. */
  private recorded: Map<string, Recorded> | undefined;

  /** @param model the mean field of the same network; its receptors tell excitation from inhibition */
  constructor(network: Network, model: MeanField, settings: SeedSettings) {
    const { dt, duration, populations } = network;
    this.network = network;
    this.model = model;
    this.settings = settings;
    this.ranges = populationRanges(populations);
    this.binSteps = Math.round(settings.bin / dt);
    const count = Math.floor(Math.round(duration / dt) / this.binSteps);
    this.bins = populations.map(() => new Float64Array(count));
  }

  /** Takes the next chunk; its arrays may be reused at once. */
  add({ spikes, traces }: Activity, channels: readonly TraceChannel[]): void {
    splitWindow(spikes, this.ranges).forEach(({ steps }, population) => {
      const counts = this.bins[population]!;
      for (const step of steps) {
        const at = Math.floor(step / this.binSteps);
        if (at < counts.length) counts[at]!++;
      }
    });
    this.recorded ??= recordedOf(channels);
    traces.times.forEach((time, sample) => {
      if (time <= this.settings.discard) return;
      for (const { channels: its, moments } of this.recorded!.values())
        moments.add(Float32Array.from(its, (channel) => traces.values[channel]![sample]!));
    });
  }

  /** Once the run is over. */
  result(): SeedResult {
    const { seed, discard, bin } = this.settings;
    const rates = this.bins.map((counts, population) =>
      counts.map((count) => (1000 * count) / (this.ranges[population]!.size * bin)),
    );
    const populations = rates.map((each, population) =>
      this.quantities(population, each.slice(Math.ceil(discard / bin))),
    );
    return { seed, populations, rates };
  }

  private quantities(population: number, rates: Float64Array): PopulationQuantities {
    const { name } = this.network.populations[population]!;
    const { input } = this.model.populations[population]!.transfer;
    const { recorded } = this;
    const moments = (variable: string) =>
      recorded?.get(`${name} ${variable}`)?.moments.result() ?? { mean: Number.NaN, sd: Number.NaN };
    const conductance = (kind: 'exc' | 'inh') => {
      // Of receptors that are alike, one that acts on this population.
      const own = this.network.receptors.find(
        (each) => sameReceptor(each, input[kind]) && recorded?.has(`${name} g_${each.name}`),
      );
      return moments(`g_${own?.name}`);
    };
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
}

function recordedOf(channels: readonly TraceChannel[]): Map<string, Recorded> {
  const places = new Map<string, number[]>();
  channels.forEach(({ population, variable }, channel) => {
    const key = `${population} ${variable}`;
    places.set(key, [...(places.get(key) ?? []), channel]);
  });
  return new Map(
    [...places].map(([key, its]) => [key, { channels: its, moments: new MomentAccumulator(its.length) }]),
  );
}
