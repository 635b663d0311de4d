/**
 * What keeps a long run from being lost: a folder of parts, each with the state at a moment and what was sampled since the part
 * before. A part appears whole or not at all, so a run that was killed goes on from the last one, and gives what it
 * would have given.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, OutputError } from '../errors.ts';
import { attempt, writeWhole } from '../io/output-file.ts';
import { makeFolder } from '../io/run-directory.ts';
import type { BrainState } from './brain-state.ts';

export interface JournalPart {
  state: BrainState;
  /** `[sample, variable, brain, node]` and `[sample, brain, node]`. */
  samples: Float32Array;
  bold: Float32Array;
}

const PLAN = 'plan.json';
const FORMAT = 'spikefield-brain-part 1';
const isPart = (name: string) => /^part-\d+\.bin$/.test(name);

interface Head {
  format: string;
  state: Omit<BrainState, 'states' | 'history' | 'measures'>;
  /** Bytes of states, history, measures, samples, bold. */
  sizes: number[];
  sha256: string;
}

export class BrainJournal {
  readonly path: string;
  private names: string[];

  private constructor(path: string, names: string[]) {
    this.path = path;
    this.names = names;
  }

  /** Whether a folder holds a run that did not end. */
  static exists(path: string): boolean {
    return existsSync(join(path, PLAN));
  }

  /**
   * Begins, or goes on with the same plan.
   * @param plan all that the numbers depend on
   * @throws InputError where the folder holds the parts of another run
   * @throws OutputError where it cannot be written
   */
  static open(path: string, plan: Record<string, unknown>, resume: boolean): BrainJournal {
    const text = `${JSON.stringify(plan, null, 1)}\n`;
    if (resume && BrainJournal.exists(path)) {
      const known = attempt(path, () => readFileSync(join(path, PLAN), 'utf8'));
      if (known !== text)
        throw new InputError(
          `${path} holds a run of ${differenceOf(known, plan)}; give the same options again, or begin anew with --force`,
        );
      return new BrainJournal(
        path,
        attempt(path, () => readdirSync(path))
          .filter(isPart)
          .sort(),
      );
    }
    if (existsSync(path)) {
      if (
        !statSync(path).isDirectory() ||
        readdirSync(path).some((name) => !isPart(name) && name !== PLAN && !name.endsWith('.tmp'))
      )
        throw new OutputError(
          `${path} is no folder of an unfinished run, and is left alone; choose another output folder.`,
        );
      attempt(path, () => rmSync(path, { recursive: true }));
    }
    makeFolder(path);
    writeWhole(join(path, PLAN), text);
    return new BrainJournal(path, []);
  }

  /** The state after the last part that is whole; undefined before the first. Parts that are not are forgotten. */
  last(): BrainState | undefined {
    while (this.names.length > 0) {
      const name = this.names.at(-1)!;
      const part = readPart(join(this.path, name));
      if (part) return part.state;
      attempt(this.path, () => rmSync(join(this.path, name)));
      this.names.pop();
    }
    return undefined;
  }

  append({ state, samples, bold }: JournalPart): void {
    const { states, history, measures, ...rest } = state;
    const bytes = (array: Float32Array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    const payload = Buffer.concat([states, history, measures, bytes(samples), bytes(bold)]);
    const head: Head = {
      format: FORMAT,
      state: rest,
      sizes: [states, history, measures, samples, bold].map(({ byteLength }) => byteLength),
      sha256: createHash('sha256').update(payload).digest('hex'),
    };
    const name = `part-${String(this.names.length).padStart(6, '0')}.bin`;
    writeWhole(join(this.path, name), Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), payload]));
    this.names.push(name);
  }

  /** All parts from the first on, one in memory at a time. Throws OutputError where one was damaged meanwhile. */
  *parts(): Generator<JournalPart> {
    for (const name of this.names) {
      const part = readPart(join(this.path, name));
      if (!part)
        throw new OutputError(
          `${join(this.path, name)} was damaged while the run went on; run again with --force.`,
        );
      yield part;
    }
  }

  remove(): void {
    attempt(this.path, () => rmSync(this.path, { recursive: true, force: true }));
  }
}

/** Undefined where the file is not whole. */
function readPart(path: string): JournalPart | undefined {
  const file = attempt(path, () => readFileSync(path));
  const end = file.indexOf('\n');
  if (end < 0) return undefined;
  let head: Head;
  try {
    head = JSON.parse(file.toString('utf8', 0, end)) as Head;
  } catch {
    return undefined;
  }
  const payload = file.subarray(end + 1);
  if (head.format !== FORMAT || createHash('sha256').update(payload).digest('hex') !== head.sha256)
    return undefined;
  let at = 0;
  const [states, history, measures, samples, bold] = head.sizes.map((size) => {
    // Copied, so that floats lie where floats may lie.
    const part = Uint8Array.from(payload.subarray(at, at + size));
    at += size;
    return part;
  }) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  return {
    state: { ...head.state, states, history, measures },
    samples: new Float32Array(samples.buffer),
    bold: new Float32Array(bold.buffer),
  };
}

/** Names of what differs between two plans. */
function differenceOf(known: string, plan: Record<string, unknown>): string {
  let other: Record<string, unknown>;
  try {
    other = JSON.parse(known) as Record<string, unknown>;
  } catch {
    return 'which the plan cannot be read';
  }
  const names = [...new Set([...Object.keys(other), ...Object.keys(plan)])].filter(
    (name) => JSON.stringify(other[name]) !== JSON.stringify(plan[name]),
  );
  return `another ${names.join(', ')}`;
}
