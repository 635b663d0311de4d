/** What populations did in a run, gathered chunk by chunk: a few numbers a neuron, however long the run. */
import { MomentAccumulator } from '../analysis/moments.ts';
import { SpikeAccumulator } from '../analysis/spike-accumulator.ts';
import type { SpikeStatistics } from '../analysis/spike-statistics.ts';
import { type PopulationRange, populationRanges } from '../analysis/spike-windows.ts';
import type { Network } from '../models/network.ts';
import type { Activity } from './activity.ts';
import type { RunTimes } from './run-times.ts';

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
  /** Mean over neurons and time; null where spikes are given, and there is no membrane. */
  mean_V_mV: number | null;
  /** Mean over neurons of the SD over time; likewise. */
  sd_V_mV: number | null;
  /** SD over time of the population rate in bins of 5 ms. */
  population_rate_sd_hz: number;
  /** Mean correlation of spike counts in bins of 5 ms over all pairs. */
  pairwise_correlation: number | null;
}

export class RunStatistics {
  private readonly times: RunTimes;
  private readonly ranges: readonly PopulationRange[];
  private readonly statistics: SpikeAccumulator;
  private readonly potentials: readonly MomentAccumulator[];
  /** Of the whole run. */
  spikes = 0;

  constructor({ populations, dt }: Network, times: RunTimes) {
    this.times = times;
    this.ranges = populationRanges(populations);
    this.statistics = new SpikeAccumulator(this.ranges, { dt, firstStep: Math.round(times.discard / dt) });
    this.potentials = this.ranges.map(({ size }) => new MomentAccumulator(size));
  }

  /** Takes the next chunk; its arrays may be reused at once. */
  add({ spikes, potentials }: Pick<Activity, 'spikes' | 'potentials'>): void {
    this.statistics.add(spikes);
    this.spikes += spikes.steps.length;
    potentials.values.forEach((V, at) => {
      if (potentials.times[at]! <= this.times.discard) return;
      this.ranges.forEach(({ first, size }, index) => {
        this.potentials[index]!.add(V.subarray(first, first + size));
      });
    });
  }

  /** Of each population by name, once the run is over. */
  result(): Record<string, PopulationSummary> {
    const results = this.statistics.result(this.times.steps);
    return Object.fromEntries(
      this.ranges.map(({ name, size }, index) => [
        name,
        populationSummary(size, results.get(name)!, this.potentials[index]!),
      ]),
    );
  }
}

function populationSummary(size: number, spikes: SpikeStatistics, V: MomentAccumulator): PopulationSummary {
  const potential = V.result();
  return {
    size,
    rate_hz: spikes.meanRate,
    rate_sd_hz: spikes.rateSd,
    cv_isi: finiteOrNull(spikes.cvIsi.mean),
    silent_fraction: spikes.silentFraction,
    mean_V_mV: finiteOrNull(potential.mean),
    sd_V_mV: finiteOrNull(potential.sd),
    population_rate_sd_hz: spikes.populationRateSd,
    pairwise_correlation: finiteOrNull(spikes.pairwiseCorrelation),
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
