/**
 * The device side of a network: its kernels compiled for the plan, its parameters and state in buffers.
 */
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import type { ShaderConstants } from '../gpu/shader.ts';
import { Purpose, randomKey } from '../random.ts';
import type { Connectivity } from './connectivity.ts';
import { compileDeliveries, compileMark, type Delivery } from './delivery.ts';
import { FieldFeed } from './fields.ts';
import { type Gathering, prepareGathering, receptorsOfSources } from './gathering.ts';
import { drawInitial, initialConductance } from './initial.ts';
import { groupsPerBlock, type Hearing, recentSteps, rowWords, sharedLooks } from './layout.ts';
import { initialFluctuation, processesOf } from './noise.ts';
import { ownConstants, ownPlanes } from './own-cells.ts';
import type { NetworkPlan } from './plan.ts';
import { driveTables, populationValue } from './population-values.ts';
import { mostSpikeEntries } from './spikes.ts';
import type { TracePlan } from './traces.ts';
import { mostWindows } from './windows.ts';

export interface Program {
  advance: Kernel;
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
): Promise<Program> {
  const windows = mostWindows(plan);
  const networks = plan.networks.length;
  const shared = {
    NETWORKS: networks,
    POPULATIONS: plan.populations.length / networks,
    GROUPS: plan.groups,
    WORDS: plan.words,
    SLOTS: plan.slots,
    WINDOWS: windows,
  };
  const tables = driveTables(plan);
  const { layout } = plan;
  const advance = await Kernel.create(device, advanceShaders[layout.hearing], {
    dynamic: ['window'],
    constants: {
      ...shared,
      ALONE: networks === 1,
      UNIFORM_POPULATIONS: networks === 1 || layout.hearing !== 'deliver',
      RECEPTORS: plan.receptors,
      DRIVES: plan.drives,
      DRIVE_SLOTS: Math.max(1, plan.drives),
      LEVEL_QUADS: tables.quads,
      TABLED: tables.tabled,
      COURSES: tables.courses,
      NEURON_CURRENTS: plan.neuronCurrents,
      FIELDS: plan.fields.length > 0,
      NOISE: plan.noisy,
      ...noiseConstants(plan),
      ...ownConstants(plan.networks[0]!),
      TRACES: traces.groups.length > 0,
      TRACE_EVERY: traces.everySteps,
      ...hearingConstants(plan),
    },
  });
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
    deliveries:
      layout.hearing === 'deliver'
        ? await compileDeliveries(device, plan, connectivity, shared)
        : await compileMark(device, plan, shared),
    inject,
    watch,
    windows,
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

const advanceShaders: Record<Hearing, string> = {
  deliver: 'spiking/advance.wgsl',
  gather: 'spiking/advance-gathering.wgsl',
  together: 'spiking/advance-together.wgsl',
};

/** Constants that stand in the shader only where there is noise. */
function noiseConstants({ network, noisy, processes }: NetworkPlan): ShaderConstants {
  if (!noisy) return {};
  return { WHITE: network.populations.some(({ noise }) => noise && noise.white > 0), PROCESSES: processes };
}

/** Constants that not all three shaders have. */
function hearingConstants(plan: NetworkPlan): ShaderConstants {
  const { groups, packed, layout, networks } = plan;
  if (layout.hearing === 'deliver')
    return {
      ...{ WINDOW_STEPS: layout.windowSteps, LANES: layout.lanes },
      ...{ PACKED: packed, CLEARS: !layout.clearsBetween },
    };
  const gathering = {
    LANES: layout.lanes,
    QUADS: layout.quads,
    SPAN: layout.span,
    ROW_WORDS: rowWords(groups / networks.length, layout),
    ARRIVAL: layout.arrival,
    RECENT_STEPS: recentSteps(layout),
    NIBBLE_WORDS: Math.ceil(layout.quads / 2),
    RECEPTORS_OF: receptorsOfSources(plan),
  };
  // Several groups an invocation: a driver that computes on the CPU.
  if (layout.hearing === 'gather') {
    const { words, spikes } = sharedLooks(layout);
    return {
      ...{ WINDOW_STEPS: layout.windowSteps, FETCHES: layout.quads > 1 },
      ...{ SUBGROUP: layout.subgroup, SHARED_WORDS: words, SPIKES_AT_ONCE: spikes },
      ...gathering,
    };
  }
  const populations = layout.quadPopulations.reduceRight((sum, index) => 16 * sum + index, 0);
  return { QUAD_POPULATIONS: populations, ...gathering };
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
