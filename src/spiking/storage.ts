/**
 * Chooses how the synapses of each projection are kept: stored, as rows of targets, four bytes a synapse; or procedural, as
 * the rule alone, from which a row is drawn anew whenever its neuron spikes (Knight and Nowotny 2021, Nat Comput Sci 1, 136).
 * Both hold the same synapses, so the choice changes memory and speed but no spike.
 */
import { freemem } from 'node:os';
import { InputError } from '../errors.ts';
import { megabytes } from '../gpu/bytes.ts';
import type { Device } from '../gpu/device.ts';
import type { Network, Projection, Storage } from '../models/network.ts';
import { expectedSynapses } from './expected-synapses.ts';
import { type LayoutOptions, layoutOptions } from './layout.ts';
import { wordsPerSynapse } from './listed.ts';

/** How one projection is kept. */
export type Kept = 'stored' | 'procedural';

export interface StorageOptions {
  /** In place of what the network asks for. */
  storage?: Storage;
  /** Where the choice is left open: bytes of stored synapses at most. */
  storedBytes?: number;
  /** Bytes of one buffer of stored synapses at most, below what the device binds. */
  pieceBytes?: number;
}

/** Without a device to ask; also what a GPU, which does not tell its memory, is trusted with. */
const usualStoredBytes = 2 ** 30;

/** What a device says to the choices of a plan. A driver that computes on the CPU shares the memory of the system. */
export function deviceOptions(device: Device): LayoutOptions & StorageOptions {
  const storedBytes = device.adapter.software ? Math.min(usualStoredBytes, freemem() / 4) : usualStoredBytes;
  return { ...layoutOptions(device), storedBytes };
}

export interface StorageChoice {
  /** By projection. */
  kept: Kept[];
  /** What the user should hear of the choice. */
  notes: string[];
}

/** @throws InputError where `procedural` is asked for and a rule does not allow it */
export function chooseStorage(network: Network, options: StorageOptions = {}): StorageChoice {
  const asked = options.storage ?? network.storage;
  const sizes = network.projections.map((each) => expectedSynapses(network, each));
  const synapses = sizes.reduce((sum, size) => sum + size, 0);
  const bytes = network.projections.reduce(
    (sum, each, at) => sum + 4 * wordsPerSynapse(each) * sizes[at]!,
    0,
  );
  const all = (kept: Kept) => network.projections.map(() => kept);
  if (asked === 'stored') return { kept: all('stored'), notes: [] };
  if (asked === 'procedural') {
    for (const projection of network.projections) refuseUndrawable(projection);
  } else if (bytes <= (options.storedBytes ?? usualStoredBytes)) {
    return { kept: all('stored'), notes: [] };
  }
  const kept = network.projections.map((each) => (canBeDrawn(each) ? 'procedural' : 'stored'));
  const drawn = network.projections.filter((_, index) => kept[index] === 'procedural');
  if (asked === 'procedural' || drawn.length === 0) return { kept, notes: [] };
  const which = drawn.length === kept.length ? 'all projections' : drawn.map(({ name }) => name).join(', ');
  return {
    kept,
    notes: [
      `${Math.round(synapses / 1e6)} million synapses would take ${megabytes(bytes)}, so the rows of ${which} are drawn anew at each spike (storage: procedural); storage: stored keeps them in memory`,
    ],
  };
}

/** Whether a rule can tell the targets of one source without those of all others. */
export function canBeDrawn({ connect }: Projection): boolean {
  return connect.rule !== 'fixed-in-degree' && connect.rule !== 'explicit';
}

/** Lists are stored, whatever is asked: they are given, and nothing is drawn. */
function refuseUndrawable({ name, connect }: Projection): void {
  if (connect.rule !== 'fixed-in-degree') return;
  throw new InputError(
    `projections.${name}.connect is fixed-in-degree, which draws the sources of each target, so that the targets of one source cannot be drawn at its spikes, as storage: procedural asks: use storage: auto, or connect by fixed-out-degree or fixed-probability`,
    { field: `projections.${name}.connect` },
  );
}
