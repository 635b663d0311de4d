/**
 * Whole small networks against the twin in double precision: cells, receptors, delays, windows, currents, drives and events
 * of every kind, drawn at random from fixed seeds.
 *
 * Spikes must be identical. That can be asked because none of them hangs on rounding: each network is one whose spikes in
 * double precision stay the same when V is pushed by 2e-6 mV in every single step, up or down. Single precision rounds V, of
 * which the engine holds the distance from E_L, by less than 1e-6 mV a step, and not always to the same side.
 *
 * Tolerances, relative to the larger of the value and a tenth of its range in the population:
 *
 * | value             | tolerance | reached | reason                                                                          |
 * | ----------------- | --------- | ------- | ------------------------------------------------------------------------------- |
 * | w, V below V_T    | 1e-4      | 4e-6    | errors of 2^-24 a step, which decay                                             |
 * | g                 | 1e-4      | 5e-5    | a decay factor near 1 is rounded by 3e-8: in 1600 steps 5e-5                    |
 * | V above V_T       | 1e-3      | 1.4e-4  | the spike current makes errors grow as V - V_T does, a hundredfold before V_spike |
 */
import { describe, expect, test } from 'vitest';
import { type NetworkPlan, planNetwork } from '../../src/spiking/plan.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { connect } from '../twins/connect.ts';
import { simulateTwin, type TwinRun } from '../twins/network.ts';
import { cell, exc, network, population } from './networks.ts';
import { type Kind, randomNetwork } from './random-network.ts';
import { type Recording, record, traceAll } from './record.ts';

const kinds: [string, Kind, number[]][] = [
  ['no delay, equal units', { shortestDelay: 0, oddWeights: false, dt: 0.1 }, [6, 67, 71]],
  ['a delay of one step, odd weights', { shortestDelay: 0.1, oddWeights: true, dt: 0.1 }, [7, 20]],
  ['delays from 1.5 ms, equal units', { shortestDelay: 1.5, oddWeights: false, dt: 0.1 }, [13]],
  ['delays from 0.5 ms, odd weights, dt 0.05', { shortestDelay: 0.5, oddWeights: true, dt: 0.05 }, [35]],
  ['six populations', { shortestDelay: 0.3, oddWeights: false, dt: 0.1, populations: [5, 6] }, [27]],
];
const cases = kinds.flatMap(([name, kind, seeds]) => seeds.map((seed) => ({ name, kind, seed })));
const rounding = 2e-6;

describe('random networks, spike by spike and value by value', () => {
  test.each(cases)('$name: network $seed', async ({ kind, seed }) => {
    const model = randomNetwork(seed, kind);
    await using simulation = await Simulation.create(await testDevice(), model, {
      seed,
      traces: traceAll(model),
    });
    const { plan } = simulation;
    const synapses = [];
    for (const [index, { name }] of model.projections.entries()) {
      synapses.push(await simulation.synapses(name));
      expect(synapses[index]).toEqual(connect(model, index, seed));
    }
    const steps = Math.round(model.duration / model.dt);
    const twin = simulateTwin(plan, synapses, { seed, steps });
    for (const disturbance of [-rounding, rounding]) {
      const { spikes } = simulateTwin(plan, synapses, { seed, steps, disturbance });
      expect(spikes, 'too close to call: choose another seed').toEqual(twin.spikes);
    }

    const found = await record(simulation, model.duration);
    expect(twin.spikes.length).toBeGreaterThan(40);
    expect(found.spikes).toEqual(twin.spikes);
    compareTraces(simulation, found, twin);
  });

  test('the networks drawn cover what there is', () => {
    // So that a change of the generator cannot quietly lose a case.
    const plans = cases.map(({ kind, seed }) => planNetwork(randomNetwork(seed, kind)));
    const someButNotAll = (has: (plan: NetworkPlan) => boolean) => plans.some(has) && !plans.every(has);
    expect(
      someButNotAll((plan) => plan.packed),
      'inputs of 16 bits',
    ).toBe(true);
    expect(
      someButNotAll((plan) => plan.neuronCurrents),
      'currents of neurons',
    ).toBe(true);
    expect(
      someButNotAll((plan) => plan.network.method === 'euler'),
      'methods',
    ).toBe(true);
    expect(
      someButNotAll((plan) => plan.drives === 0),
      'drives',
    ).toBe(true);
    expect(new Set(plans.map((plan) => plan.windowSteps))).toEqual(new Set([1, 2, 4, 11, 16]));
    const populations = plans.flatMap((plan) => plan.network.populations);
    expect(new Set(populations.map(({ cell: { name } }) => name)).size, 'cells').toBe(6);
    for (const tau_ref of [0, 0.1, 15])
      expect(populations.some(({ cell: each }) => each.tau_ref === tau_ref)).toBe(true);
    expect(
      populations.some(({ events }) => events.length > 0),
      'events',
    ).toBe(true);
    const statistics = populations.flatMap(({ drives }) => drives.map((drive) => drive.statistics));
    expect(new Set(statistics).size, 'statistics of drives').toBe(3);
    const rules = plans.flatMap((plan) => plan.network.projections.map(({ connect: { rule } }) => rule));
    expect(new Set(rules).size, 'rules of connection').toBe(6);
  });
});

