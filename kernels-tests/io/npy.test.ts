import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError, OutputError } from '../../src/errors.ts';
import { readNpy, writeNpy } from '../../src/io/npy.ts';
import { type Dtype, elementCount, encodeHeader, viewAs } from '../../src/io/npy-header.ts';
import { NpyWriter } from '../../src/io/npy-writer.ts';
import { ownFolder } from '../own-folder.ts';
import { fullDisk } from './full-disk.ts';

const folder = ownFolder();
const path = join(folder, 'a.npy');

const DTYPES: Dtype[] = ['f4', 'f8', 'i1', 'u1', 'i2', 'u2', 'i4', 'u4', 'i8', 'u8', 'b1'];

/** A file made by hand, as the format's specification describes it. */
function handMade(dictionary: string, data: ArrayLike<number>, version = 1): Uint8Array {
  const text = Buffer.from(dictionary, version === 3 ? 'utf8' : 'latin1');
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(text.length);
  else length.writeUInt32LE(text.length);
  return Buffer.concat([
    Buffer.from('\x93NUMPY', 'latin1'),
    Buffer.from([version, 0]),
    length,
    text,
    Uint8Array.from(data),
  ]);
}

function refusal(bytes: Uint8Array): string {
  writeFileSync(path, bytes);
  try {
    readNpy(path);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  throw new Error('the file was accepted');
}

describe('writeNpy', () => {
  test('writes the bytes that numpy.save writes', () => {
    writeNpy(path, Float64Array.of(1, -2.5, 3), [3]);
    const dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }";
    const expected = Buffer.concat([
      handMade(dictionary.padEnd(117) + '\n', []),
      Buffer.from(Float64Array.of(1, -2.5, 3).buffer),
    ]);
    expect(readFileSync(path)).toEqual(expected);
  });

  test('data starts at a multiple of 64 and a longer first dimension fits the same header', () => {
    const shape = fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.constantFrom(...DTYPES), shape, (dtype, [, ...row]) => {
        const lengths = [0, 7, 2 ** 53 - 1].map((rows) => encodeHeader(dtype, [rows, ...row]).length);
        expect(new Set(lengths).size).toBe(1);
        expect(lengths[0] % 64).toBe(0);
      }),
    );
  });

  test('refuses a shape that does not fit the data', () => {
    expect(() => writeNpy(path, new Float32Array(5), [2, 3])).toThrow(/6 elements and the data .* has 5/);
  });

  test('on a full disk keeps the file that was there and leaves nothing beside it', () => {
    writeNpy(path, Uint8Array.of(1, 2, 3));
    expect(() => writeNpy(path, new Float64Array(1000), [1000], fullDisk(500))).toThrow(OutputError);
    expect(() => writeNpy(path, new Float64Array(1000), [1000], fullDisk(500))).toThrow(/^The disk is full/);
    expect([...readNpy(path, 'u1').data]).toEqual([1, 2, 3]);
    expect(readdirSync(folder)).toEqual(['a.npy']);
  });
});

