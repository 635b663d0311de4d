/** Which rings `spikefield ring scan` compares: the paper's grid, or axes and designs of the user's own. */
import { InputError } from '../errors.ts';
import { RING_PARAMETERS } from '../models/ring.ts';
import { PAPER_AXES, type ScanParameter, scanParameter } from '../ring/scan.ts';
import {
  gridSpace,
  latinSpace,
  randomSpace,
  type SweepRange,
  type SweepSpace,
  spaced,
} from '../sweep/space.ts';
import { type Dimension, parseQuantity } from '../units.ts';
import { integerOption, listOption, textOption } from './options.ts';
import { velocityOption } from './ring-model.ts';
import type { Given } from './verbs.ts';

export const SPACE_OPTIONS: readonly (readonly [flag: string, about: string])[] = [
  ['--n <n>', "Values of each of the paper's six parameters (default: 5)"],
  [
    '--vary <name=from:to[:n]>',
    `A parameter of a scan of your own; may be repeated: ${PAPER_AXES.join(', ')}, amplitude`,
  ],
  ['--design <name>', 'grid, random or latin (default: grid)'],
  ['--points <n>', 'Points of a random or latin design'],
  ['--seed <n>', 'Of a random or latin design (default: 0)'],
];

/** Of the paper's grid. */
const DEFAULT_N = 5;
const DIMENSIONS: Readonly<Record<string, Dimension>> = { mm: 'length', ms: 'time', Hz: 'rate' };

/** Throws InputError. */
export function spaceOption(given: Given): SweepSpace {
  const n = integerOption(given.n, '--n', { least: 2, most: 100 });
  const own = listOption(given.vary, '--vary').map(rangeOf);
  const ranges =
    own.length > 0
      ? own
      : PAPER_AXES.map((name) => {
          const [from, to] = RING_PARAMETERS[name].range;
          return { name, from: from as number, to: to as number, count: undefined };
        });
  const design = textOption(given.design, '--design') ?? 'grid';
  const count = integerOption(given.points, '--points', { least: 1 });
  if (design === 'grid') {
    if (count !== undefined || given.seed !== undefined)
      throw new InputError('--points and --seed belong to --design random or latin; give --n for a grid');
    return gridSpace(
      ranges.map(({ name, from, to, count: each }) => ({
        name,
        values: spaced(from, to, each ?? n ?? DEFAULT_N),
      })),
    );
  }
  if (design !== 'random' && design !== 'latin')
    throw new InputError(`--design is ${design}, but must be grid, random or latin`);
  if (count === undefined) throw new InputError(`--design ${design} needs --points, as --points 2000`);
  if (n !== undefined || ranges.some(({ count: each }) => each !== undefined))
    throw new InputError(
      `--design ${design} has no values on each axis; leave --n and the count of --vary out`,
    );
  const seed = integerOption(given.seed, '--seed') ?? 0;
  const bare = ranges.map(({ name, from, to }) => ({ name, from, to }));
  return design === 'random' ? randomSpace(bare, count, seed) : latinSpace(bare, count, seed);
}

function rangeOf(text: string): SweepRange & { count: number | undefined } {
  const [left = '', right = '', ...more] = text.split('=');
  const parts = right.split(':');
  if (more.length > 0 || parts.length < 2 || parts.length > 3)
    throw new InputError(
      `--vary is "${text}", but is written name=from:to or name=from:to:n, as exc_extent=1:7:9`,
    );
  const name = scanParameter(left.trim());
  const [from, to] = [quantityOf(name, parts[0]!), quantityOf(name, parts[1]!)];
  if (!(to > from))
    throw new InputError(`--vary ${name} runs from ${from} to ${to}; let it end above its beginning`, {
      field: name,
    });
  const count = integerOption(parts[2], `the count of --vary ${name}`, { least: 2, most: 10_000 });
  return { name, from, to, count };
}

function quantityOf(name: ScanParameter, text: string): number {
  if (name === 'conduction_velocity') return velocityOption(text, `--vary ${name}`)!;
  return parseQuantity(text, DIMENSIONS[RING_PARAMETERS[name].unit]!, name);
}
