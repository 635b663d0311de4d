/** The space of a population, and what of a projection depends on distances. */
import { formatQuantity } from '../../units.ts';
import type { Path } from '../document/problems.ts';
import type { ByDistance, Connect } from '../network.ts';
import type { CheckedPopulation, CheckedProjection } from '../network-schema.ts';
import { falloff, longestDistance, meanOverPairs, reachOf, type Space, sameSpace } from '../space.ts';
import { valueAtDistance } from '../spread.ts';
import type { ResolveContext } from './context.ts';

export function resolveSpace(
  use: CheckedPopulation['space'],
  size: number,
  path: Path,
  context: ResolveContext,
): Space | undefined {
  if (use === undefined) return undefined;
  const given = Object.entries(use).filter(([, value]) => value !== undefined);
  if (given.length !== 1) {
    const what = given.length === 0 ? 'says nothing' : `says ${given.map(([key]) => key).join(' and ')}`;
    context.problems.add(path, `${what}; give one of line, ring and sheet`);
    return undefined;
  }
  const one = { height: 0, columns: size, rows: 1 };
  if (use.line) return { kind: 'line', width: use.line.length, ...one, periodic: false };
  if (use.ring) return { kind: 'ring', width: use.ring.length, ...one, periodic: true };
  const { width, height, columns, periodic } = use.sheet!;
  if (size % columns !== 0) {
    context.problems.add(
      [...path, 'sheet', 'columns'],
      `is ${columns}, which does not divide the ${size} neurons into whole rows; give a divisor of the size`,
    );
    return undefined;
  }
  return { kind: 'sheet', width, height, columns, rows: size / columns, periodic };
}

/** An end of a projection, as far as space goes. */
interface Place {
  name: string;
  space: Space | undefined;
}

/** The longest distance of two neurons that a rule connects, mm; undefined where that was noted as a problem. */
export function resolveReach(
  connect: Connect,
  { source, target }: { source: Place; target: Place },
  path: Path,
  context: ResolveContext,
): number | undefined {
  const without = [source, target].find(({ space }) => space === undefined);
  if (without || !source.space || !target.space) {
    context.problems.add(
      path,
      `depends on distances but population ${without?.name} has no space; give it a line, a ring or a sheet`,
    );
    return undefined;
  }
  if (!sameSpace(source.space, target.space)) {
    context.problems.add(
      path,
      `depends on distances between populations ${source.name} and ${target.name}, whose spaces differ; give both the same form and extent`,
    );
    return undefined;
  }
  const longest = longestDistance(source.space);
  return connect.rule === 'by-distance' ? Math.min(connect.within, longest) : longest;
}

/** Mean over the synapses of a value that follows from distance. */
export function meanByDistance(
  value: ByDistance,
  connect: Connect,
  from: Space,
  to: Space,
  reach: number,
): number {
  const share = connect.rule === 'by-distance' ? (d: number) => falloff(connect, d) : () => 1;
  const all = meanOverPairs(from, to, reach, share);
  const sum = meanOverPairs(from, to, reach, (d) => share(d) * valueAtDistance(value, d));
  return all > 0 ? sum / all : valueAtDistance(value, 0);
}

/** A profile with its scale, which a flat one has not; a scale of 0 stands where there was a problem. */
export function resolveFalloff(
  { profile, scale }: { profile: 'gaussian' | 'exponential' | 'flat'; scale?: number | undefined },
  path: Path,
  context: ResolveContext,
) {
  if (profile === 'flat') {
    if (scale !== undefined)
      context.problems.add([...path, 'scale'], 'is given, but a flat profile has none; remove it');
    return { profile, scale: 0 };
  }
  if (scale === undefined)
    context.problems.add(path, `is ${profile} but has no scale; give a length, as scale: 0.2 mm`);
  return { profile, scale: scale ?? 0 };
}

type ByDistanceUse = Extract<CheckedProjection['connect'], { rule: 'by-distance' }>;

export function resolveByDistance(use: ByDistanceUse, path: Path, context: ResolveContext): Connect {
  const shape = resolveFalloff(use, path, context);
  const usual = shape.profile === 'flat' ? Number.POSITIVE_INFINITY : reachOf[shape.profile] * shape.scale;
  const within = use.within ?? usual;
  if (within > usual) {
    context.problems.add(
      [...path, 'within'],
      `is ${formatQuantity(within, 'length')}, where less than 0.04 % of the probability is left; give at most ${formatQuantity(usual, 'length')}`,
    );
  }
  return { rule: 'by-distance', probability: use.probability, ...shape, within };
}
