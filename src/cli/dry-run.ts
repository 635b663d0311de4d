/** What a run would cost, without running it. */
import { readFileSync } from 'node:fs';
import { DeviceError, DeviceMemoryError } from '../errors.ts';
import { openDevice } from '../gpu/device.ts';
import type { Network } from '../models/network.ts';
import { estimateMemory, type MemoryEstimate, refuseTooLarge, roomOf } from '../spiking/memory.ts';
import { type NetworkPlan, planNetwork } from '../spiking/plan.ts';
import { deviceOptions, type Kept } from '../spiking/storage.ts';
import { measureThroughput } from '../spiking/throughput.ts';
import type { RunOptions } from './run-options.ts';

/** Seconds spent on measuring how fast the neurons advance. */
const measuringTime = 0.5;

export interface DryRun {
  network: string;
  neurons: number;
  synapses: number;
  steps: number;
  window_steps: number;
  /** How the synapses of each projection are kept. */
  storage: Record<string, Kept>;
  /** What the engine has chosen that the user should hear of. */
  notes: string[];
  /** Of the buffers on the device. */
  memory_bytes: MemoryEstimate;
  /** Of the process in all, at its peak; null where no device was there to measure on. */
  process_bytes: number | null;
  /** Whether the buffers are in the memory of the process, as on a driver that computes on the CPU. */
  buffers_in_process: boolean;
  /** Null where there is no adapter to ask. */
  adapter: string | null;
  /** Why it would not run here, or null. */
  problem: string | null;
  /** Seconds for the neurons and their drives, measured on this device; delivering spikes comes on top. */
  neuron_time_s: number | null;
}

export async function dryRun(network: Network, options: Pick<RunOptions, 'duration'>): Promise<DryRun> {
  const cost = costOf(network, options.duration, planNetwork(network));
  try {
    await using device = await openDevice();
    const plan = planNetwork(network, deviceOptions(device));
    Object.assign(cost, costOf(network, options.duration, plan));
    cost.adapter = device.adapter.name;
    refuseTooLarge(plan, roomOf(device));
    const perSecond = await measureThroughput(device, network, measuringTime, { connected: false });
    cost.neuron_time_s = (perSecond * options.duration) / 1000;
    cost.buffers_in_process = device.adapter.software;
    cost.process_bytes = processBytes(cost.memory_bytes, device.adapter.software);
  } catch (error) {
    if (!(error instanceof DeviceError || error instanceof DeviceMemoryError)) throw error;
    cost.problem = error.message;
  }
  return cost;
}

/**
 * What a run adds to the process that has just advanced the same neurons with the same kernels: synapses, where the device's memory is
 * that of the process, and what building, recording and drawing take (measured, see docs/performance.md).
 */
function processBytes({ synapses }: MemoryEstimate, software: boolean): number {
  return peakBytes() + (software ? synapses : 0) + recordingBytes;
}
const recordingBytes = 7e7;

/** Largest resident memory of this process so far. getrusage would count what its parent had before it. */
function peakBytes(): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (kilobytes !== undefined) return 1024 * Number(kilobytes);
  } catch (error) {
    // Only Linux has this file.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return 1024 * process.resourceUsage().maxRSS;
}

function costOf(network: Network, duration: number, plan: NetworkPlan): DryRun {
  return {
    network: network.name,
    neurons: plan.neurons,
    synapses: Math.round(plan.projections.reduce((sum, each) => sum + each.expectedSynapses, 0)),
    steps: Math.round(duration / network.dt),
    window_steps: plan.windowSteps,
    storage: Object.fromEntries(
      plan.projections.map(({ projection, storage }) => [projection.name, storage]),
    ),
    notes: plan.warnings,
    memory_bytes: estimateMemory(plan),
    process_bytes: null,
    buffers_in_process: false,
    adapter: null,
    problem: null,
    neuron_time_s: null,
  };
}
