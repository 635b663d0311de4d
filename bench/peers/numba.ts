/** A loop in numba on one core, by numba_transfer.py: told the grid once, which compiles it, then run as often as wanted. */
import { fileURLToPath } from 'node:url';
import type { Cell } from '../../src/models/cells.ts';
import type { SynapticInput } from '../../src/transfer/data.ts';
import { Conversation } from '../child.ts';
import { type Absence, answerTo, findInPython, type Installation } from './python.ts';

const script = fileURLToPath(new URL('numba_transfer.py', import.meta.url));

/** A Python that has numba, or why there is none. */
export type NumbaInstallation = Installation<{ numba: string; numpy: string; python: string }>;
export type NumbaAbsence = Absence;

/**
 * Looks for numba in `python3`, or in the Python that SPIKEFIELD_PYTHON names.
 * @throws InputError where SPIKEFIELD_PYTHON names no program
 */
export function findNumba(env?: NodeJS.ProcessEnv): Promise<NumbaInstallation | NumbaAbsence> {
  return findInPython({ script, name: 'numba', packages: ['numba', 'numpy'] }, env);
}

/** What is measured; ms, mV, pA, nS, pF, Hz. */
export interface NumbaJob {
  cell: Cell;
  input: SynapticInput;
  nu_e: readonly number[];
  nu_i: readonly number[];
  dt: number;
  duration: number;
  repeats: number;
  seed: number;
}

export interface NumbaRun {
  run_s: number;
  /** `[nu_i][nu_e]` */
  rates_hz: number[][];
}

/** A grid that numba has compiled its loop for. */
export class NumbaTransfer {
  readonly compile_s: number;
  private readonly talk: Conversation;

  private constructor(talk: Conversation, compile_s: number) {
    this.talk = talk;
    this.compile_s = compile_s;
  }

  /** Throws ChildFailure with the reason where it cannot be compiled. */
  static async build(python: string, job: NumbaJob): Promise<NumbaTransfer> {
    const talk = new Conversation(python, [script]);
    const { compile_s } = await answerTo<{ compile_s: number }>(talk, JSON.stringify(job));
    return new NumbaTransfer(talk, compile_s);
  }

  /** Measures the grid once. Throws ChildFailure with the reason where that fails. */
  run(): Promise<NumbaRun> {
    return answerTo<NumbaRun>(this.talk, 'run');
  }

  close(): Promise<void> {
    return this.talk.close();
  }
}
