/** What a figure of a run is drawn from: in networks larger than a raster can hold, traced neurons still have all of their spikes. */
import { expect, test } from 'vitest';
import { FigureCollector } from '../../src/cli/figure-collector.ts';
import { cell, network, population } from '../spiking/networks.ts';

const options = {
  ...{ duration: 10, seed: 1, discard: undefined, out: '', force: false, json: false, quiet: true },
  ...{ figures: true, traces: 3, traceEverySteps: 1, spikes: 0, rateBin: 5, profile: false },
};

test('spikes of traced neurons that the raster leaves out', () => {
  // Every third neuron is in the raster.
  const model = network(
    [population('few', 3, cell('LIF')), population('many', 60_000 - 3, cell('LIF'))],
    [],
    {
      duration: 10,
    },
  );
  const collector = new FigureCollector(model, options);
  collector.begin([0, 1, 2].map((neuron) => ({ population: 'many', neuron, variable: 'V' })));
  collector.record({
    ...{ start: 0, end: 10, firstStep: 0, endStep: 100, deviceTime: undefined },
    spikes: {
      steps: Uint32Array.of(10, 20, 30, 40),
      // Of the whole network: 1, 0, 1 and 4 of the second population.
      neurons: Uint32Array.of(4, 3, 4, 7),
    },
    potentials: { times: new Float64Array(0), values: [] },
    traces: { times: Float64Array.of(1), values: [0, 1, 2].map((V) => Float32Array.of(V)) },
  });
  const { traces, populations } = collector.activity();
  // The two that spike most, first the most active one.
  expect(traces!.V.map(({ neuron, values }) => [neuron, Array.from(values)])).toEqual([
    [1, [1]],
    [0, [0]],
  ]);
  expect(traces!.V.map(({ spikes }) => spikes.length)).toEqual([2, 1]);
  expect(Array.from(populations[1]!.spikeNeurons)).toEqual([0]);
});
