/**
 * Fetches SwiftShader into the user's cache. It comes inside an npm package, so it is fetched with npm, which knows
 * the user's registry, proxy and certificates; the package is pinned and its hash is checked before it is opened.
 */
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
// Read from its place in src/ also by the compiled code: it must run before anything is compiled.
import { npmCommand } from '../../src/setup/npm.mjs';
import { OutputError } from '../errors.ts';
import { cacheDirectory } from '../gpu/driver/cache.ts';
import {
  findSwiftShader,
  type SwiftShader,
  swiftShaderFiles,
  swiftShaderPackage,
  swiftShaderPlace,
} from '../gpu/driver/swiftshader.ts';
import { reasonOf, runCommand } from './command.ts';
import { readTar } from './tar.ts';

/**
 * Fetches SwiftShader and puts it into the cache.
 * @throws OutputError where it cannot be fetched, is not what it should be, or cannot be written
 */
export async function fetchSwiftShader(): Promise<SwiftShader> {
  const place = swiftShaderPlace();
  const { name, version, integrity } = swiftShaderPackage;
  let scratch: string;
  try {
    mkdirSync(cacheDirectory(), { recursive: true });
    scratch = mkdtempSync(join(cacheDirectory(), 'fetching-'));
  } catch (cause) {
    throw new OutputError(
      `the cache ${cacheDirectory()} cannot be written (${(cause as Error).message}): set XDG_CACHE_HOME to a folder that can`,
    );
  }
  try {
    const { program, before } = npmCommand();
    const packed = await runCommand(program, [
      ...before,
      ...[
        'pack',
        `${name}@${version}`,
        '--pack-destination',
        scratch,
        '--ignore-scripts',
        '--prefer-offline',
        '--fetch-retries=1',
      ],
    ]);
    const file = readdirSync(scratch).find((entry) => entry.endsWith('.tgz'));
    if (packed.code !== 0 || file === undefined) {
      throw new OutputError(`npm could not fetch ${name}@${version} (${reasonOf(packed)})`);
    }
    const archive = readFileSync(join(scratch, file));
    checkIntegrity(archive, integrity, `${name}@${version}`);
    const folder = join(scratch, basename(place.folder));
    mkdirSync(folder);
    for (const [entry, data] of unpackSwiftShader(archive)) writeFileSync(join(folder, entry), data);
    moveIntoPlace(folder, place);
    return place;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Renamed as a whole, so that a folder in its place is always complete; another process may have been faster. */
function moveIntoPlace(folder: string, place: SwiftShader): void {
  if (findSwiftShader()) return;
  rmSync(place.folder, { recursive: true, force: true });
  mkdirSync(dirname(place.folder), { recursive: true });
  try {
    renameSync(folder, place.folder);
  } catch (cause) {
    if (!findSwiftShader()) throw cause;
  }
}

/** @throws OutputError where the bytes are not the ones that were pinned */
export function checkIntegrity(bytes: Buffer, integrity: string, what: string): void {
  const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (found !== integrity) {
    throw new OutputError(
      `${what} is not the package that was pinned (it has the hash ${found}): check which registry npm uses (npm config get registry)`,
    );
  }
}

/**
 * The files that are kept, out of a tar inside a tar.
 * @throws OutputError where one is missing
 */
export function unpackSwiftShader(archive: Buffer): Map<string, Buffer> {
  const inner = entryNamed(gunzipSync(archive), 'package/bin/swiftshader.tar.br');
  const tar = brotliDecompressSync(inner);
  return new Map(swiftShaderFiles.map((name) => [name, entryNamed(tar, name)]));
}

function entryNamed(tar: Buffer, name: string): Buffer {
  for (const entry of readTar(tar)) if (entry.name.replace(/^\.\//, '') === name) return entry.data;
  throw new OutputError(`the package holds no ${name}: fetch a version of it that is known to`);
}
