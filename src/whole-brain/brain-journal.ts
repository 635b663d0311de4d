/**
 * What keeps a long run from being lost: a folder of parts with what was sampled, and beside the last ones the state in which they ended.
 * Brains that do not fit a device together run batch after batch, and so follow each other in the parts. A part appears whole or not
 * at all, so a run that was killed goes on from the last one, and gives what it would have given.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, OutputError } from '../errors.ts';
import { attempt, writeWhole } from '../io/output-file.ts';
import { makeFolder } from '../io/run-directory.ts';
import type { BrainState } from './brain-state.ts';
import type { BrainStatistics } from './brain-statistics.ts';
import { packFile, unpackFile } from './journal-file.ts';

/** Brains of a batch: the first one, and the one after the last. */
export type BrainSpan = readonly [from: number, to: number];

export interface JournalPart {
  brains: BrainSpan;
  /** `[sample, variable, brain, node]` and `[sample, brain, node]`, since the part before. */
  samples: Float32Array;
  bold: Float32Array;
  /** With the part that ends a batch. */
  statistics: BrainStatistics | undefined;
}

/** Where a run goes on: within a batch from a state, or after a batch. */
export interface JournalPlace {
  brains: BrainSpan;
  /** undefined: these brains are done. */
  state: BrainState | undefined;
}

const PLAN = 'plan.json';
const PART = 'spikefield-brain-part 2';
const STATE = 'spikefield-brain-state 2';
const STATISTICS = ['mean', 'sd', 'min', 'max', 'secondMean', 'outsideTable'] as const;
const isPart = (name: string) => /^part-\d+\.bin$/.test(name);
const isState = (name: string) => /^state-\d+\.bin$/.test(name);
const nameOf = (kind: 'part' | 'state', number: number) => `${kind}-${String(number).padStart(6, '0')}.bin`;
const bytesOf = (array: Float32Array | Float64Array) =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

export class BrainJournal {
  readonly path: string;
  /** Parts that are there. */
  private count: number;

  private constructor(path: string, count: number) {
    this.path = path;
    this.count = count;
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
      const names = new Set(attempt(path, () => readdirSync(path)).filter(isPart));
      let count = 0;
      while (names.has(nameOf('part', count))) count++;
      return new BrainJournal(path, count);
    }
    if (existsSync(path)) {
      const isOurs = (name: string) =>
        isPart(name) || isState(name) || name === PLAN || name.endsWith('.tmp');
      if (!statSync(path).isDirectory() || !readdirSync(path).every(isOurs))
        throw new OutputError(
          `${path} is no folder of an unfinished run, and is left alone; choose another output folder.`,
        );
      attempt(path, () => rmSync(path, { recursive: true }));
    }
    makeFolder(path);
    writeWhole(join(path, PLAN), text);
    return new BrainJournal(path, 0);
  }

  /** The end of the last part that is whole and has its state; undefined before the first. What comes after it is forgotten. */
  last(): JournalPlace | undefined {
    while (this.count > 0) {
      const number = this.count - 1;
      const part = this.read(number);
      if (part?.statistics) return { brains: part.brains, state: undefined };
      const state = part && readState(join(this.path, nameOf('state', number)));
      if (state) return { brains: part.brains, state };
      this.drop('part', number);
      this.drop('state', number);
      this.count--;
    }
    return undefined;
  }

  /**
   * Adds a part with the state in which it ended, or with the statistics of a batch that is done.
   * States take far more room than samples, so that only the last two are kept: the newest may not be whole.
   */
  append(
    part: Omit<JournalPart, 'statistics'>,
    end: { state: BrainState } | { statistics: BrainStatistics },
  ): void {
    const number = this.count;
    const statistics = 'statistics' in end ? end.statistics : undefined;
    const head = { brains: part.brains, duration: statistics?.duration ?? null };
    const arrays = [part.samples, part.bold, ...(statistics ? STATISTICS.map((key) => statistics[key]) : [])];
    writeWhole(join(this.path, nameOf('part', number)), packFile(PART, head, arrays.map(bytesOf)));
    if ('state' in end) {
      const { states, history, measures, ...rest } = end.state;
      writeWhole(
        join(this.path, nameOf('state', number)),
        packFile(STATE, rest, [states, history, measures]),
      );
    } else this.drop('state', number - 1);
    this.drop('state', number - 2);
    this.count++;
  }

  /** Brains of the batches in the order in which they ran, and so one after the other. Throws as `parts`. */
  batches(): { brains: BrainSpan; statistics: BrainStatistics }[] {
    const found: { brains: BrainSpan; statistics: BrainStatistics }[] = [];
    for (let number = 0; number < this.count; number++) {
      const { brains, statistics } = this.whole(number);
      if (statistics) found.push({ brains, statistics });
    }
    return found;
  }

  /** The parts of a batch from the first on, one in memory at a time. Throws OutputError where one was damaged meanwhile. */
  *parts([from]: BrainSpan): Generator<JournalPart> {
    for (let number = 0; number < this.count; number++) {
      const part = this.whole(number);
      if (part.brains[0] === from) yield part;
      else if (part.brains[0] > from) return;
    }
  }

  remove(): void {
    attempt(this.path, () => rmSync(this.path, { recursive: true, force: true }));
  }

  private whole(number: number): JournalPart {
    const part = this.read(number);
    if (part) return part;
    throw new OutputError(
      `${join(this.path, nameOf('part', number))} was damaged while the run went on; run again with --force.`,
    );
  }

  /** Undefined where the file is not whole. */
  private read(number: number): JournalPart | undefined {
    const file = unpackFile(
      PART,
      attempt(this.path, () => readFileSync(join(this.path, nameOf('part', number)))),
    );
    if (!file) return undefined;
    const { brains, duration } = file.head as { brains: BrainSpan; duration: number | null };
    const [samples, bold, ...rest] = file.arrays as [Uint8Array, Uint8Array, ...Uint8Array[]];
    const values = Object.fromEntries(
      STATISTICS.map((key, at) => [key, new Float64Array(rest[at]?.buffer ?? 0)]),
    ) as Pick<BrainStatistics, (typeof STATISTICS)[number]>;
    return {
      ...{ brains, samples: new Float32Array(samples.buffer), bold: new Float32Array(bold.buffer) },
      statistics: duration === null ? undefined : { duration, ...values },
    };
  }

  private drop(kind: 'part' | 'state', number: number): void {
    attempt(this.path, () => rmSync(join(this.path, nameOf(kind, number)), { force: true }));
  }
}

/** Undefined where the file is not there, or not whole. */
function readState(path: string): BrainState | undefined {
  if (!existsSync(path)) return undefined;
  const file = unpackFile(
    STATE,
    attempt(path, () => readFileSync(path)),
  );
  if (!file) return undefined;
  const [states, history, measures] = file.arrays as [Uint8Array, Uint8Array, Uint8Array];
  const rest = file.head as Omit<BrainState, 'states' | 'history' | 'measures'>;
  return { ...rest, states, history, measures };
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
