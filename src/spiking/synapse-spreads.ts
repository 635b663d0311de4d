/** The tables of a network's varying weights and delays, one behind the other, and where each projection's stand. */

import type { Spread } from '../models/network.ts';
import { isByDistance } from '../models/spread.ts';
import { shareTable } from './near-rules.ts';
import type { NetworkPlan, ProjectionPlan } from './plan.ts';
import { delayTable, spreadTable, spreadTableWords, varies } from './spread-table.ts';

export interface SynapseSpreads {
  /** Whether any value varies. */
  some: boolean;
  words: Uint32Array;
  /** Place of a projection's table plus one, or 0 where its values do not vary. */
  placeOf: Map<ProjectionPlan, { weights: number; delays: number; by_distance: number }>;
  /** Likewise of the table of a rule by distance, without the one more. */
  shareOf: Map<ProjectionPlan, number>;
  /** Whether some weight or delay goes by distance. */
  distances: boolean;
}

export function synapseSpreads({ network, projections, populations }: NetworkPlan): SynapseSpreads {
  const tables: Uint32Array[] = [];
  const add = (table: Uint32Array | undefined) =>
    table ? (tables.push(table) - 1) * spreadTableWords + 1 : 0;
  const placeOf: SynapseSpreads['placeOf'] = new Map();
  const shareOf: SynapseSpreads['shareOf'] = new Map();
  for (const each of projections) {
    const { weights, delays, to, reach, connect } = each.projection;
    const by = (spread: Spread | undefined) => (spread && isByDistance(spread) ? 1 : 0);
    const { unit } = populations[to]!.receptors[each.receptor]!;
    placeOf.set(each, {
      weights: add(weights && spreadTable(weights, unit, reach)),
      delays: add(delays && delayTable(delays, network.dt, reach)),
      by_distance: by(weights) + 2 * by(delays),
    });
    if (connect.rule === 'by-distance') shareOf.set(each, add(shareTable(connect, reach!)) - 1);
  }
  const words = new Uint32Array(tables.length * spreadTableWords);
  tables.forEach((table, index) => {
    words.set(table, index * spreadTableWords);
  });
  return {
    some: projections.some(({ projection }) => varies(projection)),
    distances: [...placeOf.values()].some(({ by_distance }) => by_distance > 0),
    ...{ words, placeOf, shareOf },
  };
}
