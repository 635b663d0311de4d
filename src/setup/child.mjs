/**
 * Runs one of the tools the project is developed with as a child process, in the terminal of its parent.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { root } from './prepare.mjs';

/** What Dawn says at every start, of limits it lowers by itself; nothing follows from it. */
const harmless =
  /^Warning: max\w+ artificially reduced from \d+ to \d+ to fit dynamic offset allocation limit\.$/;

/**
 * Runs `node ...args` at the root and waits for its end; what Dawn says needlessly is left out of stderr.
 * @param {string[]} args
 * @returns {Promise<number>} its exit code
 */
export function runNode(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['inherit', 'inherit', 'pipe'] });
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (!harmless.test(line)) process.stderr.write(`${line}\n`);
    });
    // A terminal sends Ctrl-C to the child as well; every other signal reaches only this process.
    const pass = (signal) => (signal === 'SIGINT' && process.stdin.isTTY) || child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, pass);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      for (const name of signals) process.off(name, pass);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}
