/** What a run would cost, without running it. */
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
  memory_bytes: MemoryEstimate;
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
  } catch (error) {
    if (!(error instanceof DeviceError || error instanceof DeviceMemoryError)) throw error;
    cost.problem = error.message;
  }
  return cost;
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
    adapter: null,
    problem: null,
    neuron_time_s: null,
  };
}
