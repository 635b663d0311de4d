/**
 * One network with some of its fields varied, each point run with several seeds: the points, the numbers that each run gives, and what runs
 * them. Runs of one shape stand side by side in batches, which the same dispatches advance; no run depends on its company.
 */
import { InputError, NonFiniteError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import type { Network } from '../models/network.ts';
import { networkToJSON } from '../models/network-to-json.ts';
import { type MemberPlan, planMember } from '../spiking/batch-plan.ts';
import { sensibleBatch } from '../spiking/batch-size.ts';
import { type PopulationSummary, type RunSummary, simulate } from '../spiking/simulate.ts';
import { simulateBatch } from '../spiking/simulate-batch.ts';
import { deviceOptions } from '../spiking/storage.ts';
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

/** What became of the runs of a sweep, for those who want to know. */
export interface BatchesRun {
  /** Runs side by side at most. */
  batch?: number;
  /** Called before each batch with its size, and for a run that cannot stand beside others, why. */
  onBatch?: (runs: number, alone?: string) => void;
}

type Summary = Omit<RunSummary, 'timing'>;

/** A point with all that its run needs. */
interface Run {
  place: number;
  network: Network;
  seed: number;
  member: MemberPlan;
}

/**
 * What runs points of a sweep. A run that blows up gives NaN and `blew_up` 1; the sweep goes on. Points that differ in shape (sizes,
 * times, shortest delays) are run in batches of their own.
 */
export function networkEvaluator(
  sweep: NetworkSweep,
  device: Device,
  { batch, onBatch }: BatchesRun = {},
): Evaluate {
  return async (points, onProgress) => {
    // Read and planned once for all its seeds.
    const known = new Map<string, Pick<Run, 'network' | 'member'>>();
    const runs = points.map((point, place): Run => {
      const name = point.slice(0, sweep.axes.length).join();
      const network = known.get(name)?.network ?? networkAt(sweep, point);
      const member = known.get(name)?.member ?? planMember(network, points.length, deviceOptions(device));
      known.set(name, { network, member });
      return { place, network, member, seed: sweep.seeds > 1 ? point[sweep.axes.length]! : sweep.firstSeed };
    });
    const rows: number[][] = [];
    let done = 0;
    for (const together of batches(runs, (run) => batch ?? sensibleBatch(device, run.member.plan))) {
      const { network, member } = together[0]!;
      onBatch?.(together.length, member.alone);
      const onTime = (end: number) =>
        onProgress((done + together.length * Math.min(1, end / network.duration)) / points.length);
      const summaries = await runTogether(sweep, device, together, onTime);
      together.forEach(({ place }, k) => {
        rows[place] = rowOf(sweep, summaries[k]);
      });
      done += together.length;
    }
    return rows.flat();
  };
}

/** Runs at a time that suit a sweep of so many: as equal as can be, as kernels are compiled for each size. */
export function sweepBatch(sweep: NetworkSweep, device: Device, runs: number): number {
  const { plan, alone } = planMember(sweep.base, runs, deviceOptions(device));
  const most = alone === undefined ? sensibleBatch(device, plan) : 1;
  return Math.max(1, Math.ceil(runs / Math.ceil(runs / most)));
}

/** Runs of one shape together, in their order, no more than `most` says. */
function batches(runs: readonly Run[], most: (run: Run) => number): Run[][] {
  const shapes = new Map<string, Run[]>();
  for (const run of runs) {
    const { shape, alone } = run.member;
    const key = alone === undefined ? shape : `alone ${run.place}`;
    shapes.set(key, [...(shapes.get(key) ?? []), run]);
  }
  return [...shapes.values()].flatMap((alike) => {
    const count = Math.ceil(alike.length / most(alike[0]!));
    const size = Math.ceil(alike.length / count);
    return Array.from({ length: count }, (_, k) => alike.slice(k * size, (k + 1) * size)).filter(
      (each) => each.length > 0,
    );
  });
}

/** Undefined for a run that blew up. */
async function runTogether(
  { discard }: NetworkSweep,
  device: Device,
  runs: readonly Run[],
  onTime: (end: number) => void,
): Promise<(Summary | undefined)[]> {
  const options = discard === undefined ? {} : { discard };
  const [first, ...others] = runs;
  if (others.length > 0) {
    const { members } = await simulateBatch(device, runs, { ...options, onTime });
    return members.map((each) => (each instanceof NonFiniteError ? undefined : each));
  }
  const { network, seed } = first!;
  return [
    await survived(simulate(device, network, { ...options, seed, onActivity: ({ end }) => onTime(end) })),
  ];
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

function rowOf({ plan, populations }: NetworkSweep, summary: Summary | undefined): number[] {
  if (!summary) return plan.results.map((name) => (name === 'blew_up' ? 1 : Number.NaN));
  return [
    ...populations.flatMap((population) =>
      SWEEP_NUMBERS.map((number) => summary.populations[population]![number] ?? Number.NaN),
    ),
    ...[summary.spikes, summary.synapses, 0],
  ];
}
