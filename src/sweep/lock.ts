/** One process at a time writes a sweep's folder. The lock of a process that was killed is taken over. */
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { OutputError } from '../errors.ts';
import { openOutput, removeQuietly } from '../io/output-file.ts';

interface Holder {
  pid: number;
  host: string;
}

/**
 * Takes the lock at `path`.
 * @returns what gives it back
 * @throws OutputError where another process that may be alive holds it
 */
export function lockFolder(folder: string, path: string): () => void {
  const own = JSON.stringify({ pid: process.pid, host: hostname() });
  if (!tryCreate(path, own)) {
    const text = readQuietly(path);
    const holder = parse(text);
    // Whether a process of another machine is alive cannot be known; an unfinished lock is young.
    if (holder && holder.host === hostname() && holder.pid !== process.pid && !isAlive(holder.pid)) {
      // Renaming lets only one of several that find the same dead lock have it; what it got may be a new one by now.
      const aside = `${path}.${process.pid}`;
      try {
        renameSync(path, aside);
      } catch {
        throw refusal(folder, path, parse(readQuietly(path)));
      }
      const taken = readQuietly(aside);
      if (taken !== text) {
        renameSync(aside, path);
        throw refusal(folder, path, parse(taken));
      }
      rmSync(aside, { force: true });
      if (!tryCreate(path, own)) throw refusal(folder, path, parse(readQuietly(path)));
    } else throw refusal(folder, path, holder);
  }
  return () => {
    if (readQuietly(path) === own) removeQuietly(path);
  };
}

function tryCreate(path: string, text: string): boolean {
  let file: ReturnType<typeof openOutput>;
  try {
    file = openOutput(path, 'wx');
  } catch (error) {
    if (((error as Error).cause as NodeJS.ErrnoException | undefined)?.code === 'EEXIST') return false;
    throw error;
  }
  try {
    file.write(new TextEncoder().encode(text));
  } finally {
    file.close();
  }
  return true;
}

function refusal(folder: string, path: string, holder: Holder | undefined): OutputError {
  const who = holder ? `process ${holder.pid} on ${holder.host}` : 'another process';
  return new OutputError(
    `${folder} is being written by ${who}; give each shard a folder of its own, or remove ${path} if that process is gone.`,
  );
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function parse(text: string): Holder | undefined {
  try {
    const { pid, host } = JSON.parse(text) as Holder;
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
