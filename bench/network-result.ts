/** What the network benchmark finds, as `--json` prints it; docs/benchmarks.md says how each number is taken. */
import type { AdapterDescription } from '../src/gpu/device.ts';
import type { KernelTime } from '../src/spiking/profile.ts';
import type { Machine } from './machine.ts';
import type { Spread } from './pairs.ts';
import type { Brian2Absence, Brian2Installation } from './peers/brian2.ts';
import type { Measurement } from './peers/measurement.ts';

export interface NetworkResult {
  benchmark: 'network';
  machine: Machine;
  /** What Spikefield computed on. */
  adapter: AdapterDescription;
  brian2: Brian2Installation | Brian2Absence;
  seed: number;
  rounds: number;
  duration_ms: number;
  /** Rates are taken from here to the end. */
  rates_from_ms: number;
  networks: NetworkTable[];
}

/** One network by every simulator. */
export interface NetworkTable {
  network: string;
  delay_ms: number;
  neurons: number;
  dt_ms: number;
  /** Spikefield first. */
  rows: Row[];
  failures: Failure[];
  device: DeviceCost;
}

/** One simulator: medians over rounds, the most of memory, and every round. */
export interface Row {
  simulator: 'Spikefield' | 'Brian2';
  /** Threads that were asked for; null where the driver decides. */
  threads: number | null;
  wall_s_per_bio_s: Spread;
  /** Its time to Spikefield's, round by round: above 1 Spikefield is faster. Null for Spikefield. */
  ratio: Spread | null;
  /** Writing C++ and compiling it, once; null for Spikefield, which compiles its shaders while it builds. */
  generate_s: number | null;
  compile_s: number | null;
  build_s: number;
  startup_s: number;
  peak_rss_bytes: number | null;
  runs: Measurement[];
}

/** A simulator that could not be measured. */
export interface Failure {
  simulator: 'Brian2';
  threads: number;
  reason: string;
}

/** How Spikefield used the device. */
export interface DeviceCost {
  /** Steps that one dispatch of the neuron kernel advances. */
  window_steps: number;
  dispatches_per_step: number;
  /** From 0 to 1, by the device's own clock; null where it has none. */
  share_outside_kernels: number | null;
  /** Each kernel in a run of its own in which every dispatch is timed; null where the device has no clock. */
  kernels: KernelTime[] | null;
}

/** "config1, no delay" */
export function networkName({ network, delay_ms }: { network: string; delay_ms: number }): string {
  return `${network}, ${delay_ms === 0 ? 'no delay' : `delay ${delay_ms} ms`}`;
}
