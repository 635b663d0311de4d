/** What a run is asked for beyond its network, checked and in boundary units. */
export interface RunOptions {
  duration: number;
  seed: number;
  discard: number | undefined;
  out: string;
  force: boolean;
  json: boolean;
  quiet: boolean;
  figures: boolean;
  /** Neurons per population whose state is recorded, and steps between samples. */
  traces: number;
  traceEverySteps: number;
  /** Neurons per population whose spikes are written one by one. */
  spikes: number | 'all';
  rateBin: number | undefined;
  /** Whether each kernel is timed. */
  profile: boolean;
}
