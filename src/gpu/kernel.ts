/**
 * A compute kernel: one WGSL file, compiled with its constants, whose buffers are bound by the names they have in
 * the shader.
 */

import { ShaderError } from '../errors.ts';
import type { Device } from './device.ts';
import {
  type Binding,
  byteSize,
  type ModuleLayout,
  reflectModule,
  type WgslValue,
  writeValue,
} from './layout.ts';
import { compileShader, composeShader, type ShaderConstants } from './shader.ts';
import { refuseLargeUniforms } from './uniforms.ts';

export interface KernelOptions {
  constants?: ShaderConstants;
  /** Uniforms bound with an offset that each dispatch chooses. */
  dynamic?: string[];
}

const kernelsOf = new WeakMap<Device, Map<string, Promise<Kernel>>>();

export class Kernel {
  readonly path: string;
  readonly layout: ModuleLayout;
  readonly pipeline: GPUComputePipeline;
  private readonly device: Device;
  private readonly bindGroupLayout: GPUBindGroupLayout;
  private readonly dynamic: ReadonlySet<string>;

  private constructor(
    device: Device,
    path: string,
    layout: ModuleLayout,
    pipeline: GPUComputePipeline,
    bindGroupLayout: GPUBindGroupLayout,
    dynamic: ReadonlySet<string>,
  ) {
    this.device = device;
    this.path = path;
    this.layout = layout;
    this.pipeline = pipeline;
    this.bindGroupLayout = bindGroupLayout;
    this.dynamic = dynamic;
  }

  /**
   * Compiles `shaders/<path>`, or takes the kernel compiled before with the same options on this device.
   * @throws ShaderError where it does not compile
   * @throws DeviceMemoryError where its constants make a uniform larger than the device binds
   */
  static create(device: Device, path: string, options: KernelOptions = {}): Promise<Kernel> {
    const known = kernelsOf.get(device) ?? new Map<string, Promise<Kernel>>();
    kernelsOf.set(device, known);
    const name = JSON.stringify([path, options]);
    const kernel = known.get(name) ?? Kernel.compile(device, path, options);
    known.set(name, kernel);
    return kernel;
  }

  private static async compile(device: Device, path: string, options: KernelOptions): Promise<Kernel> {
    const source = composeShader(path, options.constants);
    const module = await compileShader(device, source);
    const layout = reflectModule(source.code, path);
    refuseLargeUniforms(device, layout.bindings.values());
    const dynamic = new Set(options.dynamic ?? []);
    const bindGroupLayout = device.raw.createBindGroupLayout({
      label: path,
      entries: [...layout.bindings.values()].map((binding) => ({
        binding: binding.index,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: binding.type, hasDynamicOffset: dynamic.has(binding.name) },
      })),
    });
    try {
      const pipeline = await device.raw.createComputePipelineAsync({
        label: path,
        layout: device.raw.createPipelineLayout({ bindGroupLayouts: [bindGroupLayout] }),
        compute: { module, entryPoint: layout.entryPoint },
      });
      return new Kernel(device, path, layout, pipeline, bindGroupLayout, dynamic);
    } catch (cause) {
      device.throwIfFaulty();
      throw new ShaderError(`shaders/${path}: ${(cause as Error).message}`);
    }
  }

  /** Bytes of a binding's type, with `count` elements where it is a runtime-sized array. */
  sizeOf(name: string, count = 0): number {
    return byteSize(this.binding(name).layout, count);
  }

  /** The bytes of `value` as the shader's variable `name` lays them out. */
  pack(name: string, value: WgslValue): Uint8Array {
    const { layout } = this.binding(name);
    const bytes = new Uint8Array(byteSize(layout, Array.isArray(value) ? value.length : 0));
    writeValue(new DataView(bytes.buffer), 0, layout, value, name);
    return bytes;
  }

  /** Bytes from one dynamic-offset element of a uniform to the next. */
  dynamicStride(name: string): number {
    const alignment = this.device.limits.minUniformBufferOffsetAlignment;
    return Math.ceil(this.sizeOf(name) / alignment) * alignment;
  }

  /** Binds a buffer to each of the shader's variables. */
  bind(buffers: Record<string, GPUBuffer>): GPUBindGroup {
    const entries = [...this.layout.bindings.values()].map((binding) => {
      const buffer = buffers[binding.name];
      if (!buffer) throw new ShaderError(`shaders/${this.path}: no buffer is given for ${binding.name}`);
      const size = this.dynamic.has(binding.name) ? { size: this.sizeOf(binding.name) } : {};
      return { binding: binding.index, resource: { buffer, ...size } };
    });
    for (const name of Object.keys(buffers)) this.binding(name);
    return this.device.raw.createBindGroup({ label: this.path, layout: this.bindGroupLayout, entries });
  }

  /** Encodes one dispatch. `offsets` are byte offsets of the dynamic uniforms, in order of binding index. */
  dispatch(pass: GPUComputePassEncoder, group: GPUBindGroup, workgroups: number, offsets?: number[]): void {
    pass.setPipeline(this.pipeline);
    if (offsets) pass.setBindGroup(0, group, offsets);
    else pass.setBindGroup(0, group);
    // More workgroups than one dimension allows are laid out over two; kernels linearise them.
    const limit = this.device.limits.maxComputeWorkgroupsPerDimension;
    if (workgroups <= limit) pass.dispatchWorkgroups(workgroups);
    else pass.dispatchWorkgroups(limit, Math.ceil(workgroups / limit));
  }

  /** Encodes, submits and forgets a single dispatch. */
  run(group: GPUBindGroup, workgroups: number): void {
    if (workgroups === 0) return;
    const encoder = this.device.raw.createCommandEncoder({ label: this.path });
    const pass = encoder.beginComputePass();
    this.dispatch(pass, group, workgroups);
    pass.end();
    this.device.raw.queue.submit([encoder.finish()]);
  }

  private binding(name: string): Binding {
    const binding = this.layout.bindings.get(name);
    if (!binding) throw new ShaderError(`shaders/${this.path} has no variable ${name}`);
    return binding;
  }
}
