/**
 * Runs functions of `shaders/common/`, which have no entry points: composes a kernel around them that reads words, calls
 * what a test says for each item, and writes words.
 */
import { readFileSync } from 'node:fs';
import type { Device } from '../src/gpu/device.ts';
import { compileShader, composeShader, shaderRoot } from '../src/gpu/shader.ts';

export interface WgslCall {
  /** Files below `shaders/`. */
  includes: string[];
  /** Words that one item reads from `given[item * wordsIn + k]`, and writes to `result[item * wordsOut + k]`. */
  wordsIn: number;
  wordsOut: number;
  /** Statements run for each `item`. */
  body: string;
}

const testKernel = 'test-kernel.wgsl';

function kernelText({ includes, wordsIn, wordsOut, body }: WgslCall): string {
  return `${includes.map((path) => `// #include "${path}"`).join('\n')}
@group(0) @binding(0) var<storage, read> given: array<u32>;
@group(0) @binding(1) var<storage, read_write> result: array<u32>;
@group(0) @binding(2) var<uniform> items: u32;
@compute @workgroup_size(64)
fn test_kernel(@builtin(global_invocation_id) id: vec3u) {
  let item = id.x;
  if (item >= items) { return; }
  let first_in = item * ${wordsIn}u;
  let first_out = item * ${wordsOut}u;
  ${body}
}`;
}

/** The words that `call` writes for each item of `input`. */
export async function runWgsl(device: Device, call: WgslCall, input: Uint32Array): Promise<Uint32Array> {
  const items = input.length / call.wordsIn;
  const text = kernelText(call);
  const source = composeShader(testKernel, {}, (path) =>
    path === testKernel ? text : readFileSync(shaderRoot + path, 'utf8'),
  );
  const module = await compileShader(device, source);
  const pipeline = await device.raw.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const { STORAGE, UNIFORM, COPY_SRC } = GPUBufferUsage;
  const given = await device.upload('given words', input, STORAGE);
  const result = await device.allocate('resulting words', 4 * items * call.wordsOut, STORAGE | COPY_SRC);
  const count = await device.upload('number of items', Uint32Array.of(items), UNIFORM);
  const buffers = [given, result, count];
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.raw.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const encoder = device.raw.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(Math.ceil(items / 64));
  pass.end();
  device.raw.queue.submit([encoder.finish()]);
  const words = new Uint32Array(await device.read(result, 0, 4 * items * call.wordsOut));
  for (const buffer of buffers) buffer.destroy();
  return words;
}
