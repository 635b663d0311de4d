/**
 * Brian2's standalone modes, C++ by brian2_network.py and CUDA by brian2cuda_network.py: found, told the network once, which
 * compiles it, then run as often as wanted. The Python process waits meanwhile and takes no time from anybody.
 */
import { fileURLToPath } from 'node:url';
import type { networkToJSON } from '../../src/models/network-to-json.ts';
import { ChildFailure, Conversation } from '../child.ts';
import { type Measurement, simulatorName } from './measurement.ts';
import { type Absence, answerTo, findInPython, type Installation } from './python.ts';

/** What generates and runs the code. */
export type Brian2Mode = 'Brian2' | 'Brian2CUDA';

const SCRIPTS: Readonly<Record<Brian2Mode, string>> = {
  Brian2: fileURLToPath(new URL('brian2_network.py', import.meta.url)),
  Brian2CUDA: fileURLToPath(new URL('brian2cuda_network.py', import.meta.url)),
};

/** A Python that has Brian2, or why there is none. */
export type Brian2Installation = Installation<{ brian2: string; numpy: string; python: string }>;
export type Brian2Absence = Absence;

/**
 * Looks for Brian2 in `python3`, or in the Python that SPIKEFIELD_PYTHON names.
 * @throws InputError where SPIKEFIELD_PYTHON names no program
 */
export function findBrian2(env?: NodeJS.ProcessEnv): Promise<Brian2Installation | Brian2Absence> {
  return findInPython({ script: SCRIPTS.Brian2, name: 'Brian2', packages: ['brian2', 'numpy'] }, env);
}

export type Brian2CudaInstallation = Installation<{
  brian2: string;
  brian2cuda: string;
  /** Its name. */
  gpu: string;
  numpy: string;
  python: string;
}>;

/**
 * Looks for Brian2CUDA, CUDA's compiler and a GPU, in the Python that SPIKEFIELD_BRIAN2CUDA_PYTHON or SPIKEFIELD_PYTHON
 * names, else in `python3`: it wants a Brian2 of one version, not the newest one.
 * @throws InputError where these name no program
 */
export function findBrian2Cuda(env?: NodeJS.ProcessEnv): Promise<Brian2CudaInstallation | Absence> {
  const packages = ['brian2', 'brian2cuda', 'numpy'];
  const variable = 'SPIKEFIELD_BRIAN2CUDA_PYTHON';
  return findInPython({ script: SCRIPTS.Brian2CUDA, name: 'Brian2CUDA', packages, variable }, env);
}

export interface Brian2Job {
  network: ReturnType<typeof networkToJSON>;
  duration_ms: number;
  /** Rates are taken from this step on. */
  statistics_from_step: number;
  seed: number;
  /** OpenMP threads; 1 compiles without OpenMP. Nothing to Brian2CUDA. */
  threads: number;
  /** Where the C++ project is written. */
  directory: string;
  /** Where the spikes of the last run are written, population by population; nowhere where not given. */
  spikes?: string;
}

export interface Brian2Run extends Measurement {
  /** What Brian2 itself gives as its run time; CPU time, not wall time, with one thread. */
  reported_run_s: number;
}

/** A network that Brian2 has compiled. */
export class Brian2Network {
  /** Seconds that Brian2 took to write C++, and the compiler to compile it. */
  readonly generate_s: number;
  readonly compile_s: number;
  readonly job: Brian2Job;
  private readonly mode: Brian2Mode;
  private readonly talk: Conversation;

  private constructor(
    mode: Brian2Mode,
    talk: Conversation,
    job: Brian2Job,
    built: { generate_s: number; compile_s: number },
  ) {
    this.mode = mode;
    this.talk = talk;
    this.job = job;
    this.generate_s = built.generate_s;
    this.compile_s = built.compile_s;
  }

  /** "Brian2, 2 threads" or "Brian2CUDA" */
  get name(): string {
    return simulatorName({ simulator: this.mode, threads: this.mode === 'Brian2' ? this.job.threads : null });
  }

  /** Generates and compiles. Throws ChildFailure with the reason where it cannot. */
  static async build(
    python: string,
    job: Brian2Job,
    { mode = 'Brian2', signal }: { mode?: Brian2Mode; signal?: AbortSignal } = {},
  ): Promise<Brian2Network> {
    const talk = new Conversation(python, [SCRIPTS[mode]], signal);
    return new Brian2Network(mode, talk, job, await answerTo(talk, JSON.stringify(job)));
  }

  /** Simulates it once, from the start. Throws ChildFailure with the reason where that fails. */
  async run(): Promise<Brian2Run> {
    const answer = await answerTo<RunAnswer>(this.talk, 'run').catch((error: unknown) => {
      if (!(error instanceof ChildFailure)) throw error;
      throw new ChildFailure(`${this.name}, failed in a run: ${error.message}`);
    });
    const { build_s, run_s, populations } = answer;
    return {
      wall_s_per_bio_s: (1000 * run_s) / this.job.duration_ms,
      run_s,
      build_s,
      startup_s: answer.process_s - build_s - run_s,
      peak_rss_bytes: answer.peak_rss_bytes,
      synapses: answer.synapses,
      spikes: Object.values(populations).reduce((sum, each) => sum + each.spikes, 0),
      rates_hz: Object.fromEntries(Object.entries(populations).map(([name, each]) => [name, each.rate_hz])),
      reported_run_s: answer.reported_run_s,
    };
  }

  close(): Promise<void> {
    return this.talk.close();
  }
}

/** What brian2_network.py answers to `run`. */
interface RunAnswer {
  build_s: number;
  run_s: number;
  reported_run_s: number;
  process_s: number;
  peak_rss_bytes: number | null;
  synapses: number;
  populations: Record<string, { spikes: number; rate_hz: number }>;
}
