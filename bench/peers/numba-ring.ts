/** Rings in Python, by numba_ring.py: told all rings once, which compiles, then run over each n-th of them in either way. */
import { fileURLToPath } from 'node:url';
import type { Ring } from '../../src/models/ring.ts';
import type { Unit } from '../../src/ring/settings.ts';
import { Conversation } from '../child.ts';
import { type Absence, answerTo, findInPython, type Installation } from './python.ts';

const script = fileURLToPath(new URL('numba_ring.py', import.meta.url));

export type NumbaRingInstallation = Installation<{
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
export function findNumbaRing(env?: NodeJS.ProcessEnv): Promise<NumbaRingInstallation | Absence> {
  return findInPython({ script, name: 'numba', packages: ['numba', 'numpy'] }, env);
}

export interface RingWay {
  way: 'python' | 'numba';
  threads: number;
  /** Of all rings, each such one. */
  every: number;
}

export interface PythonRingRun {
  run_s: number;
  rings: number;
  unit_steps: number;
  /** Largest membrane response of the first ring and of the last that ran, and which that is. */
  first: number;
  last: number;
  last_ring: number;
}

/** What the script is told. */
export function jobOf({ model, exc, inh, drives, rates, mu_V, dt }: Unit, rings: readonly Ring[]): object {
  const first = rings[0]!;
  return {
    dt,
    T: model.T,
    units: first.units,
    extent: first.extent,
    amplitude: first.stimulus.kind === 'sampled' ? 0 : first.stimulus.amplitude,
    rest: [rates.exc, rates.inh],
    mu_V,
    as_published: model.populations[exc]!.transfer.formula === 'as-published',
    populations: [exc, inh].map((index) => {
      const { cell, input, coefficients_mV } = model.populations[index]!.transfer;
      return {
        C_m: cell.C_m,
        g_L: cell.g_L,
        E_L: cell.E_L,
        exc: [input.exc.K, input.exc.Q, input.exc.tau, input.exc.E_rev],
        inh: [input.inh.K, input.inh.Q, input.inh.tau, input.inh.E_rev],
        drive: drives[2 * index]!,
        coefficients_mV,
      };
    }),
    rings: rings.map(({ conduction_velocity, exc_extent, inh_extent, stimulus }) =>
      stimulus.kind === 'sampled'
        ? []
        : [conduction_velocity, stimulus.extent, exc_extent, inh_extent, stimulus.tau2, stimulus.tau1],
    ),
  };
}

export class PythonRings {
  readonly compile_s: number;
  private readonly talk: Conversation;

  private constructor(talk: Conversation, compile_s: number) {
    this.talk = talk;
    this.compile_s = compile_s;
  }

  /** Throws ChildFailure with the reason where it cannot be compiled. */
  static async build(python: string, job: object): Promise<PythonRings> {
    const talk = new Conversation(python, [script]);
    const { compile_s } = await answerTo<{ compile_s: number }>(talk, JSON.stringify(job));
    return new PythonRings(talk, compile_s);
  }

  /** Throws ChildFailure with the reason where that fails. */
  run(way: RingWay): Promise<PythonRingRun> {
    return answerTo<PythonRingRun>(this.talk, JSON.stringify(way));
  }

  close(): Promise<void> {
    return this.talk.close();
  }
}
