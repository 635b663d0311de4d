/**
 * A run directory: `manifest.json` beside the .npy files of one run. The manifest says "incomplete" from before the
 * first array until all of them are closed and hashed, so nothing half-written is ever taken for whole; and a
 * directory that is not a run of ours is never touched.
 */
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { OutputError } from '../errors.ts';
import { writeNpy } from './npy.ts';
import { type Dtype, dtypeOf, type NpyData } from './npy-header.ts';
import { NpyWriter } from './npy-writer.ts';
import { attempt, type OpenOutput, openOutput, removeQuietly, writeWhole } from './output-file.ts';
import {
  type ArrayEntry,
  type FileEntry,
  formatManifest,
  MANIFEST_NAME,
  RUN_FORMAT,
  RUN_VERSION,
  type RunManifest,
  readRunManifest,
} from './run-manifest.ts';

export interface RunDirectoryOptions {
  /** Replace a run that is already there. Only the files that its manifest lists are deleted. */
  force?: boolean;
  /** What is known before the run: kept in the manifest even if the run never ends. */
  manifest?: Record<string, unknown>;
  /** How files are opened; for tests. */
  open?: OpenOutput;
}

export class RunDirectory {
  readonly path: string;
  private readonly open: OpenOutput;
  private readonly created = new Date().toISOString();
  private readonly writers = new Map<string, NpyWriter>();
  private readonly arrays: Record<string, ArrayEntry> = {};
  private readonly files: Record<string, FileEntry> = {};
  /** What the run says of itself. */
  private fields: Record<string, unknown>;
  private ended = false;

  private constructor(path: string, options: RunDirectoryOptions) {
    this.path = path;
    this.open = options.open ?? openOutput;
    this.fields = options.manifest ?? {};
    // "wx" lets only one of two runs that start at the same time have the directory.
    const file = this.open(join(path, MANIFEST_NAME), 'wx');
    try {
      file.write(new TextEncoder().encode(this.manifest('incomplete')));
    } catch (error) {
      removeQuietly(join(path, MANIFEST_NAME));
      throw error;
    } finally {
      file.close();
    }
  }

  /**
   * Makes the directory, with its parents, and an incomplete manifest in it. Throws OutputError where a run is
   * already there (unless `force`), where other things are there, or where nothing can be written.
   */
  static create(path: string, options: RunDirectoryOptions = {}): RunDirectory {
    const present = inspect(path);
    if (present === 'run' && !options.force) {
      throw new OutputError(
        `${path} already holds a run; choose another output folder, or give --force to replace it.`,
      );
    }
    if (present === 'run') removeRun(path);
    makeFolder(resolve(path));
    return new RunDirectory(path, options);
  }

  /**
   * A growing array `<name>.npy` with rows of `rowShape` (`[]`: a 1-D array). `finish` and `abandon` close it.
   * Throws OutputError for a name that is taken or cannot be a file name, or where nothing can be written.
   */
  writer(name: string, dtype: Dtype, rowShape: readonly number[] = []): NpyWriter {
    const file = this.register(`${name}.npy`);
    this.arrays[file] = { dtype, shape: [null, ...rowShape] };
    this.saveManifest('incomplete');
    const writer = NpyWriter.open(join(this.path, file), dtype, rowShape, this.open);
    this.writers.set(file, writer);
    return writer;
  }

  /** A whole array `<name>.npy`, C order, of shape `[data.length]` by default. Throws as `writer`. */
  write(name: string, data: NpyData, shape: readonly number[] = [data.length]): void {
    const file = this.register(`${name}.npy`);
    this.arrays[file] = { dtype: dtypeOf(data), shape: [...shape] };
    this.saveManifest('incomplete');
    writeNpy(join(this.path, file), data, shape, this.open);
  }

  /** The path for another file of this run, as `figure.svg`, that the caller writes before `finish`. */
  file(name: string): string {
    const file = this.register(name);
    this.files[file] = {};
    this.saveManifest('incomplete');
    return join(this.path, file);
  }

  /**
   * Closes all arrays, hashes every file and puts the manifest, with `fields`, in its place as complete.
   * Throws OutputError; the manifest then still says incomplete.
   */
  finish(fields: Record<string, unknown> = {}): void {
    this.mustBeOpen();
    this.closeWriters();
    for (const [file, entry] of Object.entries(this.arrays)) Object.assign(entry, this.digest(file));
    for (const [file, entry] of Object.entries(this.files)) Object.assign(entry, this.digest(file));
    this.fields = { ...this.fields, ...fields };
    this.saveManifest('complete');
    this.ended = true;
  }

