/** Folders in neurolib's layout with files missing, of other sizes, under other names. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConnectome } from '../../../src/io/connectome/read.ts';
import { ownFolder } from '../../own-folder.ts';
import { matFile } from '../write-mat.ts';

const root = ownFolder();

const sc = [0, 4, 2, 3, 0, 1, 2, 1, 0];
const len = [0, 10, 20, 10, 0, 30, 20, 30, 0];
const tc = [1, 2, 4, 3, 0, 1, 5, 2, 9, 8, 7, 7.5];
type Files = Record<string, Uint8Array | undefined>;
const whole: Files = {
  'structural/DTI_CM.mat': matFile('sc', 3, sc),
  'structural/DTI_LEN.mat': matFile('len', 3, len),
  'functional/BOLD_rsfMRI.mat': matFile('tc', 3, tc),
};

let sets = 0;
function dataset(subjects: Record<string, Files>): string {
  const path = join(root, `set-${sets++}`);
  for (const [subject, files] of Object.entries(subjects))
    for (const [name, bytes] of Object.entries(files)) {
      const file = join(path, 'subjects', subject, name);
      mkdirSync(join(file, '..'), { recursive: true });
      if (bytes) writeFileSync(file, bytes);
    }
  return path;
}
const without = (...names: string[]): Files =>
  Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name)));

describe('subjects', () => {
  test('are taken by name; those with missing files are named and the others used', async () => {
    const brain = await readConnectome(
      dataset({
        s3: whole,
        s1: whole,
        s2: without('structural/DTI_LEN.mat'),
        s4: without('structural/DTI_CM.mat', 'structural/DTI_LEN.mat'),
        s5: without('functional/BOLD_rsfMRI.mat'),
      }),
    );
    expect(brain.subjects.map(({ name }) => name)).toEqual(['s1', 's3', 's5']);
    expect([...brain.weights]).toEqual(sc.map((weight) => weight / 4));
    const notes = brain.preparation.notes.join(' ');
    expect(notes).toMatch(/s2 has no lengths \(structural\/\*LEN\*.mat\) and is left out/);
    expect(notes).toMatch(/s4 has no weights .* and no lengths .* and is left out/);
    expect(notes).toMatch(/s5 has no recording/);
    expect(brain.subjects.map(({ fc }) => fc?.length)).toEqual([9, 9, undefined]);
    expect([...brain.subjects[0]!.bold!.data]).toEqual(tc);
  });

  test('nobody has lengths: there are none', async () => {
    const brain = await readConnectome(dataset({ s1: without('structural/DTI_LEN.mat') }));
    expect(brain.lengths).toBeUndefined();
  });

  test('a matrix of another name is taken where it is the only one', async () => {
    const brain = await readConnectome(
      dataset({ s1: { ...whole, 'structural/DTI_CM.mat': matFile('counts', 3, sc) } }),
    );
    expect([...brain.weights]).toEqual(sc.map((weight) => weight / 4));
  });
});

describe('is refused', () => {
  const cases: [string, Record<string, Files>, RegExp][] = [
    [
      'no subject with weights',
      { s1: without('structural/DTI_CM.mat') },
      /none of 1 folders .* holds weights/,
    ],
    [
      'subjects in different atlases',
      { s1: whole, s2: { ...whole, 'structural/DTI_CM.mat': matFile('sc', 2, [0, 1, 1, 0]) } },
      /s2.*DTI_CM.mat: this matrix is 2 x 2, but the weights of s1 are 3 x 3/,
    ],
    [
      'a file cut short',
      { s1: { ...whole, 'structural/DTI_LEN.mat': matFile('len', 3, len).slice(0, 200) } },
      /s1.*DTI_LEN.mat: .*cut short/,
    ],
    [
      'a recording of other regions',
      { s1: { ...whole, 'functional/BOLD_rsfMRI.mat': matFile('tc', 4, tc) } },
      /BOLD_rsfMRI.mat: this recording has 4 rows, but there are 3 regions/,
    ],
    [
      'two files for one thing',
      { s1: { ...whole, 'structural/old_CM.mat': matFile('sc', 3, sc) } },
      /DTI_CM.mat and old_CM.mat are both there/,
    ],
    [
      'lengths in metres',
      {
        s1: {
          ...whole,
          'structural/DTI_LEN.mat': matFile(
            'len',
            3,
            len.map((length) => length / 1000),
          ),
        },
      },
      /in metres/,
    ],
    [
      'negative weights, with the region',
      {
        s1: {
          ...whole,
          'structural/DTI_CM.mat': matFile(
            'sc',
            3,
            sc.map((weight) => -weight),
          ),
        },
      },
      /row 1 \(1\), column 2 \(2\) is -4/,
    ],
  ];
  test.each(cases)('%s', async (_, subjects, sentence) => {
    await expect(readConnectome(dataset(subjects))).rejects.toThrow(sentence);
  });
});
