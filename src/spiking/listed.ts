/**
 * Lists of connections whose edges have weights and delays of their own. They are stored beside the targets: a synapse is then
 * two or three words in place of one. Kernel: shaders/spiking/deliver.wgsl.
 */
import { InputError } from '../errors.ts';
import type { Network, Projection } from '../models/network.ts';

/** What each synapse of a projection has for itself, as bits of `Synapses.own` in the shader. */
export function ownValues({ connect }: Projection): number {
  if (connect.rule !== 'explicit') return 0;
  return (connect.weight ? 1 : 0) + (connect.delay ? 2 : 0);
}

/** Words of a stored synapse. */
export function wordsPerSynapse(projection: Projection): number {
  const own = ownValues(projection);
  return 1 + (own & 1) + (own >> 1);
}

/** The weights of a list, and what they can bring to one neuron in one step. */
export interface ListedWeights {
  /** nS. */
  values: Float64Array;
  /** The largest sum onto one neuron, nS. */
  mostSum: number;
  /** Synapses of one neuron, at most. */
  mostSynapses: number;
}

/** The weights of a projection's list; undefined where all its synapses have one weight, or draw theirs. */
export function listedWeights(
  { populations }: Network,
  { connect, to }: Projection,
): ListedWeights | undefined {
  if (connect.rule !== 'explicit' || !connect.weight) return undefined;
  const { target, weight: values } = connect;
  const sums = new Float64Array(populations[to]!.size);
  const counts = new Uint32Array(sums.length);
  target.forEach((neuron, edge) => {
    sums[neuron]! += values[edge]!;
    counts[neuron]! += 1;
  });
  // A synapse brings at most one spike a step, whatever its delay.
  return { values, mostSum: largest(sums), mostSynapses: largest(counts) };
}

/** The shortest and the longest delay of a list, ms; undefined where it has none of its own. */
export function listedDelays({ connect }: Projection): { least: number; most: number } | undefined {
  if (connect.rule !== 'explicit' || !connect.delay || connect.delay.length === 0) return undefined;
  const { delay } = connect;
  return { least: delay.reduce((least, each) => Math.min(least, each), delay[0]!), most: largest(delay) };
}

/** The largest of them; 0 where there are none. */
export function largest(values: Float64Array | Uint32Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

/** Sums of listed weights in units of the receptor, at most, each weight rounded. */
export function largestListed(lists: readonly ListedWeights[], unit: number): number {
  return lists.reduce((sum, { mostSum, mostSynapses }) => sum + mostSum / unit + mostSynapses / 2, 0);
}

/** So much of a weight may be rounding, for half of a list at least. */
const coarsest = 0.01;

/** @throws InputError where a list's weights differ so widely that most of them would be rounded by more than that */
export function refuseCoarseList({ name }: Projection, { values }: ListedWeights, unit: number): void {
  const positive = values.filter((value) => value > 0).sort();
  const median = positive[positive.length >> 1];
  const coarse = positive.filter(
    (value) => Math.abs(Math.round(value / unit) * unit - value) > coarsest * value,
  ).length;
  if (median === undefined || 2 * coarse <= positive.length) return;
  throw new InputError(
    `projections.${name}.connect has weights that differ so widely that sums of them in 32 bits would count in units of ${Number(unit.toPrecision(2))} nS, too coarse for half of them, which are at most ${Number(median.toPrecision(3))} nS: give weights closer to each other`,
    { field: `projections.${name}.connect` },
  );
}

/**
 * The rows of a list as they are stored: words of each synapse (its target, then what it has for itself), by source in the
 * order of the list.
 * @param ends sources, number of the target population's first neuron, nS of a unit of weight, ms of a step
 * @returns the words, and the first of each source's
 */
export function listRows(
  projection: Projection,
  { sources, firstTarget, unit, dt }: { sources: number; firstTarget: number; unit: number; dt: number },
): { words: Uint32Array; starts: Uint32Array } {
  const { connect } = projection;
  if (connect.rule !== 'explicit') throw new TypeError(`projection ${projection.name} is no list`);
  const { source, target, weight, delay } = connect;
  const each = wordsPerSynapse(projection);
  const starts = new Uint32Array(sources);
  for (const neuron of source) starts[neuron]! += each;
  let place = 0;
  for (let row = 0; row < sources; row++) {
    const length = starts[row]!;
    starts[row] = place;
    place += length;
  }
  const next = starts.slice();
  const words = new Uint32Array(place);
  source.forEach((neuron, edge) => {
    let at = next[neuron]!;
    next[neuron] = at + each;
    words[at++] = firstTarget + target[edge]!;
    if (weight) words[at++] = Math.round(weight[edge]! / unit);
    if (delay) words[at] = Math.round(delay[edge]! / dt);
  });
  return { words, starts };
}
