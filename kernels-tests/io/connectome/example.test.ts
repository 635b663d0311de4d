/** The connectome that ships as an example is what its recipe makes, byte for byte. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { connectomeMake } from '../../../src/cli/connectome-make.ts';
import { readConnectome } from '../../../src/io/connectome/read.ts';

const shipped = fileURLToPath(
  new URL('../../../examples/synthetic-connectome/synthetic-20', import.meta.url),
);

test('examples/synthetic-connectome/synthetic-20', async () => {
  const out = mkdtempSync(join(tmpdir(), 'spikefield-example-'));
  try {
    const { recipe } = JSON.parse(readFileSync(join(shipped, 'manifest.json'), 'utf8'));
    await connectomeMake('', { ...recipe, out, quiet: true }, '0');
    const names = readdirSync(shipped).filter((name) => name !== 'manifest.json');
    expect(names).toHaveLength(6);
    for (const name of names)
      expect(readFileSync(join(out, name))).toEqual(readFileSync(join(shipped, name)));
  } finally {
    rmSync(out, { recursive: true });
  }
  const { nodes, subjects } = await readConnectome(shipped);
  expect(nodes).toBe(20);
  expect(subjects.map(({ fc }) => fc!.length)).toEqual([400, 400, 400]);
});
