/**
 * The paper's network of 10,000 neurons and the Vogels-Abbott network against 30 and 6 seeds of the reference
 * (Brian2 and a float64 clone checked against it), over 10 seeds of ours.
 *
 * The drive is the reference's: at most one event a step (`bernoulli`), rising from 0 to 4 Hz over the first 100 ms.
 * Rationale of the tolerance: two right implementations share no random number, so means over seeds agree within their
 * standard errors. Each quantity must lie within 2 combined standard errors or 3 % of the reference; fractions
 * and percentiles of rates, which come in steps of one spike a window, within half such a step besides. The reference
 * has only six Vogels-Abbott seeds, whose share of silent neurons (0.150 +- 0.007) lies low: Brian2 2.9 gives 0.166 +- 0.005
 * over twelve seeds of its own, ours 0.172 +- 0.004 over thirty. There the rate distribution is held to 3 standard errors.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { MomentAccumulator } from '../../src/analysis/moments.ts';
import { SpikeAccumulator } from '../../src/analysis/spike-accumulator.ts';
import { populationRanges } from '../../src/analysis/spike-windows.ts';
import { mean, standardDeviation } from '../../src/analysis/summary.ts';
import { readNetwork } from '../../src/models/read-network.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { referenceFiles, referenceJson } from '../reference.ts';

interface Spread {
  mean: number;
  sd_over_seeds: number;
}
type Statistics = Record<string, Spread | { mean: number[]; sd_over_seeds: number[] }>;
interface Sample {
  mean: number;
  sd: number;
  n: number;
}

const folder = 'zerlaut2017';
const available = referenceFiles(folder, /^network_(config1|vogels_abbott)\.json$/).length === 2;
const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const recorded = 100;
const drive = [
  'populations.*.drive.*.statistics=bernoulli',
  'populations.*.drive.*.rate={from: 0 Hz, to: 4 Hz, over: 100 ms}',
];

/** Our statistics of each population, [seed], and rates in the windows [from, to) ms, [window][seed]. */
async function simulateSeeds(name: string, discard: number, windows: [number, number][]) {
  const model = readNetwork(name, drive);
  const ranges = populationRanges(model.populations);
  const every = Math.round(1 / model.dt);
  const collected = ranges.map(() => new Map<string, number[]>());
  const byWindow = ranges.map(() => windows.map(() => [] as number[]));
  for (const seed of seeds) {
    await using simulation = await Simulation.create(await testDevice(), model, {
      seed,
      traces: ranges.map((range) => ({
        population: range.name,
        neurons: Array.from({ length: recorded }, (_, index) => index),
      })),
      traceEverySteps: every,
    });
    const spikes = new SpikeAccumulator(ranges, { dt: model.dt, firstStep: Math.round(discard / model.dt) });
    const counts = ranges.map(() => windows.map(() => 0));
    const moments = new Map<string, MomentAccumulator>();
    for await (const activity of simulation.run({ duration: model.duration })) {
      spikes.add(activity.spikes);
      activity.spikes.neurons.forEach((neuron, index) => {
        const population = ranges.findIndex(({ first, size }) => neuron < first + size);
        const time = activity.spikes.steps[index]! * model.dt;
        windows.forEach(([from, to], window) => {
          if (time >= from - 1e-6 && time < to - 1e-6) counts[population]![window]!++;
        });
      });
      activity.traces.times.forEach((time, sample) => {
        if (time < discard - 1e-6) return;
        const snapshots = new Map<string, number[]>();
        simulation.channels.forEach(({ population, variable }, channel) => {
          const key = `${population} ${variable}`;
          if (!snapshots.has(key)) snapshots.set(key, []);
          snapshots.get(key)!.push(activity.traces.values[channel]![sample]!);
        });
        for (const [key, values] of snapshots) {
          if (!moments.has(key)) moments.set(key, new MomentAccumulator(values.length));
          moments.get(key)!.add(Float64Array.from(values));
        }
      });
    }
    const results = spikes.result(Math.round(model.duration / model.dt));
    ranges.forEach((range, index) => {
      const found = results.get(range.name)!;
      const add = (key: string, value: number) => {
        if (!collected[index]!.has(key)) collected[index]!.set(key, []);
        collected[index]!.get(key)!.push(value);
      };
      add('mean_rate', found.meanRate);
      add('sd_of_single_rates', found.rateSd);
      add('silent_fraction', found.silentFraction);
      add('cv_isi_mean', found.cvIsi.mean);
      add('cv_isi_median', found.cvIsi.median);
      found.ratePercentiles.forEach((value, at) => {
        add(`percentile ${at}`, value);
      });
      for (const [variable, prefix] of [
        ['V', 'V'],
        ['g_exc', 'Ge'],
        ['g_inh', 'Gi'],
      ]) {
        const unit = variable === 'V' ? 'mV' : 'nS';
        const result = moments.get(`${range.name} ${variable}`)!.result();
        add(`${prefix}_mean_${unit}`, result.mean);
        add(`${prefix}_sd_${unit}`, result.sd);
      }
      counts[index]!.forEach((count, window) => {
        const [from, to] = windows[window]!;
        byWindow[index]![window]!.push(count / range.size / ((to - from) / 1000));
      });
    });
  }
  return { collected, byWindow };
}

