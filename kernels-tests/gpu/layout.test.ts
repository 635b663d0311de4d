/**
 * Buffer layouts read from WGSL: offsets against the rules of the specification (alignment of vec3 and vec4 is 16 bytes,
 * structs round up), and, which settles it, against what a device reads out of the packed bytes.
 */
import { describe, expect, test } from 'vitest';
import { ShaderError } from '../../src/errors.ts';
import { byteSize, reflectModule, type WgslValue, writeValue } from '../../src/gpu/layout.ts';
import { compileShader } from '../../src/gpu/shader.ts';
import { testDevice } from '../device.ts';

const entry = '@compute @workgroup_size(1) fn main() {}';

/** The layout of one declared variable, after the declarations before it. */
function bindingOf(declarations: string, name = 'value') {
  return reflectModule(`${declarations}\n${entry}`, 'test.wgsl').bindings.get(name)!;
}

function pack(declarations: string, value: WgslValue): DataView {
  const { layout } = bindingOf(declarations);
  const view = new DataView(new ArrayBuffer(byteSize(layout, Array.isArray(value) ? value.length : 0)));
  writeValue(view, 0, layout, value, 'value');
  return view;
}

const mixed = `
struct Inner { a: u32, direction: vec3f, b: i32 }
struct Mixed {
  flag: u32,
  point: vec3f,
  after: f32,       // fits into the fourth word of the vec3
  pair: vec2u,
  inner: Inner,
  four: vec4i,
  list: array<vec2f, 3>,
  many: array<Inner, 2>,
  last: u32,
}
@group(0) @binding(0) var<storage, read> value: Mixed;`;

const inner = (a: number): WgslValue => ({ a, direction: [a + 0.25, a + 0.5, a + 0.75], b: -a });
const mixedValue: WgslValue = {
  flag: 0xfffffffe,
  point: [1.5, -2.5, 3.25],
  after: 1e-3,
  pair: [7, 8],
  inner: inner(100),
  four: [-1, 2, -3, 4],
  list: [
    [0.1, 0.2],
    [0.3, 0.4],
    [0.5, 0.6],
  ],
  many: [inner(200), inner(300)],
  last: 42,
};

