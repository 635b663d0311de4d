/**
 * One network with some of its fields varied, each point run with several seeds: the points, the numbers that each run gives, and what runs
 * them. Runs of one shape stand side by side in batches, which the same dispatches advance; no run depends on its company.
 */
import { InputError, NonFiniteError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import type { Network } from '../models/network.ts';
import { networkToJSON } from '../models/network-to-json.ts';
import type { PopulationSummary } from '../spiking/simulate.ts';
import { evenBatch, type ManyOptions, type ManySummary, simulateMany } from '../spiking/simulate-many.ts';
import type { SweepPlan } from '../sweep/folder.ts';
import type { Evaluate } from '../sweep/run-sweep.ts';
import { gridSpace } from '../sweep/space.ts';
import { axisOverride, type NetworkAxis } from './axis.ts';

/** What is known of each population after a run; names as in the summary of a run. */
export const SWEEP_NUMBERS = [
  'rate_hz',
  'rate_sd_hz',
  'cv_isi',
  'silent_fraction',
  'mean_V_mV',
  'sd_V_mV',
  'population_rate_sd_hz',
  'pairwise_correlation',
] as const satisfies readonly (keyof PopulationSummary)[];
export type SweepNumber = (typeof SWEEP_NUMBERS)[number];

export interface NetworkSweepSettings {
  /** The network with these overrides, `path=value`, after those that it always has. */
  read: (overrides: readonly string[]) => Network;
  axes: readonly NetworkAxis[];
  /** Runs of each point; a whole number from 1. */
  seeds: number;
  /** Seed of the first; the others follow. The same seeds serve at every point. */
  firstSeed: number;
  /** ms; as for a single run where not given. */
  discard?: number;
  /** Kept with the results: another version's are another sweep. */
  version: string;
}

export interface NetworkSweep extends NetworkSweepSettings {
  plan: SweepPlan;
  /** At the first point. */
  base: Network;
  populations: readonly string[];
  /** Points without their seeds. */
  combinations: number;
}

/**
 * Reads the network at every point, so that all are known to be possible before the first is run.
 * @throws InputError where one is not, or nothing varies
 */
export function planNetworkSweep(settings: NetworkSweepSettings): NetworkSweep {
  const { axes, seeds, firstSeed, discard, version } = settings;
  if (!(Number.isInteger(seeds) && seeds >= 1))
    throw new InputError(`a sweep runs a whole number of seeds from 1, not ${seeds}`, { field: 'seeds' });
  if (axes.length === 0 && seeds === 1)
    throw new InputError(
      'a sweep varies something; give --vary path=from:to:n, or --seeds for runs that differ in their seed',
    );
  const combinations = axes.reduce((product, { values }) => product * values.length, 1);
  const space = gridSpace([
    ...axes,
    ...(seeds > 1 ? [{ name: 'seed', values: Array.from({ length: seeds }, (_, k) => firstSeed + k) }] : []),
  ]);
  let base: Network | undefined;
  for (let k = 0; k < combinations; k++) {
    const network = networkAt(settings, space.point(k * seeds));
    base ??= network;
    if (discard !== undefined && !(discard >= 0 && discard < network.duration))
      throw new InputError(
        `${discard} ms are to be discarded of a run of ${network.duration} ms: discard less, or run longer`,
        { field: 'discard' },
      );
  }
  const populations = base!.populations.map(({ name }) => name);
  return {
    ...settings,
    base: base!,
    populations,
    combinations,
    plan: {
      space,
      results: [
        ...populations.flatMap((population) => SWEEP_NUMBERS.map((number) => `${population}.${number}`)),
        ...['spikes', 'synapses', 'blew_up'],
      ],
      settings: {
        kind: 'network-sweep',
        network: networkToJSON(base!),
        seed: firstSeed,
        discard: discard ?? null,
        version,
      },
    },
  };
}

/**
 * What runs points of a sweep. A run that blows up gives NaN and `blew_up` 1; the sweep goes on. Points that differ in shape (sizes,
 * times, shortest delays) are run in batches of their own.
 */
export function networkEvaluator(
  sweep: NetworkSweep,
  device: Device,
  options: Pick<ManyOptions, 'batch' | 'onBatch'> = {},
): Evaluate {
  const { axes, seeds, firstSeed, discard } = sweep;
  return async (points, onProgress) => {
    // Read once for all its seeds.
    const known = new Map<string, Network>();
    const networks = points.map((point) => {
      const name = point.slice(0, axes.length).join();
      const network = known.get(name) ?? networkAt(sweep, point);
      known.set(name, network);
      return { network, seed: seeds > 1 ? point[axes.length]! : firstSeed };
    });
    const found = await simulateMany(device, networks, {
      ...{ ...options, onProgress },
      ...(discard === undefined ? {} : { discard }),
    });
    return found.flatMap((each) => rowOf(sweep, each));
  };
}

/** Runs at a time that suit a sweep of so many. */
export function sweepBatch({ base }: NetworkSweep, device: Device, runs: number): number {
  return evenBatch(device, base, runs);
}

function networkAt({ read, axes }: NetworkSweepSettings, point: readonly number[]): Network {
  return read(axes.map((axis, k) => axisOverride(axis, point[k]!)));
}

function rowOf({ plan, populations }: NetworkSweep, summary: ManySummary): number[] {
  if (summary instanceof NonFiniteError)
    return plan.results.map((name) => (name === 'blew_up' ? 1 : Number.NaN));
  return [
    ...populations.flatMap((population) =>
      SWEEP_NUMBERS.map((number) => summary.populations[population]![number] ?? Number.NaN),
    ),
    ...[summary.spikes, summary.synapses, 0],
  ];
}