function sampleOf(values: number[]): Sample {
  return { mean: mean(values), sd: standardDeviation(values, 1), n: values.length };
}

/** One sample of two. */
function pool(parts: Sample[]): Sample {
  const n = parts.reduce((sum, part) => sum + part.n, 0);
  const average = parts.reduce((sum, part) => sum + part.n * part.mean, 0) / n;
  const squares = parts.reduce((sum, part) => sum + part.n * (part.sd ** 2 + (part.mean - average) ** 2), 0);
  return { mean: average, sd: Math.sqrt(squares / n), n };
}

/** A line for the log, and a complaint where the two disagree. */
function compare(
  label: string,
  ours: Sample,
  reference: Sample,
  { step = 0, errors = 2 } = {},
): string | undefined {
  const error = Math.sqrt(ours.sd ** 2 / ours.n + reference.sd ** 2 / reference.n);
  const allowed = Math.max(errors * error, 0.03 * Math.abs(reference.mean)) + step / 2;
  const line = `${label}: ${ours.mean.toFixed(4)}, reference ${reference.mean.toFixed(4)} (2 SE ${(2 * error).toFixed(4)})`;
  console.info(line);
  return Math.abs(ours.mean - reference.mean) <= allowed ? undefined : line;
}

/** All statistics that both have, of one population. */
function compareAll(
  name: string,
  ours: Map<string, number[]>,
  reference: (key: string) => Sample[],
  { spikeStep, distributionErrors = 2 }: { spikeStep: number; distributionErrors?: number },
) {
  const complaints: (string | undefined)[] = [];
  for (const [key, values] of ours) {
    const parts = reference(key);
    if (parts.length === 0) continue;
    const step = key.startsWith('percentile') ? spikeStep : 0;
    const errors = /^(percentile|silent|sd_of_single)/.test(key) ? distributionErrors : 2;
    complaints.push(compare(`${name} ${key}`, sampleOf(values), pool(parts), { step, errors }));
  }
  return complaints.filter((line) => line !== undefined);
}

function referenceSample(statistics: Statistics, key: string, n: number): Sample[] {
  const percentile = /^percentile (\d)$/.exec(key);
  if (percentile) {
    const found = statistics.rate_percentiles_5_25_50_75_95 as { mean: number[]; sd_over_seeds: number[] };
    const at = Number(percentile[1]);
    return [{ mean: found.mean[at]!, sd: found.sd_over_seeds[at]!, n }];
  }
  const found = statistics[key] as Spread | undefined;
  return found ? [{ mean: found.mean, sd: found.sd_over_seeds, n }] : [];
}

describe.skipIf(!available)('networks of Zerlaut et al. 2017, 10 seeds', () => {
  describe('config1', () => {
    interface Window {
      window_ms: [number, number];
      E_mean: number;
      E_sd_over_seeds: number;
      I_mean: number;
      I_sd_over_seeds: number;
    }
    interface Reference {
      brian2_stats: Record<'E' | 'I', Statistics>;
      clone_stats: Record<'E' | 'I', Statistics>;
      by_window_brian2: Window[];
      by_window_clone: Window[];
    }
    let reference: Reference;
    let ours: Awaited<ReturnType<typeof simulateSeeds>>;
    beforeAll(async () => {
      reference = referenceJson<Reference>(folder, 'network_config1.json');
      const windows = reference.by_window_brian2.map((each) => each.window_ms);
      ours = await simulateSeeds('config1', 500, windows);
    }, 600_000);

    test.each(['E', 'I'] as const)('rates, intervals, V and conductances of %s', (population) => {
      const index = population === 'E' ? 0 : 1;
      const complaints = compareAll(
        population,
        ours.collected[index]!,
        (key) => [
          ...referenceSample(reference.brian2_stats[population], key, 10),
          ...referenceSample(reference.clone_stats[population], key, 20),
        ],
        { spikeStep: 1 },
      );
      expect(complaints).toEqual([]);
    });

    test.each(['E', 'I'] as const)('time course of the rate of %s', (population) => {
      const index = population === 'E' ? 0 : 1;
      const complaints = reference.by_window_brian2.map((window, at) => {
        const of = (each: Window, n: number) => ({
          mean: each[`${population}_mean`],
          sd: each[`${population}_sd_over_seeds`],
          n,
        });
        const truth = pool([of(window, 10), of(reference.by_window_clone[at]!, 20)]);
        return compare(`${population} ${window.window_ms} ms`, sampleOf(ours.byWindow[index]![at]!), truth);
      });
      expect(complaints.filter((line) => line !== undefined)).toEqual([]);
    });
  });

  test('vogels-abbott', { timeout: 600_000 }, async () => {
    const { cases } = referenceJson<{
      cases: Record<string, { n_seeds: number; stats: Record<'E' | 'I', Statistics> }>;
    }>(folder, 'network_vogels_abbott.json');
    const { n_seeds, stats } = cases.cli_ext4_kick0_100ms!;
    const { collected } = await simulateSeeds('vogels-abbott', 750, []);
    const complaints = (['E', 'I'] as const).flatMap((population, index) =>
      compareAll(population, collected[index]!, (key) => referenceSample(stats[population], key, n_seeds), {
        spikeStep: 1 / 0.75,
        distributionErrors: 3,
      }),
    );
    expect(complaints).toEqual([]);
  });
});
