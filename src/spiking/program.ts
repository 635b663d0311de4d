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
import { drawInitial, initialConductance } from './initial.ts';
import { groupsPerBlock } from './layout.ts';
import { initialFluctuation, processesOf } from './noise.ts';
import { ownPlanes } from './own-cells.ts';
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
  input: GPUBuffer;
  /** Where neurons look for spikes themselves; `deliveries` are then not used. */
  gathering: Gathering | undefined;
}

/** Held for ever: padding neurons never spike, nor do those whose spikes are given by themselves. */
const heldForEver = 3e38;

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
    state: await device.upload('neuron state', initialState(plan, seeds), STORAGE | COPY_SRC),
    input: await device.allocate(
      'input ring',
      16 * plan.slots * plan.words * plan.groups,
      STORAGE | COPY_SRC | COPY_DST,
    ),
    gathering:
      layout.hearing !== 'deliver' ? await prepareGathering(device, plan, advance, connectivity) : undefined,
  };
}

/** The state before the first step, plane by plane: V (from E_L), w, steps held, conductances, own currents, fluctuating inputs. */
function initialState(plan: NetworkPlan, seeds: readonly number[]): Float32Array {
  const state = new Float32Array(plan.planes * plan.groups * 4);
  const plane = (index: number) => state.subarray(index * plan.groups * 4, (index + 1) * plan.groups * 4);
  plane(2).fill(heldForEver);
  plan.populations.forEach(({ population, firstGroup, receptors, index, instance }) => {
    const { size, cell, initial } = population;
    const seed = seeds[instance]!;
    const first = 4 * firstGroup;
    plane(0).set(
      drawInitial(initial.V, size, seed, index, 0).map((V) => V - cell.E_L),
      first,
    );
    plane(1).set(drawInitial(initial.w, size, seed, index, 1), first);
    if (!population.spikes) plane(2).fill(0, first, first + size);
    receptors.forEach(({ receptor }, r) => {
      plane(3 + r).set(
        drawInitial(initialConductance(population, receptor.name), size, seed, index, 2 + r),
        first,
      );
    });
    if (population.neuronCurrent) plane(3 + plan.receptors).set(population.neuronCurrent, first);
    const firstOwn = plan.planes - plan.processes - plan.own;
    ownPlanes(plan.networks[instance]!, index, seed).forEach((values, k) => {
      plane(firstOwn + k).set(values, first);
    });
    processesOf(population).forEach((_, k) => {
      plane(plan.planes - plan.processes + k).set(initialFluctuation(seed, index, k, size), first);
    });
  });
  return state;
}
