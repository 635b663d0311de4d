/** What all brains of an exploration share, from what a user gives; and by what it is known again. */
import { createHash } from 'node:crypto';
import { InputError } from '../errors.ts';
import type { Connectome } from '../models/connectome.ts';
import { alnModel } from './aln-model.ts';
import { DEFAULT_TR } from './brain-simulation.ts';
import { type BrainTarget, brainTarget } from './brain-target.ts';
import type { NodeGiven, NodeModel } from './node-model.ts';

/** Name of the axis of an exploration that runs over subjects; its values are their places, from 0. */
export const SUBJECT_AXIS = 'subject';

export interface BrainTask {
  connectome: Connectome;
  /** Brains of subjects, each compared with the recording of its subject; undefined: one brain, compared with all. */
  each: readonly SubjectBrain[] | undefined;
  model: NodeModel;
  /** By the model's names, and `signalV`; what varies is laid over them. */
  parameters: NodeGiven;
  /** Each point is run with each of them, and its numbers are means over them. */
  seeds: readonly number[];
  /** ms, as all times. */
  duration: number;
  transient: number;
  dt: number;
  /** Repetition time; undefined: no BOLD. */
  TR: number | undefined;
  /** What BOLD is compared with. */
  target: BrainTarget | undefined;
}

/** A connectome of one subject, as `connectomesOfSubjects` gives it. */
export interface SubjectBrain {
  name: string;
  connectome: Connectome;
}

export interface BrainTaskGiven {
  connectome: Connectome;
  /**
   * Connectomes of single subjects, as `connectomesOfSubjects(connectome)` gives them: each point is run with each of them, or where the
   * space has an axis `subject`, with the one it says.
   */
  each?: readonly Connectome[];
  /** ms. */
  duration: number;
  /** The ALN. */
  model?: NodeModel;
  parameters?: NodeGiven;
  /** One, 0. */
  seeds?: readonly number[];
  /** ms; 10 s with BOLD, else 0. */
  transient?: number;
  /** ms; 0.1. */
  dt?: number;
  /** BOLD at the repetition time of the recordings, or the given one, ms. */
  bold?: boolean | { TR: number };
  /** Windows of functional connectivity dynamics, samples: 30, every 5. */
  dynamics?: { window?: number; step?: number };
}

/** @throws InputError where a connectome of `each` is not of one subject of `connectome`, or has nothing to be compared with */
export function brainTask(given: BrainTaskGiven): BrainTask {
  const { connectome, duration, bold = false, dynamics = {} } = given;
  const recorded = connectome.subjects.find((subject) => subject.bold)?.bold?.TR;
  const TR = bold === false ? undefined : bold === true ? (recorded ?? DEFAULT_TR) : bold.TR;
  const target = TR === undefined ? undefined : brainTarget(connectome, dynamics);
  const each = given.each && subjectBrains(given.each, connectome);
  const alone = target && each?.find(({ name }) => !target.subjects.some((other) => other.name === name));
  if (alone)
    throw new InputError(`${alone.name} has no recording to be compared with; leave it out of each`, {
      field: 'each',
    });
  return {
    ...{ connectome, each, duration, TR, target },
    model: given.model ?? alnModel(),
    parameters: given.parameters ?? {},
    seeds: given.seeds ?? [0],
    transient: given.transient ?? (TR === undefined ? 0 : 10_000),
    dt: given.dt ?? 0.1,
  };
}

function subjectBrains(each: readonly Connectome[], { nodes, subjects }: Connectome): SubjectBrain[] {
  if (each.length === 0)
    throw new InputError('the list of subjects is empty; give at least one', { field: 'each' });
  const known = subjects.map(({ name }) => name);
  return each.map((own) => {
    const [subject, ...more] = own.subjects;
    if (!subject || more.length > 0 || own.nodes !== nodes || !known.includes(subject.name))
      throw new InputError(
        `${own.name} is no brain of one subject of this connectome; make them with connectomesOfSubjects(connectome)`,
        { field: 'each' },
      );
    return { name: subject.name, connectome: own };
  });
}

/** Everything that decides on the numbers of a point, as JSON: matrices and recordings by their check sum. */
export function taskIdentity({ connectome, each, model, parameters, target, ...times }: BrainTask): unknown {
  const hash = createHash('sha256');
  const add = (array: Float64Array | undefined) => {
    if (array) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    // So that no array can be taken for another's end.
    hash.update(`;${array?.length ?? 'none'}`);
  };
  for (const { weights, lengths } of each?.map((own) => own.connectome) ?? [connectome])
    for (const array of [weights, lengths]) add(array);
  for (const { name, fc, dynamics } of target?.subjects ?? []) {
    hash.update(name);
    add(fc);
    add(dynamics);
  }
  return {
    ...{ data: hash.digest('hex'), model: model.name },
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [
        name,
        typeof value === 'number' ? value : Array.from(value),
      ]),
    ),
    ...times,
    each: each?.map(({ name }) => name) ?? null,
    TR: times.TR ?? null,
    dynamics: target ? { window: target.window, step: target.step } : null,
  };
}
