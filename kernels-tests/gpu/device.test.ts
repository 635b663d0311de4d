/** Devices: buffers that are refused or given, faults that surface, and processes that end by themselves. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { DeviceError, DeviceLostError, DeviceMemoryError } from '../../src/errors.ts';
import { type Device, openDevice } from '../../src/gpu/device.ts';
import { testDevice } from '../device.ts';

describe('an adapter', () => {
  test('says what it is', async () => {
    const { adapter, raw } = await testDevice();
    expect(adapter.name).not.toBe('');
    // A driver that computes on the CPU is named as such, and only such a one.
    expect(adapter.software).toBe(/^the CPU \((lavapipe|SwiftShader)\)$/.test(adapter.name));
    expect(adapter.software).toBe(
      /llvmpipe|swiftshader/i.test(`${raw.adapterInfo.device} ${raw.adapterInfo.description}`),
    );
  });

  test('gives its largest buffers, or WebGPU’s guaranteed ones', async () => {
    const { limits } = await testDevice();
    await using portable = await openDevice({ portableLimits: true });
    expect(portable.limits.maxStorageBufferBindingSize).toBe(2 ** 27);
    expect(portable.limits.maxBufferSize).toBe(2 ** 28);
    expect(limits.maxStorageBufferBindingSize).toBeGreaterThanOrEqual(2 ** 27);
    expect(limits.maxBufferSize).toBeGreaterThanOrEqual(2 ** 28);
  });
});

describe('buffers', () => {
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = { STORAGE: 0x80, COPY_SRC: 4, COPY_DST: 8, MAP_READ: 1 };

  test('are zeroed, and of a size that any binding takes', async () => {
    const device = await testDevice();
    for (const [bytes, size] of [
      [0, 16],
      [1, 16],
      [16, 16],
      [17, 32],
      [4096, 4096],
    ] as const) {
      const buffer = await device.allocate('some words', bytes, STORAGE | COPY_SRC);
      expect(buffer.size).toBe(size);
      expect(new Uint8Array(await device.read(buffer)).every((byte) => byte === 0)).toBe(true);
    }
  });

  test('too large are refused in a sentence, whatever limits them', async () => {
    await using device = await openDevice({ portableLimits: true });
    const binding = device.allocate('the weights', 2 ** 27 + 1, STORAGE);
    await expect(binding).rejects.toThrow(
      new DeviceMemoryError(
        `the weights needs 134.2 MB in one buffer, but ${device.adapter.name} allows 134.2 MB: use a smaller network or a device with larger buffers`,
      ),
    );
    await expect(device.allocate('the results', 3e8, MAP_READ | COPY_DST)).rejects.toThrow(
      new DeviceMemoryError(
        `the results needs 300.0 MB in one buffer, but ${device.adapter.name} allows 268.4 MB: use a smaller network or a device with larger buffers`,
      ),
    );
    // A buffer that is not bound may be as large as the device allows.
    (await device.allocate('the results', 2 ** 28, MAP_READ | COPY_DST)).destroy();
    device.throwIfFaulty();
  });

  test('that the device itself refuses are an error of memory too', async () => {
    const device = await testDevice();
    const both = device.allocate('a contradiction', 16, MAP_READ | STORAGE);
    await expect(both).rejects.toThrow(DeviceMemoryError);
    await expect(both).rejects.toThrow(
      /^a contradiction needs 1 kB, which .+ could not provide \(.+\): use a smaller network$/s,
    );
    device.throwIfFaulty();
  });

  test('hold what is uploaded, written and read, whole or in parts', async () => {
    const device = await testDevice();
    const words = Uint32Array.from({ length: 40 }, (_, index) => index * 3);
    const buffer = await device.upload('words', words.subarray(8, 28), STORAGE | COPY_SRC);
    const read = async (offset: number, bytes: number) =>
      Array.from(new Uint32Array(await device.read(buffer, offset, bytes)));
    expect(await read(0, 80)).toEqual(Array.from(words.subarray(8, 28)));
    expect(await read(12, 8)).toEqual([33, 36]);
    device.write(buffer, 16, Uint32Array.of(1, 2));
    expect(await read(12, 16)).toEqual([33, 1, 2, 42]);
    device.write(buffer, 0, new Uint32Array(0));
    expect((await device.read(buffer, 8, 0)).byteLength).toBe(0);
    expect((await device.read(buffer, 72)).byteLength).toBe(8);
    // Each reading is a copy of its own.
    const first = await device.read(buffer);
    device.write(buffer, 0, Uint32Array.of(99));
    expect(new Uint32Array(first)[0]).toBe(24);
    device.throwIfFaulty();
  });
});

describe('faults', () => {
  /** Waits until the device has heard of what happened to it. */
  async function settled(device: Device): Promise<void> {
    await device.raw.queue.onSubmittedWorkDone().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  test('that nobody asked about surface at the next call', async () => {
    await using device = await openDevice();
    const buffer = await device.allocate('words', 16, 0x80 | 4);
    device.throwIfFaulty();
    // Copying beyond the end of a buffer is an error that no scope catches.
    const encoder = device.raw.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, buffer, 8, 1024);
    device.raw.queue.submit([encoder.finish()]);
    await settled(device);
    expect(() => device.throwIfFaulty()).toThrow(DeviceError);
    expect(() => device.throwIfFaulty()).toThrow(`the device ${device.adapter.name} reported: `);
    await expect(device.read(buffer)).rejects.toThrow('reported: ');
    await expect(device.allocate('more words', 16, 0x80)).rejects.toThrow('reported: ');
  });

  test('a lost device says so, and can still be closed', async () => {
    const device = await openDevice();
    const buffer = await device.allocate('words', 16, 0x80 | 4);
    device.raw.destroy();
    await device.raw.lost;
    await settled(device);
    const message =
      /^the device .+ was lost \(.+\): the driver may have crashed or run out of memory; run again, with a smaller network if it happens again$/s;
    expect(() => device.throwIfFaulty()).toThrow(DeviceLostError);
    expect(() => device.throwIfFaulty()).toThrow(message);
    await expect(device.read(buffer)).rejects.toThrow(DeviceLostError);
    await device.close();
  });

  test('reading from a device that is closed meanwhile says so', async () => {
    const device = await openDevice();
    const buffer = await device.allocate('words', 16, 0x80 | 4);
    const staging = device.raw.createBuffer({ label: 'words', size: 16, usage: 1 | 8 });
    await device.close();
    const message =
      'reading words back failed because the device was closed; close it after the last result has come';
    await expect(device.map(staging)).rejects.toThrow(new DeviceError(message));
    await expect(device.read(buffer)).rejects.toThrow(new DeviceError(message));
  });

  test('what was mapped before the device closed cannot be read after, and says so', async () => {
    const device = await openDevice();
    const staging = device.raw.createBuffer({ label: 'words', size: 16, usage: 1 | 8 });
    await device.map(staging);
    expect(device.mapped(staging).byteLength).toBe(16);
    staging.unmap();
    await device.map(staging);
    await device.close();
    expect(() => device.mapped(staging)).toThrow(
      new DeviceError(
        'reading words back failed because the device was closed; close it after the last result has come',
      ),
    );
  });

  test('reading that is under way while the device closes gives its values, or says so', async () => {
    const device = await openDevice();
    const small = await device.allocate('words', 16, 0x80 | 4);
    const large = await device.allocate('words', 5e7, 0x80 | 4);
    const closing = device.close();
    const ends = await Promise.allSettled([small, large, small].map((buffer) => device.read(buffer)));
    await closing;
    for (const end of ends) {
      if (end.status === 'fulfilled')
        expect(new Uint8Array(end.value).every((byte) => byte === 0)).toBe(true);
      else
        expect(end.reason).toEqual(
          new DeviceError(
            'reading words back failed because the device was closed; close it after the last result has come',
          ),
        );
    }
    expect(ends.some((end) => end.status === 'rejected')).toBe(true);
  });

  test('closing is no fault, and closing twice is nothing', async () => {
    const device = await openDevice();
    await device.close();
    await device.close();
    await settled(device);
    device.throwIfFaulty();
  });

  test('a device is closed where its block ends, by return or by error', async () => {
    const seen: Device[] = [];
    const use = async (fail: boolean) => {
      await using device = await openDevice();
      seen.push(device);
      if (fail) throw new Error('in the block');
    };
    await use(false);
    await expect(use(true)).rejects.toThrow('in the block');
    for (const device of seen) {
      // A destroyed device is lost, and that is no fault.
      expect((await device.raw.lost).reason).toBe('destroyed');
      device.throwIfFaulty();
    }
  });
});

describe('a process', () => {
  const script = fileURLToPath(new URL('./open-and-close.ts', import.meta.url));

  /** Runs the script; says how it ended, and how long after its last words. */
  function run(way: string): Promise<{ code: number | null; words: string; lingered: number }> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ['--import', 'tsx', script, way], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
      let words = '';
      let errors = '';
      let spoke = performance.now();
      child.stdout.on('data', (data) => {
        words += data;
        spoke = performance.now();
      });
      child.stderr.on('data', (data) => {
        errors += data;
      });
      child.on('error', reject);
      child.on('close', (code) => {
        clearTimeout(timer);
        resolve({ code, words: code === 0 ? words : words + errors, lingered: performance.now() - spoke });
      });
    });
  }

  test.each(['close', 'using', 'two', 'throw'])(
    'that opens and closes a device (%s) ends by itself',
    async (way) => {
      const { code, words, lingered } = await run(way);
      expect(words).toBe('42 done\n');
      expect(code).toBe(0);
      expect(lingered).toBeLessThan(5000);
    },
  );
});
