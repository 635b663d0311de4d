/** Examples stay true: the network file that users copy is the built-in network. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
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
