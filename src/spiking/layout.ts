/**
 * Decides how neurons hear of each other on a device, and how many of them an invocation carries. Three ways, of which
 * results do not depend on which is taken:
 *
 *   deliver   a second dispatch after each window adds every spike to its targets' input, synapse by synapse
 *   gather    neurons look for spikes themselves in a matrix of bits: one dispatch a window
 *   together  the same in one workgroup, whose steps a barrier parts: one dispatch for many steps; on several cores of a CPU a crew
 *             of workgroups tries first
 */
import { availableParallelism } from 'node:os';
import { InputError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import { type Network, networkSize } from '../models/network.ts';
import { totalSynapses } from './expected-synapses.ts';
import { delayRange, varies } from './spread-table.ts';

/** A population is padded to a multiple of a block: groups of four neurons that one workgroup of `deliver`'s partner carries. */
export const groupsPerBlock = 64;
/** Steps in a window at most: a spike entry keeps the step in 5 bits. */
export const longestWindow = 32;

export type Hearing = 'deliver' | 'gather' | 'together';

export interface Layout {
  hearing: Hearing;
  /** Invocations of a workgroup. */
  lanes: number;
  /** Groups that an invocation carries, and its groups in a row of the connection matrix: the next power of two. */
  quads: number;
  span: number;
  /** Populations are padded to multiples of this many groups. */
  unit: number;
  /** Together: the population of each of an invocation's groups. */
  quadPopulations: number[];
  /** Together: workgroups that try to advance the network side by side before one does what is left. */
  crew: number;
  /** Steps from a spike to the first step that sees it; of all projections, at most. */
  arrival: number;
  /** Steps in a window. */
  windowSteps: number;
  /** Gather: invocations that look for spikes together, or 0 where each looks for itself. */
  subgroup: number;
  /** Input that was heard is cleared between dispatches, a quicker thing on a CPU than clearing it word by word. */
  clearsBetween: boolean;
}

/** What layouts depend on besides the network. */
export interface LayoutOptions {
  /** The way to take (default: the fastest). */
  hearing?: Hearing;
  /** Shorter windows than the delays allow. */
  windowSteps?: number;
  /** A driver that computes on the CPU, where a dispatch costs as much as the step of a small network. */
  software?: boolean;
  /** Cores of a CPU that this process may use. */
  cores?: number;
  /** Invocations that a workgroup of the device may have. */
  mostLanes?: number;
  /** Workgroups of a crew (default: as many as there are cores). */
  crew?: number;
  /** Invocations of a subgroup, where the device has them, all of one size (0: kernels do without). */
  subgroup?: number;
  /** How many networks like this one stand side by side, itself included, and share the cores of a CPU; see batch-plan.ts. */
  company?: number;
  /** All synapses are stored: what is drawn at each spike can only be delivered. */
  allStored?: boolean;
}

/** What a device says to the choice. */
export function layoutOptions({ adapter, limits, subgroup }: Device): LayoutOptions {
  const { maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX } = limits;
  return {
    software: adapter.software,
    subgroup,
    cores: availableParallelism(),
    mostLanes: Math.min(maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX),
  };
}

/** Bytes of a connection matrix at most: one workgroup or crew is worth all that any device binds. */
const largestMatrix = { gather: 2 ** 26, together: 2 ** 27 };
/** A spike costs each invocation a look when gathered, and each target an atomic addition when delivered. */
const looksPerAddition = 16;
/** Groups an invocation carries at most: a word of the connection matrix has the bits of eight. */
const mostQuads = 8;
/** With delays of this many steps, windows make up for what dispatches cost a CPU, and use all its cores. */
const longArrival = 4;
/** A CPU driver carries so many invocations in a vector, and a workgroup of more does as often what all of it shares. */
const vectorLanes = 8;
/** Groups of an invocation that gathers windows on a CPU: fewer looks, at the price of padding. */
const softwareQuads = 2;
/** A network of fewer groups is not worth the seconds that a CPU driver needs to compile kernels with many groups an invocation. */
const fewGroups = 512;

/** @throws InputError where `hearing` asks for a way that the network or the device does not allow */
export function chooseLayout(network: Network, options: LayoutOptions = {}): Layout {
  const arrivals = network.projections.map((each) => delayRange(each, network.dt).shortest + 1);
  const window = Math.max(
    1,
    Math.min(longestWindow, ...arrivals, options.windowSteps ?? Number.POSITIVE_INFINITY),
  );
  const arrival = Math.max(1, ...arrivals);
  const lanes = options.software ? vectorLanes : groupsPerBlock;
  const deliver: Layout = {
    hearing: 'deliver',
    ...{ lanes, quads: groupsPerBlock / lanes },
    span: 1,
    unit: groupsPerBlock,
    quadPopulations: [],
    crew: 1,
    arrival,
    windowSteps: window,
    subgroup: 0,
    clearsBetween: options.software === true,
  };
  const quads = options.software && window >= longArrival ? softwareQuads : 1;
  const gather: Layout = {
    ...deliver,
    hearing: 'gather',
    lanes: groupsPerBlock,
    quads,
    span: quads,
    unit: groupsPerBlock * quads,
    subgroup: suitingSubgroup(options),
    clearsBetween: false,
  };
  const together = layTogether(network, options.mostLanes ?? 256);
  const possible = [deliver];
  if (options.allStored !== false && bitsSayEnough(network)) {
    if (fits(network, gather, largestMatrix.gather)) possible.push(gather);
    if (together && fits(network, { ...gather, ...together }, largestMatrix.together)) {
      const steps = Math.min(longestWindow, options.windowSteps ?? longestWindow);
      const crew = options.crew ?? sensibleCrew(together.lanes, options);
      possible.push({ ...gather, ...together, crew, hearing: 'together', windowSteps: steps, subgroup: 0 });
    }
  }
  if (options.hearing !== undefined) {
    const asked = possible.find(({ hearing }) => hearing === options.hearing);
    if (!asked)
      throw new InputError(
        `network ${network.name} cannot be advanced by "${options.hearing}": leave the choice open, or use "deliver"`,
      );
    return asked;
  }
  const { software = false, company } = options;
  if (company !== undefined)
    return possible.findLast((layout) => suitsCompany(network, layout, software, company))!;
  return possible.findLast((layout) => isWorthwhile(network, layout, software))!;
}

/** A GPU loads a word that several invocations want once; a CPU driver for each of them, unless a subgroup shares it. */
function suitingSubgroup({ software, subgroup = 0 }: LayoutOptions): number {
  const isPossible = subgroup >= 2 && subgroup <= groupsPerBlock && groupsPerBlock % subgroup === 0;
  return software && isPossible ? subgroup : 0;
}

/**
 * Whether a bit for each pair of neurons holds all that delivery would do: one projection at most from one population to
 * another (a bit has no weight), one weight in it, one delay for all, no list of synapses (which may name a pair twice), no given events or spikes.
 */
function bitsSayEnough({ populations, projections, dt }: Network): boolean {
  const pairs = new Set(projections.map(({ from, to }) => `${from} ${to}`));
  const delays = new Set(projections.map(({ delay }) => Math.round(delay / dt)));
  return (
    delays.size <= 1 &&
    pairs.size === projections.length &&
    projections.every((each) => each.connect.rule !== 'explicit' && !varies(each)) &&
    populations.every(({ events, spikes }) => events.length === 0 && !spikes)
  );
}

/** Steps of single neurons that a CPU makes while it compiles a kernel with many groups an invocation. */
const fewUpdates = 1e8;

/** On a CPU, a workgroup for each network leaves no core idle; it saves dispatches where windows are short. */
function suitsCompany(
  network: Network,
  { hearing, lanes, arrival }: Layout,
  software: boolean,
  company: number,
): boolean {
  if (hearing !== 'together') return hearing === 'deliver';
  const updates = company * networkSize(network) * (network.duration / network.dt);
  if (!software || arrival >= longArrival || updates < fewUpdates) return false;
  return lanes <= looksPerAddition * synapsesPerNeuron(network);
}

function synapsesPerNeuron(network: Network): number {
  return totalSynapses(network) / networkSize(network);
}

function isWorthwhile(network: Network, layout: Layout, software: boolean): boolean {
  if (layout.hearing === 'deliver') return true;
  if (network.projections.length === 0) return false;
  const groups = paddedGroups(network, layout.unit);
  if (layout.hearing === 'together') return software && layout.arrival < longArrival && groups >= fewGroups;
  // On a GPU the delivery of whole windows has not been measured against gathering them.
  if (!software && layout.arrival > 1) return false;
  if (software && layout.arrival > 1 && (layout.windowSteps < longArrival || groups < fewGroups))
    return false;
  return groups / layout.quads <= looksPerAddition * synapsesPerNeuron(network);
}

/** A core for each workgroup, of as many invocations as fill a few vectors; networks side by side keep the cores busy by themselves. */
function sensibleCrew(lanes: number, { software, cores = 1, company = 1 }: LayoutOptions): number {
  if (!software || company > 1) return 1;
  return 2 ** Math.floor(Math.log2(Math.max(1, Math.min(cores, lanes / groupsPerBlock))));
}

/** As few padded groups as the device allows, each of an invocation's groups in one population. */
function layTogether(
  { populations }: Network,
  mostLanes: number,
): Pick<Layout, 'lanes' | 'quads' | 'span' | 'unit' | 'quadPopulations'> | undefined {
  const candidates = [];
  for (let lanes = groupsPerBlock; lanes <= mostLanes; lanes *= 2) {
    const quadPopulations = populations.flatMap(({ size }, index) =>
      new Array<number>(Math.min(mostQuads + 1, Math.ceil(size / (4 * lanes)))).fill(index),
    );
    const quads = quadPopulations.length;
    if (quads > mostQuads || populations.length > 16) continue;
    candidates.push({
      ...{ lanes, quads, quadPopulations },
      span: 2 ** Math.ceil(Math.log2(quads)),
      unit: lanes,
    });
  }
  return candidates.sort((a, b) => a.lanes * a.quads - b.lanes * b.quads)[0];
}

function paddedGroups({ populations }: Network, unit: number): number {
  return populations.reduce((sum, { size }) => sum + Math.ceil(size / (4 * unit)) * unit, 0);
}

/** Words of a row of the connection matrix that hold a subgroup's bits, and spikes whose rows it looks at together. */
export function sharedLooks({ subgroup, span }: Layout): { words: number; spikes: number } {
  const words = Math.max(1, (subgroup * span) / 8);
  return { words, spikes: Math.max(1, Math.floor(subgroup / words)) };
}

/** Words of a row of the connection matrix. */
export function rowWords(groups: number, { quads, span }: Layout): number {
  return ((groups / quads) * span) / 8;
}

/** Bytes of the matrix that has a bit for each pair of neurons of a network, padding included. */
export function matrixBytes(groups: number, layout: Layout): number {
  return 4 * groups * 4 * rowWords(groups, layout);
}

function fits(network: Network, layout: Layout, most: number): boolean {
  return matrixBytes(paddedGroups(network, layout.unit), layout) <= most;
}

/** Steps whose spikes are kept: those still to be heard, those being made, and those being forgotten. */
export function recentSteps({ hearing, arrival, windowSteps }: Layout): number {
  return hearing === 'together' ? arrival + 2 : arrival + 2 * windowSteps;
}
