/** One simulation of a network by one simulator: what every peer of the network benchmark answers. */
export interface Measurement {
  /** Seconds of the simulation itself per simulated second. */
  wall_s_per_bio_s: number;
  run_s: number;
  /** Making synapses and initial values: not part of `run_s`. */
  build_s: number;
  /** The rest of the process: starting, reading, opening the device, writing results. */
  startup_s: number;
  /** Largest resident memory of the process; null where the system does not tell. */
  peak_rss_bytes: number | null;
  synapses: number;
  /** In the whole run. */
  spikes: number;
  /** Mean rate of each population over the second half of the run. */
  rates_hz: Record<string, number>;
}

/** "Brian2, 2 threads" */
export function simulatorName({ simulator, threads }: { simulator: string; threads: number | null }): string {
  if (threads === null) return simulator;
  return `${simulator}, ${threads === 1 ? '1 thread' : `${threads} threads`}`;
}
