/** Archives are made by the system's own tar, in each format that npm and its packages use. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTar } from '../../src/setup/tar.ts';

const longName = `${'a-folder-with-a-long-name/'.repeat(6)}file.bin`;
const contents = new Map<string, Buffer>([
  ['empty.txt', Buffer.alloc(0)],
  ['one-block.bin', Buffer.alloc(512, 7)],
  ['odd.bin', Buffer.from(Array.from({ length: 1337 }, (_, i) => i % 251))],
  [longName, Buffer.from('deep down')],
]);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spikefield-tar-'));
  for (const [name, data] of contents) {
    mkdirSync(join(folder, 'in', name, '..'), { recursive: true });
    writeFileSync(join(folder, 'in', name), data);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function pack(format: string): Buffer {
  const archive = join(folder, `${format}.tar`);
  execFileSync('tar', [`--format=${format}`, '-cf', archive, '-C', join(folder, 'in'), '.']);
  return readFileSync(archive);
}

describe.each(['gnu', 'pax', 'ustar'])('%s', (format) => {
  test('every file comes out as it went in', () => {
    const found = new Map([...readTar(pack(format))].map(({ name, data }) => [name, data]));
    const expected = [...contents].map(([name, data]) => [`./${name}`, data] as const);
    expect(found).toEqual(new Map(expected));
  });
});

test('an archive that is cut off is refused', () => {
  const whole = pack('gnu');
  for (const length of [0, 512, 700, 5 * 512]) {
    expect(() => [...readTar(whole.subarray(0, length))], `${length} bytes`).toThrow(/cut off|no end/);
  }
});

test('an archive with a changed byte in a header is refused', () => {
  const damaged = Buffer.from(pack('gnu'));
  damaged[0]! ^= 1;
  expect(() => [...readTar(damaged)]).toThrow(/damaged at byte 0/);
});
