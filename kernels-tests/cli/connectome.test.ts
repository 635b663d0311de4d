/** `spikefield connectome show` and `make`: what they print and leave, and how they refuse. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectomeMake } from '../../src/cli/connectome-make.ts';
import { connectomeOption } from '../../src/cli/connectome-option.ts';
import { connectomeShow } from '../../src/cli/connectome-show.ts';
import type { Given } from '../../src/cli/verbs.ts';
import { readConnectome } from '../../src/io/connectome/read.ts';
import { syntheticConnectome } from '../../src/models/synthetic-connectome.ts';
import { ownFolder } from '../own-folder.ts';
import { printedBy } from './spikefield.ts';

const folder = ownFolder();

const printed = async (action: typeof connectomeShow, what: string, given: Given): Promise<string> =>
  (await printedBy(() => action(what, given, '0.0.0'))).stdout;

test('make leaves a folder that show and every reader of connectomes take', async () => {
  const out = join(folder, 'made');
  await printed(connectomeMake, '', { nodes: 10, seed: 3, recordings: 2, samples: 60, out });
  const read = await readConnectome(out);
  const made = syntheticConnectome({ nodes: 10, seed: 3 });
  expect(read.weights).toEqual(made.weights);
  expect(read.lengths).toEqual(made.lengths);
  expect(read.centres).toEqual(made.centres);
  expect(read.regions).toEqual(made.regions);
  expect(read.subjects.map(({ name, bold, fc }) => [name, bold?.samples, fc?.length])).toEqual([
    ['made-01', 60, 100],
    ['made-02', 60, 100],
  ]);
  expect(read.subjects[0]!.bold!.data).not.toEqual(read.subjects[1]!.bold!.data);
  const { recipe } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
  expect(recipe).toEqual({ nodes: 10, seed: 3, recordings: 2, samples: 60 });

  const shown = JSON.parse(await printed(connectomeShow, out, { json: true, out: join(folder, 'shown') }));
  expect(shown).toMatchObject({ nodes: 10, subjects: ['made-01', 'made-02'], normalise: 'max' });
  expect(shown.weights).toMatchObject({ largest: 1, asymmetry: 0 });
  expect(shown.fc.between[0][0]).toBeCloseTo(1, 12);
  expect(shown.figures.map((path: string) => path.split('/').at(-1))).toEqual([
    'connectome.png',
    'recordings.png',
  ]);
  const page = readFileSync(join(folder, 'shown', 'report.html'), 'utf8');
  expect(page).toContain('<td>mean FC of made-02</td>');
  expect(page.match(/<svg /g)).toHaveLength(2);
  for (const path of shown.figures) expect(readFileSync(path).subarray(1, 4).toString()).toBe('PNG');
});

test('made-up recordings follow the connectome: joined regions correlate more', async () => {
  const out = join(folder, 'long');
  await printed(connectomeMake, '', { nodes: 20, recordings: 1, samples: 1000, out, quiet: true });
  const { weights, subjects, nodes } = await readConnectome(out);
  const mean = (joined: boolean) => {
    const values = Array.from(subjects[0]!.fc!).filter(
      (_, at) => Math.floor(at / nodes) !== at % nodes && weights[at]! > 0 === joined,
    );
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  expect(mean(true)).toBeGreaterThan(mean(false) + 0.05);
});

test('show says in words what is there and what was done', async () => {
  const text = await printed(connectomeShow, 'synthetic:8:5', {});
  expect(text).toMatch(/^synthetic-8: 8 regions\n/);
  expect(text).toMatch(/symmetric, largest 1/);
  expect(text).toMatch(/not measured in any brain/);
  expect(await printed(connectomeShow, 'synthetic:8', { quiet: true })).toBe('');
});

test('a connectome on the command line', async () => {
  expect((await connectomeOption('synthetic:8:5')).weights).toEqual(
    syntheticConnectome({ nodes: 8, seed: 5 }).weights,
  );
  expect((await connectomeOption('synthetic')).nodes).toBe(80);
  const file = join(folder, 'weights.csv');
  writeFileSync(file, '0,2\n1,0\n');
  expect([...(await connectomeOption(file, { normalise: 'none' })).weights]).toEqual([0, 2, 1, 0]);
  const refused: [string, Given, RegExp][] = [
    ['synthetic:x', {}, /is no connectome; write synthetic/],
    ['synthetic:8:1:2', {}, /is no connectome/],
    ['synthetic:7', {}, /must be even/],
    [file, { normalise: 'sum' }, /--normalise cannot be sum/],
    [file, { lengthUnit: 'mile' }, /--length-unit cannot be mile/],
    [file, { tr: '0 s' }, /--tr is 0 ms/],
    [file, { tr: '2 mV' }, /--tr is in mV/],
    [file, { subjects: 'bob' }, /no subject bob/],
    [join(folder, 'nowhere'), {}, /no such file or folder/],
  ];
  for (const [text, given, sentence] of refused)
    await expect(connectomeOption(text, given)).rejects.toThrow(sentence);
});

test('make refuses what it cannot do, and a folder that is taken', async () => {
  await expect(connectomeMake('x', {}, '0')).rejects.toThrow(/takes nothing after it/);
  await expect(connectomeMake('', { samples: 5 }, '0')).rejects.toThrow(/give --recordings too/);
  await expect(connectomeMake('', { nodes: 9 }, '0')).rejects.toThrow(/must be even/);
  const out = join(folder, 'twice');
  await printed(connectomeMake, '', { nodes: 4, out });
  await expect(connectomeMake('', { nodes: 4, out }, '0')).rejects.toThrow(/already holds a run/);
});
