/** `spikefield connectome make`: a synthetic connectome as a folder of files, which every command that takes one reads. */
import { InputError } from '../errors.ts';
import { writeWhole } from '../io/output-file.ts';
import { RunDirectory } from '../io/run-directory.ts';
import { type ConnectomeSource, prepareConnectome } from '../models/connectome.ts';
import { type SyntheticOptions, syntheticSource } from '../models/synthetic-connectome.ts';
import { withSyntheticRecordings } from '../models/synthetic-recordings.ts';
import { parseQuantity } from '../units.ts';
import { integerOption, type OptionValue, quantityOption, textOption } from './options.ts';
import type { Given } from './verbs.ts';

export const MAKE_OPTIONS: readonly (readonly [flag: string, about: string])[] = [
  ['--nodes <n>', 'make: regions, an even number (default: 80)'],
  ['--seed <n>', 'make: of everything that is drawn (default: 1)'],
  ['--decay <length>', 'make: distance over which weights fall to 1/e (default: 25 mm)'],
  ['--crossing <part>', 'make: what is left of a weight across hemispheres (default: 0.2)'],
  ['--homotopic <weight>', 'make: between mirror regions (default: 0.4)'],
  ['--scatter <sd>', 'make: of the logarithm of weights (default: 0.8)'],
  ['--density <part>', 'make: connections within a hemisphere that stay (default: 0.6)'],
  ['--recordings <n>', 'make: subjects with a made-up recording (default: 0)'],
  ['--samples <n>', 'make: of each recording, 2 s apart (default: 200)'],
];

export async function connectomeMake(what: string, given: Given, version: string): Promise<void> {
  if (what !== '')
    throw new InputError(`spikefield connectome make takes nothing after it, but was given ${what}`);
  const options = syntheticOptions(given);
  const subjects = integerOption(given.recordings, '--recordings') ?? 0;
  const samples = integerOption(given.samples, '--samples');
  if (samples !== undefined && subjects === 0)
    throw new InputError('--samples is of recordings; give --recordings too');
  const bare = syntheticSource(options);
  const source =
    subjects === 0
      ? bare
      : withSyntheticRecordings(bare, {
          subjects,
          ...(samples === undefined ? {} : { samples }),
          ...(options.seed === undefined ? {} : { seed: options.seed }),
        });
  const nodes = source.regions.length;
  const out = textOption(given.out, '--out') ?? `runs/connectome-${source.name}`;
  using directory = RunDirectory.create(out, {
    force: given.force === true,
    manifest: {
      kind: 'connectome',
      spikefield: version,
      recipe: { ...options, recordings: subjects, samples },
    },
  });
  writeSource(directory, source);
  directory.finish();
  const { notes } = prepareConnectome(source).preparation;
  if (given.json === true)
    process.stdout.write(`${JSON.stringify({ out, nodes, recordings: subjects, notes })}\n`);
  else if (given.quiet !== true)
    process.stdout.write(
      `${[...source.notes, `${nodes} regions in ${out}; look at them with spikefield connectome show ${out}`].join('\n')}\n`,
    );
}

/** In the names and shapes that the reader of folders knows. */
function writeSource(directory: RunDirectory, { regions, centres, subjects }: ConnectomeSource): void {
  const nodes = regions.length;
  const [first] = subjects;
  directory.write('weights', first!.weights, [nodes, nodes]);
  if (first!.lengths) directory.write('lengths', first!.lengths, [nodes, nodes]);
  if (centres) directory.write('centres', centres, [nodes, 3]);
  writeWhole(directory.file('regions.txt'), `${regions.join('\n')}\n`);
  const bolds = subjects.flatMap(({ bold }) => (bold ? [bold] : []));
  if (bolds.length === 0) return;
  const { samples } = bolds[0]!;
  // Single precision says more than a scanner does.
  const data = Float32Array.from(bolds.flatMap((bold) => Array.from(bold.data)));
  directory.write('bold', data, [bolds.length, nodes, samples]);
  writeWhole(directory.file('subjects.txt'), `${subjects.map(({ name }) => name).join('\n')}\n`);
}

function syntheticOptions(given: Given): SyntheticOptions {
  const number = (value: OptionValue, option: string) => {
    const text = textOption(value, option);
    return text === undefined ? undefined : parseQuantity(text, 'number', option);
  };
  const options = {
    nodes: integerOption(given.nodes, '--nodes'),
    seed: integerOption(given.seed, '--seed'),
    decay: quantityOption(given.decay, '--decay', 'length'),
    crossing: number(given.crossing, '--crossing'),
    homotopic: number(given.homotopic, '--homotopic'),
    scatter: number(given.scatter, '--scatter'),
    density: number(given.density, '--density'),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
