/** A file system of its own with drivers in it, searched as the Vulkan loader's documentation says. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findDrivers, findHiddenDrivers } from '../../../src/gpu/driver/manifests.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spikefield-drivers-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
const manifest = (library: string) =>
  JSON.stringify({ ICD: { library_path: library, api_version: '1.3.0' } });
const env = { HOME: '/home/someone' };

test('manifests are found in every folder that the loader searches', () => {
  put('etc/vulkan/icd.d/nvidia_icd.json', manifest('libGLX_nvidia.so.0'));
  put('usr/share/vulkan/icd.d/radeon_icd.x86_64.json', manifest('libvulkan_radeon.so'));
  put('usr/share/vulkan/icd.d/intel_icd.json', manifest('libvulkan_intel.so'));
  put('usr/share/vulkan/icd.d/lvp_icd.json', manifest('libvulkan_lvp.so'));
  put('home/someone/.local/share/vulkan/icd.d/mine.json', manifest('./libvk_swiftshader.so'));
  put('usr/share/vulkan/icd.d/virtio_icd.json', manifest('libvulkan_virtio.so'));
  put('usr/share/vulkan/icd.d/README', 'no manifest');
  const kinds = findDrivers(env, root).map(({ kind }) => kind);
  expect(kinds.sort()).toEqual(['amd', 'intel', 'lavapipe', 'nvidia', 'other', 'swiftshader']);
});

test('a path in a manifest is taken from its folder, and missed where it is not there', () => {
  put('usr/share/vulkan/icd.d/a.json', manifest('./liba.so'));
  put('usr/share/vulkan/icd.d/liba.so', '');
  put('usr/share/vulkan/icd.d/b.json', manifest('../gone/libb.so'));
  put('usr/share/vulkan/icd.d/c.json', manifest('libc_vulkan.so'));
  const exists = findDrivers(env, root).map(({ libraryExists }) => libraryExists);
  expect(exists).toEqual([true, false, undefined]);
});

test('a broken manifest is passed over', () => {
  put('etc/vulkan/icd.d/cut.json', '{ "ICD": {');
  put('etc/vulkan/icd.d/other.json', '{ "layer": {} }');
  put('etc/vulkan/icd.d/whole.json', manifest('libvulkan_lvp.so'));
  expect(findDrivers(env, root)).toHaveLength(1);
});

test('VK_DRIVER_FILES stands in place of the folders, VK_ADD_DRIVER_FILES beside them', () => {
  put('etc/vulkan/icd.d/lvp_icd.json', manifest('libvulkan_lvp.so'));
  const own = put('own/swiftshader.json', manifest('./libvk_swiftshader.so'));
  const kinds = (more: NodeJS.ProcessEnv) => findDrivers({ ...env, ...more }, root).map(({ kind }) => kind);
  expect(kinds({ VK_DRIVER_FILES: own })).toEqual(['swiftshader']);
  expect(kinds({ VK_ICD_FILENAMES: own })).toEqual(['swiftshader']);
  expect(kinds({ VK_DRIVER_FILES: `${dirname(own)}:/absent.json` })).toEqual(['swiftshader']);
  expect(kinds({ VK_ADD_DRIVER_FILES: own })).toEqual(['swiftshader', 'lavapipe']);
});

test('a GPU driver lent to a container outside the folders is found apart', () => {
  put('usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json', manifest('libGLX_nvidia.so.0'));
  expect(findDrivers(env, root)).toEqual([]);
  expect(findHiddenDrivers(root).map(({ kind }) => kind)).toEqual(['nvidia']);
});
