/**
 * A clone in a temporary folder, with an npm and a tsc that only note that they were called: what is to be shown is
 * when they are called, and when not.
 */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { checkNode, hashSources, isClone, isInstalled, prepare } from '../../src/setup/prepare.mjs';

let clone: string;
const calls = () =>
  fs.existsSync(join(clone, 'calls')) ? fs.readFileSync(join(clone, 'calls'), 'utf8') : '';
const write = (path: string, text: string) => {
  fs.mkdirSync(join(clone, path, '..'), { recursive: true });
  fs.writeFileSync(join(clone, path), text);
};
const run = () => {
  fs.rmSync(join(clone, 'calls'), { force: true });
  const said: string[] = [];
  prepare(clone, (line) => said.push(line));
  return { calls: calls(), said };
};

const tsc = `require('node:fs').appendFileSync('calls', 'tsc ' + process.argv.slice(2).join(' ') + '\\n');
process.exitCode = require('node:fs').readFileSync('src/a.ts', 'utf8').includes('wrong') ? 2 : 0;`;
const npm = `const fs = require('node:fs');
fs.appendFileSync('calls', 'npm ' + process.argv.slice(2).join(' ') + '\\n');
if (fs.existsSync('no-network')) process.exit(1);
fs.rmSync('node_modules', { recursive: true, force: true });
fs.mkdirSync('node_modules/typescript/bin', { recursive: true });
fs.writeFileSync('node_modules/typescript/bin/tsc', ${JSON.stringify(tsc)});
const lock = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify(lock));`;

beforeEach(() => {
  clone = fs.mkdtempSync(join(tmpdir(), 'spikefield-clone-'));
  write('package.json', JSON.stringify({ engines: { node: '>=20.19' } }));
  write('package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }));
  write('tsconfig.json', '{}');
  write('src/tsconfig.json', '{}');
  write('src/a.ts', 'export {};');
  write('npm/npm-cli.js', npm);
  vi.stubEnv('npm_execpath', join(clone, 'npm', 'npm-cli.js'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  fs.rmSync(clone, { recursive: true, force: true });
});

test('a fresh clone is installed and compiled, and not a second time', () => {
  const first = run();
  expect(first.calls).toMatch(/^npm ci .*\ntsc -p src\n$/);
  expect(first.said).toHaveLength(2);
  expect(run()).toEqual({ calls: '', said: [] });
});

test('a changed lock file installs again, a changed source only compiles', () => {
  run();
  write('package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.1' } } }));
  expect(run().calls).toMatch(/^npm ci .*\ntsc -p src\n$/);
  fs.appendFileSync(join(clone, 'src', 'a.ts'), '// more');
  expect(run().calls).toBe('tsc -p src\n');
  fs.rmSync(join(clone, 'dist'), { recursive: true });
  expect(run().calls).toBe('tsc -p src\n');
});

test('what was installed by hand is not installed again', () => {
  run();
  fs.rmSync(join(clone, 'node_modules', '.spikefield-installed'));
  expect(run().calls).toBe('');
});

test('a failed installation or compilation stops, and is tried again', () => {
  write('no-network', '');
  expect(run).toThrow(/could not be installed/);
  fs.rmSync(join(clone, 'no-network'));
  write('src/a.ts', 'wrong');
  expect(run).toThrow(/do not compile/);
  expect(run).toThrow(/do not compile/);
  write('src/a.ts', 'right');
  expect(run().calls).toBe('tsc -p src\n');
});

test('a published package has nothing to prepare', () => {
  fs.rmSync(join(clone, 'package-lock.json'));
  expect(isClone(clone)).toBe(false);
  expect(run().calls).toBe('');
});

test('sources are told apart by contents and names, not by dates', () => {
  const before = hashSources(clone);
  fs.utimesSync(join(clone, 'src', 'a.ts'), 1, 1);
  expect(hashSources(clone)).toBe(before);
  write('src/deep/b.ts', '');
  expect(hashSources(clone)).not.toBe(before);
});

test('packages for other systems need not be installed, and versions must agree', () => {
  const lock = { packages: { '': {}, 'node_modules/a': { version: '1.0.0' } } };
  expect(isInstalled(clone, lock)).toBe(false);
  write('node_modules/.package-lock.json', JSON.stringify(lock));
  expect(isInstalled(clone, lock)).toBe(true);
  const other = { version: '1.0.0', os: ['plan9'] };
  expect(isInstalled(clone, { packages: { ...lock.packages, 'node_modules/b': other } })).toBe(true);
  const here = { version: '1.0.0', os: [process.platform], cpu: [process.arch] };
  expect(isInstalled(clone, { packages: { ...lock.packages, 'node_modules/b': here } })).toBe(false);
  expect(isInstalled(clone, { packages: { 'node_modules/a': { version: '1.0.1' } } })).toBe(false);
});

test.each(['18.20.8', '20.18.3', '20.9.0'])('Node %s is refused in one sentence', (version) => {
  expect(() => checkNode(clone, version)).toThrow(`Node ${version} is too old: Spikefield needs Node 20.19`);
});

test.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('Node %s is accepted', (version) => {
  expect(() => checkNode(clone, version)).not.toThrow();
});
