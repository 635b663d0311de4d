/**
 * The buffers of one chunk of steps on its way through the device and back: several chunks are in flight at once, so that
 * copying results overlaps computing.
 */
import type { Device } from '../gpu/device.ts';
import type { Kernel } from '../gpu/kernel.ts';
import type { NetworkPlan } from './plan.ts';
import { ChunkProfile } from './profile.ts';
import type { Program } from './program.ts';
import { type TracePlan, traceBytes } from './traces.ts';

export interface Flight {
  spikes: GPUBuffer;
  traces: GPUBuffer;
  windows: GPUBuffer;
  finding: GPUBuffer;
  /** When the chunk began and ended on the device. */
  clock: { queries: GPUQuerySet; times: GPUBuffer } | undefined;
  /** Where each kernel is timed. */
  profile: ChunkProfile | undefined;
  staging: GPUBuffer;
  advance: GPUBindGroup;
  deliveries: { kernel: Kernel; group: GPUBindGroup }[];
  watch: GPUBindGroup;
}

/** Byte offsets of a staging buffer's parts. */
export function stagingSections(plan: NetworkPlan, program: Program, traces: TracePlan) {
  const clock = 0;
  const findings = 16;
  const V = findings + 16 * Math.ceil((plan.snapshots * plan.networks.length) / 4);
  const tracesAt = V + 16 * plan.groups * plan.snapshots;
  const spikes = tracesAt + traceBytes(plan, traces);
  return {
    clock,
    findings,
    V,
    traces: tracesAt,
    spikes,
    end: spikes + program.spikeHeaderBytes + 4 * program.spikeEntries,
  };
}

export async function createFlight(
  device: Device,
  plan: NetworkPlan,
  program: Program,
  traces: TracePlan,
  profiled = false,
): Promise<Flight> {
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const sections = stagingSections(plan, program, traces);
  const spikeBytes = program.spikeHeaderBytes + 4 * program.spikeEntries;
  const spikes = await device.allocate('spike list', spikeBytes, STORAGE | COPY_SRC | COPY_DST);
  const traceBuffer = await device.allocate('traces', sections.spikes - sections.traces, STORAGE | COPY_SRC);
  const stride = program.advance.dynamicStride('window');
  const windows = await device.allocate('windows', stride * (program.windows + 1), UNIFORM | COPY_DST);
  const finding = await device.upload(
    'finding',
    new Uint32Array(plan.networks.length).fill(0xffffffff),
    STORAGE | COPY_SRC,
  );
  const staging = await device.allocate('results of a chunk', sections.end, MAP_READ | COPY_DST);
  const { tables, currents, traceSlots, state, input, uniforms } = program;
  return {
    spikes,
    traces: traceBuffer,
    windows,
    finding,
    // A profile counts the time of every dispatch itself.
    clock: profiled ? undefined : await createClock(device),
    profile: profiled ? new ChunkProfile(device) : undefined,
    staging,
    advance: program.advance.bind({
      window: windows,
      seed: uniforms.seed,
      populations: uniforms.populations,
      tables,
      currents,
      trace_slots: traceSlots,
      state,
      ...(program.gathering ?? { input }),
      spikes,
      traces: traceBuffer,
    }),
    deliveries: program.deliveries.map(({ kernel, buffers }) => ({
      kernel,
      group: kernel.bind({
        window: windows,
        spikes,
        ...(plan.layout.hearing === 'deliver' && { tables, input }),
        ...buffers,
      }),
    })),
    watch: program.watch.bind({ state, finding }),
  };
}

/** Timestamps, where the device has them. */
async function createClock(device: Device): Promise<Flight['clock']> {
  if (!device.features.has('timestamp-query')) return undefined;
  const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC;
  return {
    queries: device.raw.createQuerySet({ label: 'chunk clock', type: 'timestamp', count: 2 }),
    times: await device.allocate('chunk clock', 16, usage),
  };
}

/** The device notes when the first pass of a chunk begins and when its last one ends. */
export function timestamps(
  clock: Flight['clock'],
  isFirst: boolean,
  isLast: boolean,
): GPUComputePassDescriptor {
  if (!clock || !(isFirst || isLast)) return {};
  const begin = isFirst ? { beginningOfPassWriteIndex: 0 } : {};
  const end = isLast ? { endOfPassWriteIndex: 1 } : {};
  return { timestampWrites: { querySet: clock.queries, ...begin, ...end } };
}

export function flightBuffers(flight: Flight): GPUBuffer[] {
  const clock = flight.clock ? [flight.clock.times] : [];
  return [flight.spikes, flight.traces, flight.windows, flight.finding, flight.staging, ...clock];
}
