/** The package is checked before it is opened: a registry of our own offers another one under the same name. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { OutputError } from '../../src/errors.ts';
import { swiftShaderFiles, swiftShaderPackage } from '../../src/gpu/driver/swiftshader.ts';
import { checkIntegrity, fetchSwiftShader, unpackSwiftShader } from '../../src/setup/fetch-swiftshader.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spikefield-fetch-'));
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An npm package with a swiftshader.tar.br inside that holds the given files. */
function packageWith(files: readonly string[]): Buffer {
  const inner = mkdtempSync(join(folder, 'inner-'));
  for (const name of files) writeFileSync(join(inner, name), `the ${name}`);
  const tar = execFileSync('tar', ['-cf', '-', '-C', inner, '.']);
  const outer = mkdtempSync(join(folder, 'outer-'));
  mkdirSync(join(outer, 'package', 'bin'), { recursive: true });
  const { name, version } = swiftShaderPackage;
  writeFileSync(join(outer, 'package', 'package.json'), JSON.stringify({ name, version }));
  writeFileSync(join(outer, 'package', 'bin', 'swiftshader.tar.br'), brotliCompressSync(tar));
  return execFileSync('tar', ['-czf', '-', '-C', outer, 'package']);
}

test('the files that are kept come out of the package, and no others', () => {
  const kept = unpackSwiftShader(packageWith([...swiftShaderFiles, 'libEGL.so']));
  expect([...kept.keys()]).toEqual([...swiftShaderFiles]);
  for (const [name, data] of kept) expect(data.toString()).toBe(`the ${name}`);
});

test('a package without one of them is refused', () => {
  expect(() => unpackSwiftShader(packageWith(swiftShaderFiles.slice(1)))).toThrow(
    /holds no vk_swiftshader_icd/,
  );
});

test('bytes with another hash are refused', () => {
  const bytes = Buffer.from('a package');
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  expect(() => checkIntegrity(bytes, integrity, 'it')).not.toThrow();
  expect(() => checkIntegrity(Buffer.from('A package'), integrity, 'it')).toThrow(OutputError);
});

test('what a registry offers in its place is not unpacked, and nothing stays behind', async () => {
  const archive = packageWith(swiftShaderFiles);
  const { name, version } = swiftShaderPackage;
  const server = createServer((request, response) => {
    if (request.url?.endsWith('.tgz')) return response.end(archive);
    const tarball = `${address(server)}/other.tgz`;
    const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
    const manifest = { name, version, dist: { tarball, integrity } };
    return response.end(
      JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: manifest } }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('npm_config_registry', address(server));
  vi.stubEnv('npm_config_cache', join(folder, 'npm-cache'));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  try {
    await expect(fetchSwiftShader()).rejects.toThrow(/is not the package that was pinned/);
    expect(readdirSync(join(folder, 'cache', 'spikefield'))).toEqual([]);
  } finally {
    server.close();
  }
});

test('a cache that cannot be written is named', async () => {
  writeFileSync(join(folder, 'a-file'), '');
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'a-file'));
  await expect(fetchSwiftShader()).rejects.toThrow(/cannot be written .*: set XDG_CACHE_HOME/);
});

function address(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
