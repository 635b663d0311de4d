/** A run compared with the twin, which counts every synapse in double precision. */
import { expect } from 'vitest';
import type { Simulation } from '../../src/spiking/simulation.ts';
import { simulateTwin } from '../twins/network.ts';
import { type Recording, record } from './record.ts';

/**
 * Runs 60 ms in steps of 0.1 ms: the same spikes, and each recorded conductance within 1e-3 of its largest value (at least 0.1 nS).
 * @param simulation made with this seed and traces of all neurons
 */
export async function expectTwin(simulation: Simulation, seed: number): Promise<Recording> {
  const { plan } = simulation;
  const synapses = [];
  for (const { name } of plan.network.projections) synapses.push(await simulation.synapses(name));
  const twin = simulateTwin(plan, synapses, { seed, steps: 600 });
  const found = await record(simulation, 60);
  expect(twin.spikes.length).toBeGreaterThan(100);
  expect(found.spikes).toEqual(twin.spikes);
  let worst = 0;
  simulation.channels.forEach(({ population, neuron, variable }, channel) => {
    if (!variable.startsWith('g_')) return;
    const truth = twin.trace(population, neuron, variable);
    const scale = truth.reduce((most, value) => Math.max(most, value), 0.1);
    found.traces[channel]!.forEach((g, step) => {
      worst = Math.max(worst, Math.abs(g - truth[step]!) / scale);
    });
  });
  console.info(`conductances: worst error ${worst.toExponential(1)} of the largest`);
  expect(worst).toBeLessThan(1e-3);
  return found;
}
