/** Kernels: compiled once for each set of constants, bound by name, dispatched with dynamic offsets. */
import { describe, expect, test } from 'vitest';
import { DeviceMemoryError, ShaderError } from '../../src/errors.ts';
import { openDevice } from '../../src/gpu/device.ts';
import { Kernel } from '../../src/gpu/kernel.ts';
import { testDevice } from '../device.ts';

const path = 'spiking/inject.wgsl';
const constants = { SLOTS: 3, WORDS: 1, GROUPS: 64 };

describe('compiling', () => {
  test('happens once for each device, shader and options', async () => {
    const device = await testDevice();
    const kernel = await Kernel.create(device, path, { constants });
    expect(await Kernel.create(device, path, { constants })).toBe(kernel);
    expect(await Kernel.create(device, path, { constants: { ...constants, SLOTS: 4 } })).not.toBe(kernel);
    expect(await Kernel.create(device, path, { constants, dynamic: ['range'] })).not.toBe(kernel);
    await using other = await openDevice();
    expect(await Kernel.create(other, path, { constants })).not.toBe(kernel);
  });

  test('fails with the shader’s name', async () => {
    const device = await testDevice();
    await expect(Kernel.create(device, path, { constants: { SLOT: 3 } })).rejects.toThrow(
      new ShaderError('shaders/spiking/inject.wgsl declares no constant SLOT'),
    );
    await expect(Kernel.create(device, 'spiking/none.wgsl')).rejects.toThrow(
      new ShaderError('shaders/spiking/none.wgsl cannot be read'),
    );
    // A pipeline that no device can make: more invocations in a workgroup than are allowed.
    await expect(
      Kernel.create(device, 'spiking/advance.wgsl', { constants: { LANES: 2 ** 20 } }),
    ).rejects.toThrow(/^shaders\/spiking\/advance\.wgsl: /);
    device.throwIfFaulty();
  });
});

describe('a uniform larger than the device binds', () => {
  const deliver = (POPULATIONS: number, PROJECTIONS: number) => async () =>
    Kernel.create(await testDevice(), 'spiking/deliver.wgsl', {
      constants: { POPULATIONS, PROJECTIONS, GROUPS: 64, WORDS: 1, SLOTS: 1, WINDOWS: 1 },
    });

  test('is refused with how many elements of its longest array fit', async () => {
    const { adapter, limits } = await testDevice();
    expect(limits.maxUniformBufferBindingSize).toBe(65_536);
    const end = `in one uniform buffer, but ${adapter.name} binds at most 65536`;
    // 16 bytes for each population, 48 for each projection.
    await expect(deliver(66, 4356)).rejects.toThrow(
      new DeviceMemoryError(`4356 projections need 210208 bytes ${end}: use at most 1342 projections`),
    );
    await expect(deliver(5000, 100)).rejects.toThrow(
      new DeviceMemoryError(`5000 sources need 84864 bytes ${end}: use at most 3792 sources`),
    );
    await expect(deliver(66, 1343)).rejects.toThrow(DeviceMemoryError);
    expect((await deliver(66, 1342)()).sizeOf('routes')).toBe(65_536);
    (await testDevice()).throwIfFaulty();
  });

  test('is refused for the array within its elements where not one element fits', async () => {
    const device = await testDevice();
    const compile = Kernel.create(device, 'spiking/advance.wgsl', { constants: { RECEPTORS: 5000 } });
    await expect(compile).rejects.toThrow(DeviceMemoryError);
    await expect(compile).rejects.toThrow(/^5000 receptors need \d+ bytes .+: use at most 40\d\d receptors$/);
    device.throwIfFaulty();
  });
});

