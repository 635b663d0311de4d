/** The kernels that advance neurons, compiled for a plan. */
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import type { ShaderConstants } from '../gpu/shader.ts';
import { receptorsOfSources } from './gathering.ts';
import { type Hearing, recentSteps, rowWords, sharedLooks } from './layout.ts';
import { ownConstants } from './own-cells.ts';
import type { NetworkPlan } from './plan.ts';
import { driveTables } from './population-values.ts';
import type { TracePlan } from './traces.ts';
import { mostWindows } from './windows.ts';

export interface AdvanceKernels {
  advance: Kernel;
  /** The same in several workgroups, each on a core of its own, where the layout has them: tries first; see shaders/spiking/crew.wgsl. */
  crew: Kernel | undefined;
}

export async function compileAdvance(
  device: Device,
  plan: NetworkPlan,
  traces: TracePlan,
): Promise<AdvanceKernels> {
  const { layout } = plan;
  const compile = (special: ShaderConstants) =>
    Kernel.create(device, shaders[layout.hearing], {
      dynamic: ['window'],
      constants: { ...advanceConstants(plan, traces), ...special },
    });
  const together = { CREW: layout.crew, LANES: layout.lanes / layout.crew, RESUMES: false };
  const [advance, crew] = await Promise.all([compile({}), layout.crew > 1 ? compile(together) : undefined]);
  return { advance, crew };
}

/** What all kernels say alike that see windows and spikes. */
export function sharedConstants(plan: NetworkPlan) {
  const networks = plan.networks.length;
  return {
    NETWORKS: networks,
    POPULATIONS: plan.populations.length / networks,
    GROUPS: plan.groups,
    WORDS: plan.words,
    SLOTS: plan.slots,
    WINDOWS: mostWindows(plan),
  };
}

function advanceConstants(plan: NetworkPlan, traces: TracePlan): ShaderConstants {
  const { layout } = plan;
  const tables = driveTables(plan);
  const alone = plan.networks.length === 1;
  return {
    ...sharedConstants(plan),
    ALONE: alone,
    UNIFORM_POPULATIONS: alone || layout.hearing !== 'deliver',
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
  };
}

const shaders: Record<Hearing, string> = {
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
  return { QUAD_POPULATIONS: populations, RESUMES: layout.crew > 1, ...gathering };
}
