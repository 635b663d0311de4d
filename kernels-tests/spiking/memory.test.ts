/** Networks that a device cannot hold are refused before anything is allocated, with what would fit. */
import { describe, expect, test } from 'vitest';
import { DeviceMemoryError, InputError } from '../../src/errors.ts';
import { openDevice } from '../../src/gpu/device.ts';
import type { Network } from '../../src/models/network.ts';
import { estimateMemory, refuseTooLarge } from '../../src/spiking/memory.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { wiring } from './build.ts';
import { cell, exc, network, population, projection } from './networks.ts';

function recurrent(size: number, probability: number, delay = 0): Network {
  return wiring([size], [[0, 0, { rule: 'fixed-probability', probability }, { delay }]]);
}

describe('a network too large', () => {
  test('for WebGPU’s guaranteed limits', async () => {
    await using device = await openDevice({ portableLimits: true });
    expect(device.limits.maxStorageBufferBindingSize).toBe(2 ** 27);
    const building = Simulation.create(device, recurrent(100_000, 0.05));
    await expect(building).rejects.toThrow(DeviceMemoryError);
    await expect(building).rejects.toThrow(
      `network test needs 2.0 GB for its 500 million synapses in one buffer, but ${device.adapter.name} binds at most 134.2 MB: at the same connection probability, populations of 25 % of their size would fit`,
    );
  });

  test('for any device there is', async () => {
    await expect(Simulation.create(await testDevice(), recurrent(3_000_000, 0.1))).rejects.toThrow(
      DeviceMemoryError,
    );
  });

  test.each([
    [20_000, 0.1],
    [100_000, 0.05],
    [31_000, 0.3],
  ])('%i neurons at %d: what it says would fit, fits', (size, probability) => {
    const limit = 2 ** 27;
    const refuse = (neurons: number) =>
      refuseTooLarge(planNetwork(recurrent(neurons, probability)), limit, 'a device');
    let said = '';
    expect(() => {
      try {
        refuse(size);
      } catch (error) {
        said = (error as Error).message;
        throw error;
      }
    }).toThrow(DeviceMemoryError);
    const share = Number(/populations of (\d+) % of their size/.exec(said)![1]) / 100;
    refuse(Math.floor(share * size));
    expect(() => refuse(Math.ceil((share + 0.01) * size))).toThrow(DeviceMemoryError);
  });

  test('by far: the share keeps two digits and is never 0', () => {
    const said = (model: Network, limit: number) => {
      try {
        refuseTooLarge(planNetwork(model), limit, 'a device');
      } catch (error) {
        return /populations of (\S+) % of their size would fit$/.exec((error as Error).message)?.[1];
      }
      return 'fits';
    };
    // 4 (0.1 (3e6 x)^2 + 3e6 x) = 2^27 at x = 0.0061.
    expect(said(recurrent(3_000_000, 0.1), 2 ** 27)).toBe('0.61');
    expect(said(recurrent(18_300, 0.1), 2 ** 27)).toBe('fits');
    expect(said(recurrent(2 ** 24, 1), 2 ** 27)).toBe('0.034');
    // Rows alone fill the buffer, and grow with the size, not with its square.
    const sparse = wiring(
      [2 ** 24],
      [0, 1, 2, 3].map(() => [0, 0, { rule: 'fixed-probability', probability: 0 }]),
    );
    expect(said(sparse, 2 ** 27)).toBe('50');
  });

  test('for a uniform buffer, by its populations', async () => {
    const device = await testDevice();
    const many = (count: number) =>
      network(Array.from({ length: count }, (_, index) => population(`p${index}`, 1, cell('LIF'))));
    const building = Simulation.create(device, many(700));
    await expect(building).rejects.toThrow(DeviceMemoryError);
    const message = await building.catch((error: Error) => error.message);
    const match =
      /^700 populations need (\d+) bytes in one uniform buffer, but .+ binds at most 65536: use at most (\d+) populations$/.exec(
        String(message),
      );
    expect(match, String(message)).not.toBeNull();
    const most = Number(match![2]);
    expect(Math.floor(65_536 / (Number(match![1]) / 700))).toBe(most);
    await (await Simulation.create(device, many(most)))[Symbol.asyncDispose]();
    await expect(Simulation.create(device, many(most + 1))).rejects.toThrow(
      `use at most ${most} populations`,
    );
    device.throwIfFaulty();
  });

  test('in its state or in its input ring', () => {
    const quiet = planNetwork(network([population('cells', 1_000_000, cell('LIF'))]));
    expect(() => refuseTooLarge(quiet, 2 ** 23, 'a device')).toThrow(
      /^network test needs 16\.\d MB for the state of its 1000000 neurons in one buffer, but a device binds at most 8\.4 MB: use fewer neurons$/,
    );
    const slow = planNetwork(recurrent(100_000, 1e-7, 100));
    expect(() => refuseTooLarge(slow, 2 ** 26, 'a device')).toThrow(
      /^network test needs 4\d\d\.\d MB for the input ring of its 100000 neurons in one buffer, but a device binds at most 67\.1 MB: use fewer neurons or shorter delays$/,
    );
    refuseTooLarge(slow, 2 ** 30, 'a device');
  });

  test('to be numbered', () => {
    const huge = network([population('a', 2 ** 24, cell('LIF')), population('b', 2 ** 24 + 1, cell('LIF'))]);
    expect(() => planNetwork(huge)).toThrow(InputError);
    expect(() => planNetwork(huge)).toThrow(
      'network test has 33554433 neurons, more than the 33554432 that can be numbered: make its populations smaller',
    );
    expect(() => planNetwork(network([population('a', 2 ** 25, cell('LIF'))]))).not.toThrow();
  });
});

describe('estimates', () => {
  test('are what is allocated for synapses, state and input', async () => {
    const { STORAGE } = GPUBufferUsage;
    const device = await testDevice();
    const model = network(
      [population('a', 900, cell('RS-cell')), population('b', 300, cell('FS-cell'))],
      [
        projection(0, 0, exc, 1, { rule: 'all-to-all' }, { delay: 1 }),
        projection(0, 1, exc, 1, { rule: 'fixed-in-degree', degree: 50 }),
        projection(1, 0, exc, 1, { rule: 'fixed-out-degree', degree: 50 }),
      ],
    );
    const sizes: Record<string, number> = {};
    const allocate = device.allocate.bind(device);
    device.allocate = (label, bytes, usage) => {
      if (usage & STORAGE) sizes[label] = bytes;
      return allocate(label, bytes, usage);
    };
    try {
      await using simulation = await Simulation.create(device, model);
      const parts = estimateMemory(simulation.plan);
      const { total } = simulation.connectivity;
      expect(total).toBe(900 * 899 + 50 * 300 + 50 * 300);
      // One word closes the last row.
      expect(parts.synapses).toBe(sizes[`${total} synapses`]! + sizes['synapse rows']! - 4);
      expect(parts.state).toBe(sizes['neuron state']);
      expect(parts.input).toBe(sizes['input ring']);
      expect(parts.total).toBeGreaterThan(parts.synapses + parts.state + parts.input);
    } finally {
      device.allocate = allocate;
    }
  });
});
