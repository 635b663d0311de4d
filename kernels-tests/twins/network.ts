/**
 * A whole network in double precision, neuron by neuron and step by step: the judge of shaders/spiking/. It takes weights
 * as integers from the plan and counts of drives from their tables, so only arithmetic in floating point can differ.
 */
import type { Cell } from '../../src/models/cells.ts';
import type { Population, SpikeList, TimeCourse } from '../../src/models/network.ts';
import { driveTable } from '../../src/spiking/drive.ts';
import type { NetworkPlan, PopulationPlan } from '../../src/spiking/plan.ts';
import { advance, countEvents, driveBits, type Neuron } from './advance.ts';
import { Arrivals, deliver, rowsOf } from './deliver.ts';
import { neuronEvents, valueOfNeuron } from './fields.ts';
import { initialValue } from './initial.ts';
import { inject } from './inject.ts';
import { NeuronNoise } from './noise.ts';
import type { Pairs } from './pairs.ts';

export interface TwinRun {
  /** Spikes by step, then neuron (numbered over all populations). */
  spikes: { step: number; neuron: number }[];
  /** Value of a variable (`V`, `w`, `g_<receptor>`) of a neuron at the beginning of each step. */
  trace(population: string, neuron: number, variable: string): Float64Array;
}

export interface TwinOptions {
  seed?: number;
  steps: number;
  /** mV added to V in every step; spikes that do not depend on a little of it do not depend on rounding. */
  disturbance?: number;
}

/** @param synapses of each projection, in the network's order */
export function simulateTwin(
  plan: NetworkPlan,
  synapses: readonly Pairs[],
  { seed = 0, steps, disturbance = 0 }: TwinOptions,
): TwinRun {
  const rows = plan.projections.map(({ projection }, index) =>
    rowsOf(synapses[index]!, plan.network.populations[projection.from]!.size),
  );
  const arrivals = new Arrivals(plan);
  inject(arrivals, plan);
  const parts = plan.populations.map((each, index) => new Part(plan, each, index, seed, steps));
  const run: TwinRun = {
    spikes: [],
    trace: (name, neuron, variable) =>
      parts.find(({ each }) => each.population.name === name)!.traces.get(`${neuron} ${variable}`)!,
  };
  for (let step = 0; step < steps; step++) {
    const arrived = arrivals.take(step);
    parts.forEach((part, population) => {
      for (const neuron of part.advance(step, arrived, disturbance)) {
        run.spikes.push({ step, neuron: part.each.firstNeuron + neuron });
        deliver(arrivals, plan, rows, step, population, neuron, seed);
      }
    });
  }
  return run;
}

/** The cell of one neuron: that of the population, but for what the neuron has of its own. */
export function cellOf(population: Population, neuron: number, seed: number, index: number): Cell {
  const cell = { ...population.cell };
  symbols.forEach((symbol, at) => {
    const given = population.neuronCell?.[symbol];
    if (given) cell[symbol] = initialValue(given, neuron, seed, index, 2 ** 30 + at);
  });
  return cell;
}
const symbols = ['C_m', 'g_L', 'E_L', 'V_T', 'Delta_T', 'V_r', 'tau_ref', 'a', 'b', 'tau_w'] as const;

/** A population with its state. */
class Part {
  readonly each: PopulationPlan;
  readonly traces = new Map<string, Float64Array>();
  private readonly plan: NetworkPlan;
  private readonly index: number;
  private readonly seed: number;
  private readonly neurons: Neuron[];
  private readonly tables: ReturnType<typeof driveTable>[];
  private readonly noises: NeuronNoise[];
  private readonly cells: Cell[];

