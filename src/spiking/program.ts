/**
 * The device side of a network: its kernels compiled for the plan, its parameters and state in buffers.
 */
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import { Purpose, randomKey } from '../random.ts';
import { type AdvanceKernels, sharedConstants } from './advance-kernels.ts';
import type { Connectivity } from './connectivity.ts';
import { compileDeliveries, compileMark, type Delivery } from './delivery.ts';
import { FieldFeed } from './fields.ts';
import { type Gathering, prepareGathering } from './gathering.ts';
import { initialState } from './initial-state.ts';
import { groupsPerBlock } from './layout.ts';
import type { NetworkPlan } from './plan.ts';
import { driveTables, populationValue } from './population-values.ts';
import { mostSpikeEntries } from './spikes.ts';
import type { TracePlan } from './traces.ts';

export interface Program extends AdvanceKernels {
  /** What follows each window: brings spikes to their targets, or notes where they end. */
  deliveries: Delivery[];
  inject: Kernel;
  watch: Kernel;
  /** Windows in a chunk, at most. */
  windows: number;
  /** Words of one chunk's spike list: header and entries. */
  spikeHeaderBytes: number;
  spikeEntries: number;
  blocks: number;
  /** Workgroups of `advance`. */
  advanceWorkgroups: number;
  uniforms: { seed: GPUBuffer; populations: GPUBuffer };
  tables: GPUBuffer;
  fields: FieldFeed;
  currents: GPUBuffer;
  traceSlots: GPUBuffer;
  state: GPUBuffer;
  /** Where each neuron rests while it is held, mV from the E_L of its population. */
  V_r: Float32Array;
  input: GPUBuffer;
  /** Where neurons look for spikes themselves; `deliveries` are then not used. */
  gathering: Gathering | undefined;
}

export async function compileProgram(
  device: Device,
  plan: NetworkPlan,
  connectivity: Connectivity,
  traces: TracePlan,
  seeds: readonly number[],
  { advance, crew }: AdvanceKernels,
): Promise<Program> {
  const networks = plan.networks.length;
  const tables = driveTables(plan);
  const { layout } = plan;
  const { state, V_r } = initialState(plan, seeds);
  const shared = sharedConstants(plan);
  const inject = await Kernel.create(device, 'spiking/inject.wgsl', {
    dynamic: ['range'],
    constants: shared,
  });
  const watch = await Kernel.create(device, 'spiking/watch.wgsl', {
    constants: { PLANES: plan.planes, GROUPS: plan.groups, NETWORKS: networks },
  });
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
  const tableBuffer = await device.upload('drive tables', tables.words, STORAGE);
  return {
    advance,
    crew,
    deliveries:
      layout.hearing === 'deliver'
        ? await compileDeliveries(device, plan, connectivity, shared)
        : await compileMark(device, plan, shared),
    inject,
    watch,
    windows: shared.WINDOWS,
    spikeHeaderBytes: advance.sizeOf('spikes'),
    spikeEntries: mostSpikeEntries(plan),
    blocks: plan.groups / groupsPerBlock,
    advanceWorkgroups: plan.groups / (layout.lanes * layout.quads),
    uniforms: {
      seed: await device.upload(
        'seed',
        advance.pack('seed', { key: randomKey(seeds[0]!, Purpose.drive) }),
        UNIFORM,
      ),
      populations: await device.upload(
        'populations',
        advance.pack(
          'populations',
          plan.populations.map((each, index) => populationValue(plan, each, tables, index, seeds)),
        ),
        UNIFORM | STORAGE,
      ),
    },
    tables: tableBuffer,
    fields: new FieldFeed(device, plan.fields, tableBuffer, tables.firstField),
    currents: await device.upload('injected currents', tables.currents, STORAGE),
    traceSlots: await device.upload('trace slots', traces.slots, STORAGE),
    state: await device.upload('neuron state', state, STORAGE | COPY_SRC),
    V_r,
    input: await device.allocate(
      'input ring',
      16 * plan.slots * plan.words * plan.groups,
      STORAGE | COPY_SRC | COPY_DST,
    ),
    gathering:
      layout.hearing !== 'deliver' ? await prepareGathering(device, plan, advance, connectivity) : undefined,
  };
}
