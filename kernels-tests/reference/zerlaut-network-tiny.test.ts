/**
 * The paper's network at a hundredth of its size, with explicit synapses and explicit input spikes, against Brian2
 * (reference/zerlaut2017/network_tiny*): spike by spike over 300 ms, although every neuron fires at 50 to 80 Hz.
 *
 * Tolerances: spikes identical. V on the whole grid of 1 ms within 0.005 mV, but where it runs into the spike (above
 * V_T, where one rounding grows a hundredfold in a step) within 0.05 mV; V, g and w of three neurons in every step of the first
 * 60 ms within 1e-4 of the larger of the value and 1 (mV, nS, pA), V below V_T.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { referenceArray, referenceFiles, referenceJson } from '../reference.ts';
import { cell, exc, inh, network, population, projection } from '../spiking/networks.ts';

interface Tiny {
  Ne: number;
  Ni: number;
  dt_ms: number;
  n_steps: number;
  weights_nS: Record<'ee' | 'ei' | 'ie' | 'ii' | 'external_on_exc' | 'external_on_inh', number>;
  initial: { V_mV: number };
}

const folder = 'zerlaut2017';
const available = referenceFiles(folder, /^network_tiny\.json$/).length > 0;

function build(tiny: Tiny) {
  const connected = referenceArray(folder, 'network_tiny_connectivity.npy');
  const external = referenceArray(folder, 'network_tiny_external.npy');
  const { Ne, Ni, dt_ms: dt, weights_nS: weights } = tiny;
  const sizes = [Ne, Ni];
  const starts = [0, Ne];
  const populations = ['exc', 'inh'].map((name, index) => {
    const time: number[] = [];
    const neuron: number[] = [];
    for (let row = 0; row < external.shape[0]!; row++) {
      const target = external.data[2 * row + 1]! - starts[index]!;
      if (target < 0 || target >= sizes[index]!) continue;
      time.push(external.data[2 * row]! * dt);
      neuron.push(target);
    }
    const weight = index === 0 ? weights.external_on_exc : weights.external_on_inh;
    return population(name, sizes[index]!, cell(index === 0 ? 'RS-cell' : 'FS-cell'), {
      initial: {
        V: { kind: 'constant', value: tiny.initial.V_mV },
        w: { kind: 'constant', value: 0 },
        g: new Map(),
      },
      events: [{ receptor: exc, weight, time: Float64Array.from(time), neuron: Uint32Array.from(neuron) }],
    });
  });
  const projections = [0, 1].flatMap((from) =>
    [0, 1].map((to) => {
      const source: number[] = [];
      const target: number[] = [];
      for (let pre = 0; pre < sizes[from]!; pre++) {
        for (let post = 0; post < sizes[to]!; post++) {
          if (!connected.data[(starts[from]! + pre) * (Ne + Ni) + starts[to]! + post]) continue;
          source.push(pre);
          target.push(post);
        }
      }
      const name = (['ee', 'ei', 'ie', 'ii'] as const)[2 * from + to]!;
      const connect = {
        rule: 'explicit' as const,
        source: Uint32Array.from(source),
        target: Uint32Array.from(target),
      };
      return projection(from, to, from === 0 ? exc : inh, weights[name], connect, {
        name,
        selfConnections: true,
      });
    }),
  );
  return network(populations, projections, { dt, duration: tiny.n_steps * dt });
}

describe.skipIf(!available)('100 neurons, spike by spike', () => {
  const spikes: number[] = [];
  /** By `population neuron variable`. */
  const traces = new Map<string, number[]>();
  let tiny: Tiny;

  beforeAll(async () => {
    tiny = referenceJson<Tiny>(folder, 'network_tiny.json');
    const model = build(tiny);
    await using simulation = await Simulation.create(await testDevice(), model, {
      traces: model.populations.map(({ name, size }) => ({
        population: name,
        neurons: Array.from({ length: size }, (_, index) => index),
      })),
    });
    const collected: number[][] = simulation.channels.map(() => []);
    for await (const activity of simulation.run({ duration: model.duration })) {
      activity.spikes.steps.forEach((step, index) => {
        spikes.push(step, activity.spikes.neurons[index]!);
      });
      activity.traces.values.forEach((values, channel) => {
        collected[channel]!.push(...values);
      });
    }
    simulation.channels.forEach(({ population, neuron, variable }, channel) => {
      const global = neuron + (population === 'inh' ? tiny.Ne : 0);
      traces.set(`${global} ${variable}`, collected[channel]!);
    });
  });

  test('every spike in its step and neuron', () => {
    const { data } = referenceArray(folder, 'network_tiny_spikes.npy');
    expect(spikes).toEqual(Array.from(data));
  });

  test('V of all neurons, every millisecond', () => {
    const { shape, data } = referenceArray(folder, 'network_tiny_V_mV.npy');
    const worst = { below: 0, above: 0 };
    for (let row = 0; row < shape[0]!; row++) {
      for (let neuron = 0; neuron < shape[1]!; neuron++) {
        const truth = data[row * shape[1]! + neuron]!;
        const error = Math.abs(traces.get(`${neuron} V`)![10 * row]! - truth);
        const side = truth > -50 ? 'above' : 'below';
        worst[side] = Math.max(worst[side], error);
      }
    }
    console.info(
      `V: within ${worst.below.toExponential(1)} mV, above V_T ${worst.above.toExponential(1)} mV`,
    );
    expect(worst.below).toBeLessThan(0.005);
    expect(worst.above).toBeLessThan(0.05);
  });

  test('V, g and w of three neurons, every step', () => {
    const { shape, data } = referenceArray(folder, 'network_tiny_trace.npy');
    const neurons = [0, 1, 80];
    const variables = ['V', 'g_exc', 'g_inh', 'w'];
    let worst = 0;
    neurons.forEach((neuron, at) => {
      variables.forEach((variable, column) => {
        for (let step = 0; step < shape[1]!; step++) {
          const truth = data[(at * shape[1]! + step) * shape[2]! + column]!;
          if (variable === 'V' && truth > -50) continue;
          const error = Math.abs(traces.get(`${neuron} ${variable}`)![step]! - truth);
          worst = Math.max(worst, error / Math.max(1, Math.abs(truth)));
        }
      });
    });
    console.info(`traces: largest relative difference ${worst.toExponential(1)}`);
    expect(worst).toBeLessThan(1e-4);
  });
});
