/**
 * Makes a clone ready to run: the pinned packages installed, the TypeScript compiled. Does only what is missing, so
 * that every command can call it first. Plain JavaScript without dependencies: it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmCommand } from './npm.mjs';

/** The root of the clone, or of the installed package. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What stops a command before it begins; its message is the whole story, so no stack is printed. */
export class SetupError extends Error {
  exitCode = 1;
}

/** Installs and compiles what is missing or out of date; a published package has nothing to do. */
export function prepare(directory = root, log = say) {
  checkNode(directory);
  if (!isClone(directory)) return;
  installPackages(directory, log);
  build(directory, log);
}

/** A clone has sources to compile and a lock file to install from; a published package has neither. */
export function isClone(directory) {
  return (
    existsSync(join(directory, 'src', 'tsconfig.json')) && existsSync(join(directory, 'package-lock.json'))
  );
}

/** Says no to a Node that is too old, where the first unknown function would otherwise say something obscure. */
export function checkNode(directory, version = process.versions.node) {
  const { engines } = readJson(join(directory, 'package.json'));
  const wanted = engines.node.replace('>=', '').trim();
  if (compareVersions(version, wanted) < 0) {
    throw new SetupError(
      `Node ${version} is too old: Spikefield needs Node ${wanted} or newer, which https://nodejs.org provides.`,
    );
  }
}

function installPackages(directory, log) {
  const lock = readFileSync(join(directory, 'package-lock.json'));
  const stamp = join(directory, 'node_modules', '.spikefield-installed');
  const expected = `${sha256(lock)} ${process.platform}-${process.arch}\n`;
  if (readIfThere(stamp) === expected) return;
  if (!isInstalled(directory, JSON.parse(lock.toString()))) {
    log('Installing the pinned packages (npm ci) ...');
    // The tools that build and test are development packages: NODE_ENV=production must not leave them out.
    const status = runNpm(['ci', '--include=dev', '--no-audit', '--no-fund'], directory);
    if (status !== 0) {
      throw new SetupError(
        'The packages could not be installed: see what npm says above, and check that the npm registry can be reached.',
      );
    }
  }
  remember(stamp, expected);
}

/**
 * Whether `npm ci` or `npm install` has been run by hand: npm keeps a record of what it installed, which must hold
 * every package of the lock file in the same version, but for those made for other systems.
 */
export function isInstalled(directory, lock) {
  const record = readIfThere(join(directory, 'node_modules', '.package-lock.json'));
  if (record === undefined) return false;
  const installed = JSON.parse(record).packages;
  const glibc = process.report.getReport().header.glibcVersionRuntime !== undefined;
  const fits = (wanted, own) => wanted === undefined || wanted.includes(own);
  return Object.entries(lock.packages).every(
    ([path, entry]) =>
      path === '' ||
      !fits(entry.os, process.platform) ||
      !fits(entry.cpu, process.arch) ||
      !fits(entry.libc, glibc ? 'glibc' : 'musl') ||
      installed[path]?.version === entry.version,
  );
}

function build(directory, log) {
  const stamp = join(directory, 'dist', '.built-from');
  const expected = hashSources(directory);
  if (readIfThere(stamp) === expected) return;
  log('Compiling the TypeScript sources (tsc) ...');
  const tsc = join(directory, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'src'], {
    cwd: directory,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    throw new SetupError('The sources do not compile: correct the errors above, then run the command again.');
  }
  remember(stamp, expected);
}

/**
 * A fingerprint of everything the compiler reads. Contents, not dates: a checkout that changes only dates compiles
 * nothing, and one that brings back older files compiles.
 */
export function hashSources(directory) {
  const sources = join(directory, 'src');
  const files = readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mts)$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const all = [
    ...files.sort(),
    join(sources, 'tsconfig.json'),
    join(directory, 'tsconfig.json'),
    join(directory, 'package-lock.json'),
  ];
  const hash = createHash('sha256');
  for (const file of all) {
    hash.update(relative(directory, file).split(sep).join('/')).update('\0');
    hash.update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Runs npm; what it prints goes to stderr, so that a command's own output stays alone on stdout. */
function runNpm(args, directory) {
  const { program, before } = npmCommand();
  const { status, error } = spawnSync(program, [...before, ...args], {
    cwd: directory,
    stdio: ['ignore', 2, 2],
    shell: before.length === 0 && process.platform === 'win32',
  });
  if (error) throw new SetupError(`npm cannot be started (${error.message}): install npm beside Node.`);
  return status;
}

/** Writes a stamp; where the clone cannot be written, as one that root has prepared, the work is looked at again next time. */
function remember(stamp, text) {
  try {
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, text);
  } catch (cause) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(cause.code)) throw cause;
  }
}

function compareVersions(a, b) {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  const at = [0, 1, 2].find((index) => (left[index] ?? 0) !== (right[index] ?? 0));
  return at === undefined ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
