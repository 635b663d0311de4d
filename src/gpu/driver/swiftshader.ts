/**
 * SwiftShader in the user's cache: a Vulkan driver on the CPU, with a Vulkan loader of its own, which needs no root.
 * It is taken from the npm package @sparticuz/chromium; `src/setup/` fetches it, this file finds and uses it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from './cache.ts';
import { loaderName } from './loader.ts';

/** The npm package, pinned: its SwiftShader is the one the tests were run on. */
export const swiftShaderPackage = {
  name: '@sparticuz/chromium',
  version: '153.0.0',
  integrity:
    'sha512-jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==',
  megabytes: 70,
} as const;

/** The files kept of it. The manifest names the library beside it. */
export const swiftShaderFiles = ['vk_swiftshader_icd.json', 'libvk_swiftshader.so', loaderName] as const;

export interface SwiftShader {
  folder: string;
  manifest: string;
  loader: string;
}

/** Where SwiftShader is kept, whether it is there or not. */
export function swiftShaderPlace(env: NodeJS.ProcessEnv = process.env): SwiftShader {
  const folder = join(cacheDirectory(env), `swiftshader-${swiftShaderPackage.version}`);
  return { folder, manifest: join(folder, swiftShaderFiles[0]), loader: join(folder, loaderName) };
}

/** SwiftShader, where it has been fetched. */
export function findSwiftShader(env: NodeJS.ProcessEnv = process.env): SwiftShader | undefined {
  const place = swiftShaderPlace(env);
  return swiftShaderFiles.every((name) => existsSync(join(place.folder, name))) ? place : undefined;
}

/** The library is built for one kind of system only. */
export function swiftShaderRunsHere(): boolean {
  return process.platform === 'linux' && process.arch === 'x64';
}