describe('structs', () => {
  test('fields stand where WGSL puts them', () => {
    const view = pack(mixed, mixedValue);
    // Inner: a 0, direction 16, b 28, size 32. Mixed: flag 0, point 16, after 28, pair 32, inner 48, four 80, list 96,
    // many 128 (24 bytes of list, rounded up to 16), last 192, size 208.
    expect(view.byteLength).toBe(208);
    const f32 = (at: number) => view.getFloat32(at, true);
    const i32 = (at: number) => view.getInt32(at, true);
    expect(view.getUint32(0, true)).toBe(0xfffffffe);
    expect([16, 20, 24].map(f32)).toEqual([1.5, -2.5, 3.25]);
    expect(f32(28)).toBe(Math.fround(1e-3));
    expect([32, 36].map(i32)).toEqual([7, 8]);
    expect([48, 76].map(i32)).toEqual([100, -100]);
    expect([64, 68, 72].map(f32)).toEqual([100.25, 100.5, 100.75]);
    expect([80, 84, 88, 92].map(i32)).toEqual([-1, 2, -3, 4]);
    expect([96, 100, 104, 108, 112, 116].map(f32)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6].map(Math.fround));
    expect([128, 156, 160, 188].map(i32)).toEqual([200, -200, 300, -300]);
    expect(i32(192)).toBe(42);
    // What is padding stays 0.
    for (const at of [4, 8, 12, 40, 44, 52, 56, 60, 120, 124, 196, 200, 204]) expect(i32(at)).toBe(0);
  });

  test('a device reads the fields that were written', async () => {
    const device = await testDevice();
    const code = `${mixed}
      @group(0) @binding(1) var<storage, read_write> result: array<f32, 22>;
      @compute @workgroup_size(1) fn main() {
        let v = value;
        let numbers = array<f32, 22>(
          f32(v.flag == 0xFFFFFFFEu), v.point.x, v.point.y, v.point.z, v.after, f32(v.pair.x), f32(v.pair.y),
          f32(v.inner.a), v.inner.direction.z, f32(v.inner.b), f32(v.four.x), f32(v.four.w),
          v.list[0].x, v.list[1].y, v.list[2].x, f32(v.many[0].a), v.many[0].direction.x, f32(v.many[0].b),
          f32(v.many[1].a), v.many[1].direction.y, f32(v.many[1].b), f32(v.last));
        for (var k = 0u; k < 22u; k += 1u) { result[k] = numbers[k]; }
      }`;
    const module = await compileShader(device, { path: 'test.wgsl', code, origin: [] });
    const pipeline = await device.raw.createComputePipelineAsync({ layout: 'auto', compute: { module } });
    const bytes = new Uint8Array(pack(mixed, mixedValue).buffer);
    const value = await device.upload('value', bytes, GPUBufferUsage.STORAGE);
    const result = await device.allocate('result', 88, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC);
    const entries = [value, result].map((buffer, binding) => ({ binding, resource: { buffer } }));
    const encoder = device.raw.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.raw.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(1);
    pass.end();
    device.raw.queue.submit([encoder.finish()]);
    const expected = [
      ...[1, 1.5, -2.5, 3.25, 1e-3, 7, 8, 100, 100.75, -100, -1, 4],
      ...[0.1, 0.4, 0.5, 200, 200.25, -200, 300, 300.5, -300, 42],
    ];
    expect(Array.from(new Float32Array(await device.read(result, 0, 88)))).toEqual(expected.map(Math.fround));
  });

  test('each field must be given, and none invented', () => {
    const two = 'struct Two { a: u32, b: array<vec2f, 2> }\n@group(0) @binding(0) var<uniform> value: Two;';
    expect(() => pack(two, { a: 1 })).toThrow(new ShaderError('value.b is not given'));
    expect(() => pack(two, { a: 1, b: [], c: 2 })).toThrow(new ShaderError('struct Two has no field c'));
    expect(() => pack(mixed, { ...(mixedValue as object), inner: { a: 1, b: 2 } })).toThrow(
      'value.inner.direction is not given',
    );
  });

  test('values that cannot stand there are refused', () => {
    const one = 'struct One { a: vec4f, b: u32 }\n@group(0) @binding(0) var<storage, read> value: One;';
    expect(() => pack(one, { a: [1, 2, Number.NaN, 4], b: 1 })).toThrow(new ShaderError('value.a is NaN'));
    const list = '@group(0) @binding(0) var<storage, read> value: array<u32, 3>;';
    expect(() => pack(list, [1, 2, 3, 4])).toThrow(new ShaderError('value holds 3 elements, not 4'));
    const matrix = '@group(0) @binding(0) var<uniform> value: mat2x2f;';
    expect(() => pack(matrix, [1, 2, 3, 4])).toThrow(ShaderError);
  });

  test('vectors have as many components as they have', () => {
    const one = 'struct One { a: vec4f, b: u32 }\n@group(0) @binding(0) var<storage, read> value: One;';
    expect(() => pack(one, { a: [1, 2, 3], b: 1 }), 'one too few').toThrow(ShaderError);
    expect(() => pack(one, { a: [1, 2, 3, 4, 5], b: 1 }), 'one too many').toThrow(ShaderError);
    expect(() => pack(one, { a: 1, b: 1 }), 'a number').toThrow(ShaderError);
    expect(() => pack(one, { a: [1, 2, 3, 4], b: [1, 2] }), 'a list').toThrow(ShaderError);
  });
});

