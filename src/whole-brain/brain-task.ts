/** What all brains of an exploration share, from what a user gives; and by what it is known again. */
import { createHash } from 'node:crypto';
import type { Connectome } from '../models/connectome.ts';
import { alnModel } from './aln-model.ts';
import { DEFAULT_TR } from './brain-simulation.ts';
import { type BrainTarget, brainTarget } from './brain-target.ts';
import type { NodeGiven, NodeModel } from './node-model.ts';

export interface BrainTask {
  connectome: Connectome;
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

export interface BrainTaskGiven {
  connectome: Connectome;
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

export function brainTask(given: BrainTaskGiven): BrainTask {
  const { connectome, duration, bold = false, dynamics = {} } = given;
  const recorded = connectome.subjects.find((subject) => subject.bold)?.bold?.TR;
  const TR = bold === false ? undefined : bold === true ? (recorded ?? DEFAULT_TR) : bold.TR;
  return {
    ...{ connectome, duration, TR },
    model: given.model ?? alnModel(),
    parameters: given.parameters ?? {},
    seeds: given.seeds ?? [0],
    transient: given.transient ?? (TR === undefined ? 0 : 10_000),
    dt: given.dt ?? 0.1,
    target: TR === undefined ? undefined : brainTarget(connectome, dynamics),
  };
}

/** Everything that decides on the numbers of a point, as JSON: matrices and recordings by their check sum. */
export function taskIdentity({ connectome, model, parameters, target, ...times }: BrainTask): unknown {
  const hash = createHash('sha256');
  const add = (array: Float64Array | undefined) => {
    if (array) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    // So that no array can be taken for another's end.
    hash.update(`;${array?.length ?? 'none'}`);
  };
  for (const array of [connectome.weights, connectome.lengths]) add(array);
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
    TR: times.TR ?? null,
    dynamics: target ? { window: target.window, step: target.step } : null,
  };
}
