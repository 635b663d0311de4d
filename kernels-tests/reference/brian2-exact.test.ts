/**
 * Small deterministic networks against Brian2 in double precision (reference/brian2/exact_*.json): explicit synapses, with
 * and without delay, no chance anywhere. The same physics in single precision must put every spike into the same step, and
 * follow V, w and both conductances over the whole run.
 *
 * Tolerances: spikes identical; V, w, g_e, g_i within 1e-3 of the larger of the value and a hundredth of the variable's
 * range over the run (relative errors of values that pass through zero mean nothing).
 */
import { describe, expect, test } from 'vitest';
import type { Network } from '../../src/models/network.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { referenceArray, referenceFiles, referenceJson } from '../reference.ts';
import { cell, exc, inh, network, population, projection } from '../spiking/networks.ts';

interface Case {
  n_exc: number;
  n_inh: number;
  dt_ms: number;
  duration_ms: number;
  delay_ms: number;
  q_exc_nS: number;
  q_inh_nS: number;
  V0_mV: number[];
  I0_pA: number[];
  edges: [number, number][];
  spikes_ms_id: [number, number][];
}

function build(c: Case): Network {
  const slice = (values: number[], first: number, size: number) =>
    Float64Array.from(values.slice(first, first + size));
  const part = (name: string, first: number, size: number, of: string) =>
    population(name, size, cell(of), {
      initial: {
        V: { kind: 'values', values: slice(c.V0_mV, first, size) },
        w: { kind: 'constant', value: 0 },
        g: new Map(),
      },
      neuronCurrent: slice(c.I0_pA, first, size),
    });
  const starts = [0, c.n_exc];
  const owner = (neuron: number) => (neuron < c.n_exc ? 0 : 1);
  const projections = [0, 1].flatMap((from) =>
    [0, 1].map((to) => {
      const edges = c.edges.filter(([pre, post]) => owner(pre) === from && owner(post) === to);
      const connect = {
        rule: 'explicit' as const,
        source: Uint32Array.from(edges, ([pre]) => pre - starts[from]!),
        target: Uint32Array.from(edges, ([, post]) => post - starts[to]!),
      };
      const [receptor, weight] = from === 0 ? [exc, c.q_exc_nS] : [inh, c.q_inh_nS];
      return projection(from, to, receptor, weight, connect, { delay: c.delay_ms, selfConnections: true });
    }),
  );
  const populations = [part('exc', 0, c.n_exc, 'RS-cell'), part('inh', c.n_exc, c.n_inh, 'FS-cell')];
  return network(populations, projections, { dt: c.dt_ms, duration: c.duration_ms });
}

const files = referenceFiles('brian2', /^exact_.*\.json$/);

describe.skipIf(files.length === 0)('Brian2, spike by spike', () => {
  test.each(files)('%s', async (file) => {
    const c = referenceJson<Case>('brian2', file);
    const model = build(c);
    const size = c.n_exc + c.n_inh;
    await using simulation = await Simulation.create(await testDevice(), model, {
      traces: model.populations.map((each) => ({
        population: each.name,
        neurons: Array.from({ length: each.size }, (_, index) => index),
      })),
    });
    const spikes: [number, number][] = [];
    const traces: number[][] = simulation.channels.map(() => []);
    for await (const activity of simulation.run({ duration: c.duration_ms })) {
      activity.spikes.steps.forEach((step, index) => {
        spikes.push([step, activity.spikes.neurons[index]!]);
      });
      activity.traces.values.forEach((values, channel) => {
        traces[channel]!.push(...values);
      });
    }
    const expected = c.spikes_ms_id
      .map(([time, neuron]) => [Math.round(time / c.dt_ms), neuron] as [number, number])
      .sort(([a, i], [b, j]) => a - b || i - j);
    expect(spikes).toEqual(expected);

    const variables = { V: 'V', w: 'w', g_exc: 'ge', g_inh: 'gi' } as const;
    for (const [variable, suffix] of Object.entries(variables)) {
      const { shape, data } = referenceArray('brian2', file.replace('.json', `.${suffix}.npy`));
      expect(shape).toEqual([size, Math.round(c.duration_ms / c.dt_ms)]);
      let least = Number.POSITIVE_INFINITY;
      let most = Number.NEGATIVE_INFINITY;
      for (let index = 0; index < data.length; index++) {
        least = Math.min(least, data[index]!);
        most = Math.max(most, data[index]!);
      }
      let worst = 0;
      simulation.channels.forEach((channel, at) => {
        if (channel.variable !== variable) return;
        const neuron = channel.neuron + (channel.population === 'inh' ? c.n_exc : 0);
        traces[at]!.forEach((value, step) => {
          const truth = data[neuron * shape[1]! + step]!;
          const scale = Math.max(Math.abs(truth), (most - least) / 100);
          worst = Math.max(worst, Math.abs(value - truth) / scale);
        });
      });
      console.info(`${file} ${variable}: largest relative difference ${worst.toExponential(1)}`);
      expect(worst).toBeLessThan(1e-3);
    }
  });
});
