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
import { type ResolveContext, requireWholeSteps } from './context.ts';
import { resolveEdges } from './edges.ts';
import type { ReceptorTable } from './receptors.ts';
import { meanByDistance, resolveByDistance, resolveReach } from './space.ts';
import { resolveSpread } from './spread.ts';

/** A population as far as connections see it. */
interface End {
  name: string;
  size: number;
  space: Space | undefined;
  /** Its spikes are given, and it hears nothing. */
  isSource: boolean;
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
  const given = (side: 'weight' | 'delay', allowed: 'falloff' | 'path') => {
    const value = use[side];
    return value === undefined ? undefined : resolveSpread(value, [...path, side], context, allowed);
  };
  const ofAll = { weight: given('weight', 'falloff'), delay: given('delay', 'path') };
  if (ofAll.delay && !ofAll.delay.spread)
    requireWholeSteps(context, [...path, 'delay'], ofAll.delay.mean, 'a delay');
  const listed = use.connect.rule === 'one-to-one' || use.connect.rule === 'explicit';
  const selfConnections = use.self_connections ?? listed;
  const source = populations[from];
  const target = populations[to];
  if (!source || !target) return undefined;
  if (target.isSource)
    context.problems.add(
      [...path, 'to'],
      `is ${describeValue(target.name)}, whose spikes are given, so that nothing acts on it; leave the projection out, or give the population a cell in place of spikes`,
    );
  const ends = { source, target, selfless: from === to && !selfConnections };
  const connect = resolveConnect(use.connect, ends, [...path, 'connect'], context);
  if (!connect) return undefined;
  const list = connect.rule === 'explicit' ? connect : undefined;
  refuseTwice(use, list, path, context);
  if (!use.weight && use.weight !== 0 && !list?.weight)
    context.problems.add(
      [...path, 'weight'],
      list
        ? 'is missing, and the edges have none of their own; give one for all, or weights beside sources and targets'
        : 'is missing but a conductance is needed; write a number in nS, or text such as "5 nS"',
    );
  const weight = ofAll.weight ?? { mean: meanOfEach(list?.weight) };
  const delay = ofAll.delay ?? { mean: meanOfEach(list?.delay) };
  if (!receptor) return undefined;
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

function meanOfEach(values: Float64Array | undefined): number {
  return values && values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
}

/** A value for all edges beside one of each would leave open which counts. */
function refuseTwice(
  use: CheckedProjection,
  list: Extract<Connect, { rule: 'explicit' }> | undefined,
  path: Path,
  { problems }: ResolveContext,
): void {
  for (const side of ['weight', 'delay'] as const) {
    if (use[side] === undefined || !list?.[side]) continue;
    problems.add(
      [...path, side],
      `is given, but the edges of its list have a ${side} each; remove one of the two`,
    );
  }
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