describe('readNpy', () => {
  test.each(DTYPES)('gives back what was written: %s', (dtype) => {
    const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(shape, fc.integer({ min: 0, max: 255 }), (sizes, seed) => {
        const width = viewAs(dtype, new ArrayBuffer(0)).BYTES_PER_ELEMENT;
        const bytes = new Uint8Array(elementCount(sizes) * width).map((_, i) => (i * 37 + seed) & 0x3f);
        writeNpy(path, viewAs(dtype, bytes.buffer), sizes);
        const back = readNpy(path);
        expect(back.dtype).toBe(dtype === 'b1' ? 'u1' : dtype);
        expect(back.shape).toEqual(sizes);
        expect(new Uint8Array(back.data.buffer)).toEqual(bytes);
      }),
      { numRuns: 20 },
    );
  });

  test.each([1, 2, 3])('reads version %i', (version) => {
    writeFileSync(
      path,
      handMade("{'descr': '<i2', 'fortran_order': False, 'shape': (2, 1)}\n", [1, 0, 255, 255], version),
    );
    expect(readNpy(path)).toEqual({ shape: [2, 1], dtype: 'i2', data: Int16Array.of(1, -1) });
  });

  test('reads bool, other orders of keys, double quotes and the long integers of Python 2', () => {
    writeFileSync(path, handMade("{'shape': (3L,), 'fortran_order': False, 'descr': \"|b1\"}", [1, 0, 1]));
    expect(readNpy(path)).toEqual({ shape: [3], dtype: 'b1', data: Uint8Array.of(1, 0, 1) });
  });

  test('turns Fortran order into C order', () => {
    // The array [[1, 2, 3], [4, 5, 6]], columns first.
    writeFileSync(
      path,
      handMade("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3)}", [1, 4, 2, 5, 3, 6]),
    );
    expect([...readNpy(path, 'u1').data]).toEqual([1, 2, 3, 4, 5, 6]);
    // Element (i, j, k) of a (2, 3, 4) array is stored at i + 2 j + 6 k.
    writeFileSync(
      path,
      handMade("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 4)}", [...Array(24).keys()]),
    );
    const cube = readNpy(path, 'u1').data;
    for (let i = 0; i < 2; i++) {
      for (let j = 0; j < 3; j++) {
        for (let k = 0; k < 4; k++) expect(cube[12 * i + 4 * j + k]).toBe(i + 2 * j + 6 * k);
      }
    }
  });

  test('says in one sentence what is wrong with a file', () => {
    const header = (descr: string, shape: string) =>
      `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}}`;
    const cases: [Uint8Array, RegExp][] = [
      [new Uint8Array(0), /not a \.npy file/],
      [Buffer.from('PK\x03\x04 this is a zip file'), /not a \.npy file/],
      [handMade(header("'<f8'", '(2,)'), Array(16).fill(0), 9), /version 9/],
      [handMade(header("'>f8'", '(2,)'), Array(16).fill(0)), /big-endian.*astype\('<f8'\)/],
      [handMade(header("'<c16'", '(1,)'), Array(16).fill(0)), /dtype "<c16" is not one/],
      [handMade(header("'|O'", '(1,)'), []), /dtype "\|O" is not one/],
      [handMade(header("[('a', '<f8')]", '(1,)'), Array(8).fill(0)), /named fields/],
      [handMade(header("'<f8'", '(-1,)'), Array(8).fill(0)), /shape \(-1,\)/],
      [handMade(header("'<f8'", '2'), Array(16).fill(0)), /no dtype, order or shape/],
      [handMade("{'descr': '<f8'}", []), /no dtype, order or shape/],
      [
        handMade(header("'<f8'", '(3,)'), Array(16).fill(0)),
        /truncated: shape \(3\) of f8 needs 24 bytes and 16/,
      ],
      [handMade(header("'<f8'", '(1,)'), Array(16).fill(0)), /16 bytes of data where .* needs 8/],
      [handMade(header("'<f8'", '(99999999999, 99999999999)'), Array(16).fill(0)), /truncated/],
    ];
    for (const [bytes, expected] of cases) {
      const message = refusal(bytes);
      expect(message).toMatch(expected);
      expect(message.startsWith(`${path}: `)).toBe(true);
      expect(message).not.toContain('\n');
    }
  });

  test('refuses a file cut anywhere', () => {
    writeNpy(path, Int32Array.of(1, 2, 3, 4), [2, 2]);
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length++) {
      expect(refusal(whole.subarray(0, length))).toMatch(/not a \.npy|ends within its header|truncated/);
    }
  });

  test('refuses what is not there, not a file, or of another dtype than needed', () => {
    expect(() => readNpy(join(folder, 'none.npy'))).toThrow(/no such file/);
    expect(() => readNpy(folder)).toThrow(/not a file/);
    writeNpy(path, Float32Array.of(1));
    expect(() => readNpy(path, 'f8')).toThrow(/of dtype f4, and f8 is needed/);
  });
});

const python = (script: string): string =>
  execFileSync('python3', ['-c', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const hasNumpy = (() => {
  try {
    python('import numpy');
    return true;
  } catch {
    return false;
  }
})();

describe.runIf(hasNumpy)('numpy', () => {
  const at = (name: string) => join(folder, `${name}.npy`);

  test('writes what readNpy opens, and opens what writeNpy and NpyWriter write', () => {
    python(`
import numpy as n
for d in ${JSON.stringify(DTYPES)}:
    n.save(${JSON.stringify(folder)} + '/' + d, n.asfortranarray(n.arange(6).reshape(2, 3).astype(d)))
`);
    for (const dtype of DTYPES) {
      const { shape, data } = readNpy(at(dtype), dtype);
      expect(shape).toEqual([2, 3]);
      const numbers = Array.from(data as ArrayLike<unknown>, Number);
      expect(numbers).toEqual(dtype === 'b1' ? [0, 1, 1, 1, 1, 1] : [0, 1, 2, 3, 4, 5]);
      writeNpy(at(dtype), data, shape);
      const writer = NpyWriter.open(at(`grown-${dtype}`), dtype, [3]);
      writer.append(data);
      writer.append(data);
      writer.close();
    }
    const seen: unknown = JSON.parse(
      python(`
import numpy as n, json
load = lambda name: n.load(${JSON.stringify(folder)} + '/' + name + '.npy')
whole = lambda a: [a.dtype.str[1:], a.astype(float).tolist()]
print(json.dumps([[whole(load(d)), whole(load('grown-' + d))] for d in ${JSON.stringify(DTYPES)}]))
`),
    );
    const expected = DTYPES.map((dtype) => {
      const rows =
        dtype === 'b1'
          ? [
              [0, 1, 1],
              [1, 1, 1],
            ]
          : [
              [0, 1, 2],
              [3, 4, 5],
            ];
      // A bool is a byte in memory: writeNpy cannot tell, NpyWriter is told.
      return [
        [dtype === 'b1' ? 'u1' : dtype, rows],
        [dtype, [...rows, ...rows]],
      ];
    });
    expect(seen).toEqual(expected);
  });
});
