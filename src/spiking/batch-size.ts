/** How many networks like one stand side by side with profit, and fit. */
import { availableParallelism } from 'node:os';
import type { Device } from '../gpu/device.ts';
import { estimateMemory, roomOf } from './memory.ts';
import { mostGroups, type NetworkPlan } from './plan.ts';
import { chunksInFlight } from './spikes.ts';

/** Beyond it, chunks of steps would have to be shorter, and a dispatch is full on any device. */
const mostNeurons = 200_000;
/** On a CPU a dispatch is full with fewer, and what is kept on the disk only once all of a batch is done should not be more. */
const mostOnCpu = 20_000;
/** Seeds and points that one finds in a few hundred members are worth their company; what a batch loses when it is stopped grows. */
const mostMembers = 256;
/** Of the memory that is free; a device that does not tell is trusted with so many bytes. */
const shareOfMemory = 0.5;
const trustedBytes = 2 ** 31;

/**
 * @param plan of a member, see batch-plan.ts
 * @param traces bytes of its samples in a chunk
 */
export function sensibleBatch(device: Device, plan: NetworkPlan, traces = 0): number {
  const { binding, memory } = roomOf(device);
  const { total, state, input, spikeLists, matrix, recent, tables, synapses } = estimateMemory(plan);
  const bytes = memory === undefined ? trustedBytes : shareOfMemory * memory;
  return Math.max(
    1,
    Math.floor(
      Math.min(
        mostMembers,
        mostUseful(device, plan),
        mostGroups / plan.groups,
        bytes / Math.max(1, total + 2 * chunksInFlight * traces),
        binding / Math.max(state, input, spikeLists, matrix, recent, tables, traces),
        plan.layout.hearing === 'deliver' ? Number.POSITIVE_INFINITY : mostInUniforms(device, plan),
        // Synapses are numbered in 32 bits.
        (4 * (2 ** 32 - 1)) / Math.max(1, synapses),
      ),
    ),
  );
}

/** On a CPU, networks that have a workgroup each want one for each core at least. */
function mostUseful({ adapter }: Device, { neurons, layout }: NetworkPlan): number {
  if (!adapter.software) return mostNeurons / neurons;
  const fewest = layout.hearing === 'together' ? availableParallelism() : 1;
  return Math.min(mostNeurons / neurons, Math.max(fewest, mostOnCpu / neurons));
}

/**
 * Neurons that look for spikes themselves bind as many storage buffers as any device has, so that parameters of populations stand in
 * a uniform: at most so many networks' of them, and of what spikes of one population do in another.
 */
function mostInUniforms(
  device: Device,
  { populations, receptors, drives, processes, fields }: NetworkPlan,
): number {
  const { length } = populations;
  // As in shaders/spiking/neurons.wgsl, with as many thresholds as stand beside parameters.
  const own = fields.length > 0 ? 16 * (1 + Math.max(1, drives)) : 0;
  const parameters = 96 + 16 * receptors + 96 * Math.max(1, drives) + 16 + 32 * processes + own;
  return device.limits.maxUniformBufferBindingSize / Math.max(length * parameters, 16 * length ** 2);
}
