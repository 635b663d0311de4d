/**
 * The one way results reach the disk. Every failure of the file system becomes an OutputError whose sentence says
 * what to do, and a write counts what has really arrived, so that a full disk never leaves a file that lies.
 */
import { closeSync, ftruncateSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { OutputError } from '../errors.ts';

/** An open file that is written from front to back; `writeAt` goes back to patch what is already there. */
export interface OutputFile {
  /** Bytes that have arrived so far through `write`. */
  readonly written: number;
  write(bytes: Uint8Array): void;
  writeAt(bytes: Uint8Array, position: number): void;
  truncate(length: number): void;
  close(): void;
}

/** How files are opened; tests give another one to play a disk that fills up. */
export type OpenOutput = (path: string, flags?: 'w' | 'wx') => OutputFile;

/** Opens `path` for writing; `wx` refuses a file that exists. Throws OutputError. */
export const openOutput: OpenOutput = (path, flags = 'w') => new DiskFile(path, flags);

class DiskFile implements OutputFile {
  written = 0;
  private readonly path: string;
  private readonly descriptor: number;

  constructor(path: string, flags: string) {
    this.path = path;
    this.descriptor = attempt(path, () => openSync(path, flags));
  }

  write(bytes: Uint8Array): void {
    attempt(this.path, () => {
      // A write may take only a part of what it is given, most of all on a disk that is about to be full.
      for (let done = 0; done < bytes.length; ) {
        const taken = writeSync(this.descriptor, bytes, done, bytes.length - done, this.written);
        this.written += taken;
        done += taken;
      }
    });
  }

  writeAt(bytes: Uint8Array, position: number): void {
    attempt(this.path, () => {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.descriptor, bytes, done, bytes.length - done, position + done);
      }
    });
  }

  truncate(length: number): void {
    attempt(this.path, () => ftruncateSync(this.descriptor, length));
  }

  close(): void {
    attempt(this.path, () => closeSync(this.descriptor));
  }
}

/**
 * Writes a whole file so that at every moment `path` holds either what it held before or all of `bytes`: into a
 * neighbour first, then renamed. Throws OutputError and then leaves no neighbour behind.
 */
export function writeWhole(path: string, bytes: Uint8Array | string, open: OpenOutput = openOutput): void {
  replaceWhole(path, open, (file) => {
    file.write(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes);
  });
}

/** As `writeWhole`, for content that comes in pieces: `fill` writes them to the file it is given. */
export function replaceWhole(path: string, open: OpenOutput, fill: (file: OutputFile) => void): void {
  const neighbour = `${path}.tmp`;
  try {
    const file = open(neighbour);
    try {
      fill(file);
    } finally {
      file.close();
    }
    attempt(path, () => renameSync(neighbour, path));
  } catch (error) {
    removeQuietly(neighbour);
    throw error;
  }
}

/** Removes what a failed write left; if that fails too, it adds nothing to what is already being reported. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {}
}

/** Runs `action` and turns what the file system throws into an OutputError about `path`. */
export function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw outputError(path, cause);
  }
}

function outputError(path: string, cause: unknown): OutputError {
  const error = cause as NodeJS.ErrnoException;
  return new OutputError(sentence(path, error.code, error.message), { cause });
}

function sentence(path: string, code: string | undefined, message: string): string {
  switch (code) {
    case 'ENOSPC':
      return `The disk is full, so ${path} could not be written; free some space or choose another output folder.`;
    case 'EDQUOT':
      return `Your disk quota is used up, so ${path} could not be written; free some space or choose another output folder.`;
    case 'EACCES':
    case 'EPERM':
      return `You have no permission to write ${path}; choose an output folder of your own.`;
    case 'EROFS':
      return `${path} lies on a read-only file system; choose an output folder that can be written.`;
    case 'ENOTDIR':
      return `${path} cannot be created because a part of this path is a file and not a folder; choose another output folder.`;
    case 'EISDIR':
      return `${path} is a folder, so no file of that name can be written; choose another name.`;
    case 'ENOENT':
      return `${path} cannot be written because there is no folder for it; create the folder or choose another one.`;
    case 'EEXIST':
      return `${path} exists already, and another run may be writing it; choose another output folder.`;
    default:
      return `${path} could not be written (${code ?? message}); choose another output folder.`;
  }
}
