/** What the verbs of `spikefield aln` read alike: parameters, axes, tables, and where results go. */
import { existsSync } from 'node:fs';
import { InputError, InterruptedError, OutputError } from '../errors.ts';
import { openTables } from '../fokker-planck/neurolib-tables.ts';
import type { CascadeTables } from '../fokker-planck/tables.ts';
import { ALN_PARAMETERS, type AlnGiven, unknownParameter } from '../models/aln.ts';
import { EIF_PARAMETERS } from '../models/eif.ts';
import { type Dimension, parseQuantity } from '../units.ts';
import { requireKnownEnding } from '../whole-brain/aln-files.ts';
import type { Axis } from '../whole-brain/explore-aln.ts';
import { watchInterrupt } from './interrupt.ts';
import { listOption, type OptionValue, quantityOption, textOption } from './options.ts';
import { Progress } from './progress.ts';

/** What the parser hands over. */
export type Given = Record<string, OptionValue>;

const DIMENSION_OF_UNIT: Readonly<Record<string, Dimension>> = {
  ms: 'time',
  pA: 'current',
  nS: 'conductance',
  mV: 'voltage',
};

/** `--set name=value`, where commas separate the values of several nodes; `--b` and `--tauA` are short for two of them. */
export function parameterOptions(given: Given): AlnGiven {
  const parameters: AlnGiven = {};
  const set = (name: string, text: string) => {
    if (Object.hasOwn(parameters, name))
      throw new InputError(`${name} is set twice; set it once`, { field: name });
    const values = text.split(',').map((part) => parameterValue(name, part));
    parameters[name] = values.length === 1 ? values[0]! : values;
  };
  for (const each of listOption(given.set, '--set')) {
    const [name, value, ...more] = each.split('=');
    if (!name || value === undefined || more.length > 0)
      throw new InputError(`--set is "${each}", but is written name=value, as mue_ext_mean=1.0`);
    set(name.trim(), value);
  }
  for (const name of ['b', 'tauA']) {
    const text = textOption(given[name], `--${name}`);
    if (text !== undefined) set(name, text);
  }
  return parameters;
}

function parameterValue(name: string, text: string): number {
  const membrane = EIF_PARAMETERS.find(({ symbol }) => symbol === name);
  if (membrane) return parseQuantity(text, membrane.dimension, name);
  const parameter = ALN_PARAMETERS.find((each) => each.name === name);
  if (!parameter) throw unknownParameter(name);
  return parseQuantity(text, DIMENSION_OF_UNIT[parameter.unit] ?? 'number', name);
}

/** `--vary name=from:to:count`, once for each parameter. */
export function varyOptions(given: Given, wanted: number): Axis[] {
  const texts = listOption(given.vary, '--vary');
  if (texts.length !== wanted) {
    throw new InputError(
      `--vary is given ${texts.length === 1 ? 'once' : `${texts.length} times`}, but ${wanted === 1 ? 'one parameter varies' : 'two parameters vary'}; write --vary mue_ext_mean=0:2:50${wanted === 1 ? '' : ' --vary mui_ext_mean=0:2:50'}`,
    );
  }
  return texts.map((text) => {
    const [name = '', range = ''] = text.split('=');
    const parts = range.split(':');
    if (parts.length !== 3)
      throw new InputError(`--vary is "${text}", but is written name=from:to:count, as mue_ext_mean=0:2:50`);
    const [from, to] = [parameterValue(name, parts[0]!), parameterValue(name, parts[1]!)];
    const count = Number(parts[2]);
    if (!Number.isInteger(count) || count < 2)
      throw new InputError(`--vary ${name} has ${parts[2]} values; give a whole number of at least 2`);
    if (!(to > from))
      throw new InputError(`--vary ${name} runs from ${from} to ${to}; let it end above its beginning`);
    return {
      name,
      values: Float64Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1)),
    };
  });
}

/** `--tables` as a folder, or as a file in neurolib's layout; undefined: those that come with Spikefield. */
export async function openTablesOption(given: Given): Promise<CascadeTables | undefined> {
  const path = textOption(given.tables, '--tables');
  return path === undefined ? undefined : await openTables(path);
}

export function timeOption(given: Given, name: string, fallback: number): number {
  return quantityOption(given[name], `--${name}`, 'time') ?? fallback;
}

/** Files that `--save` names, known to be writable in kind before anything is computed. */
export function saveOptions(given: Given): string[] {
  const paths = listOption(given.save, '--save');
  for (const path of paths) {
    requireKnownEnding(path);
    if (existsSync(path) && given.force !== true)
      throw new OutputError(`${path} is there already; choose another name, or give --force to replace it.`);
  }
  return paths;
}

/** Runs `work` with a progress bar that Ctrl-C ends in order; `after` says what becomes of what is done by then. */
export async function withProgress<T>(
  name: string,
  { quiet, out, after = `${out} is marked incomplete` }: { quiet: boolean; out: string; after?: string },
  work: (onProgress: (fraction: number) => void) => Promise<T>,
): Promise<T> {
  const interrupt = watchInterrupt();
  const progress = new Progress(name, { quiet });
  try {
    return await work((fraction) => {
      if (interrupt.requested)
        throw new InterruptedError(`interrupted at ${Math.floor(100 * fraction)} %; ${after}`);
      progress.update(fraction);
    });
  } finally {
    progress.end();
    interrupt.stop();
  }
}

/** A sentence where nodes left their table for more than a hundredth of the time; undefined where they did not. */
export function tableWarning(outside: Iterable<number>): string | undefined {
  const all = [...outside];
  const far = all.filter((part) => part > 0.01);
  if (far.length === 0) return undefined;
  const most = Math.max(...far);
  return `${far.length} of ${all.length} runs left the look-up table for more than 1 % of their time (at most ${(100 * most).toFixed(0)} %): there the edge of the table stands for what lies beyond; build a larger one with spikefield tables build --mu --sigma`;
}
