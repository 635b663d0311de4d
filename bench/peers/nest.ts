/** NEST, by nest_network.py: a process for each run, since NEST builds anew for every one and memory is the process's own. */
import { fileURLToPath } from 'node:url';
import type { networkToJSON } from '../../src/models/network-to-json.ts';
import { Conversation } from '../child.ts';
import type { Measurement } from './measurement.ts';
import { type Absence, answerTo, findInPython, type Installation } from './python.ts';

const script = fileURLToPath(new URL('nest_network.py', import.meta.url));

export type NestInstallation = Installation<{ nest: string; numpy: string; python: string }>;

/**
 * Looks for NEST in the Python that SPIKEFIELD_NEST_PYTHON or SPIKEFIELD_PYTHON names, else in `python3`.
 * @throws InputError where these name no program
 */
export function findNest(env?: NodeJS.ProcessEnv): Promise<NestInstallation | Absence> {
  const packages = ['nest', 'numpy'];
  return findInPython({ script, name: 'NEST', packages, variable: 'SPIKEFIELD_NEST_PYTHON' }, env);
}

export interface NestJob {
  network: ReturnType<typeof networkToJSON>;
  duration_ms: number;
  /** Rates are taken from this step on. */
  statistics_from_step: number;
  seed: number;
  threads: number;
  /** A folder for the spikes of the run, population by population. */
  spikes: string;
}

interface RunAnswer {
  build_s: number;
  run_s: number;
  peak_rss_bytes: number | null;
  synapses: number;
  populations: Record<string, { spikes: number; rate_hz: number }>;
}

/** Builds and simulates once. Throws ChildFailure with the reason where that fails. */
export async function runNest(python: string, job: NestJob, signal?: AbortSignal): Promise<Measurement> {
  const began = performance.now();
  const talk = new Conversation(python, [script], signal);
  const { populations, ...answer } = await answerTo<RunAnswer>(talk, JSON.stringify(job));
  await talk.close();
  const process_s = (performance.now() - began) / 1000;
  return {
    ...answer,
    wall_s_per_bio_s: (1000 * answer.run_s) / job.duration_ms,
    startup_s: process_s - answer.build_s - answer.run_s,
    spikes: Object.values(populations).reduce((sum, each) => sum + each.spikes, 0),
    rates_hz: Object.fromEntries(Object.entries(populations).map(([name, each]) => [name, each.rate_hz])),
  };
}
