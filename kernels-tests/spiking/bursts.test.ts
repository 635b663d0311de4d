/**
 * No spike is ever lost: networks in which thousands of neurons spike in the same step, step after step, give far more
 * spikes than the first readback of a chunk expects, and every one must be there, once, and must reach its targets.
 */
import { describe, expect, test } from 'vitest';
import type { Network } from '../../src/models/network.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { degrees } from './build.ts';
import { cell, network, population, projection } from './networks.ts';

const dt = 0.1;
const lif = cell('LIF');
/** A conductance that acts in one step only. */
const pulse = { name: 'pulse', tau: dt, E_rev: 0 };

/** Neurons that spike in a step, in order, for each step of a run. */
async function volleys(model: Network, duration: number, chunkSteps: number): Promise<number[][]> {
  await using simulation = await Simulation.create(await testDevice(), model, { chunkSteps });
  const steps = Array.from({ length: Math.round(duration / dt) }, (): number[] => []);
  for await (const { spikes } of simulation.run({ duration }))
    spikes.steps.forEach((step, index) => {
      steps[step]!.push(spikes.neurons[index]!);
    });
  return steps;
}

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

describe('all neurons at once', () => {
  // 20000 pA lift V by 13 mV a step, past the 10 mV to threshold; so do 500 nS for a step.
  const strong = 20_000;
  const eventSteps = [0, 1, 98, 99, 100, 101, 250];
  const events = {
    receptor: pulse,
    weight: 500,
    time: Float64Array.from(eventSteps.flatMap((step) => range(0, 502).map(() => step * dt))),
    neuron: Uint32Array.from(eventSteps.flatMap(() => range(0, 502))),
  };
  const populations = [
    population('every step', 1001, { ...lif, tau_ref: 0 }, { current: strong }),
    population('every step, refractory', 1000, { ...lif, tau_ref: dt }, { current: strong }),
    population('every third step', 498, { ...lif, tau_ref: 3 * dt }, { current: strong }),
    population('by given events', 502, { ...lif, tau_ref: dt }, { events: [events] }),
  ];
  const model = network(populations, [], { dt, receptors: [pulse] });

  test.each([
    [1, 11],
    [100, 30],
    [1000, 30],
  ])('3001 neurons in chunks of %i steps, for %i ms', async (chunkSteps, duration) => {
    const steps = await volleys(model, duration, chunkSteps);
    steps.forEach((neurons, step) => {
      const expected = [
        ...range(0, 2001),
        ...(step % 3 === 0 ? range(2001, 498) : []),
        ...(eventSteps.includes(step - 1) ? range(2499, 502) : []),
      ];
      expect(neurons.length, `spikes in step ${step}`).toBe(expected.length);
      expect(neurons.every((neuron, index) => neuron === expected[index])).toBe(true);
    });
  });

  test('one neuron of every four in each step, the most entries that a list of spikes can have', async () => {
    // Neurons of a group begin one step after the other and then spike in every fourth step.
    const size = 1024;
    const start = Float64Array.from({ length: size }, (_, neuron) => lif.E_L - (neuron % 4) * 13.3);
    const initial = {
      V: { kind: 'values', values: start },
      w: { kind: 'constant', value: 0 },
      g: new Map(),
    } as const;
    const cells = population('cells', size, { ...lif, tau_ref: 4 * dt }, { current: strong, initial });
    for (const chunkSteps of [100, 99]) {
      const steps = await volleys(network([cells], [], { dt }), 20, chunkSteps);
      steps.forEach((neurons, step) => {
        const quarter = Array.from({ length: size / 4 }, (_, group) => 4 * group + (step % 4));
        expect(neurons, `spikes in step ${step}`).toEqual(quarter);
      });
    }
  });

  test('after a silence, which lowers what a readback expects', async () => {
    const current = { dt: 10, values: Float64Array.of(0, 0, 0, strong, 0, 0, strong) };
    const burst = network([population('cells', 3000, { ...lif, tau_ref: 0 }, { current })], [], { dt });
    const steps = await volleys(burst, 80, 100);
    steps.forEach((neurons, step) => {
      const wanted = (step >= 300 && step < 400) || step >= 600 ? 3000 : 0;
      expect(neurons.length, `spikes in step ${step}`).toBe(wanted);
    });
  });
});

describe('all synapses at once', () => {
  test('each target hears each of its sources, in the step of its delay', async () => {
    // Listeners never spike; their conductance at the beginning of a step is the number of their sources that spiked.
    const near = { name: 'near', tau: dt, E_rev: lif.E_L };
    const far = { name: 'far', tau: dt, E_rev: lif.E_L };
    const [sources, targets] = [2000, 600];
    const p = { rule: 'fixed-probability', probability: 0.1 } as const;
    const model = network(
      [
        population('sources', sources, { ...lif, tau_ref: 0 }, { current: 20_000 }),
        population('listeners', targets, lif),
      ],
      [
        projection(0, 1, near, 1, p, { name: 'near', delay: 3 * dt }),
        projection(0, 1, far, 1, p, { name: 'far', delay: 7 * dt }),
        projection(0, 1, far, 3, { rule: 'fixed-out-degree', degree: 5 }, { name: 'far too', delay: 9 * dt }),
      ],
      { dt, receptors: [near, far] },
    );
    await using simulation = await Simulation.create(await testDevice(), model, {
      seed: 3,
      traces: [{ population: 'listeners', neurons: range(0, targets) }],
    });
    expect(simulation.plan.windowSteps).toBe(4);
    const inDegrees = async (name: string) => degrees(await simulation.synapses(name), sources, targets).in;
    const [ofNear, ofFar, ofFarToo] = [
      await inDegrees('near'),
      await inDegrees('far'),
      await inDegrees('far too'),
    ];
    const wrong: string[] = [];
    for await (const { traces, firstStep } of simulation.run({ duration: 25 })) {
      simulation.channels.forEach(({ neuron, variable }, channel) => {
        if (variable !== 'g_near' && variable !== 'g_far') return;
        traces.values[channel]!.forEach((g, sample) => {
          const step = firstStep + sample;
          const expected =
            variable === 'g_near'
              ? step >= 4 && ofNear[neuron]!
              : (step >= 8 ? ofFar[neuron]! : 0) + (step >= 10 ? 3 * ofFarToo[neuron]! : 0);
          if (g !== Number(expected))
            wrong.push(`${variable} of ${neuron} at step ${step}: ${g}, not ${expected}`);
        });
      });
    }
    expect(wrong.slice(0, 10)).toEqual([]);
  });
});
