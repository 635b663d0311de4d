/** Lists of edges, in the network file or in a file beside it, with weights and delays where they have their own. */
import type { Path } from '../document/problems.ts';
import type { Connect } from '../network.ts';
import type { CheckedProjection } from '../network-schema.ts';
import { type ResolveContext, sizeText } from './context.ts';

type EdgesUse = Extract<CheckedProjection['connect'], { rule: 'explicit' }>;
type Edges = Extract<Connect, { rule: 'explicit' }>;

/** The two ends, and whether a neuron is barred from connecting to itself. */
interface Ends {
  source: { name: string; size: number };
  target: { name: string; size: number };
  selfless: boolean;
}

interface EdgeColumns {
  sources: Float64Array;
  targets: Float64Array;
  weight: Float64Array | undefined;
  delay: Float64Array | undefined;
}

/** Names of columns in files; a weight is counted in nS, a delay in ms. */
const weightNames = ['weight', 'weight_nS', 'weights', 'weights_nS'];
const delayNames = ['delay', 'delay_ms', 'delays', 'delays_ms'];

/** @returns the list, or undefined where it cannot be read and that was noted as a problem */
export function resolveEdges(
  use: EdgesUse,
  ends: Ends,
  path: Path,
  context: ResolveContext,
): Edges | undefined {
  const columns = edgeColumns(use, path, context);
  if (!columns) return undefined;
  const { sources, targets, weight, delay } = columns;
  const wrong = (values: Float64Array, size: number) =>
    values.findIndex((value) => !Number.isInteger(value) || value < 0 || value >= size);
  const { problems } = context;
  for (const [values, end, side] of [
    [sources, ends.source, 'source'],
    [targets, ends.target, 'target'],
  ] as const) {
    const edge = wrong(values, end.size);
    if (edge < 0) continue;
    problems.add(
      path,
      `has edge ${edge} (${sources[edge]} to ${targets[edge]}), counted from 0, whose ${side} is out of range: ` +
        `${sizeText(end.name, end.size)}; correct the edge or the size`,
    );
  }
  const loop = ends.selfless ? sources.findIndex((source, edge) => source === targets[edge]) : -1;
  if (loop >= 0) {
    problems.add(
      path,
      `has edge ${loop} from neuron ${sources[loop]} to itself although self_connections is false; remove it or set that to true`,
    );
  }
  for (const [values, what, remedy] of [
    [weight, 'weight', "give at least 0 nS (inhibition is a receptor's E_rev, not a negative weight)"],
    [delay, 'delay', 'give at least 0 ms'],
  ] as const) {
    const edge = values?.findIndex((value) => !(value >= 0)) ?? -1;
    if (edge >= 0)
      problems.add(
        path,
        `has edge ${edge} (${sources[edge]} to ${targets[edge]}), counted from 0, with a ${what} of ${values![edge]}; ${remedy}`,
      );
  }
  return {
    rule: 'explicit',
    source: Uint32Array.from(sources),
    target: Uint32Array.from(targets),
    ...(weight && { weight }),
    ...(delay && { delay }),
  };
}

function edgeColumns(use: EdgesUse, path: Path, context: ResolveContext): EdgeColumns | undefined {
  const { sources, targets, weights, delays, file } = use;
  const inline = [sources, targets, weights, delays].some((each) => each !== undefined);
  if ((file !== undefined) === inline) {
    context.problems.add(path, 'needs its edges once; give either sources and targets, or a file');
    return undefined;
  }
  if (file !== undefined) {
    const read = context.readColumns(
      file,
      ['source', 'target'],
      [...path, 'file'],
      [weightNames, delayNames],
    );
    if (!read) return undefined;
    const [fileSources, fileTargets] = read.columns;
    const [weight, delay] = read.optional;
    return { sources: fileSources!, targets: fileTargets!, weight, delay };
  }
  if (!sources || !targets || sources.length !== targets.length) {
    context.problems.add(
      path,
      `has ${sources?.length ?? 0} sources and ${targets?.length ?? 0} targets; give one target for each source`,
    );
    return undefined;
  }
  for (const [values, what] of [
    [weights, 'weights'],
    [delays, 'delays'],
  ] as const) {
    if (!values || values.length === sources.length) continue;
    context.problems.add(
      path,
      `has ${sources.length} sources and ${values.length} ${what}; give one of each for every edge`,
    );
    return undefined;
  }
  return { sources, targets, weight: weights, delay: delays };
}
