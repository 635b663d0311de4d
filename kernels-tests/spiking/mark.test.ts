/** The end of each window is noted where no delivery does it: the kernel against its twin. */
import { expect, test } from 'vitest';
import { Kernel } from '../../src/gpu/kernel.ts';
import { testDevice } from '../device.ts';
import { draws } from '../draws.ts';
import { mark } from '../twins/mark.ts';

test('marks the end of its window and nothing else, from the first to the last', async () => {
  const WINDOWS = 9;
  const { integer } = draws(1);
  const device = await testDevice();
  const kernel = await Kernel.create(device, 'spiking/mark.wgsl', { constants: { WINDOWS } });
  const { STORAGE, UNIFORM, COPY_SRC } = GPUBufferUsage;
  for (const index of [0, 3, WINDOWS - 1]) {
    // Tail, the beginnings of windows, and entries.
    const list = Uint32Array.from({ length: WINDOWS + 2 + 20 }, () => integer(0, 2 ** 32 - 1));
    const spikes = await device.upload('spikes', list, STORAGE | COPY_SRC);
    const value = { first_step: 32 * index, steps: 32, slot: 0, index, first_sample: 0 };
    const window = await device.upload('window', kernel.pack('window', value), UNIFORM);
    kernel.run(kernel.bind({ window, spikes }), 3);
    const marked = new Uint32Array(await device.read(spikes)).slice(0, list.length);
    expect(marked).toEqual(mark(list, index));
    expect(marked).not.toEqual(list);
  }
});
