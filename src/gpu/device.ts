/**
 * Opens and closes a WebGPU device in Node. A `Device` keeps everything alive that Dawn needs for exactly as long
 * as it is open: the object that `create()` returns must stay reachable, or the process dies at random; once it is
 * dropped, the process exits by itself.
 */
import { create, globals } from 'webgpu';
import { DeviceError, DeviceLostError, DeviceMemoryError } from '../errors.ts';
import { megabytes } from './bytes.ts';
import { readDriverChoice } from './driver/choice.ts';
import { diagnose } from './driver/diagnose.ts';
import { applyDriverChoice } from './driver/environment.ts';
import { beginWait } from './quiet-polling.ts';

Object.assign(globalThis, globals);

/** What an adapter says of itself. */
export interface AdapterDescription {
  /** `nvidia-h200`, `the CPU (lavapipe)`, ... */
  name: string;
  driver: string;
  vendor: string;
  architecture: string;
  /** A driver that computes on the CPU (lavapipe, SwiftShader): the same numbers, far slower than a GPU. */
  software: boolean;
}

export interface OpenOptions {
  /** Which adapter to prefer where there are several. */
  powerPreference?: 'low-power' | 'high-performance';
  /** Keep to WebGPU's guaranteed limits even where the adapter has more (for tests of the portable floor). */
  portableLimits?: boolean;
}

/** Everything that must stay reachable while a device is open. */
const openDevices = new Set<Device>();

export class Device implements AsyncDisposable {
  readonly adapter: AdapterDescription;
  readonly limits: GPUSupportedLimits;
  readonly features: ReadonlySet<string>;
  /** Invocations of a subgroup, where kernels may use them and all have the same size; else 0. */
  readonly subgroup: number;
  readonly raw: GPUDevice;
  private readonly gpu: GPU;
  private fault: Error | undefined;
  private closing = false;

  private constructor(gpu: GPU, raw: GPUDevice, adapter: AdapterDescription) {
    this.gpu = gpu;
    this.raw = raw;
    this.adapter = adapter;
    this.limits = raw.limits;
    this.features = raw.features as ReadonlySet<string>;
    const { subgroupMinSize: least = 0, subgroupMaxSize: most = 0 } = raw.adapterInfo;
    this.subgroup = this.features.has('subgroups') && least === most ? least : 0;
    openDevices.add(this);
    raw.lost.then((info) => {
      if (this.closing) return;
      this.fault = new DeviceLostError(
        `the device ${adapter.name} was lost (${info.message || info.reason}): the driver may have crashed or run ` +
          'out of memory; run again, with a smaller network if it happens again',
      );
    });
    raw.addEventListener('uncapturederror', (event) => {
      const { error } = event as GPUUncapturedErrorEvent;
      this.fault ??= new DeviceError(`the device ${adapter.name} reported: ${error.message}`);
    });
  }

  /**
   * Opens the preferred adapter's device, with its largest buffers.
   * @throws DeviceError where there is no adapter that can be used
   */
  static async open(options: OpenOptions = {}): Promise<Device> {
    applyDriverChoice(readDriverChoice());
    // Dawn rounds timestamps to 65 us, against web pages that spy; kernels take as long as that.
    const gpu = create(['disable-dawn-features=timestamp_quantization']);
    const adapter = await gpu.requestAdapter({
      powerPreference: options.powerPreference ?? 'high-performance',
    });
    if (!adapter) {
      const { problem, remedy } = await diagnose();
      throw new DeviceError(
        `no WebGPU adapter was found: ${problem ?? 'no Vulkan driver can be used'}; ${remedy ?? 'see npx spikefield doctor'}`,
      );
    }
    const wanted = [
      'maxStorageBufferBindingSize',
      'maxBufferSize',
      'maxComputeInvocationsPerWorkgroup',
      'maxComputeWorkgroupSizeX',
    ] as const;
    const requiredLimits: Record<string, number> = {};
    if (!options.portableLimits) for (const name of wanted) requiredLimits[name] = adapter.limits[name];
    const requiredFeatures = (['timestamp-query', 'subgroups'] as GPUFeatureName[]).filter((feature) =>
      adapter.features.has(feature),
    );
    const raw = await adapter.requestDevice({ requiredLimits, requiredFeatures });
    return new Device(gpu, raw, describeAdapter(adapter.info));
  }

  /** Throws what went wrong on the device since it was opened, if anything did. */
  throwIfFaulty(): void {
    if (this.fault) throw this.fault;
  }

