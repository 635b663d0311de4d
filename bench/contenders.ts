/**
 * Those who take part in the comparison with peers: each is told a network, gets ready, and then runs it as often as it is
 * asked. A run comes with its activity, which is taken from spikes by the same functions for all.
 */
import { mkdirSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import {
  isiVariation,
  type PopulationSpikes,
  pairwiseCorrelation,
  summarizeVariation,
  type TimeWindow,
} from '../src/analysis/spike-statistics.ts';
import { readNpy } from '../src/io/npy.ts';
import type { Network } from '../src/models/network.ts';
import { networkToJSON } from '../src/models/network-to-json.ts';
import { totalSynapses } from '../src/spiking/expected-synapses.ts';
import type { RunSummary } from '../src/spiking/simulate.ts';
import { ChildFailure } from './child.ts';
import type { Recipe } from './peer-networks.ts';
import { type Brian2Mode, Brian2Network } from './peers/brian2.ts';
import type { Measurement } from './peers/measurement.ts';
import { runNest } from './peers/nest.ts';
import { compileSpikefield, runSpikefield } from './peers/spikefield.ts';
import type { TimeLimit } from './peers/time-limit.ts';
import type { Activity, PeerRun } from './peers-result.ts';

export interface Task {
  recipe: Recipe;
  network: Network;
  /** Activity is taken from this step on, and its time, ms. */
  from: { step: number; time: number };
  seed: number;
  threads: number;
  /** An empty folder of its own. */
  scratch: string;
  limit: TimeLimit;
}

/** Ready to run. */
export interface Ready {
  /** s; null where nothing was compiled. */
  compile_s: number | null;
  run(): Promise<PeerRun>;
  close(): Promise<void>;
}

/** Gets ready for a task. Throws ChildFailure with the reason where that fails. */
export type Contender = (task: Task) => Promise<Ready>;

/** Spikefield, as `spikefield run`; what it computed on goes to `adapter`. */
export function spikefieldContender(adapter: (adapter: RunSummary['adapter']) => void): Contender {
  return async ({ recipe, from, seed, scratch, limit }) => {
    const { network, overrides, duration: duration_ms } = recipe;
    const { signal } = limit;
    const job = { network, overrides, duration_ms, discard_ms: from.time, seed, scratch, signal };
    const compile_s = await limit.within('compiling', () => compileSpikefield(job));
    return {
      compile_s,
      async run() {
        const run = await limit.within('a run', () => runSpikefield(job));
        adapter(run.adapter);
        const activity = Object.entries(run.populations).map(([name, population]) => {
          const { rate_hz, cv_isi, pairwise_correlation: correlation } = population;
          return [name, { rate_hz, cv_isi, correlation }] as const;
        });
        return { ...run.measurement, activity: Object.fromEntries(activity) };
      },
      async close() {},
    };
  };
}

/**
 * Bytes that a synapse takes at least: Brian2 keeps two indices of 4 bytes, and vectors that grow while it connects, which
 * Brian2CUDA does beside the GPU too; NEST a connection of weight, delay, target and flags, and its source.
 */
const BYTES_PER_SYNAPSE = { Brian2: 12, Brian2CUDA: 12, NEST: 32 };

export const brian2Contender = (python: string): Contender => standalone('Brian2', python);
export const brian2CudaContender = (python: string): Contender => standalone('Brian2CUDA', python);

function standalone(mode: Brian2Mode, python: string): Contender {
  return async ({ network, recipe, from, seed, threads, scratch, limit }) => {
    checkMemory(mode, network);
    const spikes = folder(scratch, 'spikes');
    const job = {
      network: networkToJSON(network),
      duration_ms: recipe.duration,
      statistics_from_step: from.step,
      seed,
      threads,
      directory: join(scratch, 'project'),
      spikes,
    };
    const { signal } = limit;
    const rival = await limit.within('compiling', () => Brian2Network.build(python, job, { mode, signal }));
    return {
      compile_s: rival.generate_s + rival.compile_s,
      run: async () =>
        withActivity(await limit.within('a run', () => rival.run()), network, from.time, spikes),
      close: () => rival.close(),
    };
  };
}

export function nestContender(python: string): Contender {
  return async ({ network, recipe, from, seed, threads, scratch, limit }) => {
    checkMemory('NEST', network);
    const spikes = folder(scratch, 'spikes');
    const job = {
      network: networkToJSON(network),
      duration_ms: recipe.duration,
      statistics_from_step: from.step,
      seed,
      threads,
      spikes,
    };
    return {
      compile_s: null,
      async run() {
        const run = await limit.within('a run', () => runNest(python, job, limit.signal));
        return withActivity(run, network, from.time, spikes);
      },
      async close() {},
    };
  };
}

/** A peer that fills the memory takes the machine with it. Throws ChildFailure where its synapses alone do not fit. */
export function checkMemory(
  peer: keyof typeof BYTES_PER_SYNAPSE,
  network: Network,
  free: number = freemem(),
): void {
  const synapses = Math.round(totalSynapses(network));
  const needed = synapses * BYTES_PER_SYNAPSE[peer];
  if (needed <= free) return;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new ChildFailure(
    `its ${synapses.toLocaleString('en-US')} synapses would take at least ${gigabytes(needed)}, and ${gigabytes(free)} are free`,
  );
}

/** A peer's run with the activity of the spikes that it left in a folder. */
function withActivity(run: Measurement, network: Network, from: number, spikes: string): PeerRun {
  const activity = network.populations.map(({ name, size }) => {
    const times = readNpy(join(spikes, `${name}-times.npy`), 'f8').data;
    const neurons = readNpy(join(spikes, `${name}-neurons.npy`), 'u4').data;
    const rate_hz = run.rates_hz[name]!;
    return [name, { rate_hz, ...irregularity({ size, times, neurons }, { t0: from, t1: network.duration }) }];
  });
  return { ...run, activity: Object.fromEntries(activity) as PeerRun['activity'] };
}

/** Null where the window is too short for a number. */
export function irregularity(spikes: PopulationSpikes, window: TimeWindow): Omit<Activity, 'rate_hz'> {
  const variation = isiVariation(spikes, window);
  const cv = variation.length > 0 ? summarizeVariation(variation).mean : Number.NaN;
  const correlation = pairwiseCorrelation(spikes, window);
  return {
    cv_isi: Number.isFinite(cv) ? cv : null,
    correlation: Number.isFinite(correlation) ? correlation : null,
  };
}

function folder(...parts: string[]): string {
  const path = join(...parts);
  mkdirSync(path, { recursive: true });
  return path;
}
