/** Twin of shaders/spiking/inject.wgsl: an event given for step n is seen by step n + 1, like a spike without delay. */
import type { NetworkPlan } from '../../src/spiking/plan.ts';
import type { Arrivals } from './deliver.ts';

export function inject(arrivals: Arrivals, plan: NetworkPlan): void {
  for (const { population, receptors, firstNeuron } of plan.populations) {
    for (const { receptor, weight, time, neuron } of population.events) {
      const at = receptors.findIndex((each) => each.receptor === receptor);
      const amount = Math.round(weight / receptors[at]!.unit);
      time.forEach((t, event) => {
        const step = Math.floor(t / plan.network.dt + 1e-6);
        arrivals.add(step + 1, at, firstNeuron + neuron[event]!, amount);
      });
    }
  }
}