describe('binding', () => {
  test('wants a buffer for each variable, and no other', async () => {
    const device = await testDevice();
    const kernel = await Kernel.create(device, path, { constants });
    const storage = await device.allocate('words', 1024, GPUBufferUsage.STORAGE);
    const range = await device.allocate('range', 16, GPUBufferUsage.UNIFORM);
    expect(() => kernel.bind({ range, events: storage })).toThrow(
      new ShaderError('shaders/spiking/inject.wgsl: no buffer is given for input'),
    );
    expect(() => kernel.bind({ range, events: storage, input: storage, output: storage })).toThrow(
      new ShaderError('shaders/spiking/inject.wgsl has no variable output'),
    );
    expect(() => kernel.pack('rang', { first: 0, end: 1 })).toThrow(
      new ShaderError('shaders/spiking/inject.wgsl has no variable rang'),
    );
    kernel.bind({
      range,
      events: storage,
      input: await device.allocate('input', 1024, GPUBufferUsage.STORAGE),
    });
    device.throwIfFaulty();
  });

  test('sizes and packs values as the shader declares them', async () => {
    const kernel = await Kernel.create(await testDevice(), path, { constants });
    expect(kernel.sizeOf('range')).toBe(8);
    expect(kernel.sizeOf('events', 5)).toBe(60);
    const events = [
      { step: 1, address: 2, amount: 3 },
      { step: 4, address: 5, amount: 0xffffffff },
    ];
    expect(new Uint32Array(kernel.pack('events', events).buffer)).toEqual(
      Uint32Array.of(1, 2, 3, 4, 5, 0xffffffff),
    );
    expect(() => kernel.pack('range', { first: 0, last: 1 })).toThrow('struct Range has no field last');
    expect(kernel.layout.workgroupSize).toEqual([64, 1, 1]);
  });
});

describe('running', () => {
  const events = [
    { step: 7, address: 5, amount: 2 },
    { step: 7, address: 5, amount: 40 },
    { step: 9, address: 0, amount: 1 },
    { step: 11, address: 255, amount: 9 },
  ];

  /** The input ring after events `first` to `end` of each range. */
  async function inject(ranges: { first: number; end: number }[]): Promise<Map<number, number>> {
    const device = await testDevice();
    const kernel = await Kernel.create(device, path, { constants, dynamic: ['range'] });
    const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const stride = kernel.dynamicStride('range');
    expect(stride % device.limits.minUniformBufferOffsetAlignment).toBe(0);
    const range = await device.allocate('ranges', ranges.length * stride, UNIFORM | COPY_DST);
    ranges.forEach((each, index) => {
      device.write(range, index * stride, kernel.pack('range', each));
    });
    const input = await device.allocate('input', 4 * 3 * 256, STORAGE | COPY_SRC);
    const group = kernel.bind({
      range,
      events: await device.upload('events', kernel.pack('events', events), STORAGE),
      input,
    });
    const encoder = device.raw.createCommandEncoder();
    const pass = encoder.beginComputePass();
    ranges.forEach((_, index) => {
      kernel.dispatch(pass, group, 1, [index * stride]);
    });
    pass.end();
    device.raw.queue.submit([encoder.finish()]);
    const words = new Uint32Array(await device.read(input));
    return new Map(
      Array.from(words, (word, place): [number, number] => [place, word]).filter(([, word]) => word > 0),
    );
  }

  test('with a dynamic offset for each dispatch', async () => {
    // Slot = step modulo 3; 256 words in a slot.
    expect(await inject([{ first: 0, end: 1 }])).toEqual(new Map([[256 + 5, 2]]));
    expect(
      await inject([
        { first: 0, end: 2 },
        { first: 2, end: 4 },
      ]),
    ).toEqual(
      new Map([
        [0, 1],
        [256 + 5, 42],
        [512 + 255, 9],
      ]),
    );
    expect(await inject([{ first: 1, end: 1 }])).toEqual(new Map());
  });

  test('nothing at all is no dispatch', async () => {
    const device = await testDevice();
    const kernel = await Kernel.create(device, 'spiking/connect-all.wgsl');
    const rule = await device.allocate('rule', kernel.sizeOf('rule'), GPUBufferUsage.UNIFORM);
    const synapses = await device.allocate('synapses', 16, GPUBufferUsage.STORAGE);
    kernel.run(kernel.bind({ rule, synapses }), 0);
    await device.raw.queue.onSubmittedWorkDone();
    device.throwIfFaulty();
  });
});
