/** What a network will take on a device, before it is built. */
import { DeviceMemoryError } from '../errors.ts';
import { megabytes } from '../gpu/bytes.ts';
import { driveTableWords } from './drive.ts';
import { matrixBytes, recentSteps } from './layout.ts';
import type { NetworkPlan } from './plan.ts';
import { chunksInFlight, mostSpikeEntries } from './spikes.ts';

/** Bytes of each part; `host` is what arrays in the process take besides. */
export interface MemoryEstimate {
  synapses: number;
  matrix: number;
  state: number;
  input: number;
  spikeLists: number;
  tables: number;
  readback: number;
  total: number;
}

export function estimateMemory(plan: NetworkPlan): MemoryEstimate {
  const { synapseCount, rows } = countSynapses(plan);
  const spikeList = 4 * mostSpikeEntries(plan);
  const parts = {
    synapses: 4 * (synapseCount + rows),
    matrix:
      plan.layout.hearing === 'deliver'
        ? 0
        : matrixBytes(plan.groups, plan.layout) + 4 * recentSteps(plan.layout) * plan.groups,
    state: 16 * plan.planes * plan.groups,
    input: 16 * plan.slots * plan.words * plan.groups,
    spikeLists: chunksInFlight * spikeList,
    tables: plan.populations.reduce(
      (sum, { population }) =>
        sum +
        population.drives.reduce((words, drive) => words + 4 * driveTableWords(drive, plan.network.dt), 0),
      0,
    ),
    readback: chunksInFlight * (spikeList + 16 * plan.groups * plan.snapshots),
  };
  return { ...parts, total: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0) };
}

function countSynapses({ projections, populations }: NetworkPlan): { synapseCount: number; rows: number } {
  return {
    synapseCount: projections.reduce((sum, each) => sum + each.expectedSynapses, 0),
    rows: projections.reduce((sum, { projection }) => sum + populations[projection.from]!.population.size, 0),
  };
}

/** Percentage to which populations must shrink: synapses go with the square of their size, rows with the size. */
function shareThatFits(plan: NetworkPlan, largestBinding: number): string {
  const { synapseCount, rows } = countSynapses(plan);
  // The positive root of 4 (synapses x^2 + rows x) = largestBinding, in the form that holds without synapses too.
  const share = largestBinding / 2 / (rows + Math.sqrt(rows ** 2 + synapseCount * largestBinding));
  const percent = 100 * share;
  const digit = 10 ** (Math.floor(Math.log10(percent)) - 1);
  return String(Number((Math.floor(percent / digit) * digit).toPrecision(2)));
}

/**
 * Refuses a network that the device cannot bind, before anything is allocated.
 * @throws DeviceMemoryError that says how large it is and what would fit
 */
export function refuseTooLarge(plan: NetworkPlan, largestBinding: number, adapter: string): void {
  const { synapses, state, input } = estimateMemory(plan);
  if (synapses > largestBinding) {
    throw new DeviceMemoryError(
      `network ${plan.network.name} needs ${megabytes(synapses)} for its ${Math.round(synapses / 4e6)} million synapses in one buffer, but ${adapter} binds at most ${megabytes(largestBinding)}: at the same connection probability, populations of ${shareThatFits(plan, largestBinding)} % of their size would fit`,
    );
  }
  for (const [name, bytes, remedy] of [
    ['state', state, 'use fewer neurons'],
    ['input ring', input, 'use fewer neurons or shorter delays'],
  ] as const) {
    if (bytes <= largestBinding) continue;
    throw new DeviceMemoryError(
      `network ${plan.network.name} needs ${megabytes(bytes)} for the ${name} of its ${plan.neurons} neurons in one buffer, but ${adapter} binds at most ${megabytes(largestBinding)}: ${remedy}`,
    );
  }
}
