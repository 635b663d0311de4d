/** The Master Equation in Python, by numba_meanfield.py: told the model once, which compiles it, then run in each of three ways. */
import { fileURLToPath } from 'node:url';
import { InputError } from '../../src/errors.ts';
import type { MeanField } from '../../src/mean-field/model.ts';
import { Conversation } from '../child.ts';
import { type Absence, answerTo, findInPython, type Installation } from './python.ts';

const script = fileURLToPath(new URL('numba_meanfield.py', import.meta.url));

export type NumbaMeanFieldInstallation = Installation<{
  numba: string;
  numpy: string;
  python: string;
  /** Most that numba uses. */
  threads: number;
}>;

/**
 * Looks for numba in `python3`, or in the Python that SPIKEFIELD_PYTHON names.
 * @throws InputError where SPIKEFIELD_PYTHON names no program
 */
export function findNumbaMeanField(env?: NodeJS.ProcessEnv): Promise<NumbaMeanFieldInstallation | Absence> {
  return findInPython({ script, name: 'numba', packages: ['numba', 'numpy'] }, env);
}

export interface PythonWay {
  way: 'python' | 'numpy' | 'numba';
  threads: number;
  instances: number;
  steps: number;
}

export interface PythonRun {
  run_s: number;
  /** Rates of the first and the last instance at the end, excitatory and inhibitory, Hz. */
  first_hz: [number, number];
  last_hz: [number, number];
}

/** What the script is told of a model: ms, mV, nS, pF, Hz. Throws InputError where it is not one of an excitatory and an inhibitory population. */
export function jobOf(
  model: MeanField,
  initial: readonly number[],
  drives: [first: number, last: number],
  dt: number,
): object {
  const [exc, inh] = model.populations;
  const isPlain =
    model.populations.length === 2 &&
    model.populations.every(
      ({ from, drives: external, transfer }) =>
        [...from.exc, ...from.inh].join() === '1,0,0,1' &&
        external.length === 1 &&
        external[0]!.kind === 'exc' &&
        transfer.formula === 'corrected',
    );
  if (!isPlain || !exc || !inh)
    throw new InputError(
      `the benchmark knows networks of an excitatory and an inhibitory population with an excitatory drive each only, which ${model.name} is not: take config1`,
    );
  return {
    dt,
    T: model.T,
    initial,
    drives,
    populations: [exc, inh].map(({ size, transfer: { cell, input, coefficients_mV }, drives: external }) => ({
      size,
      C_m: cell.C_m,
      g_L: cell.g_L,
      E_L: cell.E_L,
      exc: [input.exc.K, input.exc.Q, input.exc.tau, input.exc.E_rev],
      inh: [input.inh.K, input.inh.Q, input.inh.tau, input.inh.E_rev],
      coefficients_mV,
      external_share: external[0]!.share,
    })),
  };
}

export class PythonMeanField {
  readonly compile_s: number;
  private readonly talk: Conversation;

  private constructor(talk: Conversation, compile_s: number) {
    this.talk = talk;
    this.compile_s = compile_s;
  }

  /** Throws ChildFailure with the reason where it cannot be compiled. */
  static async build(python: string, job: object): Promise<PythonMeanField> {
    const talk = new Conversation(python, [script]);
    const { compile_s } = await answerTo<{ compile_s: number }>(talk, JSON.stringify(job));
    return new PythonMeanField(talk, compile_s);
  }

  /** Throws ChildFailure with the reason where that fails. */
  run(way: PythonWay): Promise<PythonRun> {
    return answerTo<PythonRun>(this.talk, JSON.stringify(way));
  }

  close(): Promise<void> {
    return this.talk.close();
  }
}
