/** `spikefield doctor`: what would compute here, how much fits, how fast it is, and what to do where nothing would. */
import type { CAC } from 'cac';
import { DeviceError } from '../errors.ts';
import { megabytes } from '../gpu/bytes.ts';
import { type Device, openDevice } from '../gpu/device.ts';
import { diagnose } from '../gpu/driver/diagnose.ts';
import { readNetwork } from '../models/read-network.ts';
import { largestSize } from '../spiking/largest-network.ts';
import { roomOf } from '../spiking/memory.ts';
import { deviceOptions, type Kept } from '../spiking/storage.ts';
import { measureThroughput } from '../spiking/throughput.ts';

/** Synapses onto each neuron of config1. */
const inDegree = 500;

export function addDoctorCommand(cli: CAC, version: string): void {
  cli
    .command('doctor', 'Say what computes here, what fits, how fast it is, and what is missing')
    .option('--json', 'Print one JSON object')
    .action((options: { json?: boolean }) => doctor(options.json === true, version));
}

async function doctor(json: boolean, version: string): Promise<void> {
  const { adapter, problem, remedy } = await diagnose();
  if (!adapter) {
    const message = `no adapter: ${problem ?? 'no driver was found'}; ${remedy ?? 'install a Vulkan driver'}`;
    if (json) process.stdout.write(`${JSON.stringify({ adapter: null, problem, remedy })}\n`);
    throw new DeviceError(message);
  }
  await using device = await openDevice();
  const wall = await measureThroughput(device, readNetwork('config1'), 1, { connected: true });
  const report = {
    spikefield: version,
    node: process.version,
    adapter: device.adapter,
    limits: limitsThatMatter(device),
    largest_network: largestNetwork(device),
    config1_wall_s_per_bio_s: wall,
    neuron_steps_per_s: 1e8 / wall,
    problem: problem ?? null,
    remedy: remedy ?? null,
  };
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : `${lines(report).join('\n')}\n`);
}

function limitsThatMatter({ limits }: Device) {
  return {
    storage_binding_bytes: limits.maxStorageBufferBindingSize,
    buffer_bytes: limits.maxBufferSize,
    storage_buffers_per_stage: limits.maxStorageBuffersPerShaderStage,
    invocations_per_workgroup: limits.maxComputeInvocationsPerWorkgroup,
  };
}

/** Neurons like those of config1, each with 500 synapses onto it, whose synapses are stored, or drawn anew at each spike. */
function largestNetwork(device: Device) {
  const config1 = readNetwork('config1');
  const [room, options] = [roomOf(device), deviceOptions(device)];
  const size = (kept: Kept) => largestSize(config1, kept, room, options);
  const [stored, procedural] = [size('stored'), size('procedural')];
  return {
    in_degree: inDegree,
    neurons_stored: stored,
    neurons_procedural: procedural,
  };
}

function lines(report: {
  adapter: { name: string; driver: string; software: boolean };
  limits: ReturnType<typeof limitsThatMatter>;
  largest_network: ReturnType<typeof largestNetwork>;
  config1_wall_s_per_bio_s: number;
  neuron_steps_per_s: number;
  problem: string | null;
  remedy: string | null;
}): string[] {
  const { adapter, limits, largest_network: largest } = report;
  return [
    `adapter   ${adapter.name}`,
    `driver    ${adapter.driver}`,
    `kind      ${adapter.software ? 'software: computes on the CPU, the same numbers, far slower than a GPU' : 'GPU'}`,
    `limits    ${megabytes(limits.storage_binding_bytes)} a storage binding, ${megabytes(limits.buffer_bytes)} a buffer, ${limits.storage_buffers_per_stage} storage buffers a stage, ${limits.invocations_per_workgroup} invocations a workgroup`,
    `fits      ${neurons(largest.neurons_stored)} neurons with ${largest.in_degree} synapses each, stored; ${neurons(largest.neurons_procedural)} with synapses drawn anew at each spike`,
    `speed     config1 takes ${report.config1_wall_s_per_bio_s.toFixed(2)} s per biological second: ${(report.neuron_steps_per_s / 1e6).toFixed(0)} million neuron steps per second`,
    ...(report.problem ? [`note      ${report.problem}; ${report.remedy}`] : []),
  ];
}

/** Two digits: what is free changes from run to run. */
function neurons(count: number): string {
  return Number(count.toPrecision(2)).toLocaleString('en-US');
}
