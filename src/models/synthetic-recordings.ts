/**
 * Recordings to go with a synthetic connectome, so that fits have something to be compared with. Each region is a leaky sum
 * of what it hears and of its own noise: the linear model of Galan (PLoS ONE 2008), whose correlations come from the
 * connectome. They are made up; nothing about a brain follows from them.
 */
import { InputError } from '../errors.ts';
import { normals, Purpose, randomKey } from '../random.ts';
import type { ConnectomeSource, Recording, Subject } from './connectome.ts';

export interface SyntheticRecordingOptions {
  /** How many subjects, 1 to 1000. */
  subjects: number;
  /** Of each recording, at least 2. Default 200. */
  samples?: number;
  seed?: number;
}

/** Time between samples, and over which activity decays, ms. */
const TR = 2000;
const DECAY = 1000;
/** Steps between two samples. */
const STEPS = 10;
/** What of the mean of the others a region takes over: with 1 the network would never come to rest. */
const GAIN = 0.97;
/** Samples at the beginning that are left out. */
const SETTLING = 20;
const STREAM = 2;

/** The same brain in several subjects, each with a recording. @throws InputError where a number is out of its range */
export function withSyntheticRecordings(
  source: ConnectomeSource,
  { subjects, samples = 200, seed = 1 }: SyntheticRecordingOptions,
): ConnectomeSource {
  if (!Number.isInteger(subjects) || subjects < 1 || subjects > 1000)
    throw new InputError(
      `recordings are of ${subjects} subjects, but must be of a whole number from 1 to 1000`,
      {
        field: 'subjects',
      },
    );
  if (!Number.isInteger(samples) || samples < 2 || samples > 1e5)
    throw new InputError(`samples is ${samples}, but must be a whole number from 2 to 100000`, {
      field: 'samples',
    });
  const { weights, lengths } = source.subjects[0]!;
  const made = Array.from({ length: subjects }, (_, index): Subject => {
    const subject: Subject = {
      name: `made-${String(index + 1).padStart(2, '0')}`,
      weights,
      bold: recording(weights, source.regions.length, samples, seed, index),
    };
    return lengths ? { ...subject, lengths } : subject;
  });
  return {
    ...source,
    subjects: made,
    notes: [
      ...source.notes,
      `The recordings of ${subjects} subjects are made up by a linear model on this connectome (seed ${seed}).`,
    ],
  };
}

function recording(
  weights: Float64Array,
  nodes: number,
  samples: number,
  seed: number,
  subject: number,
): Recording {
  const shares = sharesOf(weights, nodes);
  const step = TR / STEPS / DECAY;
  const key = randomKey(seed, Purpose.connectome, subject);
  const data = new Float64Array(nodes * samples);
  let state = new Float64Array(nodes);
  for (let sample = -SETTLING; sample < samples; sample++) {
    for (let k = 0; k < STEPS; k++) {
      const noise = normals(key, [STREAM, (sample + SETTLING) * STEPS + k], nodes);
      state = state.map((value, node) => {
        let heard = 0;
        for (let other = 0; other < nodes; other++) heard += shares[node * nodes + other]! * state[other]!;
        return value + step * (GAIN * heard - value) + Math.sqrt(2 * step) * noise[node]!;
      });
    }
    if (sample >= 0) for (let node = 0; node < nodes; node++) data[node * samples + sample] = state[node]!;
  }
  return { data, samples, TR };
}

/** Weights onto each region as parts of their sum, so that weakly and strongly joined regions hear as much. */
function sharesOf(weights: Float64Array, nodes: number): Float64Array {
  return weights.map((weight, at) => {
    const row = Math.floor(at / nodes);
    const sum = weights.subarray(row * nodes, (row + 1) * nodes).reduce((total, each) => total + each, 0);
    return sum > 0 ? weight / sum : 0;
  });
}
