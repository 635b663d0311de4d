/** Networks that a device cannot hold are refused before anything is allocated, with what would fit. */
import { describe, expect, test } from 'vitest';
import { DeviceMemoryError, InputError } from '../../src/errors.ts';
import { openDevice } from '../../src/gpu/device.ts';
import type { Network } from '../../src/models/network.ts';
import { estimateMemory, refuseTooLarge } from '../../src/spiking/memory.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import { Simulation, type SimulationOptions } from '../../src/spiking/simulation.ts';
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
    const building = Simulation.create(device, recurrent(3_000_000, 1e-9, 50));
    await expect(building).rejects.toThrow(DeviceMemoryError);
    await expect(building).rejects.toThrow(
      `network test needs 6.0 GB for the input ring of its 3000000 neurons in one buffer, but ${device.adapter.name} binds at most 134.2 MB: use fewer neurons or shorter delays`,
    );
  });

  test('for any device there is', async () => {
    const building = Simulation.create(await testDevice(), recurrent(3_000_000, 0.1), { storage: 'stored' });
    await expect(building).rejects.toThrow(DeviceMemoryError);
    await expect(building).rejects.toThrow(
      /^network test needs 3600\.0 GB to store its 900000 million synapses, but .+ has room for \S+ [GM]B: storage: procedural draws them anew at each spike and needs no room for them; or else, at the same connection probability, populations of \S+ % of their size would fit$/,
    );
  });

  test.each([
    [20_000, 0.1],
    [100_000, 0.05],
    [31_000, 0.3],
  ])('%i neurons at %d: what it says would fit, fits', (size, probability) => {
    const memory = 2 ** 27;
    const refuse = (neurons: number) => {
      const plan = planNetwork(recurrent(neurons, probability), { storage: 'stored', hearing: 'deliver' });
      // What else there is scales with the network, too, and is left out of the question here.
      const { synapses, total } = estimateMemory(plan);
      refuseTooLarge(plan, { adapter: 'a device', binding: 2 ** 30, memory: memory + total - synapses });
    };
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
        const plan = planNetwork(model, { storage: 'stored', hearing: 'deliver' });
        const { synapses, total } = estimateMemory(plan);
        refuseTooLarge(plan, { adapter: 'a device', binding: 2 ** 30, memory: limit + total - synapses });
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
    expect(() => refuseTooLarge(quiet, { adapter: 'a device', binding: 2 ** 23 })).toThrow(
      /^network test needs 12\.\d MB for the state of its 1000000 neurons in one buffer, but a device binds at most 8\.4 MB: use fewer neurons$/,
    );
    const slow = planNetwork(recurrent(100_000, 1e-7, 100));
    expect(() => refuseTooLarge(slow, { adapter: 'a device', binding: 2 ** 26 })).toThrow(
      /^network test needs 4\d\d\.\d MB for the input ring of its 100000 neurons in one buffer, but a device binds at most 67\.1 MB: use fewer neurons or shorter delays$/,
    );
    refuseTooLarge(slow, { adapter: 'a device', binding: 2 ** 30 });
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
  const rules = [
    projection(0, 0, exc, 1, { rule: 'fixed-probability', probability: 0.9 }, { delay: 1 }),
    projection(0, 1, exc, 1, { rule: 'fixed-in-degree', degree: 500 }, { delay: 0.5 }),
    projection(1, 0, exc, 1, { rule: 'fixed-out-degree', degree: 500 }, { delay: 2 }),
  ];
  const model = network(
    [population('a', 5000, cell('RS-cell')), population('b', 3000, cell('FS-cell'))],
    rules,
  );
  const equal = network(model.populations, [
    projection(0, 0, exc, 1, { rule: 'fixed-probability', probability: 0.1 }),
  ]);

  const cases: [string, Network, SimulationOptions][] = [
    ['stored', model, {}],
    ['stored in pieces', model, { pieceBytes: 1e7 }],
    ['drawn', { ...model, projections: [rules[0]!, rules[2]!] }, { storage: 'procedural' }],
    ['drawn in part', model, { storedBytes: 1e6 }],
    ['gathered', equal, { hearing: 'gather' }],
    ['gathered in one workgroup', equal, { hearing: 'together' }],
  ];
  const named = cases.map(([kept, network, options]) => ({ kept, network, options }));
  test.each(named)('are within 5 % of all that is allocated: $kept', async ({ network, options }) => {
    const device = await testDevice();
    const live = new Map<GPUBuffer, number>();
    const createBuffer = device.raw.createBuffer.bind(device.raw);
    device.raw.createBuffer = (descriptor) => {
      const buffer = createBuffer(descriptor);
      live.set(buffer, buffer.size);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        live.delete(buffer);
        destroy();
      };
      return buffer;
    };
    try {
      await using simulation = await Simulation.create(device, network, options);
      const allocated = [...live.values()].reduce((sum, size) => sum + size, 0);
      expect(allocated).toBeGreaterThan(3e6);
      expect(Math.abs(estimateMemory(simulation.plan).total / allocated - 1)).toBeLessThan(0.05);
    } finally {
      device.raw.createBuffer = createBuffer;
    }
  });
});
