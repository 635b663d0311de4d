/** Traces of chosen neurons every k steps are the samples of full traces, whatever neurons, k and chunks are chosen. */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { planTraces } from '../../src/spiking/traces.ts';
import { testDevice } from '../device.ts';
import { cell, exc, inh, network, population } from './networks.ts';
import { record, traceAll } from './record.ts';

const drive = { receptor: exc, synapses: 400, rate: 8, weight: 1, statistics: 'poisson' } as const;
const model = network([
  population('one', 6, cell('RS-cell'), { drives: [drive] }),
  population('two', 270, cell('FS-cell'), { drives: [{ ...drive, receptor: inh }] }),
]);
const seed = 4;

describe('samples', () => {
  test('are those of the full traces', async () => {
    const device = await testDevice();
    await using full = await Simulation.create(device, model, { seed, traces: traceAll(model) });
    const all = await record(full, 25);
    expect(all.times.length).toBe(250);
    const traces = [
      { population: 'two', neurons: [269, 0, 3] },
      { population: 'one', neurons: [5] },
    ];
    for (const [traceEverySteps, chunkSteps] of [
      [1, 7],
      [7, 20],
    ] as const) {
      await using some = await Simulation.create(device, model, {
        seed,
        traces,
        traceEverySteps,
        chunkSteps,
      });
      expect(
        some.channels.map(({ population: name, neuron, variable }) => `${name} ${neuron} ${variable}`),
      ).toEqual([
        ...[269, 0, 3].flatMap((neuron) =>
          ['V', 'w', 'g_inh'].map((variable) => `two ${neuron} ${variable}`),
        ),
        ...['V', 'w', 'g_exc'].map((variable) => `one 5 ${variable}`),
      ]);
      const found = await record(some, 11.3, 13.7);
      const sampled = (values: number[]) => values.filter((_, step) => step % traceEverySteps === 0);
      sampled(all.times).forEach((time, sample) => {
        expect(found.times[sample]).toBeCloseTo(time, 9);
      });
      expect(found.times.length).toBe(sampled(all.times).length);
      some.channels.forEach((channel, index) => {
        const at = full.channels.findIndex((each) => JSON.stringify(each) === JSON.stringify(channel));
        expect(found.traces[index], JSON.stringify(channel)).toEqual(sampled(all.traces[at]!));
      });
    }
    // The trace at a step is the state before it: the last sample is not the final state, but near it.
    const at = full.channels.findIndex(
      ({ population: name, variable }) => name === 'one' && variable === 'V',
    );
    expect(Math.abs(all.traces[at]!.at(-1)! - all.V[0]!)).toBeLessThan(5);
    expect(all.traces[at]![0]).toBe(Math.fround(cell('RS-cell').E_L));
  });
});

describe('requests that cannot be met', () => {
  const ask = (request: { population: string; neurons: number[] }) => () =>
    planTraces(planNetwork(model), [request], 1);

  test('name what is wrong', () => {
    expect(ask({ population: 'three', neurons: [0] })).toThrow(InputError);
    expect(ask({ population: 'three', neurons: [0] })).toThrow(
      'traces are asked of population three, which does not exist: choose from one, two',
    );
    expect(ask({ population: 'one', neurons: [6] })).toThrow(
      'a trace is asked of neuron 6 of one, whose neurons are 0 to 5',
    );
    for (const neuron of [-1, 0.5, Number.NaN])
      expect(ask({ population: 'one', neurons: [neuron] })).toThrow(InputError);
  });
});
