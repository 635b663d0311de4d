/**
 * What the arrays of a connectome are called in files: one list of names for folders, .npz, HDF5 and archives. Anything
 * else in them is left alone, but a part that is there twice is refused rather than chosen.
 */
import { InputError } from '../../errors.ts';
import type { Table } from '../table.ts';

/** Names, in lower case, that mean the same part. The first is the one to recommend. */
const NAMES = {
  weights: ['weights', 'cmat', 'sc', 'connectivity', 'dti_cm', 'structural_connectivity'],
  lengths: [
    'lengths',
    'tract_lengths',
    'lengthmat',
    'dmat',
    'len',
    'dti_len',
    'fiber_lengths',
    'fibre_lengths',
  ],
  centres: ['centres', 'centers', 'positions', 'coordinates', 'region_coords', 'coords'],
  regions: ['regions', 'labels', 'region_labels', 'region_names'],
  bold: ['bold', 'bold_rsfmri', 'tc', 'timeseries', 'time_series'],
  fc: ['fc', 'functional_connectivity'],
  subjects: ['subjects', 'subject_names'],
} as const;

export type PartName = keyof typeof NAMES;

/** Numbers, texts, or both (a table whose rows have names). */
export interface Part extends Partial<Table> {
  /** What messages call it: its file, with the name inside it. */
  from: string;
  texts?: string[];
}

export type Parts = Partial<Record<PartName, Part>>;

/** Which part `name` (of a file without its ending, or of a dataset) is; undefined where it is none. */
export function partNamed(name: string): PartName | undefined {
  const plain = name.toLowerCase();
  return (Object.keys(NAMES) as PartName[]).find((part) =>
    (NAMES[part] as readonly string[]).includes(plain),
  );
}

/** Adds a part. @throws InputError where it is there already */
export function addPart(parts: Parts, name: PartName, part: Part): void {
  const other = parts[name];
  if (other)
    throw new InputError(
      `${other.from} and ${part.from} both hold the ${name}; leave one of them, or rename it`,
    );
  parts[name] = part;
}

/** The sentence for files without weights. */
export function noWeights(path: string): InputError {
  return new InputError(
    `there are no weights; name them ${NAMES.weights.slice(0, 4).join(', ')}, for example weights.csv`,
    { at: { file: path } },
  );
}
