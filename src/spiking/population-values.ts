/** The parameters of populations as kernels have them: factors of a step, voltages from E_L, tables to look up. */
import type { WgslValue } from '../gpu/layout.ts';
import { membraneFactors } from '../models/membrane-factors.ts';
import type { Drive } from '../models/network.ts';
import { Purpose, randomKey } from '../random.ts';
import { driveTable, never, steppedCourse } from './drive.ts';
import { fieldValue } from './fields.ts';
import { groupsPerBlock } from './layout.ts';
import { noiseValue } from './noise.ts';
import type { NetworkPlan, PopulationPlan } from './plan.ts';

export interface Tables {
  words: Uint32Array;
  /** Where what neurons have for themselves over time begins. */
  firstField: number;
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
export function driveTables(plan: NetworkPlan): Tables {
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
  const all = new Uint32Array(words + plan.fieldWords);
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  const values = [...drives.values()].map(({ value }) => value);
  return {
    words: all,
    firstField: words,
    currents: Float32Array.from(currents),
    courses: currentOf.some(({ samples }) => samples > 1),
    quads: Math.max(1, ...values.map(({ inline }) => Math.ceil(inline.length / 4))),
    tabled: values.some(({ halvings }) => halvings > 0),
    drives,
    currentOf,
  };
}

/**
 * A population's parameters as the kernel has them: factors of a step, voltages from E_L.
 * @param index of the population in the plan
 * @param seeds of each network of the plan
 */
export function populationValue(
  plan: NetworkPlan,
  each: PopulationPlan,
  tables: Tables,
  index: number,
  seeds: readonly number[],
): WgslValue {
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
    ...membraneFactors(cell, dt),
    current_first: current.first,
    current_samples: current.samples,
    current_steps: current.steps,
    current: tables.courses ? 0 : tables.currents[current.first]!,
    receptors,
    drives: driveValues,
    ...(plan.fields.length > 0 && fieldValues(plan, index, tables.firstField)),
    ...(plan.noisy && { noise: noiseValue(each.population, dt, plan.processes) }),
    ...(plan.networks.length > 1 && {
      ...{ key: randomKey(seeds[each.instance]!, Purpose.drive), index: each.index },
      ...{ unused_0: 0, unused_1: 0, unused_2: 0 },
    }),
  };
}

/** The current and the rates that neurons of a population have for themselves. */
function fieldValues(plan: NetworkPlan, population: number, firstWord: number) {
  const described = (drive: number | undefined) =>
    fieldValue(
      plan.fields.find((field) => field.populations.includes(population) && field.drive === drive),
      firstWord,
    );
  return {
    neuron_current: described(undefined),
    neuron_rates: Array.from({ length: Math.max(1, plan.drives) }, (_, drive) => described(drive)),
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
