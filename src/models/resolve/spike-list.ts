/**
 * Lists of spikes, each a time and a neuron: from the network file or from a file beside it. Whatever is wrong with one is
 * said with the line of a text file, or the number of the entry.
 */
import type { SourceLocation } from '../../errors.ts';
import type { Path } from '../document/problems.ts';
import type { SpikeList } from '../network.ts';
import type { CheckedPopulation } from '../network-schema.ts';
import { stepContaining } from '../time-step.ts';
import { type ResolveContext, sizeText } from './context.ts';

type SpikeListUse = Pick<CheckedPopulation['events'][number], 'times' | 'neurons' | 'file' | 'time_unit'>;

/** What a list is made of; messages call them "its events", "event 3". */
interface Noun {
  one: string;
  many: string;
  /** Whether a neuron may have only one in a step. */
  oncePerStep: boolean;
}

/** Times in a file by their name, and ms of what they count; without a number where the name does not tell. */
const timeNames: Readonly<Record<string, number | undefined>> = {
  time_ms: 1,
  times_ms: 1,
  time_s: 1000,
  times_s: 1000,
  time: undefined,
  times: undefined,
  t: undefined,
};
const neuronNames = ['neuron', 'neurons', 'i'];
const unitsOfTime = { us: 1e-3, ms: 1, s: 1000 };

/** @returns the list in ms, or undefined where what is wrong with it was noted as a problem */
export function resolveSpikeList(
  use: SpikeListUse,
  noun: Noun,
  path: Path,
  population: { name: string; size: number },
  context: ResolveContext,
): SpikeList | undefined {
  const read = readList(use, noun, path, context);
  if (!read) return undefined;
  const { time, neuron, placeOf } = read;
  const { problems } = context;
  const before = problems.count;
  const show = (entry: number) =>
    `${noun.one} ${entry} (time ${Number(time[entry]!.toPrecision(12))} ms, neuron ${neuron[entry]})`;
  const complain = (entry: number, text: string) =>
    problems.add(path, `has ${show(entry)} ${text}`, placeOf(entry));
  const negative = time.findIndex((value) => value < 0);
  const unordered = time.findIndex((value, entry) => entry > 0 && value < time[entry - 1]!);
  const stray = neuron.findIndex(
    (value) => !Number.isInteger(value) || value < 0 || value >= population.size,
  );
  if (negative >= 0) complain(negative, 'before the start; give times of at least 0 ms');
  if (unordered >= 0) complain(unordered, `after a later one; sort the ${noun.many} by time`);
  if (stray >= 0)
    complain(stray, `but ${sizeText(population.name, population.size)}; correct the neuron or the size`);
  const repeated = noun.oncePerStep && stray < 0 ? firstRepeated(time, neuron, context.dt) : -1;
  if (repeated >= 0)
    complain(
      repeated,
      `in the same step of ${context.dt} ms as another ${noun.one} of this neuron; leave one out, or lower dt`,
    );
  return problems.count > before ? undefined : { time, neuron: Uint32Array.from(neuron) };
}

/** The first spike of a neuron in a step in which it spikes already; -1 where there is none. */
function firstRepeated(time: Float64Array, neuron: Float64Array, dt: number): number {
  let step = -1;
  let seen = new Set<number>();
  return time.findIndex((each, entry) => {
    const here = stepContaining(each, dt);
    if (here !== step) seen = new Set();
    step = here;
    if (seen.has(neuron[entry]!)) return true;
    seen.add(neuron[entry]!);
    return false;
  });
}

interface ReadList {
  time: Float64Array;
  neuron: Float64Array;
  /** Where an entry stands, if not in the network file. */
  placeOf: (entry: number) => SourceLocation | undefined;
}

function readList(use: SpikeListUse, noun: Noun, path: Path, context: ResolveContext): ReadList | undefined {
  const { times, neurons, file, time_unit } = use;
  const { problems } = context;
  if ((file !== undefined) === (times !== undefined || neurons !== undefined)) {
    problems.add(path, `needs its ${noun.many} once; give either times and neurons, or a file`);
    return undefined;
  }
  if (file !== undefined) return readFileOf(file, time_unit, path, context);
  if (times?.length !== neurons?.length || !times || !neurons) {
    problems.add(
      path,
      `has ${times?.length ?? 0} times and ${neurons?.length ?? 0} neurons; give one neuron for each time`,
    );
    return undefined;
  }
  if (time_unit !== undefined) {
    problems.add(
      [...path, 'time_unit'],
      'is that of a file, but times stand in the network file; remove it, and write times with their unit',
    );
    return undefined;
  }
  return { time: times, neuron: neurons, placeOf: () => undefined };
}

function readFileOf(
  file: string,
  unit: SpikeListUse['time_unit'],
  path: Path,
  context: ResolveContext,
): ReadList | undefined {
  const found = context.readColumns(file, [Object.keys(timeNames), neuronNames], [...path, 'file']);
  if (!found) return undefined;
  const { columns, names, lines } = found;
  const [given, neuron] = columns;
  const name = names?.[0];
  const said = name === undefined ? undefined : timeNames[name];
  if (said !== undefined && unit !== undefined && said !== unitsOfTime[unit]) {
    context.problems.add(
      [...path, 'time_unit'],
      `is ${unit}, but ${file} calls its times ${name}; correct one of the two`,
    );
    return undefined;
  }
  // Brian2 keeps t in seconds, and scripts often save t / ms: a guess would be wrong by a factor of 1000 unseen.
  if (name === 't' && unit === undefined) {
    context.problems.add(
      path,
      `takes t of ${file} for times, which Brian2 counts in seconds unless they were divided by ms; say which with time_unit: s or time_unit: ms`,
    );
    return undefined;
  }
  const scale = said ?? unitsOfTime[unit ?? 'ms'];
  return {
    time: scale === 1 ? given! : given!.map((time) => scale * time),
    neuron: neuron!,
    placeOf: (entry) => (lines ? { file, line: lines[entry]! } : undefined),
  };
}
