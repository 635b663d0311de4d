/** Work on the device in pieces: in order, with results, between two jobs, and with an end when the device is lost. */
import { describe, expect, test } from 'vitest';
import { DeviceError } from '../../src/errors.ts';
import { type Device, openDevice } from '../../src/gpu/device.ts';
import { type DonePiece, Job } from '../../src/gpu/work-queue.ts';
import { testDevice } from '../device.ts';

/** Adds a number to the last one of a list and counts: what is left tells the order of the pieces. */
async function counter(device: Device) {
  const module = device.raw.createShaderModule({
    code: `@group(0) @binding(0) var<storage, read_write> state: array<u32, 4>;
      @group(0) @binding(1) var<uniform> digit: vec4u;
      @compute @workgroup_size(1) fn write() { state[0] = state[0] * 10u + digit.x; state[1] += 1u; }`,
  });
  const pipeline = device.raw.createComputePipeline({ layout: 'auto', compute: { module } });
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
  const state = await device.allocate('state', 16, STORAGE | COPY_SRC);
  const digit = await device.allocate('digit', 16, UNIFORM | COPY_DST);
  const group = device.raw.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [
      { binding: 0, resource: { buffer: state } },
      { binding: 1, resource: { buffer: digit } },
    ],
  });
  const run = (job: Job, value: number, size = 1, read = false) => {
    device.write(digit, 0, Uint32Array.of(value, 0, 0, 0));
    const encode = (pass: GPUComputePassEncoder) => {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(1);
    };
    return job.run(size, encode, read ? state : undefined);
  };
  return { run };
}

const digitsOf = (pieces: DonePiece[]) =>
  pieces.filter(({ results }) => results.byteLength > 0).map(({ results }) => new Uint32Array(results)[0]);

describe('a job', () => {
  test('has its pieces done in order, each with what was written before it and read after it', async () => {
    const device = await testDevice();
    const { run } = await counter(device);
    const job = new Job(device);
    const done: DonePiece[] = [];
    for (let value = 1; value <= 7; value++)
      done.push(...(await run(job, value, 10 * value, value % 3 === 0)));
    expect(done).toHaveLength(6);
    done.push(...(await job.drain()));
    expect(done.map(({ size }) => size)).toEqual([10, 20, 30, 40, 50, 60, 70]);
    expect(digitsOf(done)).toEqual([123, 123456]);
    for (const { took } of done) expect(took).toBeGreaterThanOrEqual(0);
    expect(await job.drain()).toEqual([]);
  });

  test('shares the device with another one, each hearing of its own pieces', async () => {
    const device = await testDevice();
    const { run } = await counter(device);
    const [odd, even] = [new Job(device), new Job(device)];
    const work = async (job: Job, values: number[]) => {
      const done: DonePiece[] = [];
      for (const value of values) done.push(...(await run(job, value, value)));
      done.push(...(await job.drain()));
      return done.map(({ size }) => size);
    };
    expect(await Promise.all([work(odd, [1, 3, 5]), work(even, [2, 4, 6, 8])])).toEqual([
      [1, 3, 5],
      [2, 4, 6, 8],
    ]);
    await run(odd, 9, 1, true);
    const [last] = await odd.drain();
    expect(new Uint32Array(last!.results)[1]).toBe(8);
  });

  test('ends with a sentence where the device is gone', async () => {
    const device = await openDevice();
    const { run } = await counter(device);
    const job = new Job(device);
    await run(job, 1);
    device.raw.destroy();
    await expect(
      (async () => {
        await run(job, 2);
        await job.drain();
      })(),
    ).rejects.toThrow(DeviceError);
    await device.close();
  });
});
