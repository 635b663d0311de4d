/**
 * What is measured runs as a child process, so that its start, its memory and its threads are its own. Children and
 * scratch folders end with this process, whatever ends it.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SpikefieldError } from '../src/errors.ts';

/** The root of the clone, where children start. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const reportPeak = new URL('report-peak.mjs', import.meta.url).href;

export interface NodeRun {
  /** From start to end of the process, s. */
  wall_s: number;
  peak_rss_bytes: number;
  stdout: string;
}

/** A child that did not do what was asked; the message ends with the last line that it printed on stderr. */
export class ChildFailure extends SpikefieldError {}

/** Runs `node ...args` at the root to its end, or until `signal`. Throws ChildFailure where its exit code is not 0. */
export async function runNode(args: readonly string[], signal?: AbortSignal): Promise<NodeRun> {
  const started = performance.now();
  const child = start(process.execPath, ['--import', reportPeak, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  endsWith(child, signal, () => killNow(child, false));
  const [code, stdout, stderr, peak] = await Promise.all([
    ended(child),
    ...[1, 2, 3].map((descriptor) => textOf(child, descriptor)),
  ]);
  const wall_s = (performance.now() - started) / 1000;
  if (code !== 0) throw new ChildFailure(lastLine(stderr!) ?? `it ended (${code}) without a word`);
  return { wall_s, peak_rss_bytes: Number(peak), stdout: stdout! };
}

/** A child that answers each line it is sent with one line. Throws ChildFailure where it ends instead. */
export class Conversation {
  private readonly child: ChildProcess;
  private readonly lines: Interface;
  private readonly answers: AsyncIterator<string>;
  private readonly stderr: Promise<string>;
  private readonly code: Promise<number | string>;

  /** @param signal ends it, and all that it has started, at once */
  constructor(program: string, args: readonly string[], signal?: AbortSignal) {
    // A group of its own: what it starts in turn is ended with it.
    const detached = process.platform !== 'win32';
    this.child = start(program, args, { stdio: ['pipe', 'pipe', 'pipe'], detached });
    endsWith(this.child, signal, () => killNow(this.child, detached));
    this.code = ended(this.child);
    // Looked at only where an answer is missing, which may be never.
    this.code.catch(() => {});
    this.stderr = textOf(this.child, 2).catch(() => '');
    // A child that is gone already shows by its missing answer.
    this.child.stdin!.on('error', () => {});
    this.lines = createInterface({ input: this.child.stdout! });
    this.answers = this.lines[Symbol.asyncIterator]();
  }

  /** Sends a line, where there is one to send, and waits for the answer. */
  async ask(line?: string): Promise<string> {
    if (line !== undefined) this.child.stdin!.write(`${line}\n`);
    // `code` rejects where there is no such program; where the child ends, its last lines come first.
    const next = await Promise.race([this.answers.next(), this.code.then(() => this.answers.next())]);
    if (!next.done) return next.value;
    const code = await this.code;
    throw new ChildFailure(lastLine(await this.stderr) ?? `it ended (${code}) without an answer`);
  }

  /** Lets the child end, and waits for it. */
  async close(): Promise<void> {
    this.child.stdin!.end();
    this.lines.close();
    this.child.stdout!.resume();
    await this.code.catch(() => {});
  }
}

/** A folder that goes with this process. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spikefield-bench-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const endings: (() => void)[] = [];

/** What is to be done when this process ends, by itself or by a signal: the last first. */
function atEnd(action: () => void): void {
  if (endings.length === 0) {
    process.once('exit', () => {
      for (const each of endings.toReversed()) each();
    });
    process.once('SIGINT', () => process.exit(130));
    process.once('SIGTERM', () => process.exit(143));
  }
  endings.push(action);
}

function start(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(program, args, { cwd: root, ...options });
  atEnd(() => killNow(child, options.detached === true));
  return child;
}

/** Ends a child that still runs; with its group where it has one. */
function killNow(child: ChildProcess, group: boolean): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(group ? -child.pid : child.pid, 'SIGKILL');
  } catch {
    // Gone in the meantime.
  }
}

/** Calls `end` when `signal` fires, as long as the child is there. */
function endsWith(child: ChildProcess, signal: AbortSignal | undefined, end: () => void): void {
  if (signal === undefined) return;
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  child.once('close', () => signal.removeEventListener('abort', end));
}

/** Its exit code, or the signal that ended it; rejects where it could not be started. */
function ended(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal!));
  });
}

async function textOf(child: ChildProcess, descriptor: number): Promise<string> {
  const parts: Buffer[] = [];
  const stream = child.stdio[descriptor];
  if (!stream || !('read' in stream)) throw new TypeError(`descriptor ${descriptor} cannot be read`);
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function lastLine(text: string): string | undefined {
  return text.trim().split('\n').at(-1)?.trim() || undefined;
}
