/** What a network will take on a device, before it is built. */
import { freemem } from 'node:os';
import { DeviceMemoryError } from '../errors.ts';
import { megabytes } from '../gpu/bytes.ts';
import type { Device } from '../gpu/device.ts';
import { driveTableWords } from './drive.ts';
import { matrixBytes, recentSteps } from './layout.ts';
import { wordsPerSynapse } from './listed.ts';
import type { NetworkPlan } from './plan.ts';
import { chunksInFlight, mostSpikeEntries } from './spikes.ts';
import { canBeDrawn } from './storage.ts';
import { mostWindows } from './windows.ts';

/** Bytes of each part. */
export interface MemoryEstimate {
  /** Rows of targets of the projections that are stored. */
  synapses: number;
  matrix: number;
  state: number;
  /** Spikes of the last steps, where neurons look for them. */
  recent: number;
  input: number;
  spikeLists: number;
  tables: number;
  readback: number;
  total: number;
}

export function estimateMemory(plan: NetworkPlan): MemoryEstimate {
  const { words, rows } = countSynapses(plan);
  const spikeList = 4 * mostSpikeEntries(plan);
  const networks = plan.networks.length;
  const parts = {
    synapses: 4 * (words + rows),
    matrix:
      plan.layout.hearing === 'deliver' ? 0 : networks * matrixBytes(plan.groups / networks, plan.layout),
    recent: plan.layout.hearing === 'deliver' ? 0 : 16 * recentSteps(plan.layout) * plan.groups,
    state: 16 * plan.planes * plan.groups,
    input: 16 * plan.slots * plan.words * plan.groups,
    spikeLists: chunksInFlight * spikeList,
    tables:
      4 * plan.groups +
      4 * plan.fieldWords +
      (plan.trains ? 4 * (mostWindows(plan) + 1 + plan.givenEntries) : 0) +
      plan.populations.reduce(
        (sum, { population }) =>
          sum +
          population.drives.reduce((words, drive) => words + 4 * driveTableWords(drive, plan.network.dt), 0),
        0,
      ),
    readback: chunksInFlight * (spikeList + 16 * plan.groups * plan.snapshots),
  };
  return { ...parts, total: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0) };
}

/** Of stored projections: synapses, the words they take, and rows. */
function countSynapses({ projections, populations }: NetworkPlan) {
  const stored = projections.filter(({ storage }) => storage === 'stored');
  return {
    synapseCount: stored.reduce((sum, each) => sum + each.expectedSynapses, 0),
    words: stored.reduce((sum, each) => sum + each.expectedSynapses * wordsPerSynapse(each.projection), 0),
    rows: stored.reduce((sum, { projection }) => sum + populations[projection.from]!.population.size, 0),
  };
}

/** Percentage to which populations must shrink: synapses go with the square of their size, rows with the size. */
function shareThatFits(plan: NetworkPlan, room: number): string {
  const { words, rows } = countSynapses(plan);
  // The positive root of 4 (words x^2 + rows x) = room, in the form that holds without synapses too.
  const share = room / 2 / (rows + Math.sqrt(rows ** 2 + words * room));
  const percent = 100 * share;
  const digit = 10 ** (Math.floor(Math.log10(percent)) - 1);
  return String(Number((Math.floor(percent / digit) * digit).toPrecision(2)));
}

/** What a device has room for. */
export interface Room {
  /** Its name in messages. */
  adapter: string;
  /** Bytes of one buffer. */
  binding: number;
  /** Bytes of all buffers, where that is known. */
  memory?: number;
}

/** Only a driver that computes on the CPU has memory of which something is known. */
export function roomOf({ adapter, limits }: Device): Room {
  const room = { adapter: adapter.name, binding: limits.maxStorageBufferBindingSize };
  return adapter.software ? { ...room, memory: freemem() } : room;
}

/** Stored synapses are numbered in 32 bits. */
const mostSynapseBytes = 4 * (2 ** 32 - 1);

/**
 * Refuses a network that the device cannot hold, before anything is allocated.
 * @throws DeviceMemoryError that says how large it is and what would fit
 */
export function refuseTooLarge(
  plan: NetworkPlan,
  { adapter, binding, memory = mostSynapseBytes }: Room,
): void {
  const { synapses, matrix, recent, state, input, total } = estimateMemory(plan);
  const { network } = plan;
  const { synapseCount, rows } = countSynapses(plan);
  const remedy = storageRemedy(plan);
  // Rows shrink with the populations, all else does too.
  const room = Math.min(mostSynapseBytes, memory - (total - synapses));
  if (synapses > room && room > 0) {
    throw new DeviceMemoryError(
      `network ${network.name} needs ${megabytes(synapses)} to store its ${Math.round(synapseCount / 1e6)} million synapses, but ${adapter} has room for ${megabytes(room)}: ${remedy}at the same connection probability, populations of ${shareThatFits(plan, room)} % of their size would fit`,
    );
  }
  if (total > memory) {
    throw new DeviceMemoryError(
      `network ${network.name} needs ${megabytes(total)} for its ${plan.neurons} neurons, but ${adapter} has ${megabytes(memory)} of memory free: use fewer neurons`,
    );
  }
  for (const [name, bytes, remedy] of [
    ['state', state, 'use fewer neurons'],
    ['input ring', input, 'use fewer neurons or shorter delays'],
    ['arrays over time', 4 * plan.fieldWords, 'use fewer neurons, rows that last longer, or a smaller batch'],
    ['connection matrix', matrix, 'use fewer neurons or a smaller batch'],
    ['spikes of the last steps', recent, 'use fewer neurons or shorter delays'],
    ['rows of synapses', 4 * rows, 'use fewer neurons or projections, or storage: procedural'],
  ] as const) {
    if (bytes <= binding) continue;
    throw new DeviceMemoryError(
      `network ${network.name} needs ${megabytes(bytes)} for the ${name} of its ${plan.neurons} neurons in one buffer, but ${adapter} binds at most ${megabytes(binding)}: ${remedy}`,
    );
  }
}

/** What would take the synapses out of memory, as the beginning of a sentence's end. */
function storageRemedy({ projections }: NetworkPlan): string {
  const stored = projections.filter(({ storage }) => storage === 'stored');
  if (stored.some(({ projection }) => canBeDrawn(projection)))
    return 'storage: procedural draws them anew at each spike and needs no room for them; or else, ';
  if (stored.some(({ projection }) => projection.connect.rule === 'fixed-in-degree'))
    return 'fixed-out-degree or fixed-probability in place of fixed-in-degree could be drawn anew at each spike (storage: procedural); or else, ';
  return '';
}
