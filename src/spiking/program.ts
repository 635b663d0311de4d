/**
 * The device side of a network: its kernels compiled for the plan, its parameters and state in buffers.
 */
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import type { WgslValue } from '../gpu/layout.ts';
import type { ShaderConstants } from '../gpu/shader.ts';
import { Purpose, randomKey } from '../random.ts';
import type { Connectivity } from './connectivity.ts';
import { type Gathering, prepareGathering } from './gathering.ts';
import { drawInitial, initialConductance } from './initial.ts';
import { groupsPerBlock, type Hearing, recentSteps, rowWords } from './layout.ts';
import type { NetworkPlan } from './plan.ts';
import { driveTables, populationValue } from './population-values.ts';
import { mostSpikeEntries } from './spikes.ts';
import type { TracePlan } from './traces.ts';

export interface Program {
  advance: Kernel;
  deliver: Kernel;
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
  uniforms: { seed: GPUBuffer; populations: GPUBuffer; routes: GPUBuffer };
  tables: GPUBuffer;
  currents: GPUBuffer;
  traceSlots: GPUBuffer;
  state: GPUBuffer;
  input: GPUBuffer;
  /** Where neurons look for spikes themselves; `deliver` is then not used. */
  gathering: Gathering | undefined;
}

/** Held for ever: padding neurons never spike. */
const heldForEver = 3e38;

export async function compileProgram(
  device: Device,
  plan: NetworkPlan,
  connectivity: Connectivity,
  traces: TracePlan,
  seed: number,
): Promise<Program> {
  const windows = Math.ceil(plan.chunkSteps / plan.windowSteps);
  const shared = {
    POPULATIONS: plan.populations.length,
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
      RECEPTORS: plan.receptors,
      DRIVES: plan.drives,
      DRIVE_SLOTS: Math.max(1, plan.drives),
      LEVEL_QUADS: tables.quads,
      TABLED: tables.tabled,
      COURSES: tables.courses,
      NEURON_CURRENTS: plan.neuronCurrents,
      TRACES: traces.groups.length > 0,
      TRACE_EVERY: traces.everySteps,
      ...hearingConstants(plan),
    },
  });
  const deliver = await Kernel.create(device, 'spiking/deliver.wgsl', {
    dynamic: ['window'],
    constants: { ...shared, PROJECTIONS: Math.max(1, plan.projections.length) },
  });
  const inject = await Kernel.create(device, 'spiking/inject.wgsl', {
    dynamic: ['range'],
    constants: shared,
  });
  const watch = await Kernel.create(device, 'spiking/watch.wgsl', {
    constants: { PLANES: plan.planes, GROUPS: plan.groups },
  });
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
  return {
    advance,
    deliver,
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
        advance.pack('seed', { key: randomKey(seed, Purpose.drive) }),
        UNIFORM,
      ),
      populations: await device.upload(
        'populations',
        advance.pack(
          'populations',
          plan.populations.map((each, index) => populationValue(plan, each, tables, index)),
        ),
        UNIFORM,
      ),
      routes: await device.upload('routes', deliver.pack('routes', routesValue(plan, connectivity)), UNIFORM),
    },
    tables: await device.upload('drive tables', tables.words, STORAGE),
    currents: await device.upload('injected currents', tables.currents, STORAGE),
    traceSlots: await device.upload('trace slots', traces.slots, STORAGE),
    state: await device.upload('neuron state', initialState(plan, seed), STORAGE | COPY_SRC),
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

/** Constants that not all three shaders have. */
function hearingConstants({ groups, packed, layout }: NetworkPlan): ShaderConstants {
  if (layout.hearing === 'deliver')
    return { WINDOW_STEPS: layout.windowSteps, PACKED: packed, CLEARS: !layout.clearsBetween };
  const gathering = {
    LANES: layout.lanes,
    QUADS: layout.quads,
    SPAN: layout.span,
    ROW_WORDS: rowWords(groups, layout),
    ARRIVAL: layout.arrival,
    RECENT_STEPS: recentSteps(layout),
  };
  if (layout.hearing === 'gather') return { WINDOW_STEPS: layout.windowSteps, ...gathering };
  const populations = layout.quadPopulations.reduceRight((sum, index) => 16 * sum + index, 0);
  return { QUAD_POPULATIONS: populations, ...gathering };
}

/** The projections of each source population side by side, as the delivery kernel walks them. */
function routesValue(plan: NetworkPlan, connectivity: Connectivity): WgslValue {
  const projections: WgslValue[] = [];
  const sources = plan.populations.map(({ firstGroup }, source) => {
    const first = projections.length;
    plan.projections.forEach((each, index) => {
      if (each.projection.from !== source || each.amount === 0) return;
      projections.push({
        first_row: connectivity.firstRow[index]!,
        amount: plan.packed ? each.amount * 2 ** (16 * (each.receptor % 2)) : each.amount,
        word: plan.packed ? Math.floor(each.receptor / 2) : each.receptor,
        arrival: each.delaySteps + 1,
      });
    });
    return {
      first_group: firstGroup,
      first_projection: first,
      end_projection: projections.length,
      unused: 0,
    };
  });
  return { sources, projections };
}

/** The state before the first step, plane by plane: V (from E_L), w, steps held, conductances, own currents. */
function initialState(plan: NetworkPlan, seed: number): Float32Array {
  const state = new Float32Array(plan.planes * plan.groups * 4);
  const plane = (index: number) => state.subarray(index * plan.groups * 4, (index + 1) * plan.groups * 4);
  plane(2).fill(heldForEver);
  plan.populations.forEach(({ population, firstGroup, receptors }, index) => {
    const { size, cell, initial } = population;
    const first = 4 * firstGroup;
    plane(0).set(
      drawInitial(initial.V, size, seed, index, 0).map((V) => V - cell.E_L),
      first,
    );
    plane(1).set(drawInitial(initial.w, size, seed, index, 1), first);
    plane(2).fill(0, first, first + size);
    receptors.forEach(({ receptor }, r) => {
      plane(3 + r).set(
        drawInitial(initialConductance(population, receptor.name), size, seed, index, 2 + r),
        first,
      );
    });
    if (population.neuronCurrent) plane(3 + plan.receptors).set(population.neuronCurrent, first);
  });
  return state;
}