  /**
   * Gives the run up: closes what was written, so that it can still be read, and leaves the manifest incomplete
   * with the reason. Does nothing after `finish`. Never throws: it is called when something has already gone wrong,
   * and the manifest on disk says incomplete whatever fails here.
   */
  abandon(reason: string): void {
    if (this.ended) return;
    this.ended = true;
    for (const [file, writer] of this.writers) {
      quietly(() => writer.close());
      this.arrays[file].shape = writer.shape;
    }
    quietly(() => this.saveManifest('incomplete', reason));
  }

  /** `using run = RunDirectory.create(...)`: leaving the block without `finish` abandons the run. */
  [Symbol.dispose](): void {
    this.abandon('the run ended before it was finished');
  }

  /** Checks that `name` is a plain file name not yet in use. */
  private register(name: string): string {
    this.mustBeOpen();
    if (!isPlainName(name)) {
      throw new OutputError(
        `"${name}" cannot be the name of a file in ${this.path}; use letters, digits, "-", "_" and "." in names of populations.`,
      );
    }
    if (Object.hasOwn(this.arrays, name) || Object.hasOwn(this.files, name) || name === MANIFEST_NAME) {
      throw new OutputError(
        `${join(this.path, name)} would be written twice; give each recording its own name.`,
      );
    }
    return name;
  }

  private mustBeOpen(): void {
    if (this.ended) throw new OutputError(`The run in ${this.path} has ended; nothing can be added to it.`);
  }

  private closeWriters(): void {
    for (const [file, writer] of this.writers) {
      writer.close();
      this.arrays[file].shape = writer.shape;
    }
  }

  private digest(file: string): { bytes: number; sha256: string } {
    const path = join(this.path, file);
    return attempt(path, () => ({ bytes: statSync(path).size, sha256: sha256OfFile(path) }));
  }

  private saveManifest(status: RunManifest['status'], reason?: string): void {
    writeWhole(join(this.path, MANIFEST_NAME), this.manifest(status, reason), this.open);
  }

  private manifest(status: RunManifest['status'], reason?: string): string {
    const head = { format: RUN_FORMAT, version: RUN_VERSION, status, reason, created: this.created };
    const lists = { arrays: this.arrays, files: this.files };
    // Assigned twice: the first decides the order in the file, the second wins over a field of the same name.
    return formatManifest(Object.assign({}, head, this.fields, head, lists));
  }
}

/**
 * Makes a folder and its parents. Not by `mkdirSync` with `recursive`: below /proc and the like, where the system
 * answers "no such folder" to every new name, Node 20 tries for ever.
 */
export function makeFolder(path: string): void {
  if (attempt(path, () => statSync(path, { throwIfNoEntry: false }))?.isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  attempt(path, () => mkdirSync(path));
}

/** What stands at `path`: nothing, an empty directory, or a run. Anything else is an OutputError. */
function inspect(path: string): 'nothing' | 'empty' | 'run' {
  const stats = attempt(path, () => statSync(path, { throwIfNoEntry: false }));
  if (!stats) return 'nothing';
  if (!stats.isDirectory()) {
    throw new OutputError(`${path} is a file and not a folder; choose another output folder.`);
  }
  if (attempt(path, () => readdirSync(path)).length === 0) return 'empty';
  try {
    readRunManifest(path);
    return 'run';
  } catch {
    throw new OutputError(
      `${path} holds files that are not a Spikefield run, and they are left alone; choose another output folder.`,
    );
  }
}

/**
 * Deletes the files that the manifest lists and, last, the manifest, so that an interrupted removal is still seen
 * as a run. Files that somebody else put there stay.
 */
function removeRun(path: string): void {
  const { arrays, files } = readRunManifest(path);
  const listed = [...Object.keys(arrays), ...Object.keys(files)].filter(isPlainName);
  for (const name of [...listed, MANIFEST_NAME]) {
    attempt(join(path, name), () => {
      rmSync(join(path, `${name}.tmp`), { force: true });
      rmSync(join(path, name), { force: true });
    });
  }
}

/** A name that stays inside its directory on every system. */
function isPlainName(name: string): boolean {
  return /^[^\\/:*?"<>|\p{Cc}]+$/u.test(name) && !name.startsWith('.') && name.length <= 200;
}

/** As `sha256sum` prints it. */
export function sha256OfFile(path: string): string {
  const hash = createHash('sha256');
  const chunk = new Uint8Array(1 << 20);
  const descriptor = openSync(path, 'r');
  try {
    for (let taken = readSync(descriptor, chunk); taken > 0; taken = readSync(descriptor, chunk)) {
      hash.update(chunk.subarray(0, taken));
    }
  } finally {
    closeSync(descriptor);
  }
  return hash.digest('hex');
}

function quietly(action: () => void): void {
  try {
    action();
  } catch {}
}
