/** The sentences for each thing that can be wrong with a driver, with the exact command for the system at hand. */
import type { DriverFacts } from './facts.ts';
import { swiftShaderRunsHere } from './swiftshader.ts';
import type { System } from './system.ts';

/** Why there is no adapter, or none but the CPU's. */
export type Cause =
  | 'binding'
  | 'no-loader'
  | 'no-driver'
  | 'named-driver'
  | 'mesa-too-old'
  | 'nvidia-container'
  | 'nvidia-driver'
  | 'permission'
  | 'wsl'
  | 'driver-unusable'
  | 'driver-crash'
  | 'driver-wrong'
  | 'platform';

/** What is wrong and what to do, both as clauses without a full stop, to be joined by a colon. */
export function explain(cause: Cause, facts: DriverFacts): { problem: string; remedy: string } {
  const { system, loader, drivers, hidden, nodes, result } = facts;
  const install = installDriver(system);
  switch (cause) {
    case 'binding':
      return {
        problem: `the WebGPU library (npm package webgpu) cannot be loaded on ${system.platform} ${system.arch}${system.glibc ? '' : ' with musl'}`,
        remedy:
          system.platform === 'linux' && !system.glibc
            ? 'use a system with glibc, such as Debian, in place of one with musl, such as Alpine'
            : 'install the packages again with `npm ci` on this machine (it exists for Linux, macOS and Windows on x64 and arm64)',
      };
    case 'no-loader':
      return {
        problem: 'there is no Vulkan loader (libvulkan.so.1) on this system',
        remedy: `${install}${orSwiftShader(system)}`,
      };
    case 'no-driver':
      return {
        problem: `the Vulkan loader ${loader} found no driver: no manifest in any vulkan/icd.d folder`,
        remedy: `${install}${orSwiftShader(system)}`,
      };
    case 'named-driver':
      return {
        problem: `VK_DRIVER_FILES (or VK_ICD_FILENAMES) is set to ${facts.named}, where there is no driver that can be used (${lastLine(result)})`,
        remedy: 'correct the variable or unset it',
      };
    case 'mesa-too-old':
      return {
        problem:
          'the installed Mesa is too old, since before version 23 its CPU driver (lavapipe) lacks a feature that WebGPU needs',
        remedy: `${install}${orSwiftShader(system)}`,
      };
    case 'nvidia-container':
      return {
        problem: `this container sees an NVIDIA GPU (${nodes.find(({ path }) => /nvidia\d+$/.test(path))?.path}) but not its Vulkan driver, because it was started without the graphics capability`,
        remedy:
          hidden.length > 0
            ? `set VK_DRIVER_FILES=${hidden[0]!.manifest}${loader === undefined ? ` and ${installLoader(system)}` : ''}`
            : `start it again with \`docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=all ...\`${loader === undefined ? ` and ${installLoader(system)} in it` : ''}`,
      };
    case 'nvidia-driver':
      return {
        problem: `an NVIDIA GPU is there but its Vulkan driver is not: the driver was installed without its graphics part`,
        remedy: `install the graphics libraries of the same driver version (Debian and Ubuntu: libnvidia-gl, Fedora: xorg-x11-drv-nvidia-libs, Arch: nvidia-utils)${loader === undefined ? ` and ${installLoader(system)}` : ''}`,
      };
    case 'permission':
      return {
        problem: `this user may not open the GPU (${nodes.map(({ path }) => path).join(', ')})`,
        remedy: 'run `sudo usermod -aG render,video $USER` and log in again',
      };
    case 'wsl':
      return {
        problem:
          'Linux inside Windows (WSL) lends its GPU through Direct3D, for which there is no Vulkan driver fit for WebGPU',
        remedy: 'use Node for Windows, outside WSL, to compute on the GPU',
      };
    case 'driver-crash':
      return {
        problem: `the graphics driver failed while it computed a test (${lastLine(result)})`,
        remedy: `update it${orSwiftShader(system)}`,
      };
    case 'driver-wrong':
      return {
        problem: 'the graphics driver computed wrong numbers in a test',
        remedy: `update it${orSwiftShader(system)}`,
      };
    case 'driver-unusable':
      return {
        problem: `none of the installed Vulkan drivers (${[...new Set(drivers.map(({ kind }) => kind))].join(', ')}) can be used here (${lastLine(result)})`,
        remedy: `update the driver of your GPU, or ${install}${orSwiftShader(system)}`,
      };
    case 'platform':
      return {
        problem: `${system.platform === 'darwin' ? 'Metal' : 'Direct3D 12'} offers no GPU that WebGPU can use`,
        remedy:
          system.platform === 'darwin'
            ? 'update macOS, and run outside a virtual machine'
            : "install the current driver of your GPU's maker",
      };
  }
}

/** How Mesa's Vulkan drivers, the one on the CPU among them, are installed here, with the loader. */
export function installDriver(system: System): string {
  const sudo = system.root ? '' : 'sudo ';
  const is = (name: string) => system.family.includes(name);
  if (system.codename === 'bookworm') {
    const source = 'deb http://deb.debian.org/debian bookworm-backports main';
    const file = '/etc/apt/sources.list.d/backports.list';
    const write = system.root ? `echo '${source}' > ${file}` : `echo '${source}' | sudo tee ${file}`;
    return `run \`${write} && ${sudo}apt-get update && ${sudo}apt-get install -y -t bookworm-backports libvulkan1 mesa-vulkan-drivers\``;
  }
  if (is('debian') || is('ubuntu'))
    return `run \`${sudo}apt-get update && ${sudo}apt-get install -y libvulkan1 mesa-vulkan-drivers\``;
  if (is('fedora') || is('rhel')) return `run \`${sudo}dnf install -y vulkan-loader mesa-vulkan-drivers\``;
  if (is('arch')) return `run \`${sudo}pacman -S vulkan-icd-loader vulkan-swrast\``;
  if (is('suse') || is('opensuse')) return `run \`${sudo}zypper install libvulkan1 libvulkan_lvp\``;
  return 'install a Vulkan loader (libvulkan.so.1) and a Vulkan driver (Mesa 23 or newer has one for the CPU)';
}

function installLoader(system: System): string {
  const sudo = system.root ? '' : 'sudo ';
  const is = (name: string) => system.family.includes(name);
  if (is('debian') || is('ubuntu'))
    return `run \`${sudo}apt-get update && ${sudo}apt-get install -y libvulkan1\``;
  if (is('fedora') || is('rhel')) return `run \`${sudo}dnf install -y vulkan-loader\``;
  return 'install a Vulkan loader (libvulkan.so.1)';
}

/** SwiftShader needs no root, but it is built for one kind of system. */
function orSwiftShader(system: System): string {
  return swiftShaderRunsHere() && system.glibc
    ? ', or set SPIKEFIELD_DRIVER=swiftshader to fetch a driver that needs no root'
    : '';
}

/** The last thing the driver said, without Dawn's own source lines. */
function lastLine(result: DriverFacts['result']): string {
  if (result.adapter) return '';
  const lines = result.words.split('\n').map((line) => line.trim());
  const said = lines.filter((line) => line !== '' && !/^at |^Node\.js v|artificially reduced/.test(line));
  return (said.at(-1) ?? 'it said nothing').replace(/^Warning: /, '');
}
