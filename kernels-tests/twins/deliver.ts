/** Twin of shaders/spiking/deliver.wgsl: integer sums of what will arrive, kept by step instead of in a ring. */
import type { Projection } from '../../src/models/network.ts';
import type { NetworkPlan, ProjectionPlan } from '../../src/spiking/plan.ts';
import type { Pairs } from './pairs.ts';
import { distance, positionsOf } from './space.ts';
import { synapseValues } from './synapse-values.ts';

/** Units of input by step of arrival, receptor and neuron (numbered over all populations). */
export class Arrivals {
  private readonly steps = new Map<number, Float64Array[]>();
  private readonly plan: NetworkPlan;

  constructor(plan: NetworkPlan) {
    this.plan = plan;
  }

  add(step: number, receptor: number, neuron: number, amount: number): void {
    const { receptors, neurons, packed } = this.plan;
    if (!this.steps.has(step))
      this.steps.set(
        step,
        Array.from({ length: receptors }, () => new Float64Array(neurons)),
      );
    const sums = this.steps.get(step)![receptor]!;
    sums[neuron]! += amount;
    if (sums[neuron]! >= (packed ? 2 ** 16 : 2 ** 32))
      throw new Error(`the plan has no room for an input of ${sums[neuron]} units`);
  }

  /** What arrives in a step, taken out. */
  take(step: number): Float64Array[] | undefined {
    const found = this.steps.get(step);
    this.steps.delete(step);
    return found;
  }
}

/** What one synapse of a neuron adds, in units of its receptor, to whom and after how many steps. */
interface Synapse {
  target: number;
  units: number;
  steps: number;
}

/** A list gives edge by edge what its synapses have; a pair that it names twice has two. */
function listedSynapses(plan: NetworkPlan, each: ProjectionPlan, neuron: number): Synapse[] | undefined {
  const { connect, to } = each.projection;
  if (connect.rule !== 'explicit' || !(connect.weight || connect.delay)) return undefined;
  const { unit } = plan.populations[to]!.receptors[each.receptor]!;
  const { source, target, weight, delay } = connect;
  return [...source].flatMap((one, edge) =>
    one !== neuron
      ? []
      : [
          {
            target: target[edge]!,
            units: weight ? weight[edge]! / unit : each.amount,
            steps: delay ? Math.round(delay[edge]! / plan.network.dt) : each.delaySteps,
          },
        ],
  );
}

/** The targets of each source of a projection. */
export function rowsOf({ source, target }: Pairs, sources: number): number[][] {
  const rows = Array.from({ length: sources }, (): number[] => []);
  source.forEach((each, synapse) => {
    rows[each]!.push(target[synapse]!);
  });
  return rows;
}

/**
 * Sends a spike of a step along all projections: with a delay of d steps it is seen d + 1 steps later.
 * Weights and delays that vary are those of the twin, which are no whole numbers of units.
 * @param rows of each projection
 */
export function deliver(
  arrivals: Arrivals,
  plan: NetworkPlan,
  rows: readonly number[][][],
  step: number,
  population: number,
  neuron: number,
  seed = 0,
): void {
  plan.projections.forEach((each, index) => {
    const { projection, receptor, amount, delaySteps } = each;
    if (projection.from !== population) return;
    const { firstNeuron, receptors } = plan.populations[projection.to]!;
    const listed = listedSynapses(plan, each, neuron);
    if (listed) {
      for (const { target, units, steps } of listed)
        arrivals.add(step + steps + 1, receptor, firstNeuron + target, units);
      return;
    }
    for (const target of rows[index]![neuron]!) {
      const { weight, delay } = synapseValues(
        projection,
        index,
        seed,
        neuron,
        target,
        apart(plan, projection, neuron, target),
      );
      const units = projection.weights ? weight / receptors[receptor]!.unit : amount;
      const steps = projection.delays ? Math.round(delay / plan.network.dt) : delaySteps;
      arrivals.add(step + steps + 1, receptor, firstNeuron + target, units);
    }
  });
}

/** Distance of a source and a target, mm; 0 where they have no places. */
function apart({ network }: NetworkPlan, { from, to }: Projection, source: number, target: number): number {
  const [here, there] = [network.populations[from]!.space, network.populations[to]!.space];
  if (!here || !there) return 0;
  return distance(here, positionsOf(here)[source]!, positionsOf(there)[target]!);
}