  /**
   * A zeroed buffer of at least `bytes` bytes.
   * @throws DeviceMemoryError where it exceeds the device's limits or memory
   */
  async allocate(label: string, bytes: number, usage: GPUBufferUsageFlags): Promise<GPUBuffer> {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    const limit =
      usage & GPUBufferUsage.STORAGE
        ? Math.min(this.limits.maxStorageBufferBindingSize, this.limits.maxBufferSize)
        : this.limits.maxBufferSize;
    if (size > limit) {
      throw new DeviceMemoryError(
        `${label} needs ${megabytes(size)} in one buffer, but ${this.adapter.name} allows ${megabytes(limit)}: use a smaller network or a device with larger buffers`,
      );
    }
    beginWait();
    this.raw.pushErrorScope('out-of-memory');
    this.raw.pushErrorScope('validation');
    const buffer = this.raw.createBuffer({ label, size, usage });
    // Both at once: somebody else may open a scope while this one is waited for.
    const [invalid, exhausted] = await Promise.all([this.raw.popErrorScope(), this.raw.popErrorScope()]);
    this.throwIfFaulty();
    if (exhausted || invalid) {
      buffer.destroy();
      throw new DeviceMemoryError(
        `${label} needs ${megabytes(size)}, which ${this.adapter.name} could not provide (${(exhausted ?? invalid)!.message}): use a smaller network`,
      );
    }
    return buffer;
  }

  /** A buffer holding `data`. */
  async upload(label: string, data: ArrayBufferView, usage: GPUBufferUsageFlags): Promise<GPUBuffer> {
    const buffer = await this.allocate(label, data.byteLength, usage | GPUBufferUsage.COPY_DST);
    this.write(buffer, 0, data);
    return buffer;
  }

  /** Writes `data` into `buffer` at a byte offset. */
  write(buffer: GPUBuffer, offset: number, data: ArrayBufferView): void {
    if (data.byteLength === 0) return;
    this.raw.queue.writeBuffer(buffer, offset, data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  }

  /** Copies a part of a buffer back. Waits for all work submitted before. */
  async read(buffer: GPUBuffer, offset = 0, bytes = buffer.size - offset): Promise<ArrayBuffer> {
    const staging = this.raw.createBuffer({
      label: buffer.label,
      size: Math.max(4, bytes),
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    try {
      const encoder = this.raw.createCommandEncoder();
      if (bytes > 0) encoder.copyBufferToBuffer(buffer, offset, staging, 0, bytes);
      this.raw.queue.submit([encoder.finish()]);
      await this.map(staging);
      return this.mapped(staging, bytes).slice(0);
    } finally {
      staging.destroy();
    }
  }

  /** Maps a staging buffer for reading, with the device's own fault as the error where it has one. */
  async map(staging: GPUBuffer): Promise<void> {
    beginWait();
    try {
      await staging.mapAsync(GPUMapMode.READ);
    } catch (cause) {
      await Promise.resolve();
      this.throwIfFaulty();
      throw this.readFailure(staging, cause);
    }
    this.throwIfFaulty();
  }

  /**
   * What a buffer holds that was mapped for reading, until it is unmapped.
   * @throws DeviceError where the device was lost or closed after the mapping had ended
   */
  mapped(staging: GPUBuffer, bytes?: number): ArrayBuffer {
    try {
      return staging.getMappedRange(0, bytes);
    } catch (cause) {
      this.throwIfFaulty();
      throw this.readFailure(staging, cause);
    }
  }

  private readFailure(staging: GPUBuffer, cause: unknown): DeviceError {
    const reason = this.closing
      ? 'because the device was closed; close it after the last result has come'
      : `(${(cause as Error).message || 'the device gives no reason'}); run again`;
    return new DeviceError(`reading ${staging.label} back failed ${reason}`);
  }

  /** Destroys the device and all its buffers. Closing twice does nothing. */
  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    await this.raw.queue.onSubmittedWorkDone().catch(() => undefined);
    this.raw.destroy();
    openDevices.delete(this);
    void this.gpu;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Opens a device: `await using device = await openDevice()`. */
export function openDevice(options?: OpenOptions): Promise<Device> {
  return Device.open(options);
}

function describeAdapter(info: GPUAdapterInfo): AdapterDescription {
  const text = `${info.device} ${info.description} ${info.architecture}`;
  const cpuDriver = /swiftshader/i.test(text)
    ? 'SwiftShader'
    : /llvmpipe|lavapipe/i.test(text)
      ? 'lavapipe'
      : undefined;
  return {
    name: cpuDriver ? `the CPU (${cpuDriver})` : info.device || info.description || 'an unnamed adapter',
    driver: info.description,
    vendor: info.vendor,
    architecture: info.architecture,
    software: cpuDriver !== undefined,
  };
}
