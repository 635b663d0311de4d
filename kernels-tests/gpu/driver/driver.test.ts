/** The choice of a driver, and the real probe: `npm test` sees to a driver before it starts, so there is one. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import { cacheDirectory } from '../../../src/gpu/driver/cache.ts';
import { readDriverChoice } from '../../../src/gpu/driver/choice.ts';
import { judge } from '../../../src/gpu/driver/diagnose.ts';
import { applyDriverChoice } from '../../../src/gpu/driver/environment.ts';
import { gatherFacts } from '../../../src/gpu/driver/facts.ts';
import {
  machineFingerprint,
  probeAdapter,
  readAnswer,
  rememberedProbe,
} from '../../../src/gpu/driver/probe.ts';
import { swiftShaderFiles, swiftShaderPlace } from '../../../src/gpu/driver/swiftshader.ts';
import { describeUse } from '../../../src/setup/provide.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spikefield-driver-'));
  vi.stubEnv('XDG_CACHE_HOME', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('SPIKEFIELD_DRIVER', () => {
  test('unset and empty mean auto', () => {
    expect(readDriverChoice({})).toBe('auto');
    expect(readDriverChoice({ SPIKEFIELD_DRIVER: '' })).toBe('auto');
    expect(readDriverChoice({ SPIKEFIELD_DRIVER: 'swiftshader' }, 'linux')).toBe('swiftshader');
  });

  test('another name is refused with the names there are', () => {
    const read = () => readDriverChoice({ SPIKEFIELD_DRIVER: 'lavapip' });
    expect(read).toThrow(InputError);
    expect(read).toThrow(/"lavapip", .* auto, system, lavapipe or swiftshader/);
  });

  test('a driver of Linux is refused elsewhere', () => {
    expect(() => readDriverChoice({ SPIKEFIELD_DRIVER: 'lavapipe' }, 'darwin')).toThrow(/on Linux only/);
    expect(readDriverChoice({ SPIKEFIELD_DRIVER: 'system' }, 'win32')).toBe('system');
  });
});

describe.runIf(process.platform === 'linux')('SwiftShader in the cache', () => {
  const fill = (names: readonly string[]) => {
    mkdirSync(swiftShaderPlace().folder, { recursive: true });
    for (const name of names) writeFileSync(join(swiftShaderPlace().folder, name), '');
  };

  test('is used once it is whole, by both names of the variable', () => {
    vi.stubEnv('VK_DRIVER_FILES', '');
    vi.stubEnv('VK_ICD_FILENAMES', '');
    fill(swiftShaderFiles.slice(1));
    applyDriverChoice('swiftshader');
    expect(process.env.VK_DRIVER_FILES).toBe('');
    fill(swiftShaderFiles);
    applyDriverChoice('swiftshader');
    expect(process.env.VK_DRIVER_FILES).toBe(swiftShaderPlace().manifest);
    expect(process.env.VK_ICD_FILENAMES).toBe(swiftShaderPlace().manifest);
  });

  test('does not displace drivers that the user has named', () => {
    vi.stubEnv('VK_DRIVER_FILES', '/some/driver.json');
    fill(swiftShaderFiles);
    applyDriverChoice('auto');
    expect(process.env.VK_DRIVER_FILES).toBe('/some/driver.json');
    expect(gatherFacts({ adapter: undefined, failure: 'none', words: '' }).named).toBe('/some/driver.json');
  });
});

describe('probe', () => {
  test('finds an adapter that computes, and remembers it', async () => {
    const result = await rememberedProbe();
    expect(result.adapter).toBeDefined();
    expect(readdirSync(cacheDirectory())).toEqual([`adapter-${machineFingerprint()}.json`]);
    expect(await rememberedProbe()).toEqual(result);
  });

  test('remembers nothing where it found nothing', async () => {
    vi.stubEnv('VK_DRIVER_FILES', join(folder, 'absent.json'));
    vi.stubEnv('VK_ICD_FILENAMES', join(folder, 'absent.json'));
    const result = await rememberedProbe();
    // Systems with a GPU interface of their own do not read the variable.
    if (process.platform !== 'linux') return;
    expect(result).toMatchObject({ adapter: undefined, failure: 'none' });
    expect(existsSync(cacheDirectory())).toBe(false);
  });

  test('a driver that never answers is given up', async () => {
    expect(await probeAdapter(1)).toMatchObject({ adapter: undefined, failure: 'crash' });
  });

  test('the fingerprint follows what steers the loader', () => {
    const before = machineFingerprint({});
    expect(machineFingerprint({})).toBe(before);
    expect(machineFingerprint({ UNRELATED: '1' })).toBe(before);
    expect(machineFingerprint({ VK_DRIVER_FILES: '/a.json' })).not.toBe(before);
  });

  test.each(['llvmpipe', 'SwiftShader driver 5.0.0', 'Microsoft Basic Render Driver'])(
    '%s is software',
    (name) => {
      const adapter = { vendor: '', architecture: '', device: name, description: '' };
      const result = readAnswer(JSON.stringify({ adapter, computes: true }), '', 0, null);
      expect(result.adapter?.software).toBe(true);
    },
  );
});

test('the line about the driver in use says how machines differ', () => {
  const adapter = {
    vendor: '',
    architecture: '',
    device: 'nvidia-h200',
    description: '580.1',
    software: false,
  };
  const lines = (more: Partial<typeof adapter>) =>
    describeUse(judge({ ...gatherFacts({ adapter: { ...adapter, ...more } }), nodes: [] }));
  expect(lines({})).toEqual(['Spikefield runs on the GPU nvidia-h200 (580.1).']);
  expect(lines({ software: true, description: 'llvmpipe' })[0]).toMatch(
    /on the CPU .* 10 to 100 times faster/,
  );
  expect(lines({ software: true, description: 'SwiftShader' })[0]).toMatch(
    /lavapipe is several times faster/,
  );
});
