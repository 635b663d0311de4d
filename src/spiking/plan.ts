/**
 * Decides how a network lies on a device before anything is allocated: how neurons are grouped, which receptors each
 * population carries, how weights become integers, how long a window may be, what everything costs in memory.
 */
import { InputError } from '../errors.ts';
import type { Network, Population, Projection, Receptor } from '../models/network.ts';
import { spreadRange } from '../models/spread.ts';
import { expectedSynapses } from './expected-synapses.ts';
import { type Field, planFields } from './fields.ts';
import { chooseLayout, type Layout, type LayoutOptions } from './layout.ts';
import { largest, largestListed, listedWeights, refuseCoarseList } from './listed.ts';
import { processesOf } from './noise.ts';
import { countOwnFactors } from './own-cells.ts';
import { mostInputs, mostSimultaneous, receptorInputs } from './receptor-inputs.ts';
import { refuseUnrepresentable } from './representable.ts';
import { delayRange } from './spread-table.ts';
import { chooseStorage, type Kept, type StorageOptions } from './storage.ts';
import { mostGivenEntries, packTrains, type Trains } from './trains.ts';
import { largestSum, quantizeWeights, refuseCoarse } from './weights.ts';

/** Groups in a network at most: a spike entry keeps the group in 23 bits. */
export const mostGroups = 2 ** 23;

export interface PopulationPlan {
  population: Population;
  /** Which network of a batch it belongs to, and its number there, by which its random numbers are counted. */
  instance: number;
  index: number;
  /** Global number of its first neuron among all neurons, in order of populations. */
  firstNeuron: number;
  firstGroup: number;
  groups: number;
  receptors: ReceptorPlan[];
}

export interface ReceptorPlan {
  receptor: Receptor;
  /** nS per unit of input. */
  unit: number;
}

export interface ProjectionPlan {
  projection: Projection;
  /** As of a population. `from` and `to` of `projection` count the populations of the plan. */
  instance: number;
  index: number;
  /** Place of the receptor in the target population. */
  receptor: number;
  /** Weight in units of the receptor; the largest, where weights vary. */
  amount: number;
  /** Of the shortest, where delays vary. */
  delaySteps: number;
  storage: Kept;
  /** Expected or exact number of synapses. */
  expectedSynapses: number;
}

export interface NetworkPlan {
  /** All that is advanced together; see batch-plan.ts. */
  network: Network;
  /** The networks that stand side by side in it: one, except in a batch. */
  networks: readonly Network[];
  populations: PopulationPlan[];
  projections: ProjectionPlan[];
  neurons: number;
  groups: number;
  /** Receptors of the population that has most, at least 1; likewise drives (may be 0). */
  receptors: number;
  drives: number;
  /** Words of input per neuron and step; two receptors share one where their sums fit 16 bits. */
  words: number;
  packed: boolean;
  neuronCurrents: boolean;
  /** Fluctuating inputs of the population that has most; whether some population has noise at all. */
  processes: number;
  noisy: boolean;
  /** Factors of cells that neurons have of their own. */
  own: number;
  /** Planes of the state: V, w, conductances, own currents, own cells, fluctuating inputs. */
  planes: number;
  /** How neurons hear of each other, and how many an invocation carries. */
  layout: Layout;
  /** Steps in a window, and in the input ring. */
  windowSteps: number;
  slots: number;
  /** Steps after which results are handed over. */
  chunkSteps: number;
  /** Steps between two copies of all membrane potentials, and copies in a chunk at most. */
  snapshotSteps: number;
  snapshots: number;
  /** Spikes that are given, and entries that those of a chunk take at most. */
  trains: Trains | undefined;
  givenEntries: number;
  /** Inputs over time that neurons have for themselves, and words of what is at hand of them. */
  fields: Field[];
  fieldWords: number;
  /** Bytes of one buffer of stored synapses at most. */
  pieceBytes: number;
  warnings: string[];
}

export interface PlanOptions extends LayoutOptions, StorageOptions {
  /** Steps per chunk, at most 1000; default 50 ms, less in networks of more than 200,000 neurons. */
  chunkSteps?: number;
  /** Whether these are taken as they are, however much room rows of arrays over time need. */
  chunkSettled?: boolean;
}

