/** Tables in text: separators, names, what is no number, and that what is written is what is read. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { parseNames, parseTable } from '../../src/io/table.ts';

const read = (text: string) => {
  const { data, ...rest } = parseTable(text, 'a.csv');
  return { ...rest, data: [...data] };
};

test('what is written is what is read, whatever the separator and the end of lines', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true }), { minLength: 6, maxLength: 6 }),
      fc.constantFrom(',', ';', '\t', ' ', '   '),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.boolean(),
      (values, separator, end, named) => {
        const rows = [values.slice(0, 3), values.slice(3)];
        const text =
          rows.map((row, k) => [...(named ? [`r${k}`] : []), ...row].join(separator)).join(end) + end;
        const table = read(text);
        expect(table.shape).toEqual([2, 3]);
        values.forEach((value, at) => {
          // The text of -0 is 0.
          expect(table.data[at]).toBe(value + 0);
        });
        expect(table.rows).toEqual(named ? ['r0', 'r1'] : undefined);
      },
    ),
    { numRuns: 100 },
  );
});

test('names of columns, with and without a corner, and numbers as names', () => {
  expect(read('a,b\n1,2')).toEqual({ shape: [1, 2], columns: ['a', 'b'], data: [1, 2] });
  const both = { shape: [2, 2], rows: ['a', 'b'], columns: ['a', 'b'], data: [1, 2, 3, 4] };
  expect(read('region,a,b\na,1,2\nb,3,4')).toEqual(both);
  expect(read(',a,b\na,1,2\nb,3,4')).toEqual(both);
  expect(read('"a","b"\n1,2\n3,4')).toEqual({ shape: [2, 2], columns: ['a', 'b'], data: [1, 2, 3, 4] });
  expect(read(',0,1\n0,1,2\n1,3,4')).toEqual({ ...both, rows: ['0', '1'], columns: ['0', '1'] });
});

test('comments, blank lines, a byte order mark, and what stands for no number', () => {
  expect(read('\uFEFF# made by hand\n\n1 2\n\n3 nan\n')).toEqual({
    shape: [2, 2],
    data: [1, 2, 3, Number.NaN],
  });
  expect(read('1,,-inf').data).toEqual([1, Number.NaN, Number.NEGATIVE_INFINITY]);
});

test('what is wrong is named by line and column', () => {
  const refused: [string, RegExp][] = [
    ['', /^a.csv: the table is empty/],
    ['# nothing', /the table is empty/],
    ['1,2\n\n3', /^a.csv:3: this line has 1 cells where the first has 2/],
    ['1,2\n3,4x', /^a.csv:2: column 2 is "4x", which is no number/],
    ['r,1\ns,x', /^a.csv:2: column 2 is "x"/],
    ['a,b,c\n1,2', /names 3 columns, but there are 2/],
    ['0x10 2\n1 2', /column 1 is "0x10"/],
  ];
  for (const [text, sentence] of refused) {
    expect(() => read(text)).toThrow(InputError);
    expect(() => read(text)).toThrow(sentence);
  }
});

test('lists of names: one a line, or behind a number', () => {
  expect(parseNames('lA1\nrA1\n')).toEqual(['lA1', 'rA1']);
  expect(parseNames('1,lA1\n2,rA1')).toEqual(['lA1', 'rA1']);
});
