/** Everything that a diagnosis of the graphics driver is judged from, gathered in one object. */
import { manifestsNamedByUser } from './environment.ts';
import { findLoader } from './loader.ts';
import { findDrivers, findHiddenDrivers, type VulkanDriver } from './manifests.ts';
import type { ProbeResult } from './probe.ts';
import { deviceNodes, mayUse, readSystem, type System } from './system.ts';

export interface DriverFacts {
  system: System;
  /** Path of the Vulkan loader; Linux only. */
  loader: string | undefined;
  /** Installed Vulkan drivers; Linux only. */
  drivers: VulkanDriver[];
  /** Manifests that the user has named in the environment, in place of those installed. */
  named: string | undefined;
  /** GPU drivers in places that the loader does not search. */
  hidden: VulkanDriver[];
  /** Device files of GPUs. */
  nodes: { path: string; usable: boolean }[];
  result: ProbeResult;
}

/** @param root where the file system begins; another folder than `/` for tests */
export function gatherFacts(
  result: ProbeResult,
  env: NodeJS.ProcessEnv = process.env,
  root = '/',
): DriverFacts {
  const system = readSystem(root);
  const linux = system.platform === 'linux';
  return {
    system,
    loader: linux ? findLoader() : undefined,
    drivers: linux ? findDrivers(env, root) : [],
    named: linux ? manifestsNamedByUser() : undefined,
    hidden: linux ? findHiddenDrivers(root) : [],
    nodes: linux ? deviceNodes(root).map((path) => ({ path, usable: mayUse(path) })) : [],
    result,
  };
}
