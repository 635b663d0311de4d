/**
 * Neurons with cells of their own, spike by spike against the twin, which draws the same numbers by itself; what a
 * distribution must not give; and how they are written.
 */
import { describe, expect, test } from 'vitest';
import { composeShader } from '../../src/gpu/shader.ts';
import { CELL_PARAMETERS } from '../../src/models/cells.ts';
import type { Initial, NeuronCell } from '../../src/models/network.ts';
import { networkToJSON } from '../../src/models/network-to-json.ts';
import { networkFromObject } from '../../src/models/read-network.ts';
import { ownPlanes } from '../../src/spiking/own-cells.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { simulateTwin } from '../twins/network.ts';
import { cell, exc, inh, network, population, projection } from './networks.ts';
import { record, traceAll } from './record.ts';

const around = (mean: number, sd: number): Initial => ({ kind: 'normal', mean, sd });
const between = (low: number, high: number): Initial => ({ kind: 'uniform', low, high });
const single: [string, NeuronCell][] = [
  ['C_m', { C_m: between(120, 300) }],
  ['g_L', { g_L: around(10, 0.8) }],
  ['E_L', { E_L: around(-64, 2) }],
  ['V_T', { V_T: { kind: 'values', values: Float64Array.from({ length: 41 }, (_, n) => -52 + n / 10) } }],
  ['Delta_T', { Delta_T: between(0.8, 3) }],
  ['V_r', { V_r: between(-75, -55) }],
  ['tau_ref', { tau_ref: between(0.1, 20) }],
  ['a', { a: between(0, 8) }],
  ['b', { b: between(0, 80) }],
  ['tau_w', { tau_w: between(20, 600) }],
  [
    'all',
    {
      C_m: between(120, 300),
      g_L: around(10, 0.5),
      E_L: around(-64, 1),
      V_T: around(-50, 1),
      Delta_T: between(1, 3),
      V_r: between(-75, -60),
      tau_ref: between(0.1, 9),
      a: between(0, 8),
      b: between(0, 80),
      tau_w: between(50, 600),
    },
  ],
];

describe('each neuron its own cell, against the twin', () => {
  // Tolerance of V below the spike onset as in advance.test.ts: 1e-4 of 65 mV.
  test.each(single.filter(([name]) => ['E_L', 'Delta_T', 'all'].includes(name)))(
    '%s',
    async (_, neuronCell) => {
      const model = network([
        population('own', 41, cell('RS-cell'), { current: 420, neuronCell }),
        population('alike', 3, cell('FS-cell'), { current: 300 }),
      ]);
      await using simulation = await Simulation.create(await testDevice(), model, {
        seed: 9,
        traces: traceAll(model),
      });
      const twin = simulateTwin(simulation.plan, [], { seed: 9, steps: 700 });
      const found = await record(simulation, 70);
      expect(twin.spikes.length).toBeGreaterThan(60);
      expect(found.spikes).toEqual(twin.spikes);
      simulation.channels.forEach(({ population: name, neuron, variable }, channel) => {
        if (variable !== 'V') return;
        const values = twin.trace(name, neuron, variable);
        values.forEach((V, step) => {
          if (V < -55 && Math.abs(V - found.traces[channel]![step]!) > 0.0065)
            expect.fail(`V of neuron ${neuron} at step ${step} is ${found.traces[channel]![step]}, not ${V}`);
        });
      });
      // Neurons of one cell and one input are alike: if these are, nothing varied.
      const last = model.populations[0]!.size - 1;
      expect(twin.trace('own', 0, 'V')).not.toEqual(twin.trace('own', last, 'V'));
    },
  );

  test('one parameter in each of ten populations', async () => {
    const populations = single
      .slice(0, -1)
      .map(([name, neuronCell]) => population(name, 41, cell('RS-cell'), { current: 420, neuronCell }));
    const model = network(populations);
    await using simulation = await Simulation.create(await testDevice(), model, { seed: 2 });
    const twin = simulateTwin(simulation.plan, [], { seed: 2, steps: 500 });
    const alike = simulateTwin(
      planNetwork(network(populations.map(({ neuronCell: _, ...rest }) => rest))),
      [],
      { seed: 2, steps: 500 },
    );
    // Each of the ten changes when its neurons spike.
    populations.forEach((_, index) => {
      const of = ({ spikes }: typeof twin) =>
        spikes.filter(({ neuron }) => Math.floor(neuron / 41) === index);
      expect(of(twin).length).toBeGreaterThan(40);
      expect(of(twin)).not.toEqual(of(alike));
    });
    expect((await record(simulation, 50)).spikes).toEqual(twin.spikes);
  });

  test.each(['gather', 'together'] as const)('%s gives the same as delivering', async (hearing) => {
    const model = network(
      [
        population('a', 201, cell('RS-cell'), { current: 400, neuronCell: single.at(-1)![1] }),
        population('b', 67, cell('FS-cell'), { current: 300, neuronCell: { E_L: around(-65, 2) } }),
      ],
      [
        projection(0, 1, exc, 1, { rule: 'fixed-probability', probability: 0.1 }),
        projection(1, 0, inh, 1, { rule: 'all-to-all' }),
      ],
    );
    const results = [];
    for (const way of [hearing, 'deliver'] as const) {
      await using simulation = await Simulation.create(await testDevice(), model, { seed: 5, hearing: way });
      results.push(await record(simulation, 60));
    }
    expect(results[0]!.spikes.length).toBeGreaterThan(200);
    expect(results[0]!.spikes).toEqual(results[1]!.spikes);
    expect(results[0]!.V).toEqual(results[1]!.V);
  });
});

