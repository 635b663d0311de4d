/**
 * Currents over time that neurons have for themselves: from a file to the membrane, against the twin in double precision, and in
 * memory that does not grow.
 */
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { arrayReaders } from '../../src/io/array-readers.ts';
import { writeNpy } from '../../src/io/npy.ts';
import type { Network, NeuronCourse } from '../../src/models/network.ts';
import { networkFromObject } from '../../src/models/read-network.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import { Simulation, type SimulationOptions } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { draws } from '../draws.ts';
import { ownFolder } from '../own-folder.ts';
import { connect } from '../twins/connect.ts';
import { simulateTwin } from '../twins/network.ts';
import { cell, network, population } from './networks.ts';
import { record, traceAll } from './record.ts';

const folder = ownFolder();

const size = 21;
const rows = 40;
const draw = draws(5);
const currents = Float32Array.from({ length: rows * size }, () => draw.between(-200, 900));
writeNpy(join(folder, 'currents.npy'), currents, [rows, size]);

/** Two populations, one with currents of its neurons' own beside one for all, the other without. */
function read(rowTime = 0.5): Network {
  const connect = { rule: 'fixed-probability', probability: 0.3 } as const;
  return networkFromObject(
    {
      ...{ dt: 0.1, duration: 30 },
      receptors: { exc: { tau: 5, E_rev: 0 } },
      populations: {
        plain: { size: 10, cell: 'FS-cell', current: 250 },
        driven: {
          ...{ size, cell: 'RS-cell', current: { dt: 10, values: [50, -20, 100] } },
          neuron_current: { dt: rowTime, file: 'currents.npy' },
        },
      },
      projections: { p: { from: 'driven', to: 'plain', receptor: 'exc', weight: 2, connect } },
    },
    { folder, ...arrayReaders },
  );
}

async function run(model: Network, options: SimulationOptions = {}, durations = [30]) {
  await using simulation = await Simulation.create(await testDevice(), model, {
    seed: 2,
    traces: traceAll(model),
    ...options,
  });
  return { ...(await record(simulation, ...durations)), channels: simulation.channels };
}

test('a file of currents acts as the twin says', async () => {
  const model = read();
  const synapses = model.projections.map((_, index) => connect(model, index, 2));
  const found = await run(model);
  const twin = simulateTwin(planNetwork(model), synapses, { seed: 2, steps: 300 });
  expect(twin.spikes.filter(({ neuron }) => neuron >= 10).length).toBeGreaterThan(20);
  expect(found.spikes).toEqual(twin.spikes);
  found.channels.forEach(({ population: name, neuron, variable }, channel) => {
    const truth = twin.trace(name, neuron, variable);
    const most = truth.reduce((sum, value) => Math.max(sum, Math.abs(value)), 0);
    found.traces[channel]!.forEach((value, step) => {
      expect(Math.abs(value - truth[step]!)).toBeLessThan(1e-4 * most + 1e-6);
    });
  });
});

test('the first step sees the first row of its own column, and no other', async () => {
  const { traces, channels } = await run(read());
  const of = cell('RS-cell');
  channels.forEach(({ population: name, neuron, variable }, channel) => {
    if (name !== 'driven' || variable !== 'V') return;
    const leak = of.g_L * of.Delta_T * Math.exp((of.E_L - of.V_T) / of.Delta_T);
    const expected = of.E_L + (0.1 / of.C_m) * (leak + 50 + currents[neuron]!);
    expect(traces[channel]![1]!).toBeCloseTo(expected, 4);
  });
});

test.each([0.1, 0.5, 4])('windows, chunks and cuts change nothing, with rows of %f ms', async (rowTime) => {
  const reference = await run(read(rowTime));
  for (const [options, durations] of [
    [{ chunkSteps: 1 }, [30]],
    [{ chunkSteps: 7 }, [30]],
    [{ chunkSteps: 1000 }, [30]],
    [{}, [3.3, 0.1, 26.6]],
  ] as const) {
    const { spikes, traces, V } = await run(read(rowTime), options, [...durations]);
    expect(spikes).toEqual(reference.spikes);
    expect(traces).toEqual(reference.traces);
    expect(V).toEqual(reference.V);
  }
});

describe('streaming', () => {
  /** Currents without a file, that write down which rows are asked for. */
  function counted(asked: number[]): NeuronCourse {
    const row = (index: number) => {
      asked.push(index);
      return new Float64Array(4).fill(index % 2 === 0 ? 300 : -300);
    };
    return { dt: 0.2, rows: 1e9, least: -300, greatest: 300, row, record: { type: 'f8', sha256: 'none' } };
  }

  test('asks for each row once, in order, and not before its time', async () => {
    const asked: number[] = [];
    const model = network([{ ...population('p', 4, cell('LIF')), neuronCurrents: counted(asked) }], []);
    await using simulation = await Simulation.create(await testDevice(), model, { chunkSteps: 25 });
    for await (const { endStep } of simulation.run({ duration: 100 })) {
      // Three chunks are in flight while one is looked at.
      expect(asked.length).toBeLessThanOrEqual(Math.ceil((endStep + 75) / 2) + 1);
    }
    expect(asked).toEqual(Array.from({ length: 500 }, (_, row) => row));
  });

  test('a file that changes in the middle of a run ends it', async () => {
    const long = new Float32Array(400 * 3000);
    writeNpy(join(folder, 'long.npy'), long, [400, 3000]);
    const model = networkFromObject(
      { populations: { p: { size: 3000, cell: 'LIF', neuron_current: { dt: 1, file: 'long.npy' } } } },
      { folder, ...arrayReaders },
    );
    await using simulation = await Simulation.create(await testDevice(), model);
    const all = (async () => {
      for await (const { end } of simulation.run({ duration: 400 }))
        if (end > 0) utimesSync(join(folder, 'long.npy'), new Date(0), new Date(0));
    })();
    await expect(all).rejects.toThrow('long.npy: the file has changed since the run began; run again');
  });
});
