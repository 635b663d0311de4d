import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { CELL_LIBRARY, libraryCell } from '../../src/models/cells.ts';
import { cellFromObject, readCell } from '../../src/models/read-cell.ts';
import { ownFolder } from '../own-folder.ts';

const folder = ownFolder();

/** Path of a file with this text. */
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The sentence with which reading ends. */
function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  throw new Error('nothing was refused');
}

describe('readCell', () => {
  test('every library cell by its name', () => {
    for (const cell of CELL_LIBRARY) expect(readCell(cell.name)).toEqual(cell);
  });

  test('overrides change a library cell, and keep its name', () => {
    const changed = { ...libraryCell('RS-cell'), b: 60, tau_w: 200 };
    expect(readCell('RS-cell', ['b=60 pA', 'tau_w=0.2 s'])).toEqual(changed);
    expect(readCell('RS-cell', ['cell.b=60 pA', 'tau_w=200'])).toEqual(changed);
  });

  test('a variation in a file is called after the file, unless it has a name', () => {
    const text = 'base: FS-cell\nDelta_T: 1 mV\n';
    expect(readCell(file('sharp.yaml', text))).toEqual({
      ...libraryCell('FS-cell'),
      Delta_T: 1,
      name: 'sharp',
    });
    expect(readCell(file('named.yaml', `${text}name: interneuron\n`)).name).toBe('interneuron');
  });

  test('all parameters in a JSON file', () => {
    const cell = { ...libraryCell('AdExp')!, name: 'mine', g_L: 12 };
    expect(readCell(file('mine.json', JSON.stringify(cell)))).toEqual(cell);
  });

  test.each([
    ['base: RS-cell\nbb: 60 pA\n', [], /:2:1: cell\.bb is no field here; did you mean b\?/],
    ['base: RS-cell\nC_m: 3 mV\n', [], /:2:1: cell\.C_m is in mV but a capacitance is needed/],
    ['C_m: 200 pF\n', [], /cell lacks g_L, E_L, V_T, Delta_T, V_r, tau_ref; give them, or a base/],
    ['base: LIF\nb: 3 pA\n', [], /cell\.tau_w is missing although a or b is not 0/],
    ['base: RS-cell\nV_r: 0 mV\n', [], /cell\.V_r is 0 mV, above the spike level/],
    ['populations: {}\n', [], /describes a network; name a file with the parameters of one cell/],
    ['', [], /The file is empty; describe a cell in it/],
    ['base: RS-cell\n', ['b'], /The override "b" is not of the form parameter=value/],
    ['base: RS-cell\n', ['bb=1 pA'], /matches nothing: cell has no "bb"; did you mean b\?/],
    ['base: RS-cell\n', ['C_m=-3 pF'], /cell\.C_m is -3 pF; give a capacitance above 0 pF/],
  ])('refuses %j with %j in a sentence', (text, overrides, sentence) => {
    expect(refusal(() => readCell(file('bad.yaml', text), overrides))).toMatch(sentence);
  });

  test('a name that is nothing gets the nearest one', () => {
    expect(refusal(() => readCell('RScell'))).toBe(
      '"RScell" is neither a file nor a library cell (LIF, EIF, AdExp, FS-cell, RS-cell, RS-cell2); did you mean RS-cell?',
    );
    expect(refusal(() => readCell(folder))).toMatch(/is a directory; name a cell file in it/);
  });
});

describe('cellFromObject', () => {
  test('a Cell is itself such an object', () => {
    for (const cell of CELL_LIBRARY) expect(cellFromObject({ ...cell })).toEqual(cell);
  });

  test('refuses what is not finite', () => {
    expect(refusal(() => cellFromObject({ base: 'RS-cell', C_m: Number.NaN }))).toMatch(
      /cell\.C_m is NaN, which is not a finite number/,
    );
  });
});