  constructor(plan: NetworkPlan, each: PopulationPlan, index: number, seed: number, steps: number) {
    this.plan = plan;
    this.each = each;
    this.index = index;
    this.seed = seed;
    const { size, initial, drives } = each.population;
    const none = { kind: 'constant', value: 0 } as const;
    this.neurons = Array.from({ length: size }, (_, neuron) => ({
      V: initialValue(initial.V, neuron, seed, index, 0),
      w: initialValue(initial.w, neuron, seed, index, 1),
      g: each.receptors.map(({ receptor }, r) =>
        initialValue(initial.g.get(receptor.name) ?? none, neuron, seed, index, 2 + r),
      ),
      lastSpike: Number.NEGATIVE_INFINITY,
    }));
    this.cells = Array.from({ length: size }, (_, neuron) => cellOf(each.population, neuron, seed, index));
    this.noises = Array.from(
      { length: each.population.noise ? size : 0 },
      (_, neuron) => new NeuronNoise(each.population, index, neuron, seed, plan.network.dt),
    );
    this.tables = drives.map((drive) => driveTable(drive, plan.network.dt));
    const variables = ['V', 'w', ...each.receptors.map(({ receptor }) => `g_${receptor.name}`)];
    for (let neuron = 0; neuron < size; neuron++)
      for (const variable of variables) this.traces.set(`${neuron} ${variable}`, new Float64Array(steps));
  }

  /** @returns the neurons that spiked */
  advance(step: number, arrived: Float64Array[] | undefined, disturbance: number): number[] {
    const { population, receptors, firstNeuron } = this.each;
    const { network } = this.plan;
    if (population.spikes) return givenIn(population.spikes, step, network.dt);
    const current = valueAt(population.current, step, network.dt);
    const driven = this.driven(step);
    const spiked: number[] = [];
    this.neurons.forEach((neuron, at) => {
      receptors.forEach(({ unit }, r) => {
        neuron.g[r]! += arrived ? unit * arrived[r]![firstNeuron + at]! : 0;
      });
      this.record(step, at, neuron);
      const fired = advance(
        neuron,
        this.cells[at]!,
        receptors.map(({ receptor }) => receptor),
        network,
        step,
        {
          current:
            current +
            (population.neuronCurrent?.[at] ?? 0) +
            (population.neuronCurrents ? valueOfNeuron(population.neuronCurrents, at, step, network.dt) : 0) +
            (this.noises[at]?.current(neuron.V, step) ?? 0),
          driven: driven[at]!,
          disturbance: disturbance + (this.noises[at]?.kick(step) ?? 0),
        },
      );
      if (fired) spiked.push(at);
    });
    return spiked;
  }

  private record(step: number, at: number, neuron: Neuron): void {
    this.traces.get(`${at} V`)![step] = neuron.V;
    this.traces.get(`${at} w`)![step] = neuron.w;
    this.each.receptors.forEach(({ receptor }, r) => {
      this.traces.get(`${at} g_${receptor.name}`)![step] = neuron.g[r]!;
    });
  }

  private eventsOf(d: number, neuron: number, step: number, bits: number): number {
    const drive = this.each.population.drives[d]!;
    if (!drive.neuronRate && !drive.profile) return countEvents(this.tables[d]!, step, bits);
    const { fields } = this.plan;
    const { parts } = fields.find((each) => each.populations.includes(this.index) && each.drive === d)!;
    const place = { seed: this.seed, population: this.index, drive: d, neuron, step };
    return neuronEvents(drive, { parts, dt: this.plan.network.dt }, place);
  }

  /** nS that external drives add in a step, by neuron and receptor. */
  private driven(step: number): number[][] {
    const { population, receptors } = this.each;
    const added = this.neurons.map(() => receptors.map(() => 0));
    population.drives.forEach(({ receptor, weight }, d) => {
      const r = receptors.findIndex((each) => each.receptor === receptor);
      let bits: number[] = [];
      added.forEach((sums, neuron) => {
        if (neuron % 4 === 0) bits = driveBits(this.seed, this.index, d, neuron / 4, step);
        sums[r]! += weight * this.eventsOf(d, neuron, step, bits[neuron % 4]!);
      });
    });
    return added;
  }
}

/** The neurons whose given spikes fall into a step, ascending. */
function givenIn({ time, neuron }: SpikeList, step: number, dt: number): number[] {
  const inStep = [...neuron].filter((_, spike) => Math.floor(time[spike]! / dt + 1e-6) === step);
  return inStep.sort((a, b) => a - b);
}

/** A course at the beginning of a step; its last sample is held for ever. */
function valueAt(course: TimeCourse, step: number, dt: number): number {
  if (typeof course === 'number') return course;
  const sample = Math.floor((step * dt) / course.dt + 1e-9);
  return course.values[Math.min(sample, course.values.length - 1)]!;
}
