/** What step responses would cost, without computing them. */
import { megabytes } from '../gpu/bytes.ts';
import type { Cell } from '../models/cells.ts';
import type { Network } from '../models/network.ts';
import type { StepSettings } from '../spiking/step-settings.ts';
import { dryRun } from './dry-run.ts';
import { formatSeconds } from './progress.ts';

export interface StepDryRun {
  cells: string[];
  currents_pA: readonly number[];
  steps: number;
  /** Of the arrays of V and w. */
  output_bytes: number;
  /** Null where there is no adapter to ask. */
  adapter: string | null;
  /** Why it would not run here, or null. */
  problem: string | null;
  /** Seconds, measured on this device; starting comes on top. */
  time_s: number | null;
  /** The same for people. */
  sentence: string;
}

export async function stepDryRun(
  cells: readonly Cell[],
  settings: StepSettings,
  networks: readonly Network[],
): Promise<StepDryRun> {
  const { duration, dt, sampleEvery, currents } = settings;
  const { adapter, problem, neuron_time_s } = await dryRun(networks[0]!, { duration });
  const responses = cells.length * currents.length;
  const steps = Math.round(duration / dt);
  const bytes = 2 * 4 * Math.ceil(duration / sampleEvery) * responses;
  const time = neuron_time_s === null ? null : neuron_time_s * networks.length;
  const what = `${responses} ${responses === 1 ? 'response' : 'responses'} of ${steps.toLocaleString('en-US')} steps, ${megabytes(bytes)} of V and w`;
  const cost =
    time === null
      ? `it would not run here: ${problem}`
      : `${formatSeconds(time)} on ${adapter}, as just measured; starting comes on top`;
  return {
    cells: cells.map(({ name }) => name),
    currents_pA: currents,
    steps,
    output_bytes: bytes,
    adapter,
    problem,
    time_s: time,
    sentence: `${what}; ${cost}`,
  };
}
