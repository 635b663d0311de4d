/**
 * A script as a user writes it, run by device.test.ts in a process of its own: opens devices, computes something, closes them
 * in one of several ways, says so, and has nothing left to wait for.
 */
import { type Device, openDevice } from '../../src/gpu/device.ts';

async function compute(device: Device): Promise<number> {
  const { STORAGE, COPY_SRC } = GPUBufferUsage;
  const words = await device.upload('words', Uint32Array.of(40, 2, 0, 0), STORAGE | COPY_SRC);
  const code = `@group(0) @binding(0) var<storage, read_write> words: array<u32>;
    @compute @workgroup_size(1) fn main() { words[2] = words[0] + words[1]; }`;
  const module = device.raw.createShaderModule({ code });
  const pipeline = await device.raw.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  // Long enough for garbage collection to take what is not held.
  for (let round = 0; round < 20; round++) {
    const layout = pipeline.getBindGroupLayout(0);
    const group = device.raw.createBindGroup({
      layout,
      entries: [{ binding: 0, resource: { buffer: words } }],
    });
    const encoder = device.raw.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(1);
    pass.end();
    device.raw.queue.submit([encoder.finish()]);
    await device.read(words);
    Array.from({ length: 20_000 }, (_, index) => ({ index }));
  }
  return new Uint32Array(await device.read(words))[2]!;
}

async function withUsing(): Promise<number> {
  await using device = await openDevice();
  return await compute(device);
}

async function withClose(): Promise<number> {
  const device = await openDevice();
  const answer = await compute(device);
  await device.close();
  await device.close();
  return answer;
}

async function withTwo(): Promise<number> {
  await using first = await openDevice();
  await using second = await openDevice({ portableLimits: true });
  const answers = await Promise.all([compute(first), compute(second)]);
  return Math.max(...answers);
}

async function withError(): Promise<number> {
  let answer = 0;
  try {
    await using device = await openDevice();
    answer = await compute(device);
    throw new Error('after computing');
  } catch {
    return answer;
  }
}

const ways: Record<string, () => Promise<number>> = {
  close: withClose,
  using: withUsing,
  two: withTwo,
  throw: withError,
};
const answer = await ways[process.argv[2] ?? 'using']!();
process.stdout.write(`${answer} done\n`);
