/** Commands for which no driver is provided do without one: here Vulkan finds none at all. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { needsDevice } from '../../src/setup/needs-device.ts';
import { ownFolder } from '../own-folder.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const tsx = fileURLToPath(import.meta.resolve('tsx'));
const out = ownFolder();

const commands = [
  'vsd show examples/zerlaut2017-scan/recording.npz --no-figures',
  'connectome show examples/synthetic-connectome/synthetic-20 --no-figures',
  'meanfield fixed-point config1',
  'tables show',
  'node parameters hopf',
];

describe.each(commands)('%s', (command) => {
  const args = command.split(' ');
  test('needs no device', () => {
    expect(needsDevice(args)).toBe(false);
    const outs = /^(vsd|connectome|meanfield continue|tables)/.test(command)
      ? ['--out', join(out, args[0]!)]
      : [];
    const child = spawnSync(
      process.execPath,
      ['--import', tsx, join(root, 'src/cli/main.ts'), ...args, ...outs, '--json'],
      {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, VK_DRIVER_FILES: '/nowhere', VK_ICD_FILENAMES: '/nowhere' },
      },
    );
    expect(child.stderr.replace(/^Warning.*\n/gm, '')).not.toMatch(/spikefield:/);
    expect(child.status).toBe(0);
  });
});

test('every other command that computes does', () => {
  for (const command of [
    'run config1',
    'ring run',
    'ring scan merge',
    'transfer measure RS-cell',
    'tables build',
    'sweep config1',
    'constructor',
  ])
    expect(needsDevice(command.split(' '))).toBe(true);
});
