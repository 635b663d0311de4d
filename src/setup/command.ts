/** Runs a program to its end and keeps what it says, to be shown only if it fails. */
import { spawn } from 'node:child_process';

export interface CommandResult {
  /** Exit code; -1 where the program could not be started or was ended by a signal. */
  code: number;
  stdout: string;
  stderr: string;
}

/** @param env variables added to this process's own */
export function runCommand(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      shell: process.platform === 'win32' && program === 'npm',
    });
    const result: CommandResult = { code: -1, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      result.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      result.stderr += text;
    });
    child.on('error', (cause) => resolve({ ...result, stderr: cause.message }));
    child.on('close', (code) => resolve({ ...result, code: code ?? -1 }));
  });
}

/** Why a program failed, in few words: npm's error code, apt's first complaint, or else the last line. */
export function reasonOf({ stdout, stderr }: CommandResult): string {
  const lines = `${stdout}\n${stderr}`
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const code = lines.map((line) => /^npm err(?:or|!) code (\S+)/i.exec(line)?.[1]).find(Boolean);
  return code ?? lines.find((line) => /^[EW]: /.test(line)) ?? lines.at(-1) ?? 'it said nothing';
}
