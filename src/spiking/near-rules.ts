/**
 * Rules and values that go by distance, in the integers of shaders/spiking/space.wgsl: the grids of both populations, the part of
 * the target grid that a neuron can reach, and the tables by squared distance.
 */
import type { Connect, Projection } from '../models/network.ts';
import { falloff, type Space } from '../models/space.ts';
import { isByDistance } from '../models/spread.ts';
import type { NetworkPlan } from './plan.ts';
import { distanceTable } from './spread-table.ts';

const span = 2 ** 31;
/** Candidates expected in one segment of a band. */
const candidatesPerSegment = 64;

const unused = { unused_0: 0, unused_1: 0 };

type Nearby = Extract<Connect, { rule: 'by-distance' }>;

export function usesDistance({ weights, delays, connect }: Projection): boolean {
  return (
    connect.rule === 'by-distance' ||
    [weights, delays].some((each) => each !== undefined && isByDistance(each))
  );
}

/** Spaces of both ends; a projection without distances has single points. */
function spacesOf({ network }: NetworkPlan, { from, to }: Projection): [Space, Space] | undefined {
  const [source, target] = [network.populations[from]!.space, network.populations[to]!.space];
  return source && target && [source, target];
}

/** `Space` of the shader. */
export function spaceValue(plan: NetworkPlan, projection: Projection) {
  const spaces = usesDistance(projection) ? spacesOf(plan, projection) : undefined;
  if (!spaces) {
    return {
      ...{ source_columns: 1, target_columns: 1, target_rows: 1, periodic: 0 },
      ...{ source_step_x: 1, source_step_y: 1, target_step_x: 1, target_step_y: 1 },
      ...{ scale_x: 0, scale_y: 0 },
      ...unused,
    };
  }
  const [source, target] = spaces;
  const step = (lines: number) => Math.floor(span / lines);
  const scale = (extent: number) => Math.min(2 ** 32 - 1, Math.round((extent / projection.reach!) * 2 ** 16));
  return {
    source_columns: source.columns,
    target_columns: target.columns,
    target_rows: target.rows,
    periodic: source.periodic ? 1 : 0,
    source_step_x: step(source.columns),
    source_step_y: step(source.rows),
    target_step_x: step(target.columns),
    target_step_y: step(target.rows),
    scale_x: scale(source.width),
    scale_y: scale(source.height),
    ...unused,
  };
}

/** `Near` of the shader but for the place of its table; nothing where the rule is another. */
export function nearValue(plan: NetworkPlan, projection: Projection) {
  const space = spaceValue(plan, projection);
  const { connect, reach } = projection;
  if (connect.rule !== 'by-distance') {
    const band = { rows: 0, columns: 0, half_rows: 0, half_columns: 0 };
    return { value: { space, band, segment_length: 1, ...unused }, segments: 0 };
  }
  const [, target] = spacesOf(plan, projection)!;
  // One line more for a neuron that stands between lines, and one for rounding.
  const half = (extent: number, lines: number) => (extent > 0 ? Math.ceil((reach! / extent) * lines) + 2 : 0);
  const [halfColumns, halfRows] = [half(target.width, target.columns), half(target.height, target.rows)];
  const columns = Math.min(target.columns, 2 * halfColumns + 1);
  const rows = Math.min(target.rows, 2 * halfRows + 1);
  const cells = rows * columns;
  const segments = Math.ceil((cells * connect.probability) / candidatesPerSegment);
  return {
    value: {
      space,
      band: {
        ...{ rows, columns },
        half_rows: rows === target.rows ? 0 : halfRows,
        half_columns: columns === target.columns ? 0 : halfColumns,
      },
      segment_length: Math.ceil(cells / segments),
      ...unused,
    },
    segments,
  };
}

/** With what probability, in 2^-32, a candidate is kept, by squared distance. */
export function shareTable(connect: Nearby, reach: number): Uint32Array {
  return distanceTable((d) => falloff(connect, d) * 2 ** 32 - 1, reach);
}
