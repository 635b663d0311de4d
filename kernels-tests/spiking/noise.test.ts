/**
 * Noise of neurons: value by value against the twin, its statistics against theory over seeds, the same whatever the window, the
 * chunk and the way spikes are heard, and no trace of it in the kernels of networks that have none.
 */
import { describe, expect, test } from 'vitest';
import { composeShader } from '../../src/gpu/shader.ts';
import type { Network, Noise } from '../../src/models/network.ts';
import { networkToJSON } from '../../src/models/network-to-json.ts';
import { networkFromObject } from '../../src/models/read-network.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { simulateTwin } from '../twins/network.ts';
import { cell, exc, inh, network, population, projection } from './networks.ts';
import { record, traceAll } from './record.ts';

const everything: Noise = {
  white: 0.4,
  current: { mean: 60, sd: 40, tau: 5 },
  conductances: [
    { receptor: exc, fluctuation: { mean: 3, sd: 2.5, tau: 2.7 } },
    { receptor: inh, fluctuation: { mean: 8, sd: 4, tau: 10.5 } },
  ],
};

/** Neurons that never spike: the potential of each is what its noise made of it. */
function silent(noise: Noise, size = 30, changes: Partial<Network> = {}): Network {
  const of = cell('LIF', { V_T: 100, V_r: -60 });
  return network([population('cells', size, of, { noise })], [], changes);
}

async function run(model: Network, seed: number, duration: number) {
  await using simulation = await Simulation.create(await testDevice(), model, {
    seed,
    traces: traceAll(model),
  });
  return { plan: simulation.plan, channels: simulation.channels, ...(await record(simulation, duration)) };
}

describe('noise, value by value against the twin', () => {
  // Reached: 6e-5 mV at most; a normal number of single precision is off by about 1e-6 of its spread.
  test.each<[string, Noise]>([
    ['white', { white: 1.2, current: undefined, conductances: [] }],
    ['current', { white: 0, current: everything.current, conductances: [] }],
    ['conductances', { white: 0, current: undefined, conductances: everything.conductances }],
    ['all', everything],
    [
      'a conductance that is mostly below zero',
      {
        white: 0,
        current: undefined,
        conductances: [{ receptor: exc, fluctuation: { mean: 0, sd: 5, tau: 1 } }],
      },
    ],
    ['a current without spread', { white: 0, current: { mean: 50, sd: 0, tau: 5 }, conductances: [] }],
  ])('%s', async (_, noise) => {
    const model = silent(noise);
    const { plan, traces, channels } = await run(model, 2 ** 40 + 7, 60);
    const twin = simulateTwin(plan, [], { seed: 2 ** 40 + 7, steps: 600 });
    expect(twin.spikes).toEqual([]);
    let worst = 0;
    channels.forEach(({ population: name, neuron, variable }, channel) => {
      if (variable !== 'V') return;
      twin.trace(name, neuron, variable).forEach((V, step) => {
        worst = Math.max(worst, Math.abs(V - traces[channel]![step]!));
      });
    });
    expect(worst).toBeLessThan(5e-4);
    expect(twin.trace('cells', 3, 'V')[599]).not.toBeCloseTo(-60, 3);
  });

  test('populations with and without noise, side by side, spikes and refractoriness included', async () => {
    const model = network(
      [
        population('quiet', 5, cell('RS-cell'), { current: 100 }),
        population('white', 37, cell('EIF'), {
          noise: { white: 2.5, current: undefined, conductances: [] },
          current: 80,
        }),
        population('all', 19, cell('RS-cell'), {
          noise: everything,
          neuronCurrent: new Float64Array(19).fill(150),
        }),
      ],
      [],
    );
    const { plan, spikes } = await run(model, 4, 120);
    const twin = simulateTwin(plan, [], { seed: 4, steps: 1200 });
    const counts = [0, 1, 2].map((index) => {
      const { firstNeuron, population: each } = plan.populations[index]!;
      return twin.spikes.filter(({ neuron }) => neuron >= firstNeuron && neuron < firstNeuron + each.size)
        .length;
    });
    expect(counts[0]).toBe(0);
    expect(Math.min(counts[1]!, counts[2]!)).toBeGreaterThan(20);
    expect(spikes).toEqual(twin.spikes);
  });
});

