/**
 * Several networks of one shape side by side, as one plan: populations are numbered through, and no synapse leads from one
 * network into another. Populations and projections remember which network they belong to and their number there, by which
 * random numbers are counted; so each network does, bit for bit, what it does alone.
 */
import { InputError } from '../errors.ts';
import type { Network } from '../models/network.ts';
import { batchFields } from './fields.ts';
import { ownConstants } from './own-cells.ts';
import { mostGroups, type NetworkPlan, type PlanOptions, planNetwork } from './plan.ts';
import { mostGivenEntries, packTrains } from './trains.ts';

/** A network as a member of a batch. */
export interface MemberPlan {
  plan: NetworkPlan;
  /** Networks with the same text can stand side by side. */
  shape: string;
}

/**
 * Plans a network as it stands in a batch.
 * @param members of the batch, or about as many: it decides on speed alone
 * @param options as for the network alone; `hearing` is of the batch
 * @throws InputError as `planNetwork`
 */
export function planMember(
  network: Network,
  members: number,
  { hearing, ...options }: PlanOptions = {},
): MemberPlan {
  const company = { ...options, company: members, ...(hearing === undefined ? {} : { hearing }) };
  // Statistics of V are of certain instants: those of the network alone.
  const { snapshotSteps, snapshots, chunkSteps } = planNetwork(network, options);
  const plan = {
    ...planNetwork(network, { ...company, chunkSteps, chunkSettled: true }),
    snapshotSteps,
    snapshots,
  };
  return { plan, shape: shapeOf(plan) };
}

/** What kernels are compiled for, and when results are taken. Anything else may differ. */
function shapeOf(plan: NetworkPlan): string {
  const { network, populations, projections, layout } = plan;
  const { receptors, drives, neuronCurrents, processes, noisy } = plan;
  const { windowSteps, chunkSteps, snapshotSteps, fields } = plan;
  return JSON.stringify({
    ...{
      dt: network.dt,
      method: network.method,
      duration: network.duration,
      windowSteps,
      chunkSteps,
      snapshotSteps,
    },
    ...{ receptors, drives, neuronCurrents, processes, noisy, own: ownConstants(network) },
    fields: fields.map(({ populations: [number], drive }) => [number, drive ?? null]),
    // Added last where some current varies, else first: rounding would not be the same.
    courses: network.populations.some(({ current }) => typeof current !== 'number'),
    populations: populations.map(({ population: { name, size, spikes }, receptors: its }) => [
      ...[name, size, its.map(({ receptor }) => receptor.name), spikes !== undefined],
    ]),
    hearing: layout.hearing,
    // Who acts how on whom, and when, is compiled into kernels with which neurons hear of each other.
    ...(layout.hearing !== 'deliver' && {
      arrival: layout.arrival,
      projections: projections.map(({ projection: { from, to }, receptor }) => [from, to, receptor]),
    }),
  });
}

/**
 * Puts plans of one shape side by side. A single one is left as it is.
 * @throws InputError where there are more neurons than can be numbered
 */
export function planBatch(members: readonly NetworkPlan[]): NetworkPlan {
  const first = members[0]!;
  if (members.length === 1) return first;
  const { network, populations: one, neurons, groups } = first;
  if (groups * members.length > mostGroups)
    throw new InputError(
      `a batch of ${members.length} networks has ${neurons * members.length} neurons, more than the ${4 * mostGroups} that can be numbered: use a batch of at most ${Math.floor(mostGroups / groups)}`,
      { field: 'batch' },
    );
  const populations = members.flatMap((member, instance) =>
    member.populations.map((each) => ({
      ...{ ...each, instance },
      firstNeuron: each.firstNeuron + instance * neurons,
      firstGroup: each.firstGroup + instance * groups,
    })),
  );
  const projections = members.flatMap((member, instance) =>
    member.projections.map((each) => {
      const { from, to } = each.projection;
      const shift = instance * one.length;
      return { ...each, instance, projection: { ...each.projection, from: from + shift, to: to + shift } };
    }),
  );
  const together: Network = {
    ...network,
    name: `${members.length} x ${network.name}`,
    populations: populations.map(({ population }) => population),
    projections: projections.map(({ projection }) => projection),
  };
  const packed = members.every((member) => member.packed);
  const trains = first.trains ? packTrains({ network: together, populations }) : undefined;
  return {
    ...first,
    ...{ network: together, networks: members.map((member) => member.network), populations, projections },
    ...{ neurons: neurons * members.length, groups: groups * members.length },
    ...{ packed, words: packed ? Math.ceil(first.receptors / 2) : first.receptors },
    slots: Math.max(...members.map(({ slots }) => slots)),
    ...batchFields(members, one.length),
    ...{ trains, givenEntries: trains ? mostGivenEntries(trains, first.chunkSteps) : 0 },
    warnings: [...new Set(members.flatMap(({ warnings }) => warnings))],
  };
}
