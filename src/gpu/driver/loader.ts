/**
 * The Vulkan loader, libvulkan.so.1: the library through which Dawn reaches every driver on Linux.
 *
 * Dawn opens it by its bare name, so it must be on the dynamic linker's path, and that path is fixed when a process
 * starts. But the linker also answers a bare name with a library of that name that is already loaded. Loading a
 * loader from any place, before Dawn asks, is therefore enough, and no second process is needed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';

export const loaderName = 'libvulkan.so.1';

/** glibc's and musl's flag that keeps a library loaded after it is closed; Node has no name for it. */
const RTLD_NODELETE = 0x1000;

/**
 * The path of the loader that Dawn will use in this process, or undefined where there is none. Asks the dynamic
 * linker itself, so that every way of installing a library is understood. Linux only.
 */
export function findLoader(): string | undefined {
  // Dawn looks beside its own file first.
  const beside = join(bindingDirectory() ?? '', loaderName);
  if (existsSync(beside)) return beside;
  return loadedLoader() ?? (load(loaderName) ? (loadedLoader() ?? loaderName) : undefined);
}

/**
 * Loads the loader at `path` for this process, unless it has one, and puts its folder on the path of child processes.
 * @returns whether this process has a loader now
 */
export function useLoader(path: string): boolean {
  const before = process.env.LD_LIBRARY_PATH;
  const folder = dirname(path);
  if (!before?.split(':').includes(folder)) {
    process.env.LD_LIBRARY_PATH = before ? `${folder}:${before}` : folder;
  }
  return loadedLoader() !== undefined || load(path);
}

/** Loads a shared library into this process. Node then finds that it is no addon and says so, which does not matter. */
function load(library: string): boolean {
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
    return true;
  } catch (cause) {
    return /did not self-register/.test(String(cause));
  }
}

/** The loader among the libraries that this process has loaded, as far as the system tells. */
function loadedLoader(): string | undefined {
  const maps = '/proc/self/maps';
  if (!existsSync(maps)) return undefined;
  const line = readFileSync(maps, 'utf8')
    .split('\n')
    .find((mapped) => /\/libvulkan\.so\.1(\.[\d.]+)?$/.test(mapped));
  return line?.slice(line.indexOf('/'));
}

/** The folder of Dawn's own library; undefined where the package is missing, which the probe says in its own words. */
function bindingDirectory(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve('webgpu');
    return join(dirname(entry), 'dist', `${process.platform}-${process.arch}`);
  } catch {
    return undefined;
  }
}
