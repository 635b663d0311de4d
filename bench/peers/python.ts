/** Rivals that live in Python: a script that speaks JSON, one object a line, in the Python that has what it needs. */
import { InputError } from '../../src/errors.ts';
import { ChildFailure, Conversation } from '../child.ts';

/** What a script needs. */
export interface PythonNeeds {
  /** The script; `--version` alone makes it answer its versions. */
  script: string;
  /** As messages call it: "Brian2". */
  name: string;
  /** Packages without which it cannot be, as Python imports them. */
  packages: readonly string[];
  /** A variable of the environment that comes before SPIKEFIELD_PYTHON, for what wants a Python of its own. */
  variable?: string;
}

/** A Python that has it. */
export interface Installation<Versions> {
  python: string;
  versions: Versions;
}

/** Why there is none. */
export interface Absence {
  absent: string;
}

/**
 * Looks in `python3`, or in the Python that SPIKEFIELD_PYTHON (or `variable`) names.
 * @throws InputError where that names no program
 */
export async function findInPython<Versions>(
  { script, name, packages, variable: own }: PythonNeeds,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Installation<Versions> | Absence> {
  const variable = own !== undefined && env[own] ? own : 'SPIKEFIELD_PYTHON';
  const python = env[variable] || 'python3';
  try {
    const talk = new Conversation(python, [script, '--version']);
    const versions = JSON.parse(await talk.ask()) as Versions;
    await talk.close();
    return { python, versions };
  } catch (error) {
    if (error instanceof ChildFailure) {
      const missing = packages.some((each) => error.message.includes(`No module named '${each}'`));
      return { absent: missing ? `${python} has no ${name}` : `${python} cannot use it: ${error.message}` };
    }
    if ((error as NodeJS.ErrnoException).syscall?.startsWith('spawn')) {
      if (!env[variable]) return { absent: 'there is no python3' };
      throw new InputError(
        `${variable} is "${python}", which cannot be started (${(error as NodeJS.ErrnoException).code}): name a Python that has ${name}, or leave it unset`,
        { field: variable },
      );
    }
    throw error;
  }
}

/** Sends a line to a script. Throws ChildFailure with the reason that it gives. */
export async function answerTo<T extends object>(talk: Conversation, line: string): Promise<T> {
  const answer = JSON.parse(await talk.ask(line)) as T | { error: string };
  if ('error' in answer) throw new ChildFailure(answer.error);
  return answer;
}
