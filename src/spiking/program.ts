/**
 * The device side of a network: its kernels compiled for the plan, its parameters and state in buffers.
 */
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import type { WgslValue } from '../gpu/layout.ts';
import type { ShaderConstants } from '../gpu/shader.ts';
import { spikeLevel } from '../models/cells.ts';
import type { Drive } from '../models/network.ts';
import { Purpose, randomKey } from '../random.ts';
import type { Connectivity } from './connectivity.ts';
import { driveTable, never, steppedCourse } from './drive.ts';
import { type Gathering, prepareGathering } from './gathering.ts';
import { drawInitial, initialConductance } from './initial.ts';
import { groupsPerBlock, type Hearing, recentSteps, rowWords } from './layout.ts';
import type { NetworkPlan, PopulationPlan } from './plan.ts';
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

interface Tables {
  words: Uint32Array;
  currents: Float32Array;
  /** Fours of thresholds that the drive with most of them keeps beside its parameters; at least 1. */
  quads: number;
  /** Whether some drive looks its thresholds up. */
  tabled: boolean;
  drives: Map<Drive, { first: number; value: ReturnType<typeof driveTable> }>;
  /** Whether some population's current varies in time. */
  courses: boolean;
  currentOf: { first: number; samples: number; steps: number }[];
}

/** All tables that kernels look up, behind each other. */
function driveTables(plan: NetworkPlan): Tables {
  const blocks: Uint32Array[] = [];
  const populationOfBlock = plan.populations.flatMap(({ groups }, index) =>
    new Array<number>(groups / groupsPerBlock).fill(index),
  );
  blocks.push(Uint32Array.from(populationOfBlock));
  let words = populationOfBlock.length;
  const drives: Tables['drives'] = new Map();
  const currents: number[] = [];
  const currentOf: Tables['currentOf'] = [];
  for (const { population } of plan.populations) {
    for (const drive of population.drives) {
      const value = driveTable(drive, plan.network.dt);
      drives.set(drive, { first: words, value });
      blocks.push(value.thresholds);
      words += value.thresholds.length;
    }
    const course = steppedCourse(population.current, plan.network.dt);
    currentOf.push({ first: currents.length, samples: course.values.length, steps: course.stepsPerValue });
    for (let index = 0; index < course.values.length; index++) currents.push(course.values[index]!);
  }
  const all = new Uint32Array(words);
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  const values = [...drives.values()].map(({ value }) => value);
  return {
    words: all,
    currents: Float32Array.from(currents),
    courses: currentOf.some(({ samples }) => samples > 1),
    quads: Math.max(1, ...values.map(({ inline }) => Math.ceil(inline.length / 4))),
    tabled: values.some(({ halvings }) => halvings > 0),
    drives,
    currentOf,
  };
}

/** A population's parameters as the kernel has them: factors of a step, voltages from E_L. */
function populationValue(plan: NetworkPlan, each: PopulationPlan, tables: Tables, index: number): WgslValue {
  const { dt, method } = plan.network;
  const { cell, drives } = each.population;
  const current = tables.currentOf[index]!;
  const receptors = each.receptors.map(({ receptor, unit }) => ({
    decay: method === 'exponential-euler' ? Math.exp(-dt / receptor.tau) : 1 - dt / receptor.tau,
    E_rev: receptor.E_rev - cell.E_L,
    weight: unit,
    unused: 0,
  }));
  while (receptors.length < plan.receptors) receptors.push({ decay: 0, E_rev: 0, weight: 0, unused: 0 });
  const levels = 4 * tables.quads;
  const driveValues = drives.map((drive) => {
    const { first, value } = tables.drives.get(drive)!;
    return {
      receptor: each.receptors.findIndex(({ receptor }) => receptor === drive.receptor),
      weight: drive.weight,
      base: value.base,
      halvings: value.halvings,
      first_row: first,
      rows: value.rows,
      steps_per_row: value.stepsPerRow,
      unused: 0,
      thresholds: quads(value.inline, levels),
    };
  });
  while (driveValues.length < Math.max(1, plan.drives)) driveValues.push(noDrive(levels));
  return {
    first_group: each.firstGroup,
    dt_over_C_m: dt / cell.C_m,
    g_L: cell.g_L,
    Delta_T: cell.Delta_T,
    inverse_Delta_T: cell.Delta_T > 0 ? 1 / cell.Delta_T : 0,
    V_T: cell.V_T - cell.E_L,
    V_spike: spikeLevel(cell) - cell.E_L,
    V_r: cell.V_r - cell.E_L,
    held_steps: Math.max(0, Math.round(cell.tau_ref / dt) - 1),
    dt_over_tau_w: dt / cell.tau_w,
    a: cell.a,
    b: cell.b,
    current_first: current.first,
    current_samples: current.samples,
    current_steps: current.steps,
    current: tables.courses ? 0 : tables.currents[current.first]!,
    receptors,
    drives: driveValues,
  };
}

/** Thresholds in fours, filled up with such as are never reached. */
function quads(thresholds: Uint32Array, levels: number): number[][] {
  const all = Array.from({ length: levels }, (_, level) => thresholds[level] ?? never);
  return Array.from({ length: levels / 4 }, (_, quad) => all.slice(4 * quad, 4 * quad + 4));
}

/** Stands where a population has fewer drives than another. */
function noDrive(levels: number) {
  const thresholds = quads(new Uint32Array(), levels);
  return {
    receptor: 0,
    weight: 0,
    base: 0,
    halvings: 0,
    first_row: 0,
    rows: 1,
    steps_per_row: 1,
    unused: 0,
    thresholds,
  };
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
