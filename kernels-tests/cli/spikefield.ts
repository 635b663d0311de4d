/** The command line as tests call it: in a process of its own, as a user does, or within the test, which is quicker. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type CAC, cac } from 'cac';
import { expect, vi } from 'vitest';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const killedChild = fileURLToPath(new URL('./killed-child.ts', import.meta.url));
const tsx = import.meta.resolve('tsx');

/** What Node is given for a command line in a process of its own. */
export const nodeArguments = (...args: string[]) => ['--import', tsx, main, ...args];

/** Runs the command line in a process of its own; `sentences` say what was wrong. */
export function runIn(folder: string, ...args: string[]) {
  const child = spawnSync(process.execPath, nodeArguments(...args), { cwd: folder, encoding: 'utf8' });
  const sentences = child.stderr.split('\n').filter((line) => line.startsWith('spikefield: '));
  return { status: child.status, stdout: child.stdout, sentences, sentence: sentences[0] };
}

/** Runs the command line until so many batches or parts of a journal are on the disk, where SIGKILL ends it. */
export function killedAfter(parts: number, folder: string, ...args: string[]): void {
  const given = ['--import', tsx, killedChild, String(parts), ...args];
  const { signal } = spawnSync(process.execPath, given, { cwd: folder, stdio: 'ignore' });
  expect(signal).toBe('SIGKILL');
}

export interface Printed {
  stdout: string;
  stderr: string;
}

/** What an action within the test prints. */
export async function printedBy(action: () => Promise<unknown>): Promise<Printed> {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed[stream] += String(text);
      return true;
    }),
  );
  try {
    await action();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return printed;
}

/** Runs a command within the test; what it prints. */
export function called(add: (cli: CAC, version: string) => void, ...args: string[]): Promise<Printed> {
  return printedBy(async () => {
    const cli = cac('spikefield');
    add(cli, '0.0.0');
    cli.parse(['node', 'spikefield', ...args], { run: false });
    await cli.runMatchedCommand();
  });
}

/** A command for the tests of a file: what it printed when it was last called stands in `said`. */
export function caller(add: (cli: CAC, version: string) => void, ...first: string[]) {
  const said: Printed = { stdout: '', stderr: '' };
  const call = async (...args: string[]): Promise<void> => {
    Object.assign(said, { stdout: '', stderr: '' });
    Object.assign(said, await called(add, ...first, ...args));
  };
  return { said, call };
}
