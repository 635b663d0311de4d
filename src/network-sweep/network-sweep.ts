/**
 * One network with some of its fields varied, each point run with several seeds: the points, the numbers that each run gives, and what runs
 * them. Runs go one after another on one device, so that a run never depends on the others; kernels that are alike are compiled once.
 */
import { InputError, NonFiniteError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import type { Network } from '../models/network.ts';
import { networkToJSON } from '../models/network-to-json.ts';
import { type PopulationSummary, type RunSummary, simulate } from '../spiking/simulate.ts';
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

/** What runs points of a sweep. A run that blows up gives NaN and `blew_up` 1; the sweep goes on. */
export function networkEvaluator(sweep: NetworkSweep, device: Device): Evaluate {
  return async (points, onProgress) => {
    const rows: number[] = [];
    for (const [k, point] of points.entries()) {
      const network = networkAt(sweep, point);
      const seed = sweep.seeds > 1 ? point[sweep.axes.length]! : sweep.firstSeed;
      const summary = await survived(
        simulate(device, network, {
          seed,
          ...(sweep.discard === undefined ? {} : { discard: sweep.discard }),
          onActivity: ({ end }) => onProgress((k + Math.min(1, end / network.duration)) / points.length),
        }),
      );
      rows.push(...rowOf(sweep, summary));
    }
    return rows;
  };
}

function networkAt({ read, axes }: NetworkSweepSettings, point: readonly number[]): Network {
  return read(axes.map((axis, k) => axisOverride(axis, point[k]!)));
}

async function survived(run: Promise<RunSummary>): Promise<RunSummary | undefined> {
  try {
    return await run;
  } catch (error) {
    if (error instanceof NonFiniteError) return undefined;
    throw error;
  }
}

function rowOf({ plan, populations }: NetworkSweep, summary: RunSummary | undefined): number[] {
  if (!summary) return plan.results.map((name) => (name === 'blew_up' ? 1 : Number.NaN));
  return [
    ...populations.flatMap((population) =>
      SWEEP_NUMBERS.map((number) => summary.populations[population]![number] ?? Number.NaN),
    ),
    ...[summary.spikes, summary.synapses, 0],
  ];
}