describe('what a cell of a neuron must not be', () => {
  const draw = (neuronCell: NeuronCell, name = 'RS-cell') =>
    ownPlanes(network([population('exc', 500, cell(name), { neuronCell })]), 0, 1);
  test.each<[NeuronCell, RegExp]>([
    [
      { C_m: around(100, 80) },
      /^populations\.exc\.neuron_cell\.C_m gives neuron \d+ -[\d.]+ pF, which must be above 0: narrow/,
    ],
    [
      { E_L: { kind: 'constant', value: -300 } },
      /E_L gives neuron 0 -300 mV, which must be at least -200 and at most 200/,
    ],
    [
      { b: { kind: 'constant', value: 1e39 } },
      /b gives neuron 0 1e\+39 pA, which must be at most 3\.4e38 in size/,
    ],
    [
      { tau_ref: between(9e5, 9.1e5) },
      /tau_ref gives neuron 0 90\d+ ms, which must be less than 8388608 steps of dt/,
    ],
    [{ V_r: between(-60, -20) }, /V_r = -[\d.]+ mV, above its spike level V_T \+ 5 Delta_T = -40 mV/],
    [
      { tau_ref: between(0.01, 0.02) },
      /makes dt = 0\.1 ms too coarse, since neuron 0 is refractory for tau_ref/,
    ],
    [{ Delta_T: between(0.01, 0.02) }, /makes dt = 0\.1 ms too coarse, since near the threshold of neuron 0/],
    [
      { tau_w: { kind: 'constant', value: 0.1 } },
      /too coarse, since adaptation of neuron 0 has tau_w = 0\.1 ms/,
    ],
  ])('%j', (neuronCell, message) => {
    expect(() => draw(neuronCell)).toThrow(message);
  });
});

test('kernels of alike neurons hold no planes of their own', () => {
  for (const shader of ['advance', 'advance-gathering', 'advance-together'])
    expect(composeShader(`spiking/${shader}.wgsl`, { OWN: 0 }).code.replaceAll(/\/\/.*/g, '')).not.toMatch(
      /with_own|own_rest|n\.own/,
    );
  const plan = (neuronCell?: NeuronCell) =>
    planNetwork(network([population('c', 1, cell('LIF'), neuronCell ? { neuronCell } : {})])).planes;
  expect(plan({ V_T: around(-50, 1) }) - plan()).toBe(2);
});

test('they are read from a network file, and written back', () => {
  const model = networkFromObject({
    populations: {
      cells: {
        ...{ size: 3, cell: 'RS-cell' as const },
        neuron_cell: {
          E_L: { normal: { mean: '-65 mV', sd: '2000 uV' } },
          b: { values: [10, '0.02 nA', 30] },
          C_m: 180,
        },
      },
    },
  });
  expect(model.populations[0]!.neuronCell).toEqual({
    E_L: around(-65, 2),
    b: { kind: 'values', values: Float64Array.of(10, 20, 30) },
    C_m: { kind: 'constant', value: 180 },
  });
  expect(networkFromObject(JSON.parse(JSON.stringify(networkToJSON(model))))).toEqual(model);
  expect(CELL_PARAMETERS.map(({ symbol }) => symbol)).toEqual(single.slice(0, -1).map(([symbol]) => symbol));
});
