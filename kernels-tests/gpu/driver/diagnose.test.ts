/** From what a system looks like to the one cause and the exact remedy: each case as it was met, or as documented. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { judge } from '../../../src/gpu/driver/diagnose.ts';
import { type DriverFacts, gatherFacts } from '../../../src/gpu/driver/facts.ts';
import type { DriverKind, VulkanDriver } from '../../../src/gpu/driver/manifests.ts';
import { type ProbeResult, readAnswer } from '../../../src/gpu/driver/probe.ts';
import type { Cause } from '../../../src/gpu/driver/remedies.ts';
import { readSystem, type System } from '../../../src/gpu/driver/system.ts';

const system: System = {
  platform: 'linux',
  arch: 'x64',
  distribution: 'debian',
  family: ['debian'],
  codename: 'trixie',
  root: false,
  glibc: true,
  container: false,
};
const lavapipe = {
  vendor: 'mesa',
  architecture: 'software',
  device: 'llvmpipe',
  description: 'llvmpipe',
  software: true,
};
const none = (words: string): ProbeResult => ({ adapter: undefined, failure: 'none', words });
const driver = (kind: DriverKind): VulkanDriver => ({
  manifest: `/usr/share/vulkan/icd.d/${kind}.json`,
  library: `lib${kind}.so`,
  kind,
  libraryExists: undefined,
});
const bare: DriverFacts = {
  system,
  loader: undefined,
  drivers: [],
  named: undefined,
  hidden: [],
  nodes: [],
  result: none("Couldn't load Vulkan: libvulkan.so.1: cannot open shared object file"),
};
const loader = '/usr/lib/libvulkan.so.1';
const nvidia0 = { path: '/dev/nvidia0', usable: true };
const tooOld = none('Warning: Vulkan shaderUniform*ArrayDynamicIndexing required.');

const cases: [string, Partial<DriverFacts>, Cause | undefined, RegExp][] = [
  ['an empty container', {}, 'no-loader', /apt-get install -y libvulkan1 mesa-vulkan-drivers/],
  [
    'a loader alone',
    { loader, result: none('vkCreateInstance: Found no drivers!') },
    'no-driver',
    /mesa-vulkan-drivers/,
  ],
  [
    'the Mesa of Debian 12',
    { loader, drivers: [driver('lavapipe')], result: tooOld },
    'mesa-too-old',
    /run `/,
  ],
  [
    'a container without the graphics capability',
    { nodes: [nvidia0], system: { ...system, container: true } },
    'nvidia-container',
    /-e NVIDIA_DRIVER_CAPABILITIES=all .* and run `.*libvulkan1`/,
  ],
  [
    'a container with the driver in another place',
    { loader, nodes: [nvidia0], system: { ...system, container: true }, hidden: [driver('nvidia')] },
    'nvidia-container',
    /set VK_DRIVER_FILES=\/usr\/share\/vulkan\/icd\.d\/nvidia\.json$/,
  ],
  ['an NVIDIA server driver', { loader, nodes: [nvidia0] }, 'nvidia-driver', /libnvidia-gl/],
  [
    'a GPU of another group',
    { loader, drivers: [driver('amd')], nodes: [{ path: '/dev/dri/renderD128', usable: false }] },
    'permission',
    /usermod -aG render,video/,
  ],
  ['WSL', { loader, nodes: [{ path: '/dev/dxg', usable: true }] }, 'wsl', /Node for Windows/],
  [
    'drivers without their hardware',
    { loader, drivers: [driver('amd')], result: none('VK_ERROR_INCOMPATIBLE_DRIVER') },
    'driver-unusable',
    /update the driver/,
  ],
  [
    'manifests named by the user',
    { loader, named: '/absent.json', result: none('Found no drivers!') },
    'named-driver',
    /correct the variable or unset it/,
  ],
  [
    'a crash',
    { loader, drivers: [driver('amd')], result: readAnswer('', 'boom', null, 'SIGSEGV') },
    'driver-crash',
    /update it/,
  ],
  [
    'wrong numbers',
    {
      loader,
      drivers: [driver('amd')],
      result: readAnswer(JSON.stringify({ adapter: lavapipe, computes: false }), '', 0, null),
    },
    'driver-wrong',
    /update it/,
  ],
  [
    'musl',
    {
      system: { ...system, glibc: false },
      result: readAnswer('', "code: 'ERR_DLOPEN_FAILED'", 1, null),
    },
    'binding',
    /use a system with glibc/,
  ],
  ['macOS in a virtual machine', { system: { ...system, platform: 'darwin' } }, 'platform', /update macOS/],
  [
    'the CPU where there is no GPU',
    { loader, drivers: [driver('lavapipe')], result: { adapter: lavapipe } },
    undefined,
    /^$/,
  ],
  [
    'the CPU where an NVIDIA GPU lies idle',
    { loader, drivers: [driver('lavapipe')], nodes: [nvidia0], result: { adapter: lavapipe } },
    'nvidia-driver',
    /libnvidia-gl/,
  ],
  [
    'a GPU in use',
    { loader, nodes: [nvidia0], result: { adapter: { ...lavapipe, software: false } } },
    undefined,
    /^$/,
  ],
];

test.each(cases)('%s', (_, facts, cause, remedy) => {
  const found = judge({ ...bare, ...facts });
  expect(found.cause).toBe(cause);
  expect(found.remedy ?? '').toMatch(remedy);
  expect(found.problem === undefined).toBe(cause === undefined);
  // Clauses, to be joined to one sentence.
  for (const clause of [found.problem, found.remedy]) expect(clause ?? '').not.toMatch(/\.$|\n|undefined/);
});

describe('the command for each system', () => {
  const remedyOn = (more: Partial<System>) => judge({ ...bare, system: { ...system, ...more } }).remedy;
  test.each<[string, Partial<System>, string]>([
    [
      'Debian 12',
      { codename: 'bookworm' },
      '| sudo tee /etc/apt/sources.list.d/backports.list && sudo apt-get',
    ],
    [
      'Debian 12 as root',
      { codename: 'bookworm', root: true },
      "main' > /etc/apt/sources.list.d/backports.list && apt-get",
    ],
    ['Mint', { family: ['linuxmint', 'ubuntu', 'debian'] }, 'sudo apt-get install -y libvulkan1'],
    ['Fedora', { family: ['fedora'] }, 'sudo dnf install -y vulkan-loader mesa-vulkan-drivers'],
    ['Rocky', { family: ['rocky', 'rhel', 'centos', 'fedora'] }, 'dnf install -y vulkan-loader'],
    ['Arch', { family: ['arch'] }, 'pacman -S vulkan-icd-loader vulkan-swrast'],
    [
      'openSUSE',
      { family: ['opensuse-leap', 'suse', 'opensuse'] },
      'zypper install libvulkan1 libvulkan_lvp',
    ],
    ['any other', { family: ['void'] }, 'install a Vulkan loader (libvulkan.so.1)'],
  ])('%s', (_, more, command) => {
    expect(remedyOn(more)).toContain(command);
  });
});

describe('facts', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'spikefield-facts-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const put = (path: string, text = '') => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };

  test('the system is read from os-release, quoted or not', () => {
    put('etc/os-release', 'NAME="Pop!_OS"\nID=pop\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=jammy\n');
    const { distribution, family, codename } = readSystem(root);
    expect({ distribution, family, codename }).toEqual({
      distribution: 'pop',
      family: ['pop', 'ubuntu', 'debian'],
      codename: 'jammy',
    });
  });

  test.runIf(process.platform === 'linux')('device files of GPUs are listed, and no others', () => {
    for (const name of ['dri/card0', 'dri/renderD128', 'nvidia0', 'nvidiactl', 'nvidia-uvm', 'null', 'kfd'])
      put(`dev/${name}`);
    const { nodes } = gatherFacts(none(''), {}, root);
    const names = nodes.map(({ path }) => path.slice(root.length));
    expect(names).toEqual(['/dev/dri/renderD128', '/dev/kfd', '/dev/nvidia0', '/dev/nvidiactl']);
    expect(nodes.every(({ usable }) => usable)).toBe(true);
  });
});
