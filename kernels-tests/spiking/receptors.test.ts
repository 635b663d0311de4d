/**
 * Several receptors in one population, from a network file: fast and slow excitation and inhibition, two projections between the
 * same populations with different receptors, receptors written in place; against the network in double precision.
 */
import { expect, test } from 'vitest';
import { parseNetwork } from '../../src/models/read-network.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { simulateTwin } from '../twins/network.ts';
import { record, traceAll } from './record.ts';

const text = `
duration: 120 ms
receptors:
  AMPA: {tau: 2 ms, E_rev: 0 mV}
  NMDA: {tau: 100 ms, E_rev: 0 mV}
  GABA_A: {tau: 8 ms, E_rev: -70 mV}
populations:
  exc:
    size: 6
    cell: RS-cell
    neuron_current: [400, 350, 300, 250, 0, 0]
    drive:
      - {receptor: AMPA, synapses: 100, rate: 5 Hz, weight: 0.3 nS}
      - {receptor: NMDA, synapses: 10, rate: 5 Hz, weight: 0.05 nS}
  inh: {size: 3, cell: FS-cell, neuron_current: [300, 0, 250]}
projections:
  fast: {from: exc, to: exc, receptor: AMPA, weight: 3 nS, connect: all-to-all}
  slow: {from: exc, to: exc, receptor: NMDA, weight: 0.15 nS, delay: 1 ms, connect: all-to-all}
  ei: {from: exc, to: inh, receptor: AMPA, weight: 4 nS, connect: all-to-all}
  ei_slow: {from: exc, to: inh, receptor: NMDA, weight: 0.1 nS, connect: all-to-all}
  gaba_a: {from: inh, to: exc, receptor: GABA_A, weight: 6 nS, connect: all-to-all}
  gaba_b: {from: inh, to: exc, receptor: {name: GABA_B, tau: 150 ms, E_rev: -95 mV}, weight: 0.2 nS, connect: all-to-all}
`;

test('AMPA, NMDA-like, GABA_A and GABA_B conductances in one population', async () => {
  const model = parseNetwork(text, { file: 'receptors.yaml' });
  expect(model.receptors.map(({ name }) => name)).toEqual(['AMPA', 'NMDA', 'GABA_A', 'GABA_B']);
  await using simulation = await Simulation.create(await testDevice(), model, {
    seed: 3,
    traces: traceAll(model),
  });
  const synapses = [];
  for (const { name } of model.projections) synapses.push(await simulation.synapses(name));
  const twin = simulateTwin(simulation.plan, synapses, { seed: 3, steps: 1200 });
  const found = await record(simulation, 120);
  expect(twin.spikes.length).toBeGreaterThan(20);
  expect(found.spikes).toEqual(twin.spikes);
  // Conductances: decay factors near 1 are rounded by 3e-8, in 1200 steps to 4e-5.
  const reached = new Map<string, number>();
  simulation.channels.forEach(({ population, neuron, variable }, channel) => {
    if (!variable.startsWith('g_')) return;
    const truth = twin.trace(population, neuron, variable);
    const most = truth.reduce((largest, value) => Math.max(largest, value), 0);
    reached.set(`${population} ${variable}`, Math.max(most, reached.get(`${population} ${variable}`) ?? 0));
    truth.forEach((g, step) => {
      if (Math.abs(g - found.traces[channel]![step]!) > 1e-4 * most)
        expect.fail(`${variable} of neuron ${neuron} of ${population} at step ${step}`);
    });
  });
  for (const name of ['exc g_AMPA', 'exc g_GABA_A', 'exc g_GABA_B', 'exc g_NMDA', 'inh g_AMPA', 'inh g_NMDA'])
    expect(reached.get(name), name).toBeGreaterThan(0.1);
  // Nothing acts there.
  for (const name of ['inh g_GABA_A', 'inh g_GABA_B']) expect(reached.get(name), name).toBe(0);
});
