/** Reading connectomes: every format gives the same brain, and every file that lies is refused in a sentence. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { functionalConnectivity } from '../../../src/analysis/correlation.ts';
import { InputError } from '../../../src/errors.ts';
import { readConnectome } from '../../../src/io/connectome/read.ts';
import type { ReadConnectomeOptions } from '../../../src/io/connectome/read-options.ts';
import { writeNpy } from '../../../src/io/npy.ts';
import { writeNpz } from '../../../src/io/npz.ts';
import { ownFolder } from '../../own-folder.ts';

const root = ownFolder();

const names = ['left', 'right', 'back'];
const weights = [0, 4, 2, 3, 0, 1, 2, 1, 0];
const lengths = [0, 10, 20, 10, 0, 30.5, 20, 30.5, 0];
const centres = [-30, 0, 0, 30, 0, 0, 0, -60, 5];
const bold = [1, 2, 4, 3, 0, 1, 5, 2, 9, 8, 7, 7.5];
const doubles = (values: number[]) => Float64Array.from(values);
const csv = (values: number[], columns: number, separator = ',') =>
  Array.from({ length: values.length / columns }, (_, row) =>
    values.slice(row * columns, (row + 1) * columns).join(separator),
  ).join('\n');

let folders = 0;
function folder(files: Record<string, string | Uint8Array>): string {
  const path = join(root, `set-${folders++}`);
  mkdirSync(path);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}
const plain = { 'weights.csv': csv(weights, 3), 'lengths.csv': csv(lengths, 3) };

async function isTheBrain(path: string, options: ReadConnectomeOptions = {}): Promise<void> {
  const brain = await readConnectome(path, options);
  expect([...brain.weights]).toEqual(weights.map((weight) => weight / 4));
  expect([...brain.lengths!]).toEqual(lengths);
  expect([...brain.centres!]).toEqual(centres);
  expect(brain.regions).toEqual(names);
  expect(brain.nodes).toBe(3);
}
async function hasTheRecording(path: string): Promise<void> {
  const { subjects } = await readConnectome(path, { TR: 1500 });
  expect(subjects).toHaveLength(1);
  expect(subjects[0]!.bold).toEqual({ data: doubles(bold), samples: 4, TR: 1500 });
  expect(subjects[0]!.fc).toEqual(functionalConnectivity(doubles(bold), 3));
}

describe('formats', () => {
  test('a folder of tables, with names where they stand', async () => {
    const path = folder({
      'weights.csv': `,${names.join(',')}\n${names.map((name, row) => [name, ...weights.slice(3 * row, 3 * row + 3)].join(',')).join('\n')}\n`,
      'tract_lengths.txt': `# mm\n${csv(lengths, 3, '  ')}\n`,
      'centres.tsv': names
        .map((name, row) => [name, ...centres.slice(3 * row, 3 * row + 3)].join('\t'))
        .join('\r\n'),
      'bold.csv': csv(bold, 4, ';'),
      'notes.md': 'whatever',
    });
    await isTheBrain(path);
    await hasTheRecording(path);
  });

  test('.npy files, whole numbers and Fortran order', async () => {
    const path = folder({ 'regions.txt': names.join('\n') });
    writeNpy(join(path, 'Cmat.npy'), Int32Array.from(weights), [3, 3]);
    writeNpy(join(path, 'Dmat.npy'), doubles(lengths), [3, 3]);
    writeNpy(join(path, 'centers.npy'), Float32Array.from(centres), [3, 3]);
    writeNpy(join(path, 'BOLD.npy'), doubles(bold), [1, 3, 4]);
    await isTheBrain(path);
    await hasTheRecording(path);
  });

  test('.npz', async () => {
    const path = join(root, 'brain.npz');
    const square = [3, 3];
    writeNpz(path, {
      sc: { data: doubles(weights), shape: square },
      lengths: { data: doubles(lengths), shape: square },
      bold: { data: doubles(bold), shape: [3, 4] },
    });
    const brain = await readConnectome(path);
    expect([...brain.weights]).toEqual(weights.map((weight) => weight / 4));
    expect(brain.regions).toEqual(['1', '2', '3']);
    await hasTheRecording(path);
  });

  test('.npz with lists of texts, as numpy writes names', async () => {
    const path = join(root, 'named.npz');
    const npy = (descr: string, body: Uint8Array, shape: string) => {
      const header =
        `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117) + '\n';
      return Uint8Array.from([
        0x93,
        ...strToU8('NUMPY'),
        1,
        0,
        header.length,
        0,
        ...strToU8(header),
        ...body,
      ]);
    };
    const wide = new Uint8Array(
      Uint32Array.from(names.flatMap((name) => [...name.padEnd(5, '\0')].map((c) => c.charCodeAt(0)))).buffer,
    );
    writeFileSync(
      path,
      zipSync({
        'weights.npy': npy('<f8', new Uint8Array(doubles(weights).buffer), '3, 3'),
        'regions.npy': npy('<U5', wide, '3,'),
        'subjects.npy': npy('|S3', strToU8('ann'), '1,'),
      }),
    );
    const brain = await readConnectome(path);
    expect(brain.regions).toEqual(names);
    expect(brain.subjects[0]!.name).toBe('ann');
  });

  test("TVB's zipped connectivity", async () => {
    const path = join(root, 'connectivity_3.zip');
    const rows = names.map((name, row) => [name, ...centres.slice(3 * row, 3 * row + 3)].join(' '));
    writeFileSync(
      path,
      zipSync({
        'connectivity_3/weights.txt': strToU8(csv(weights, 3, ' ')),
        'connectivity_3/tract_lengths.txt': strToU8(csv(lengths, 3, ' ')),
        'connectivity_3/centres.txt': strToU8(rows.join('\n')),
        'connectivity_3/cortical.txt': strToU8('1\n1\n0\n'),
      }),
    );
    await isTheBrain(path);
  });

  test('HDF5, in any group', async () => {
    const path = join(root, 'brain.h5');
    const { File, ready } = await import('h5wasm/node');
    await ready;
    const file = new File(path, 'w');
    const group = file.create_group('connectivity');
    const square = [3, 3];
    group.create_dataset({ name: 'weights', data: doubles(weights), shape: square });
    group.create_dataset({ name: 'tract_lengths', data: doubles(lengths), shape: square });
    group.create_dataset({ name: 'centres', data: Float32Array.from(centres), shape: square });
    group.create_dataset({ name: 'region_labels', data: names });
    file.create_dataset({ name: 'bold', data: doubles(bold), shape: [3, 4] });
    file.close();
    await isTheBrain(path);
    await hasTheRecording(path);
  });

  test('a matrix alone has no lengths, and says so', async () => {
    const path = join(folder(plain), 'weights.csv');
    const brain = await readConnectome(path, { normalise: 'none' });
    expect([...brain.weights]).toEqual(weights);
    expect(brain.lengths).toBeUndefined();
    expect(brain.preparation.notes.join(' ')).toMatch(/no lengths, so no delays/);
  });

  test('several subjects, and lengths in another unit', async () => {
    const path = folder({});
    const two = [...weights, ...weights.map((weight) => weight * 7)];
    writeNpy(join(path, 'weights.npy'), doubles(two), [2, 3, 3]);
    writeNpy(join(path, 'lengths.npy'), doubles(lengths.map((length) => length / 1000)), [3, 3]);
    writeFileSync(join(path, 'subjects.txt'), 'ann\nbob\n');
    const brain = await readConnectome(path, { lengthUnit: 'm', normalise: 'none', subjects: ['bob'] });
    expect([...brain.weights]).toEqual(weights.map((weight) => weight * 7));
    brain.lengths!.forEach((length, k) => {
      expect(length).toBeCloseTo(lengths[k]!, 12);
    });
    expect(brain.source.subjects.map(({ name }) => name)).toEqual(['ann', 'bob']);
    await expect(readConnectome(path)).rejects.toThrow(/in metres/);
  });

  test('a recording with time in rows is turned; one that stands still is left out; both are said', async () => {
    const turned = Array.from({ length: 12 }, (_, k) => bold[(k % 3) * 4 + Math.floor(k / 3)]!);
    const brain = await readConnectome(folder({ ...plain, 'bold.csv': csv(turned, 3) }));
    expect([...brain.subjects[0]!.bold!.data]).toEqual(bold);
    expect(brain.preparation.notes.join(' ')).toMatch(/taken to be 2 s.*time in rows and were turned/);
    const still = await readConnectome(
      folder({ ...plain, 'bold.csv': csv([1, 1, 1, 1, ...bold.slice(4)], 4) }),
    );
    expect(still.subjects[0]!.bold).toBeUndefined();
    expect(still.preparation.notes.join(' ')).toMatch(/left out, because 1 does not vary/);
  });
});

describe('bad input', () => {
  const cases: [string, Record<string, string | Uint8Array>, RegExp][] = [
    ['no weights', { 'lengths.csv': csv(lengths, 3) }, /there are no weights; name them weights/],
    ['not square', { ...plain, 'weights.csv': '1,2,3\n4,5,6' }, /must be a square matrix.*\(2, 3\)/],
    ['sizes differ', { ...plain, 'lengths.csv': '0,1\n1,0' }, /2 x 2, but the weights .* are 3 x 3/],
    [
      'a ragged row',
      { ...plain, 'weights.csv': '1,2,3\n4,5\n6,7,8' },
      /weights.csv:2: this line has 2 cells where the first has 3/,
    ],
    [
      'no number',
      { ...plain, 'weights.csv': '0,2,3\n4,x,6\n6,7,0' },
      /weights.csv:2: column 2 is "x", which is no number/,
    ],
    ['a decimal comma', { ...plain, 'weights.csv': '0;2,5;3\n4;0;6\n6;7;0' }, /"2,5".*decimal point/],
    [
      'an empty cell',
      { ...plain, 'weights.csv': '0,,3\n4,0,6\n6,7,0' },
      /row 1 \(1\), column 2 \(2\) is NaN/,
    ],
    ['an empty file', { ...plain, 'weights.csv': '' }, /the table is empty/],
    [
      'the same part twice',
      { ...plain, 'sc.csv': csv(weights, 3) },
      /sc.csv and .*weights.csv both hold the weights/,
    ],
    [
      'another order of regions',
      {
        'weights.csv': `,a,b,c\na,0,1,2\nb,1,0,3\nc,2,3,0`,
        'lengths.csv': `,a,c,b\na,0,1,2\nc,1,0,3\nb,2,3,0`,
      },
      /lengths.csv has c in place 2 where .*weights.csv has b; bring both into the same order/,
    ],
    ['too few names', { ...plain, 'regions.txt': 'a\nb' }, /names 2 regions, but the weights have 3/],
    ['a name twice', { ...plain, 'regions.txt': 'a\nb\na' }, /names the region a twice/],
    [
      'centres of another size',
      { ...plain, 'centres.csv': '1,2,3\n4,5,6' },
      /x, y and z of each of the 3 regions/,
    ],
    [
      'no number in a recording',
      { ...plain, 'bold.csv': csv([Number.NaN, ...bold.slice(1)], 4) },
      /bold.csv is NaN for .* in 1, sample 1/,
    ],
    [
      'a recording of other regions',
      { ...plain, 'bold.csv': csv(bold, 6) },
      /a row for each of the 3 regions/,
    ],
    ['correlations beyond 1', { ...plain, 'fc.csv': csv(weights, 3) }, /lie from -1 to 1/],
    ['a truncated .npy', { ...plain, 'bold.npy': new Uint8Array([0x93, 0x4e, 0x55]) }, /not a .npy file/],
  ];
  test.each(cases)('%s', async (_, files, sentence) => {
    const reading = readConnectome(folder(files));
    await expect(reading).rejects.toThrow(InputError);
    await expect(reading).rejects.toThrow(sentence);
  });

  test('paths and archives', async () => {
    const file = (name: string, bytes: Uint8Array) => {
      writeFileSync(join(root, name), bytes);
      return join(root, name);
    };
    await expect(readConnectome(join(root, 'nowhere'))).rejects.toThrow(/no such file or folder/);
    await expect(readConnectome(file('brain.doc', new Uint8Array(3)))).rejects.toThrow(
      /".doc" are not known/,
    );
    await expect(readConnectome(file('a.zip', new Uint8Array(30)))).rejects.toThrow(/not a zip archive/);
    const zip = zipSync({ 'weights.txt': strToU8(csv(weights, 3, ' ').repeat(50)) });
    await expect(readConnectome(file('b.zip', zip.slice(0, zip.length - 20)))).rejects.toThrow(
      /damaged or cut short/,
    );
    const crooked = zip.slice();
    crooked.fill(0xff, 45, 60);
    await expect(readConnectome(file('c.zip', crooked))).rejects.toThrow(InputError);
    await expect(readConnectome(file('a.h5', new Uint8Array(4000)))).rejects.toThrow(/not an HDF5 file/);
    const packed = zipSync({ 'weights.txt.bz2': new Uint8Array(9) });
    await expect(readConnectome(file('d.zip', packed))).rejects.toThrow(/bzip2/);
    await expect(readConnectome(folder(plain), { TR: -1 })).resolves.toBeDefined();
    await expect(readConnectome(folder({ ...plain, 'bold.csv': csv(bold, 4) }), { TR: -1 })).rejects.toThrow(
      /TR is -1/,
    );
  });
});
