/**
 * Points this process and its children at the driver that was chosen, by the variables that the Vulkan loader reads.
 * Must run before Dawn first looks for an adapter. Changes nothing where the system's own drivers will do.
 */
import { availableParallelism } from 'node:os';
import type { DriverChoice } from './choice.ts';
import { findLoader, useLoader } from './loader.ts';
import { findDrivers, findHiddenDrivers, isSoftware, type VulkanDriver } from './manifests.ts';
import { findSwiftShader, type SwiftShader } from './swiftshader.ts';
import { deviceNodes } from './system.ts';

/** What this module has put into VK_DRIVER_FILES. */
let ownManifests: string | undefined;

/** The manifests that the user has named by VK_DRIVER_FILES or its older name, if any. */
export function manifestsNamedByUser(): string | undefined {
  const named = process.env.VK_DRIVER_FILES || process.env.VK_ICD_FILENAMES;
  return named === ownManifests ? undefined : named;
}

/**
 * Applies a choice as far as what is installed allows; fetches and installs nothing, and opens no adapter.
 * Calling it again changes nothing more.
 */
export function applyDriverChoice(choice: DriverChoice): void {
  if (process.platform !== 'linux') return;
  useThreads();
  const swiftShader = findSwiftShader();
  if (choice === 'swiftshader') {
    if (swiftShader) useSwiftShader(swiftShader, []);
    return;
  }
  if (choice === 'lavapipe') {
    const lavapipe = findDrivers().filter(({ kind }) => kind === 'lavapipe');
    if (lavapipe.length > 0) useManifests(lavapipe);
    return;
  }
  // Who names the drivers himself is obeyed.
  if (process.env.VK_DRIVER_FILES || process.env.VK_ICD_FILENAMES) return;
  const installed = findDrivers();
  const hidden = findHiddenDrivers().filter(({ kind }) => !installed.some((driver) => driver.kind === kind));
  const all = [...hidden, ...installed];
  if (hidden.length > 0) useManifests(all);
  if (choice === 'auto' && swiftShader && (all.length === 0 || findLoader() === undefined))
    useSwiftShader(swiftShader, all);
}

/**
 * Two threads of lavapipe for each core, where the user has not chosen. It divides a dispatch into as many parts as it has threads:
 * with one a core, a core that has something else to do, or two threads woken on the same one, hold up half of a small dispatch.
 */
function useThreads(): void {
  process.env.LP_NUM_THREADS ??= String(2 * availableParallelism());
}

/** Uses SwiftShader beside the GPUs that are there, and its loader where the system has none. */
export function useSwiftShader(
  swiftShader: SwiftShader,
  others: readonly VulkanDriver[] = findDrivers(),
): void {
  const gpus = deviceNodes().length > 0 ? others.filter(({ kind }) => !isSoftware(kind)) : [];
  useManifests([...gpus, swiftShader]);
  if (findLoader() === undefined) useLoader(swiftShader.loader);
}

function useManifests(drivers: readonly { manifest: string }[]): void {
  ownManifests = drivers.map(({ manifest }) => manifest).join(':');
  process.env.VK_DRIVER_FILES = ownManifests;
  // Loaders before 1.3.207 know only this name.
  process.env.VK_ICD_FILENAMES = ownManifests;
}
