/** Examples stay true: the network file that users copy is the built-in network. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { arrayReaders } from '../src/io/array-readers.ts';
import { networkToJSON } from '../src/models/network-to-json.ts';
import { readNetwork } from '../src/models/read-network.ts';
import { estimateMemory } from '../src/spiking/memory.ts';
import { planNetwork } from '../src/spiking/plan.ts';

test('examples/zerlaut2017-network/network.yaml is config1', () => {
  const path = fileURLToPath(new URL('../examples/zerlaut2017-network/network.yaml', import.meta.url));
  expect(networkToJSON(readNetwork(path))).toEqual(networkToJSON(readNetwork('config1')));
});

test('examples/million is a million neurons with a billion synapses in less than 4 GB', () => {
  const path = fileURLToPath(new URL('../examples/million/network.yaml', import.meta.url));
  const plan = planNetwork(readNetwork(path));
  expect(plan.neurons).toBe(1e6);
  const synapses = plan.projections.reduce((sum, each) => sum + each.expectedSynapses, 0);
  expect(synapses).toBeCloseTo(1e9, -7);
  expect(plan.warnings.length).toBe(1);
  expect(plan.warnings[0]).toContain('storage: procedural');
  expect(estimateMemory(plan).total).toBeLessThan(0.5e9);
  expect(estimateMemory(planNetwork(readNetwork(path, ['storage=stored']))).total).toBeGreaterThan(4e9);
});

test('examples/travelling-stimulus has a bump that travels and a volley that runs back', () => {
  const path = fileURLToPath(new URL('../examples/travelling-stimulus/network.yaml', import.meta.url));
  const network = readNetwork(path, [], arrayReaders);
  const [afferent, exc] = network.populations;
  const { dt, rows, greatest, row } = exc!.drives[1]!.neuronRate!;
  expect([dt, rows, greatest]).toEqual([4, 93, 100]);
  // Neurons are 0.01 mm apart, and the bump travels at 0.03 mm/ms from 100 ms on.
  for (const time of [140, 200, 300]) {
    const rates = Array.from(row(time / dt));
    expect(Math.abs(rates.indexOf(100) - 3 * (time - 100))).toBeLessThan(12);
  }
  expect(Math.max(...Array.from(row(rows - 1)))).toBe(0);
  const { time, neuron } = afferent!.spikes!;
  expect(time.length).toBe(240);
  expect([neuron[0], neuron.at(-1)]).toEqual([79, 0]);
  expect(time[0]).toBeCloseTo(500 + 0.05 / 0.08, 9);
  expect(time.at(-1)).toBeCloseTo(500 + 7.95 / 0.08 + 12, 9);
});
