/** The state of all neurons before the first step, as kernels have it (shaders/spiking/neurons.wgsl). */
import { drawInitial, initialConductance } from './initial.ts';
import { initialFluctuation, processesOf } from './noise.ts';
import { ownConstants, ownPlanes } from './own-cells.ts';
import type { NetworkPlan } from './plan.ts';

/** In place of V: padding neurons are held for ever, so that they never spike, and those whose spikes are given by themselves. */
const heldForEver = 3e38;

export interface InitialState {
  /** Plane by plane: V (from E_L), w, conductances, own currents, own cells, fluctuating inputs. */
  state: Float32Array;
  /** Where each neuron rests while it is held, mV from the E_L of its population; without padding. */
  V_r: Float32Array;
}

export function initialState(plan: NetworkPlan, seeds: readonly number[]): InitialState {
  const state = new Float32Array(plan.planes * plan.groups * 4);
  const V_r = new Float32Array(plan.neurons);
  const plane = (index: number) => state.subarray(index * plan.groups * 4, (index + 1) * plan.groups * 4);
  plane(0).fill(heldForEver);
  plan.populations.forEach(({ population, firstGroup, firstNeuron, receptors, index, instance }) => {
    const { size, cell, initial } = population;
    const network = plan.networks[instance]!;
    const seed = seeds[instance]!;
    const first = 4 * firstGroup;
    if (!population.spikes)
      plane(0).set(
        drawInitial(initial.V, size, seed, index, 0).map((V) => V - cell.E_L),
        first,
      );
    plane(1).set(drawInitial(initial.w, size, seed, index, 1), first);
    receptors.forEach(({ receptor }, r) => {
      plane(2 + r).set(
        drawInitial(initialConductance(population, receptor.name), size, seed, index, 2 + r),
        first,
      );
    });
    if (population.neuronCurrent) plane(2 + plan.receptors).set(population.neuronCurrent, first);
    const firstOwn = plan.planes - plan.processes - plan.own;
    V_r.fill(cell.V_r - cell.E_L, firstNeuron, firstNeuron + size);
    ownPlanes(network, index, seed).forEach((values, k) => {
      plane(firstOwn + k).set(values, first);
      if (ownConstants(network).OWN_V_R === k) V_r.set(values, firstNeuron);
    });
    processesOf(population).forEach((_, k) => {
      plane(plan.planes - plan.processes + k).set(initialFluctuation(seed, index, k, size), first);
    });
  });
  return { state, V_r };
}