describe('statistics, over seeds', () => {
  const moments = (values: number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    return { mean, sd: Math.sqrt(variance) };
  };
  const finalV = async (noise: Noise, dt = 0.1) => {
    const V: number[] = [];
    for (const seed of [1, 2, 3]) {
      const model = silent(noise, 4000, { dt });
      await using simulation = await Simulation.create(await testDevice(), model, { seed });
      V.push(...(await record(simulation, 100)).V);
    }
    return moments(V);
  };

  test('white noise spreads V as that of a leaky integrator: sigma sqrt(tau_m / 2)', async () => {
    // LIF: tau_m = 15 ms. Euler's variance is sigma^2 tau / (2 - dt / tau). 12,000 values: an error of 0.65 %, four of which are allowed.
    const { mean, sd } = await finalV({ white: 0.5, current: undefined, conductances: [] });
    const expected = 0.5 * Math.sqrt(15 / (2 - 0.1 / 15));
    expect(Math.abs(sd / expected - 1)).toBeLessThan(4 / Math.sqrt(2 * 12000));
    expect(Math.abs(mean + 60)).toBeLessThan((4 * expected) / Math.sqrt(12000));
  });

  test.each([0.1, 0.5])('an Ornstein-Uhlenbeck current, with steps of %d ms', async (dt) => {
    // V of a passive cell: sd_I / g_L sqrt(tau / (tau + tau_m)), here but for what Euler changes (below 2 % at 0.5 ms).
    const { mean, sd } = await finalV(
      { white: 0, current: { mean: 30, sd: 20, tau: 6 }, conductances: [] },
      dt,
    );
    // Of the recursion V' = (1 - k) V + k I, I' = r I + ..., exactly.
    const k = dt / 15;
    const r = Math.exp(-dt / 6);
    const expected = (20 / 10) * Math.sqrt((k * (1 + r * (1 - k))) / ((2 - k) * (1 - r * (1 - k))));
    expect(Math.abs(sd / expected - 1)).toBeLessThan(4 / Math.sqrt(2 * 12000));
    // After 100 ms the mean lacks exp(-100 / 15) of its way.
    expect(Math.abs(mean + 57 + 3 * (1 - k) ** (100 / dt))).toBeLessThan((4 * expected) / Math.sqrt(12000));
  });
});

describe('the same noise, whatever the way', () => {
  const model = (delay: number) =>
    network(
      [
        population('a', 301, cell('RS-cell'), { noise: everything, current: 300 }),
        population('b', 97, cell('FS-cell'), {
          noise: { white: 2, current: undefined, conductances: [] },
          current: 60,
        }),
      ],
      [
        projection(0, 1, exc, 2, { rule: 'fixed-probability', probability: 0.1 }, { delay }),
        projection(1, 0, inh, 0.5, { rule: 'all-to-all' }, { delay }),
      ],
    );
  test.each([
    { hearing: 'gather' as const, delay: 0, chunkSteps: 7, durations: [20, 0.1, 29.9] },
    { hearing: 'gather' as const, delay: 1.5, chunkSteps: 100, durations: [17.3, 32.7] },
    { hearing: 'together' as const, delay: 0.2, chunkSteps: 77, durations: [50] },
  ])('$hearing equals delivering, delay $delay ms', async ({ hearing, delay, chunkSteps, durations }) => {
    const results = [];
    for (const way of [hearing, 'deliver'] as const) {
      await using simulation = await Simulation.create(await testDevice(), model(delay), {
        ...{ seed: 5, hearing: way, chunkSteps },
      });
      results.push(await record(simulation, ...durations));
    }
    expect(results[0]!.spikes.length).toBeGreaterThan(300);
    expect(results[0]!.spikes).toEqual(results[1]!.spikes);
    expect(results[0]!.V).toEqual(results[1]!.V);
  });

  test('shorter windows change nothing', async () => {
    const results = [];
    for (const windowSteps of [16, 3]) {
      await using simulation = await Simulation.create(await testDevice(), model(1.5), {
        ...{ seed: 6, hearing: 'deliver' as const, windowSteps },
      });
      results.push(await record(simulation, 40));
    }
    expect(results[0]!.spikes.length).toBeGreaterThan(100);
    expect(results[0]!.spikes).toEqual(results[1]!.spikes);
    expect(results[0]!.V).toEqual(results[1]!.V);
  });
});

test('kernels of networks without noise have none of it', () => {
  for (const shader of ['advance', 'advance-gathering', 'advance-together']) {
    const without = composeShader(`spiking/${shader}.wgsl`).code.replaceAll(/\/\/.*/g, '');
    expect(without).not.toMatch(/PROCESSES|fluctuat|noise_/);
    const having = composeShader(`spiking/${shader}.wgsl`, { NOISE: true }).code;
    expect(having).toMatch(/fn noise_normals/);
  }
  expect(planNetwork(silent(everything)).planes).toBe(
    planNetwork(network([population('c', 1, cell('LIF'))])).planes + 3,
  );
});

test('noise is read from a network file, and written back', () => {
  const document = {
    name: 'noisy',
    receptors: { ampa: { tau: 2, E_rev: 0 } },
    populations: {
      cells: {
        ...{ size: 2, cell: 'EIF' as const },
        noise: {
          white: '1500 uV/sqrt(ms)',
          current: { sd: '0.05 nA', tau: '5 ms' },
          conductance: { ampa: { mean: 10, sd: '2000 pS', tau: 2.7 } },
        },
      },
      calm: { size: 1, cell: 'EIF' as const, noise: { current: { sd: 0, tau: 5 } } },
    },
  };
  const model = networkFromObject(document);
  expect(model.populations[0]!.noise).toEqual({
    white: 1.5,
    current: { mean: 0, sd: 50, tau: 5 },
    conductances: [{ receptor: model.receptors[0], fluctuation: { mean: 10, sd: 2, tau: 2.7 } }],
  });
  expect(model.populations[1]!.noise).toBeUndefined();
  expect(networkFromObject(JSON.parse(JSON.stringify(networkToJSON(model))))).toEqual(model);
});
