/**
 * What of a network's activity is compared between simulators that share no random number: rates, irregularity,
 * correlations of counts and fluctuations of the whole, within populations and between the first two.
 */
import {
  type PopulationSpikes,
  populationRate,
  spikeStatistics,
  type TimeWindow,
} from '../src/analysis/spike-statistics.ts';
import { mean } from '../src/analysis/summary.ts';

/** Bin of counts and of population rates, ms. */
export const BIN_MS = 10;

/** One number for each key, such as "exc rate_hz"; NaN where the window is too short for it. */
export type ActivityStatistics = Record<string, number>;

/** Statistics of populations by name, in the window. Throws InputError where the window is empty. */
export function activityStatistics(
  populations: Readonly<Record<string, PopulationSpikes>>,
  window: TimeWindow,
): ActivityStatistics {
  const found: ActivityStatistics = {};
  for (const [name, spikes] of Object.entries(populations)) {
    const statistics = spikeStatistics(spikes, window, { bin: BIN_MS });
    found[`${name} rate_hz`] = statistics.meanRate;
    found[`${name} sd_of_rates_hz`] = statistics.rateSd;
    found[`${name} silent_fraction`] = statistics.silentFraction;
    found[`${name} cv_isi`] = statistics.cvIsi.mean;
    found[`${name} correlation`] = statistics.pairwiseCorrelation;
    found[`${name} population_rate_sd_hz`] = statistics.populationRateSd;
  }
  const [first, second] = Object.entries(populations);
  if (first !== undefined && second !== undefined) {
    found[`${first[0]} with ${second[0]} correlation_of_population_rates`] = pearson(
      populationRate(first[1], window, BIN_MS),
      populationRate(second[1], window, BIN_MS),
    );
  }
  return found;
}

function pearson(x: Float64Array, y: Float64Array): number {
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [k, value] of x.entries()) {
    xy += (value - meanX) * (y[k]! - meanY);
    xx += (value - meanX) ** 2;
    yy += (y[k]! - meanY) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}