describe('arrays', () => {
  test('elements stand a stride apart, runtime-sized ones as many as there are', () => {
    const runtime =
      'struct Three { a: vec3u }\n@group(0) @binding(0) var<storage, read> value: array<Three>;';
    const view = pack(runtime, [{ a: [1, 2, 3] }, { a: [4, 5, 6] }]);
    expect(Array.from(new Uint32Array(view.buffer))).toEqual([1, 2, 3, 0, 4, 5, 6, 0]);
    expect(byteSize(bindingOf(runtime).layout, 5)).toBe(80);
    const words = '@group(0) @binding(0) var<storage, read> value: array<u32>;';
    expect(byteSize(bindingOf(words).layout, 5)).toBe(20);
  });

  test('typed arrays will do, and atomics are numbers', () => {
    const atomics = '@group(0) @binding(0) var<storage, read_write> value: array<atomic<u32>, 4>;';
    const { layout } = bindingOf(atomics);
    const view = new DataView(new ArrayBuffer(byteSize(layout)));
    writeValue(view, 0, layout, Uint32Array.of(9, 8, 7, 0xffffffff));
    expect(Array.from(new Uint32Array(view.buffer))).toEqual([9, 8, 7, 0xffffffff]);
  });

  test('sizes may be constants', () => {
    const sized = 'const N: u32 = 6u;\n@group(0) @binding(0) var<storage, read> value: array<vec4f, N>;';
    expect(byteSize(bindingOf(sized).layout)).toBe(96);
    const sum = 'const N: u32 = 6u;\n@group(0) @binding(0) var<storage, read> value: array<u32, N + 1u>;';
    expect(byteSize(bindingOf(sum).layout)).toBe(28);
  });
});

describe('modules', () => {
  test('bindings have their kinds and indices', () => {
    const { bindings } = reflectModule(
      `@group(0) @binding(4) var<uniform> a: vec4f;
       @group(0) @binding(0) var<storage, read> b: array<u32>;
       @group(0) @binding(2) var<storage, read_write> c: array<u32>;
       var<workgroup> shared_words: array<u32, 8>;
       ${entry}`,
      'test.wgsl',
    );
    const described = Array.from(bindings.values(), ({ name, index, type }) => [name, index, type]);
    expect(described.sort()).toEqual([
      ['a', 4, 'uniform'],
      ['b', 0, 'read-only-storage'],
      ['c', 2, 'storage'],
    ]);
  });

  test('workgroup sizes are numbers or constants', () => {
    const sizeOf = (size: string) =>
      reflectModule(
        `const LANES: u32 = 64u;\nconst ROWS = 2u;\n@compute @workgroup_size(${size}) fn main() {}`,
        'test.wgsl',
      ).workgroupSize;
    expect(sizeOf('8')).toEqual([8, 1, 1]);
    expect(sizeOf('LANES')).toEqual([64, 1, 1]);
    expect(sizeOf('LANES, ROWS')).toEqual([64, 2, 1]);
    expect(sizeOf('4, 2, 2')).toEqual([4, 2, 2]);
    expect(() => sizeOf('NONE')).toThrow(
      new ShaderError('the workgroup size NONE is not a constant that can be read'),
    );
  });

  test('there is one entry point, whatever comments and bodies hold', () => {
    const tricky = `
      // @compute @workgroup_size(1) fn commented() {}
      /* fn also { */
      fn helper(a: u32, b: u32) -> u32 { if (a < b) { return a << 3u | b >> (b); } return a; }
      @compute @workgroup_size(4) fn main() { let x = helper(1u, 2u); { let y = x; } }`;
    expect(reflectModule(tricky, 'test.wgsl')).toMatchObject({
      entryPoint: 'main',
      workgroupSize: [4, 1, 1],
    });
    const message = new ShaderError('shaders/test.wgsl must have exactly one compute entry point');
    expect(() => reflectModule('fn helper() {}', 'test.wgsl')).toThrow(message);
    expect(() => reflectModule(`${entry} @compute @workgroup_size(1) fn second() {}`, 'test.wgsl')).toThrow(
      message,
    );
  });
});
