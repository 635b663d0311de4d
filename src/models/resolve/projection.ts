/**
 * A projection: its two ends, and a rule of connection that their sizes allow.
 */
import { describeValue } from '../../units.ts';
import { suggestion } from '../document/near-names.ts';
import type { Path } from '../document/problems.ts';
import type { Connect, Projection, Spread } from '../network.ts';
import type { CheckedProjection } from '../network-schema.ts';
import type { Space } from '../space.ts';
import { isByDistance } from '../spread.ts';
import { type ResolveContext, requireWholeSteps, sizeText } from './context.ts';
import type { ReceptorTable } from './receptors.ts';
import { meanByDistance, resolveByDistance, resolveReach } from './space.ts';
import { resolveSpread } from './spread.ts';

/** A population as far as connections see it. */
interface End {
  name: string;
  size: number;
  space: Space | undefined;
}
type ConnectUse = CheckedProjection['connect'];

/** @returns the projection, or undefined where that was noted as a problem */
export function resolveProjection(
  name: string,
  use: CheckedProjection,
  populations: readonly End[],
  receptors: ReceptorTable,
  context: ResolveContext,
): Projection | undefined {
  const path: Path = ['projections', name];
  const from = findPopulation(use.from, populations, [...path, 'from'], context);
  const to = findPopulation(use.to, populations, [...path, 'to'], context);
  const receptor = receptors.use(use.receptor, [...path, 'receptor'], name);
  const weight = resolveSpread(use.weight, [...path, 'weight'], context, 'falloff');
  const delay = resolveSpread(use.delay, [...path, 'delay'], context, 'path');
  if (!delay.spread) requireWholeSteps(context, [...path, 'delay'], delay.mean, 'a delay');
  const listed = use.connect.rule === 'one-to-one' || use.connect.rule === 'explicit';
  const selfConnections = use.self_connections ?? listed;
  const source = populations[from];
  const target = populations[to];
  if (!source || !target) return undefined;
  const ends = { source, target, selfless: from === to && !selfConnections };
  const connect = resolveConnect(use.connect, ends, [...path, 'connect'], context);
  if (!receptor || !connect) return undefined;
  const isNear = [weight.spread, delay.spread].some((spread) => spread && isByDistance(spread));
  const near = isNear || connect.rule === 'by-distance';
  const reach = near ? resolveReach(connect, { source, target }, path, context) : undefined;
  const meanOf = ({ mean, spread }: { mean: number; spread?: Spread }) =>
    spread && isByDistance(spread) && reach !== undefined && source.space && target.space
      ? meanByDistance(spread, connect, source.space, target.space, reach)
      : mean;
  return {
    ...{ name, from, to, receptor, connect, selfConnections },
    weight: meanOf(weight),
    delay: meanOf(delay),
    ...(reach !== undefined && { reach }),
    ...(weight.spread && { weights: weight.spread }),
    ...(delay.spread && { delays: delay.spread }),
  };
}

function findPopulation(
  name: string,
  populations: readonly End[],
  path: Path,
  context: ResolveContext,
): number {
  const index = populations.findIndex((population) => population.name === name);
  if (index < 0) {
    const names = populations.map((population) => population.name);
    context.problems.add(
      path,
      `is ${describeValue(name)} but there is no population of this name; ${suggestion(name, names)}`,
    );
  }
  return index;
}

/** The two ends, and whether a neuron is barred from connecting to itself. */
interface Ends {
  source: End;
  target: End;
  selfless: boolean;
}

function resolveConnect(
  use: ConnectUse,
  ends: Ends,
  path: Path,
  context: ResolveContext,
): Connect | undefined {
  if (use.rule === 'explicit') return resolveEdges(use, ends, path, context);
  if (use.rule === 'by-distance') return resolveByDistance(use, path, context);
  if (use.rule === 'fixed-in-degree') checkDegree(use.degree, ends.source, ends, path, context);
  if (use.rule === 'fixed-out-degree') checkDegree(use.degree, ends.target, ends, path, context);
  if (use.rule === 'one-to-one' && ends.source.size !== ends.target.size) {
    const sizes = `${ends.source.name} has ${ends.source.size} neurons and ${ends.target.name} ${ends.target.size}`;
    context.problems.add(path, `is one-to-one but ${sizes}; give both the same size or choose another rule`);
  }
  if (use.rule === 'one-to-one' && ends.selfless) {
    context.problems.add(
      path,
      `is one-to-one within population ${ends.source.name}, which connects each neuron to itself alone, although self_connections is false; set that to true or choose another rule`,
    );
  }
  return use;
}

/** Partners are drawn without repetition, so there cannot be more of them than neurons to draw from. */
function checkDegree(degree: number, pool: End, ends: Ends, path: Path, context: ResolveContext): void {
  const most = pool.size - (ends.selfless ? 1 : 0);
  if (degree <= most) return;
  const others = ends.selfless ? `only ${most} others` : `only ${most} neurons`;
  const remedy =
    most > 0 ? `give a degree of at most ${most}` : 'allow self_connections or enlarge the population';
  context.problems.add(
    [...path, 'degree'],
    `is ${degree} but population ${pool.name} has ${others} to choose from; ${remedy}`,
  );
}

function resolveEdges(
  use: Extract<ConnectUse, { rule: 'explicit' }>,
  ends: Ends,
  path: Path,
  context: ResolveContext,
): Connect | undefined {
  const columns = edgeColumns(use, path, context);
  if (!columns) return undefined;
  const [sources, targets] = columns;
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
  return { rule: 'explicit', source: Uint32Array.from(sources), target: Uint32Array.from(targets) };
}

function edgeColumns(
  { sources, targets, file }: Extract<ConnectUse, { rule: 'explicit' }>,
  path: Path,
  context: ResolveContext,
): [Float64Array, Float64Array] | undefined {
  if ((file !== undefined) === (sources !== undefined || targets !== undefined)) {
    context.problems.add(path, 'needs its edges once; give either sources and targets, or a file');
    return undefined;
  }
  if (file !== undefined) {
    const [source, target] = context.readColumns(file, ['source', 'target'], [...path, 'file']) ?? [];
    return source && target && [source, target];
  }
  if (!sources || !targets || sources.length !== targets.length) {
    context.problems.add(
      path,
      `has ${sources?.length ?? 0} sources and ${targets?.length ?? 0} targets; give one target for each source`,
    );
    return undefined;
  }
  return [sources, targets];
}
