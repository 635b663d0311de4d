/**
 * Run as a process of its own: opens the adapter that a run would get, computes a few numbers on it, and prints what
 * it found as one JSON line. A driver that crashes takes only this process with it, and what Dawn says when it finds
 * no adapter stands only on stderr, where the caller reads it.
 */
const { create, globals } = await import('webgpu');
Object.assign(globalThis, globals);

const count = 64;
const source = `
@group(0) @binding(0) var<storage, read_write> squares: array<u32>;
@compute @workgroup_size(${count}) fn main(@builtin(global_invocation_id) id: vec3u) {
  squares[id.x] = id.x * id.x;
}`;

/** Whether a small kernel gives the right numbers. */
async function computes(adapter) {
  const device = await adapter.requestDevice();
  const module = device.createShaderModule({ code: source });
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module } });
  const size = 4 * count;
  const squares = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  const staging = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: squares } }],
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(squares, 0, staging, 0, size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const right = new Uint32Array(staging.getMappedRange()).every((value, index) => value === index * index);
  device.destroy();
  return right;
}

// The object that create() returns must stay reachable until the last answer is there.
const held = { gpu: create([]) };
const adapter = await held.gpu.requestAdapter({ powerPreference: 'high-performance' });
let answer = { adapter: null, computes: false };
if (adapter) {
  const { vendor, architecture, device, description } = adapter.info;
  answer = { adapter: { vendor, architecture, device, description }, computes: await computes(adapter) };
}
process.stdout.write(`${JSON.stringify(answer)}\n`);
held.gpu = undefined;
