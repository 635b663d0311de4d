/**
 * How to call npm from a script: the npm that started us if one did, else the one that came with this Node. It is
 * called through Node itself, because on Windows `npm` is a batch file that cannot be spawned without a shell.
 * Plain JavaScript without dependencies: it runs before anything is installed.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * The program and the arguments that stand before npm's own.
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ program: string, before: string[] }}
 */
export function npmCommand(env = process.env) {
  const started = env.npm_execpath;
  const beside = dirname(process.execPath);
  const candidates = [
    // Another package manager (yarn, pnpm) sets npm_execpath too, to its own file.
    ...(started !== undefined && basename(started) === 'npm-cli.js' ? [started] : []),
    join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const found = candidates.find((file) => existsSync(file));
  return found === undefined
    ? { program: 'npm', before: [] }
    : { program: process.execPath, before: [found] };
}
