/**
 * Installs Mesa's Vulkan drivers, lavapipe among them, on Debian and Ubuntu as root. Debian 12 has a Mesa that is too
 * old for WebGPU; there it is taken from backports, whose source is added in a file of its own.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeviceError } from '../errors.ts';
import { readSystem, type System } from '../gpu/driver/system.ts';
import { type CommandResult, reasonOf, runCommand } from './command.ts';

/** The file under `/` that names the backports source, so that it can be found and deleted. */
export const backportsFile = 'etc/apt/sources.list.d/spikefield-backports.list';

/** The first Mesa whose lavapipe has what WebGPU needs. */
const oldestMesa = 23;

const packages = ['libvulkan1', 'mesa-vulkan-drivers'];
const quiet = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
/** Another apt may be at work, as after a machine's start. */
const patience = ['-o', 'DPkg::Lock::Timeout=120'];

/** Whether packages can be installed this way here. */
export function aptWorksHere(system: System = readSystem()): boolean {
  const debian = system.family.includes('debian') || system.family.includes('ubuntu');
  return system.platform === 'linux' && system.root && debian && existsSync('/usr/bin/apt-get');
}

/**
 * Installs the Vulkan loader and Mesa's drivers.
 * @param root where the file system begins; another folder than `/` for tests
 * @throws DeviceError with apt's own words where that fails
 */
export async function installMesa(system: System = readSystem(), root = '/'): Promise<void> {
  let update = await apt(['update']);
  const candidate = await candidateVersion();
  if (mesaMajor(candidate) >= oldestMesa) return install([], update);
  if (system.codename !== 'bookworm') {
    const known = candidate || `none at all; ${reasonOf(update)}`;
    throw new DeviceError(`apt-get has no Mesa of version ${oldestMesa} or newer here (${known})`);
  }
  const added = await addBackports(root);
  try {
    if (added) update = await apt(['update']);
    await install(['-t', 'bookworm-backports'], update);
  } catch (cause) {
    if (added) rmSync(join(root, backportsFile), { force: true });
    throw cause;
  }
}

/** @param update what the update before it said: without network it only warns, and the fault shows here */
async function install(target: readonly string[], update: CommandResult): Promise<void> {
  const result = await apt(['install', '-y', '--no-install-recommends', ...target, ...packages]);
  if (result.code === 0) return;
  const unfetched = update.stderr.split('\n').find((line) => line.includes('Failed to fetch'));
  throw new DeviceError(
    `apt-get could not install ${packages.join(' and ')} (${unfetched ?? reasonOf(result)})`,
  );
}

/** Adds the backports source, from the mirror that is in use, unless there is one; tells whether it did. */
async function addBackports(root: string): Promise<boolean> {
  const targets = await runCommand('apt-get', ['indextargets', '--format', '$(RELEASE) $(REPO_URI)'], quiet);
  const lines = targets.stdout.split('\n').map((line) => line.split(' '));
  if (lines.some(([release]) => release === 'bookworm-backports')) return false;
  const mirror = lines.find(([release]) => release === 'bookworm')?.[1] ?? 'http://deb.debian.org/debian';
  const keys = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const signed = existsSync(keys) ? `[signed-by=${keys}] ` : '';
  writeFileSync(
    join(root, backportsFile),
    `# Added by Spikefield for mesa-vulkan-drivers; can be deleted.\ndeb ${signed}${mirror} bookworm-backports main\n`,
  );
  return true;
}

/** The version that apt would install, or '' where it knows none. */
async function candidateVersion(): Promise<string> {
  const { stdout } = await runCommand('apt-cache', ['policy', 'mesa-vulkan-drivers'], quiet);
  const version = /Candidate: (\S+)/.exec(stdout)?.[1];
  return version === undefined || version === '(none)' ? '' : version;
}

/** 25 of `25.0.7-2~bpo12+1`, 23 of `1:23.2.1-1ubuntu3`; 0 of ''. */
export function mesaMajor(version: string): number {
  return Number.parseInt(version.replace(/^\d+:/, ''), 10) || 0;
}

function apt(args: readonly string[]): Promise<CommandResult> {
  return runCommand('apt-get', ['-q', ...patience, ...args], quiet);
}
