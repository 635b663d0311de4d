/**
 * Asks a process of its own which adapter there is and whether it computes: the only answer that can be trusted,
 * since a driver may be installed and yet be too old, shut off or broken. Costs a few tenths of a second, so the
 * callers that ask at every start remember a good answer (`rememberedProbe`).
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory } from './cache.ts';
import { findLoader } from './loader.ts';
import { findDrivers } from './manifests.ts';
import { deviceNodes, mayUse } from './system.ts';

/** What an adapter says of itself. */
export interface ProbedAdapter {
  vendor: string;
  architecture: string;
  device: string;
  /** The driver and its version. */
  description: string;
  /** Computes on the CPU. */
  software: boolean;
}

export type ProbeResult =
  | { adapter: ProbedAdapter }
  | {
      adapter: undefined;
      /**
       * - `binding`: Dawn itself does not load on this system
       * - `none`: no adapter
       * - `wrong`: an adapter that computes wrong numbers
       * - `crash`: the driver ended the process, or never answered
       */
      failure: 'binding' | 'none' | 'wrong' | 'crash';
      /** What was said on stderr, where the reason stands. */
      words: string;
    };

const script = fileURLToPath(new URL('../../../src/setup/probe-adapter.mjs', import.meta.url));

/** Opens an adapter and computes on it, in a process of its own with this process's environment. */
export function probeAdapter(timeoutMs = 60_000): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let answer = '';
    let words = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words += text;
    });
    child.on('error', (cause) => resolve({ adapter: undefined, failure: 'crash', words: cause.message }));
    child.on('close', (code, signal) => resolve(readAnswer(answer, words, code, signal)));
  });
}

/** Turns what the probing process left behind into a result. */
export function readAnswer(
  answer: string,
  words: string,
  code: number | null,
  signal: NodeJS.Signals | null,
): ProbeResult {
  if (answer === '') {
    const unloadable = /ERR_DLOPEN_FAILED|ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND/.test(words);
    const ending = signal === null ? `exit code ${code}` : signal;
    return unloadable
      ? { adapter: undefined, failure: 'binding', words }
      : { adapter: undefined, failure: 'crash', words: `${words}\n${ending}`.trim() };
  }
  const { adapter, computes } = JSON.parse(answer) as {
    adapter: Omit<ProbedAdapter, 'software'> | null;
    computes: boolean;
  };
  if (adapter === null) return { adapter: undefined, failure: 'none', words };
  if (!computes) return { adapter: undefined, failure: 'wrong', words };
  const software = /llvmpipe|swiftshader|software|softpipe|basic render/i.test(
    Object.values(adapter).join(' '),
  );
  return { adapter: { ...adapter, software } };
}

/**
 * As `probeAdapter`, but a good answer is kept in the user's cache until something it depends on changes: the
 * drivers, the loader, the devices, the variables that steer them. A bad answer is never kept.
 */
export async function rememberedProbe(env: NodeJS.ProcessEnv = process.env): Promise<ProbeResult> {
  const file = join(cacheDirectory(env), `adapter-${machineFingerprint(env)}.json`);
  try {
    return { adapter: JSON.parse(readFileSync(file, 'utf8')) as ProbedAdapter };
  } catch {
    // not probed yet in this state
  }
  const result = await probeAdapter();
  if (result.adapter) {
    try {
      mkdirSync(cacheDirectory(env), { recursive: true });
      writeFileSync(`${file}.${process.pid}`, JSON.stringify(result.adapter));
      renameSync(`${file}.${process.pid}`, file);
    } catch {
      // A cache that cannot be written costs a probe at the next start, nothing else.
    }
  }
  return result;
}

/** A short name for everything that decides which adapter a probe sees. */
export function machineFingerprint(env: NodeJS.ProcessEnv = process.env, root = '/'): string {
  const hash = createHash('sha256');
  const note = (...parts: unknown[]) => hash.update(`${parts.join(' ')}\n`);
  note(process.platform, process.arch, process.getuid?.(), bindingVersion());
  const steering = /^(VK_|MESA_|GALLIUM_|LP_|LIBGL_|DRI_PRIME|NVIDIA_|CUDA_|LD_LIBRARY_PATH)/;
  for (const name of Object.keys(env)
    .filter((key) => steering.test(key))
    .sort())
    note(name, env[name]);
  if (process.platform === 'linux') {
    const files = findDrivers(env, root).flatMap(({ manifest, library }) => [manifest, library]);
    for (const file of [findLoader() ?? 'no loader', ...files]) note(file, dateOf(file));
    for (const node of deviceNodes(root)) note(node, mayUse(node));
    note(dateOf(join(root, '/sys/module/nvidia/version')));
  }
  return hash.digest('hex').slice(0, 16);
}

function dateOf(file: string): string {
  try {
    const { mtimeMs, size } = statSync(file);
    return `${mtimeMs} ${size}`;
  } catch {
    return 'absent';
  }
}

function bindingVersion(): string {
  try {
    const { version } = createRequire(import.meta.url)('webgpu/package.json') as { version: string };
    return version;
  } catch {
    return 'absent';
  }
}
