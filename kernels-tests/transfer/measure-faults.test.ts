/** What goes wrong only while it is computed. */
import { describe, expect, test } from 'vitest';
import { DeviceMemoryError, InputError, NonFiniteError } from '../../src/errors.ts';
import { measureBlock } from '../../src/transfer/measure-block.ts';
import { testDevice } from '../device.ts';
import { cell } from '../spiking/networks.ts';
import { config1Input, subject } from './measured.ts';

describe('a block that cannot be measured', () => {
  test('V that blows up is told with its place and time', async () => {
    const input = { ...config1Input, inh: { ...config1Input.inh, Q: 1e25 } };
    const of = subject(cell('RS-cell'), { duration: 300 }, input);
    const run = measureBlock(await testDevice(), of, [
      { nu_e: 1, nu_i: 0, index: 0 },
      { nu_e: 1, nu_i: 3, index: 2 },
    ]);
    await expect(run).rejects.toThrow(NonFiniteError);
    await expect(run).rejects.toThrow(
      /^V of RS-cell at nu_e = 1 Hz, nu_i = 3 Hz \(repeat 8\) became infinite or NaN between 0\.0 and 300\.0 ms: the step of 0\.05 ms is too coarse/,
    );
  });

  test('neurons that are held all the time have no mean', async () => {
    const of = subject(cell('FS-cell', { tau_ref: 5000 }), { duration: 900, discard: 800 });
    const run = measureBlock(await testDevice(), of, [{ nu_e: 20, nu_i: 0, index: 1 }]);
    await expect(run).rejects.toThrow(InputError);
    await expect(run).rejects.toThrow(
      'FS-cell at nu_e = 20 Hz, nu_i = 0 Hz (repeat 4) is refractory or spiking in every step that counts (0 spikes), so V has no mean there: give lower rates, a longer duration or a shorter dt',
    );
  });

  test('too many events, and rates that are none', async () => {
    const device = await testDevice();
    await expect(measureBlock(device, subject(), [{ nu_e: 1e5, nu_i: 0, index: 0 }])).rejects.toThrow(
      '400 synapses at nu_e = 100000 Hz bring 2000 events in a step to each neuron, and more than 600 cannot be counted',
    );
    await expect(measureBlock(device, subject(), [{ nu_e: 1, nu_i: -2, index: 0 }])).rejects.toThrow(
      'nu_i is -2 Hz, but rates are 0 Hz or more',
    );
  });

  test('a device without the memory frees what it had', async () => {
    const device = await testDevice();
    const allocate = device.allocate.bind(device);
    const made: GPUBuffer[] = [];
    device.allocate = async (label, bytes, usage) => {
      if (label === 'sums of a chunk') throw new DeviceMemoryError('no room');
      made.push(await allocate(label, bytes, usage));
      return made.at(-1)!;
    };
    const destroyed = new Set<GPUBuffer>();
    try {
      const run = measureBlock(device, subject(), [{ nu_e: 1, nu_i: 0, index: 0 }]);
      await expect(run).rejects.toThrow('no room');
    } finally {
      device.allocate = allocate;
    }
    for (const buffer of made) {
      // A destroyed buffer cannot be written any more.
      device.raw.pushErrorScope('validation');
      device.raw.queue.submit([]);
      const encoder = device.raw.createCommandEncoder();
      encoder.clearBuffer(buffer);
      device.raw.queue.submit([encoder.finish()]);
      if (await device.raw.popErrorScope()) destroyed.add(buffer);
    }
    expect(made.length).toBeGreaterThan(4);
    expect(destroyed.size).toBe(made.length);
  });
});
