/** Folders that tests write into. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A new folder, gone when the tests of the file are done. */
export function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spikefield-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Paths at which nothing is yet, one a call. */
export function newPaths(): () => string {
  const folder = ownFolder();
  let made = 0;
  return () => join(folder, `${made++}`);
}
