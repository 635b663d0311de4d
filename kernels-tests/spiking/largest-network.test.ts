/** The largest network that fits is accepted, and one that is a little larger is refused. */
import { expect, test } from 'vitest';
import { networkSize } from '../../src/models/network.ts';
import { readNetwork } from '../../src/models/read-network.ts';
import { totalSynapses } from '../../src/spiking/expected-synapses.ts';
import { largestSize, resized } from '../../src/spiking/largest-network.ts';
import { refuseTooLarge } from '../../src/spiking/memory.ts';
import { planNetwork } from '../../src/spiking/plan.ts';

const config1 = readNetwork('config1');
const room = { adapter: 'a GPU', binding: 2 ** 27, memory: 2 ** 32 };

test.each(['stored', 'procedural'] as const)('%s', (storage) => {
  const size = largestSize(config1, storage, room);
  const build = (neurons: number) => () =>
    refuseTooLarge(planNetwork(resized(config1, neurons), { storage }), room);
  expect(build(size)).not.toThrow();
  expect(build(1.02 * size)).toThrow(/needs .* but a GPU/);
  expect(size).toBeGreaterThan(storage === 'stored' ? 1_500_000 : 1_000_000);
});

test('nothing that does not fit at all is recommended, and more memory holds more', () => {
  expect(largestSize(config1, 'stored', { ...room, memory: 2 ** 20 })).toBe(0);
  const sizes = [28, 29, 30, 31].map((bits) =>
    largestSize(config1, 'stored', { ...room, memory: 2 ** bits }),
  );
  for (let k = 1; k < sizes.length; k++) expect(sizes[k]! / sizes[k - 1]!).toBeGreaterThan(1.8);
});

test('a network of another size has as many synapses onto each neuron', () => {
  const large = resized(config1, 50_000);
  expect(networkSize(large)).toBe(50_000);
  const inDegree = (network: typeof large) => totalSynapses(network) / networkSize(network);
  expect(inDegree(large)).toBeCloseTo(inDegree(config1), 0);
});
