/**
 * What every command does first: prepare the clone, see to a driver, and print what stops it as one sentence.
 * Plain JavaScript: the compiled modules it uses are imported only once they are there.
 */
import { fileURLToPath } from 'node:url';
import { prepare, root } from './prepare.mjs';

/** A compiled module, by its path inside `src/` or `dist/` without the ending. */
export function compiled(path) {
  return import(new URL(`../../dist/${path}.js`, import.meta.url).href);
}

/**
 * Runs `body` once the clone is ready, and ends with an exit code and a sentence where it fails.
 * @param {(log: (line: string) => void) => Promise<void>} body
 */
export async function launch(body) {
  try {
    prepare(root, say);
    await body(say);
  } catch (cause) {
    process.exitCode = cause.exitCode ?? 1;
    // Errors with an exit code are sentences for the user; anything else is a fault, and its place is worth showing.
    say(cause.exitCode === undefined ? cause.stack : `spikefield: ${cause.message}`);
  }
}

/** Sees to a driver; the process and its children have it from then on. */
export async function driver({ announce = true } = {}) {
  const { provideDriver } = await compiled('setup/provide');
  return provideDriver({ log: say, announce });
}

/**
 * Runs the command line in this process, so that signals, the terminal and the exit code are its own.
 * @param {string[]} args
 */
export async function commandLine(args) {
  const main = new URL('../../dist/cli/main.js', import.meta.url);
  process.argv = [process.argv[0], fileURLToPath(main), ...args];
  await import(main.href);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
