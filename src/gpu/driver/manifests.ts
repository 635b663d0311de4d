/**
 * Which Vulkan drivers are installed: every driver has a manifest, a small JSON file in one of the folders that the
 * Vulkan loader searches, which names the driver's library. Linux only; elsewhere the system brings its own driver.
 * The folders: https://github.com/KhronosGroup/Vulkan-Loader/blob/main/docs/LoaderDriverInterface.md
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

export type DriverKind = 'nvidia' | 'amd' | 'intel' | 'lavapipe' | 'swiftshader' | 'other';

export interface VulkanDriver {
  /** Path of the manifest. */
  manifest: string;
  /** The library as the manifest names it: a path, or a bare name that the dynamic linker looks up. */
  library: string;
  kind: DriverKind;
  /** Whether the library exists; undefined for a bare name. */
  libraryExists: boolean | undefined;
}

/**
 * The drivers that the Vulkan loader will find. Manifests that cannot be read are left out, as the loader does.
 * @param root where the file system begins; another folder than `/` for tests
 */
export function findDrivers(env: NodeJS.ProcessEnv = process.env, root = '/'): VulkanDriver[] {
  const only = env.VK_DRIVER_FILES || env.VK_ICD_FILENAMES;
  const places = only
    ? splitPaths(only)
    : [...splitPaths(env.VK_ADD_DRIVER_FILES), ...searchFolders(env).map((path) => join(root, path))];
  return places.flatMap(manifestsAt).flatMap((manifest) => readDriver(manifest) ?? []);
}

/**
 * Manifests of GPU drivers in places that the loader does not search: hosts that lend their driver to a container put
 * it there (Google's Kubernetes nodes, NixOS).
 */
export function findHiddenDrivers(root = '/'): VulkanDriver[] {
  return ['/usr/local/nvidia/share/vulkan/icd.d', '/run/opengl-driver/share/vulkan/icd.d']
    .map((path) => join(root, path))
    .flatMap(manifestsAt)
    .flatMap((manifest) => readDriver(manifest) ?? [])
    .filter((driver) => !isSoftware(driver.kind));
}

/** Whether a driver of this kind computes on the CPU. */
export function isSoftware(kind: DriverKind): boolean {
  return kind === 'lavapipe' || kind === 'swiftshader';
}

function searchFolders(env: NodeJS.ProcessEnv): string[] {
  const home = env.HOME || homedir();
  const roots = [
    env.XDG_CONFIG_HOME || join(home, '.config'),
    ...splitPaths(env.XDG_CONFIG_DIRS || '/etc/xdg'),
    '/etc',
    '/usr/local/etc',
    env.XDG_DATA_HOME || join(home, '.local', 'share'),
    ...splitPaths(env.XDG_DATA_DIRS || '/usr/local/share:/usr/share'),
  ];
  return [...new Set(roots)].map((path) => join(path, 'vulkan', 'icd.d'));
}

function splitPaths(list: string | undefined): string[] {
  return (list ?? '').split(':').filter((path) => path !== '');
}

/** The manifests in a folder, or the one file that the path names. */
function manifestsAt(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(path, name));
}

function readDriver(manifest: string): VulkanDriver | undefined {
  try {
    const { ICD } = JSON.parse(readFileSync(manifest, 'utf8')) as { ICD: { library_path: string } };
    const named = ICD.library_path;
    const library = named.includes('/') ? resolve(dirname(manifest), named) : named;
    return {
      manifest,
      library,
      kind: kindOf(library),
      libraryExists: named.includes('/') ? existsSync(library) : undefined,
    };
  } catch {
    return undefined;
  }
}

function kindOf(library: string): DriverKind {
  const name = basename(library);
  if (/nvidia/i.test(name)) return 'nvidia';
  if (/radeon|amdvlk/i.test(name)) return 'amd';
  if (/intel/i.test(name)) return 'intel';
  if (/lvp|lavapipe/i.test(name)) return 'lavapipe';
  if (/swiftshader/i.test(name)) return 'swiftshader';
  return 'other';
}
