/**
 * What `manifest.json` of a run directory says. It is the first file written and the last one replaced, so its
 * `status` tells whether the arrays beside it are whole.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import type { Dtype } from './npy-header.ts';

export const RUN_FORMAT = 'spikefield-run';
export const RUN_VERSION = 1;
export const MANIFEST_NAME = 'manifest.json';

/** One .npy file; `bytes` and `sha256` are of the whole file, as `sha256sum` prints, and come when it is closed. */
export interface ArrayEntry {
  dtype: Dtype;
  /** The first size is null while the array still grows. */
  shape: (number | null)[];
  bytes?: number;
  sha256?: string;
}

/** Any other file of the run, as a figure. */
export interface FileEntry {
  bytes?: number;
  sha256?: string;
}

export interface RunManifest {
  format: typeof RUN_FORMAT;
  version: number;
  status: 'incomplete' | 'complete';
  /** Why the run is incomplete, where that is known. */
  reason?: string;
  /** When the directory was made, ISO 8601. */
  created: string;
  arrays: Record<string, ArrayEntry>;
  files: Record<string, FileEntry>;
  /** Whatever the run says of itself: network, parameters, seed, versions, adapter. */
  [field: string]: unknown;
}

/**
 * Reads the manifest of a run directory. Throws InputError where there is none, or one that is not ours, damaged,
 * or of a later version.
 */
export function readRunManifest(directory: string): RunManifest {
  const path = join(directory, MANIFEST_NAME);
  const fail = (message: string): never => {
    throw new InputError(message, { at: { file: path } });
  };
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return fail('the manifest is not valid JSON; run the simulation again');
    return fail('no manifest can be read here; give the path of a Spikefield run directory');
  }
  const manifest = value as Partial<RunManifest> | null;
  if (typeof manifest !== 'object' || manifest === null || manifest.format !== RUN_FORMAT) {
    return fail(`this is not the manifest of a Spikefield run (its format is not "${RUN_FORMAT}")`);
  }
  if (typeof manifest.version !== 'number' || manifest.version > RUN_VERSION) {
    return fail(
      `the run is of version ${manifest.version} and this Spikefield knows ${RUN_VERSION}; update it`,
    );
  }
  if (!isRecord(manifest.arrays) || !isRecord(manifest.files)) {
    return fail('the manifest does not list its arrays and files; run the simulation again');
  }
  return manifest as RunManifest;
}

/** The manifest as text: typed arrays as lists, maps as objects; NaN and infinities become null, as in all JSON. */
export function formatManifest(manifest: RunManifest): string {
  const plain = (_key: string, value: unknown): unknown => {
    if (value instanceof Map) return Object.fromEntries(value);
    if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>);
    return typeof value === 'bigint' ? String(value) : value;
  };
  return `${JSON.stringify(manifest, plain, 2)}\n`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