/** @throws InputError where there are more neurons than can be numbered, or a parameter is beyond single precision */
export function planNetwork(network: Network, options: PlanOptions = {}): NetworkPlan {
  refuseUnrepresentable(network);
  const { dt } = network;
  const { kept, notes } = chooseStorage(network, options);
  const warnings = [...notes];
  const delays = network.projections.map((projection) => delayRange(projection, dt));
  const allStored = kept.every((each) => each === 'stored');
  const layout = chooseLayout(network, { ...options, allStored });
  const { windowSteps } = layout;
  const inputs = network.populations.map((_, target) => receptorInputs(network, target));
  const amounts = new Map<Projection, number>();
  const populations: PopulationPlan[] = [];
  let firstNeuron = 0;
  let firstGroup = 0;
  let packed = true;
  network.populations.forEach((population, index) => {
    const receptors = inputs[index]!.map((input) => {
      const weights = input.projections.map(largestWeight);
      const varied = input.projections.some((projection) => projection.weights !== undefined);
      const listed = input.projections.map((projection) => listedWeights(network, projection));
      const lists = listed.filter((list) => list !== undefined);
      // Lists are counted by themselves.
      const counts = input.projections.map((projection, at) =>
        listed[at] ? 0 : mostInputs(network, projection),
      );
      for (const events of input.events) {
        weights.push(events.weight);
        counts.push(mostSimultaneous(events.time, events.neuron, dt));
      }
      const quantized = quantizeWeights(weights, counts, varied, lists);
      input.projections.forEach((projection, at) => {
        refuseCoarse(projection, quantized.unit);
        if (listed[at]) refuseCoarseList(projection, listed[at], quantized.unit);
      });
      const most = largestSum(quantized.amounts, counts) + largestListed(lists, quantized.unit);
      if (most >= 2 ** 16) packed = false;
      // Where weights vary, it is the rounding of their mean that counts.
      const coarse = input.projections.map(({ weights, weight }) =>
        weights ? quantized.unit / 2 / weight : 0,
      );
      const error = Math.max(quantized.error, ...coarse);
      if (error > 1e-4) {
        warnings.push(
          `weights onto ${population.name} through ${input.receptor.name} have no common unit and are rounded by up to ${error.toExponential(1)} of their value`,
        );
      }
      input.projections.forEach((projection, at) => {
        amounts.set(projection, quantized.amounts[at]!);
      });
      return { receptor: input.receptor, unit: quantized.unit };
    });
    const groups = Math.ceil(population.size / (4 * layout.unit)) * layout.unit;
    populations.push({ population, instance: 0, index, firstNeuron, firstGroup, groups, receptors });
    firstNeuron += population.size;
    firstGroup += groups;
  });
  if (firstGroup > mostGroups) {
    throw new InputError(
      `network ${network.name} has ${firstNeuron} neurons, more than the ${4 * mostGroups} that can be numbered: make its populations smaller`,
    );
  }
  const receptors = Math.max(1, ...populations.map((each) => each.receptors.length));
  const neuronCurrents = network.populations.some((population) => population.neuronCurrent !== undefined);
  const noisy = network.populations.some(({ noise }) => noise !== undefined);
  const own = countOwnFactors(network);
  const processes = noisy
    ? Math.max(1, ...network.populations.map((population) => processesOf(population).length))
    : 0;
  const chosen = Math.max(1, Math.min(1000, options.chunkSteps ?? usualChunk(firstNeuron, dt)));
  const {
    fields,
    words: fieldWords,
    chunkSteps,
  } = planFields(populations, dt, {
    ...{ chunkSteps: chosen, windowSteps },
    settled: options.chunkSettled ?? false,
  });
  const snapshotSteps = Math.max(1, Math.round(10 / dt / windowSteps)) * windowSteps;
  const given = network.populations.some(({ spikes }) => spikes !== undefined);
  const trains = given ? packTrains({ network, populations }) : undefined;
  return {
    network,
    networks: [network],
    populations,
    projections: network.projections.map((projection, index) => ({
      projection,
      instance: 0,
      index,
      receptor: populations[projection.to]!.receptors.findIndex(
        (each) => each.receptor === projection.receptor,
      ),
      amount: amounts.get(projection)!,
      delaySteps: delays[index]!.shortest,
      storage: kept[index]!,
      expectedSynapses: expectedSynapses(network, projection),
    })),
    neurons: firstNeuron,
    groups: firstGroup,
    receptors,
    drives: Math.max(0, ...network.populations.map((population) => population.drives.length)),
    words: packed ? Math.ceil(receptors / 2) : receptors,
    packed,
    neuronCurrents,
    processes,
    noisy,
    planes: 2 + receptors + (neuronCurrents ? 1 : 0) + own + processes,
    own,
    layout,
    windowSteps,
    slots: Math.max(windowSteps, ...delays.map(({ longest }) => longest + 1)),
    chunkSteps,
    snapshotSteps,
    snapshots: Math.ceil(chunkSteps / snapshotSteps),
    fields,
    fieldWords,
    trains,
    givenEntries: trains ? mostGivenEntries(trains, chunkSteps) : 0,
    pieceBytes: options.pieceBytes ?? Number.POSITIVE_INFINITY,
    warnings,
  };
}

/** Steps of a chunk: 50 ms, or less where a chunk of so many neurons would take long and its spikes much room. */
function usualChunk(neurons: number, dt: number): number {
  return Math.round(Math.min(50, Math.max(10, 1e7 / neurons)) / dt);
}

/** Amount, in receptor units, of one event of a population's event list. */
export function eventAmount(plan: PopulationPlan, receptor: Receptor, weight: number): number {
  const unit = plan.receptors.find((each) => each.receptor === receptor)!.unit;
  return Math.round(weight / unit);
}

function largestWeight({ weight, weights, reach, connect }: Projection): number {
  if (connect.rule === 'explicit' && connect.weight) return largest(connect.weight);
  return weights ? spreadRange(weights, reach).most : weight;
}
