/** What the comparison with peers finds, as `--json` prints it, and the exponents by which times grow with size. */
import type { AdapterDescription } from '../src/gpu/device.ts';
import type { Machine } from './machine.ts';
import type { Spread } from './pairs.ts';
import type { PeerNetworkName } from './peer-networks.ts';
import type { Measurement } from './peers/measurement.ts';

/** How a population fires in the part of a run that counts. */
export interface Activity {
  rate_hz: number;
  /** Mean over neurons with at least five intervals; null where there is none. */
  cv_isi: number | null;
  /** Mean over pairs of the correlation of counts in 5 ms; null where no two neurons vary. */
  correlation: number | null;
}

export type PeerRun = Measurement & { activity: Record<string, Activity> };

export interface PeersResult {
  benchmark: 'peers';
  machine: Machine;
  adapter: AdapterDescription | null;
  /** Of each simulator that was looked for: its versions, or why it is not measured. */
  simulators: Record<string, Record<string, string> | { absent: string }>;
  seed: number;
  rounds: number;
  limit_s: number;
  rows: PeerRow[];
  scaling: Scaling[];
}

/** One network of one size by one simulator. */
export interface PeerRow {
  network: PeerNetworkName;
  simulator: string;
  neurons: number;
  duration_ms: number;
  /** Activity is that from here on. */
  statistics_from_ms: number;
  /** Why there is nothing more; null where all rounds were measured. */
  failure: string | null;
  /** Null where no round ended. */
  measured: MeasuredRow | null;
}

export interface MeasuredRow {
  wall_s_per_bio_s: Spread;
  /** Its time to Spikefield's, the rounds in pairs: above 1 Spikefield is faster. Null for Spikefield, or without it. */
  ratio: Spread | null;
  /** Spikes times the mean number of synapses that a neuron makes, per second of the simulation; a median. */
  synaptic_events_per_s: number;
  /** Writing and compiling code before the first run; null where nothing is compiled. */
  compile_s: number | null;
  build_s: number;
  peak_rss_bytes: number | null;
  synapses: number;
  spikes: number;
  /** By population, of the first round. */
  activity: Record<string, Activity>;
  runs: Measurement[];
}

/** wall_s_per_bio_s = c neurons^exponent */
export interface Scaling {
  network: PeerNetworkName;
  simulator: string;
  sizes: number;
  exponent: number;
}

/**
 * The slope of log y over log x by least squares.
 * @throws RangeError where there are not two sizes, or a value is not above 0
 */
export function scalingExponent(x: readonly number[], y: readonly number[]): number {
  if (x.length !== y.length || new Set(x).size < 2) throw new RangeError('a slope needs two sizes');
  if (![...x, ...y].every((value) => value > 0)) throw new RangeError('a logarithm needs values above 0');
  const logX = x.map(Math.log);
  const logY = y.map(Math.log);
  const meanX = logX.reduce((a, b) => a + b) / x.length;
  const meanY = logY.reduce((a, b) => a + b) / y.length;
  let covariance = 0;
  let variance = 0;
  for (const [k, value] of logX.entries()) {
    covariance += (value - meanX) * (logY[k]! - meanY);
    variance += (value - meanX) ** 2;
  }
  return covariance / variance;
}

/** The exponents of all simulators and networks that were measured at two sizes or more. */
export function scalings(rows: readonly PeerRow[]): Scaling[] {
  const groups = groupRows(rows);
  return groups.flatMap((group) => {
    const done = group.flatMap(({ neurons, measured }) =>
      measured === null ? [] : [{ neurons, wall: measured.wall_s_per_bio_s.median }],
    );
    const sizes = new Set(done.map(({ neurons }) => neurons)).size;
    if (sizes < 2) return [];
    const { network, simulator } = group[0]!;
    const exponent = scalingExponent(
      done.map(({ neurons }) => neurons),
      done.map(({ wall }) => wall),
    );
    return [{ network, simulator, sizes, exponent }];
  });
}

/** Rows of the same network and simulator, in the order in which these first come. */
export function groupRows(rows: readonly PeerRow[]): PeerRow[][] {
  const groups = new Map<string, PeerRow[]>();
  for (const row of rows) {
    const key = `${row.network}\n${row.simulator}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()];
}
