/** docs/cell-file.md says what is true: its examples are cells, its message is the one that comes, its overrides fit. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CELL_LIBRARY, CELL_PARAMETERS, libraryCell } from '../../src/models/cells.ts';
import { readCell } from '../../src/models/read-cell.ts';
import { ownFolder } from '../own-folder.ts';

const doc = readFileSync(new URL('../../docs/cell-file.md', import.meta.url), 'utf8');
const examples = [...doc.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
const folder = ownFolder();

function read(text: string, overrides: string[] = []) {
  const path = join(folder, 'mine.yaml');
  writeFileSync(path, text);
  return readCell(path, overrides);
}

test('the examples are cells', () => {
  const [variation, whole] = examples;
  expect(examples).toHaveLength(2);
  expect(read(variation!)).toEqual({ ...libraryCell('RS-cell'), name: 'mine', b: 60, tau_w: 200 });
  expect(read(whole!).name).toBe('bursting');
  for (const { symbol } of CELL_PARAMETERS) expect(whole).toMatch(new RegExp(`^${symbol}: `, 'm'));
});

test('library cells are listed', () => {
  expect(doc).toContain(CELL_LIBRARY.map(({ name }) => `\`${name}\``).join(', '));
});

test('the message is the one that comes', () => {
  const shown = /^ {4}(mine\.yaml:.*)$/m.exec(doc)?.[1];
  let said = '';
  try {
    read('base: RS-cell\nC_m: 200 mV\n');
  } catch (error) {
    said = (error as Error).message;
  }
  expect(said.replace(folder, '').slice(1)).toBe(shown);
});

test('the overrides shown fit a cell', () => {
  const shown = [...doc.matchAll(/--set '([^']+)'/g)].map(([, override = '']) => override);
  expect(shown).toHaveLength(3);
  for (const override of shown) {
    const [symbol, value] = override.split('=');
    expect(readCell('RS-cell', [override])).toMatchObject({ [symbol!]: Number.parseFloat(value!) });
  }
});
