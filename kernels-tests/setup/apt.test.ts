/**
 * apt-get and apt-cache are replaced by scripts that note their calls and answer as the real ones do, so that the
 * order of steps can be tested without root; the real ones are run in a bare Debian container.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DeviceError } from '../../src/errors.ts';
import { readSystem, type System } from '../../src/gpu/driver/system.ts';
import { aptWorksHere, backportsFile, installMesa, mesaMajor } from '../../src/setup/apt.ts';

const bookworm: System = { ...readSystem(), family: ['debian'], codename: 'bookworm' };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spikefield-apt-'));
  mkdirSync(join(root, 'etc/apt/sources.list.d'), { recursive: true });
  mkdirSync(join(root, 'bin'));
  vi.stubEnv('PATH', `${join(root, 'bin')}:${process.env.PATH}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

/** Puts the two programs on the path. */
function fakeApt(answers: { candidate: string; sources?: string; update?: string; install?: string }) {
  const program = (name: string, text: string) => {
    writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(root, 'bin', name), 0o755);
  };
  const {
    candidate,
    sources = 'bookworm http://mirror.example/debian/',
    update = '',
    install = '',
  } = answers;
  program('apt-cache', `echo '  Candidate: ${candidate}'`);
  program(
    'apt-get',
    `echo "$@" >> ${root}/calls
case "$*" in
  *indextargets*) echo '${sources}' ;;
  *update*) ${update || ':'} ;;
  *install*) ${install || ':'} ;;
esac`,
  );
}

const calls = () =>
  readFileSync(join(root, 'calls'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('install') || line.includes('update'))
    .map((line) => line.replace('-q -o DPkg::Lock::Timeout=120 ', ''));

const install = 'install -y --no-install-recommends';

test('a Mesa that is new enough is installed as it is', async () => {
  fakeApt({ candidate: '25.0.7-2' });
  await installMesa({ ...bookworm, codename: 'trixie' }, root);
  expect(calls()).toEqual(['update', `${install} libvulkan1 mesa-vulkan-drivers`]);
  expect(existsSync(join(root, backportsFile))).toBe(false);
});

test('on Debian 12 it is taken from backports, from the mirror in use', async () => {
  fakeApt({ candidate: '22.3.6-1+deb12u1' });
  await installMesa(bookworm, root);
  expect(calls()).toEqual([
    'update',
    'update',
    `${install} -t bookworm-backports libvulkan1 mesa-vulkan-drivers`,
  ]);
  const source = readFileSync(join(root, backportsFile), 'utf8');
  expect(source).toMatch(
    /^deb (\[signed-by=\S+\] )?http:\/\/mirror\.example\/debian\/ bookworm-backports main$/m,
  );
});

test('backports that are already a source are not added again', async () => {
  fakeApt({
    candidate: '22.3.6-1+deb12u1',
    sources: 'bookworm http://a.example/\nbookworm-backports http://b.example/',
  });
  await installMesa(bookworm, root);
  expect(calls()).toHaveLength(2);
  expect(existsSync(join(root, backportsFile))).toBe(false);
});

test('a failure is told in the words of apt, and leaves no source behind', async () => {
  fakeApt({ candidate: '22.3.6-1', install: 'echo "E: Unable to correct problems" >&2; exit 100' });
  const failed = installMesa(bookworm, root);
  await expect(failed).rejects.toThrow(DeviceError);
  await expect(failed).rejects.toThrow(/could not install .* \(E: Unable to correct problems\)/);
  expect(existsSync(join(root, backportsFile))).toBe(false);
});

test('without network the unfetched list is named, not its consequence', async () => {
  fakeApt({
    candidate: '(none)',
    update: 'echo "W: Failed to fetch http://deb.example  Temporary failure" >&2',
    install: 'echo "E: The value is invalid" >&2; exit 100',
  });
  await expect(installMesa(bookworm, root)).rejects.toThrow(/Failed to fetch http:\/\/deb\.example/);
});

test('elsewhere a Mesa that is too old is refused before anything is installed', async () => {
  fakeApt({ candidate: '22.0.1-1ubuntu2' });
  const jammy = { ...bookworm, family: ['ubuntu', 'debian'], codename: 'jammy' };
  await expect(installMesa(jammy, root)).rejects.toThrow(/no Mesa of version 23 or newer here \(22\.0\.1/);
  expect(calls()).toEqual(['update']);
});

test('versions are read past their epoch', () => {
  expect(mesaMajor('25.0.7-2~bpo12+1')).toBe(25);
  expect(mesaMajor('1:23.2.1-1ubuntu3')).toBe(23);
  expect(mesaMajor('')).toBe(0);
});

test('apt is used by root on Debian and its relatives only', () => {
  expect(aptWorksHere({ ...bookworm, root: false })).toBe(false);
  expect(aptWorksHere({ ...bookworm, root: true, family: ['fedora'] })).toBe(false);
  expect(aptWorksHere({ ...bookworm, root: true, platform: 'darwin' })).toBe(false);
});
