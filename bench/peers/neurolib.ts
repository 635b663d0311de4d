/** A node of neurolib's ALN model, by neurolib_aln.py: compiled once, then run as often as wanted. */
import { fileURLToPath } from 'node:url';
import { Conversation } from '../child.ts';
import { type Absence, answerTo, findInPython, type Installation } from './python.ts';

const script = fileURLToPath(new URL('neurolib_aln.py', import.meta.url));

export type NeurolibInstallation = Installation<{ neurolib: string; numba: string; python: string }>;

/**
 * Looks for neurolib in `python3`, or in the Python that SPIKEFIELD_PYTHON names.
 * @throws InputError where SPIKEFIELD_PYTHON names no program
 */
export function findNeurolib(env?: NodeJS.ProcessEnv): Promise<NeurolibInstallation | Absence> {
  return findInPython({ script, name: 'neurolib', packages: ['neurolib', 'numba'] }, env);
}

export interface NeurolibRun {
  run_s: number;
  /** Of the second half. */
  mean_rate_hz: number;
}

export class NeurolibNode {
  readonly compile_s: number;
  private readonly talk: Conversation;

  private constructor(talk: Conversation, compile_s: number) {
    this.talk = talk;
    this.compile_s = compile_s;
  }

  /** @param duration ms. Throws ChildFailure with the reason where it cannot be run. */
  static async build(python: string, duration: number): Promise<NeurolibNode> {
    const talk = new Conversation(python, [script]);
    const { compile_s } = await answerTo<{ compile_s: number }>(talk, JSON.stringify({ duration }));
    return new NeurolibNode(talk, compile_s);
  }

  /** Throws ChildFailure with the reason where that fails. */
  run(): Promise<NeurolibRun> {
    return answerTo<NeurolibRun>(this.talk, 'run');
  }

  close(): Promise<void> {
    return this.talk.close();
  }
}