function compareTraces(simulation: Simulation, found: Recording, twin: TwinRun) {
  const ranges = new Map<string, number>();
  const truths = simulation.channels.map(({ population, neuron, variable }) => {
    const truth = twin.trace(population, neuron, variable);
    const range =
      truth.reduce((most, value) => Math.max(most, value), -1e9) -
      truth.reduce((least, value) => Math.min(least, value), 1e9);
    const key = `${population} ${variable}`;
    ranges.set(key, Math.max(range, ranges.get(key) ?? 0));
    return truth;
  });
  const worst = new Map<string, number>();
  simulation.channels.forEach(({ population, neuron, variable }, channel) => {
    const { cell } = simulation.plan.network.populations.find(({ name }) => name === population)!;
    const floor = ranges.get(`${population} ${variable}`)! / 10;
    expect(found.traces[channel]!.length).toBe(truths[channel]!.length);
    truths[channel]!.forEach((truth, step) => {
      const error = Math.abs(found.traces[channel]![step]! - truth);
      if (error === 0) return;
      const relative = error / Math.max(Math.abs(truth), floor);
      const regime = variable === 'V' && truth > cell.V_T ? 'V above V_T' : variable;
      if (relative <= (worst.get(regime) ?? 0)) return;
      worst.set(regime, relative);
      expect(
        relative,
        `${variable} of neuron ${neuron} of ${population} at step ${step} is ${truth}`,
      ).toBeLessThan(regime === 'V above V_T' ? 1e-3 : 1e-4);
    });
  });
  const summary = Array.from(worst, ([regime, relative]) => `${regime} ${relative.toExponential(1)}`);
  console.info(`${simulation.plan.network.name}: ${found.spikes.length} spikes; worst ${summary.join(', ')}`);
}

test('the twin and the engine agree on what a run of given events does, at every place of a window', async () => {
  // No projections: windows of 32 steps. Each neuron gets one event, in the step of its number; g shows it one step later.
  const size = 100;
  const dt = 0.1;
  const events = [
    {
      receptor: exc,
      weight: 0.25,
      time: Float64Array.from({ length: size }, (_, neuron) => neuron * dt),
      neuron: Uint32Array.from({ length: size }, (_, neuron) => neuron),
    },
  ];
  const model = network([population('cells', size, cell('RS-cell'), { events })], [], { dt });
  const plan = planNetwork(model);
  expect(plan.windowSteps).toBe(32);
  await using simulation = await Simulation.create(await testDevice(), model, { traces: traceAll(model) });
  const found = await record(simulation, 15);
  simulation.channels.forEach(({ neuron, variable }, channel) => {
    if (variable !== 'g_exc') return;
    const first = found.traces[channel]!.findIndex((g) => g > 0);
    expect(first, `event of neuron ${neuron}`).toBe(neuron + 1);
    expect(found.traces[channel]![first]).toBe(0.25);
  });
});
