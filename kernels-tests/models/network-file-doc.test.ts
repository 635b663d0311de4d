/**
 * docs/network-file.md says what the schema says: its table of fields is compared with one made from the schema, and
 * its examples are read.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { CELL_LIBRARY, CELL_PARAMETERS } from '../../src/models/cells.ts';
import { type LeafOutline, outlineOf } from '../../src/models/document/fields.ts';
import { networkSchema } from '../../src/models/network-schema.ts';
import { parseNetwork, readNetwork } from '../../src/models/read-network.ts';
import { boundaryUnit } from '../../src/units.ts';

const doc = readFileSync(new URL('../../docs/network-file.md', import.meta.url), 'utf8');

/** Every field below a type, as a row; where a value may be written in several forms, only its simplest. */
function rows(type: z.ZodType, path: string, whenAbsent = '**required**'): string[] {
  const standing = absence(type) ?? whenAbsent;
  const outline = outlineOf(type);
  switch (outline.kind) {
    case 'leaf':
      return [row(path, outline, standing)];
    case 'record':
      return Object.entries(outline.fields).flatMap(([name, field]) =>
        rows(field, path === '' ? name : `${path}.${name}`),
      );
    case 'dictionary':
      return rows(outline.of, `${path}.NAME`, outline.open ? '' : undefined);
    case 'list':
      return rows(outline.of, `${path}.N`);
    case 'choice': {
      const simplest = outline.select('');
      return outlineOf(simplest).kind === 'leaf' ? rows(simplest, path, standing) : [];
    }
  }
}

/** The fields of one form of a value that may be written in several; `unit` is that of the simplest form. */
function formRows(path: string, form: unknown, unit = ''): string[] {
  const outline = outlineOf(find(networkSchema, path.split('.')));
  if (outline.kind !== 'choice') throw new Error(`${path} has one form only`);
  const ofField = unit === '' ? '' : ` ${unit} `;
  return rows(outline.select(form), path.split('.').at(-1) ?? '').map((line) =>
    ofField === '' ? line : line.replace(`|${ofField}|`, '| of the field |'),
  );
}

function find(type: z.ZodType, [name, ...rest]: string[]): z.ZodType {
  if (name === undefined) return type;
  const outline = outlineOf(type);
  if (outline.kind === 'record') return find(outline.fields[name]!, rest);
  if (outline.kind === 'dictionary' || outline.kind === 'list') return find(outline.of, rest);
  throw new Error(`nothing below ${name}`);
}

/** What stands for a field that is not given, where it may be absent. */
function absence(type: z.ZodType): string | undefined {
  if (type instanceof z.ZodOptional) return '';
  if (!(type instanceof z.ZodDefault)) return undefined;
  return type.def.defaultValue === '' ? '' : `\`${JSON.stringify(type.def.defaultValue)}\``;
}

function row(path: string, { type, unit, range, description }: LeafOutline, standing: string): string {
  const limits = range.replace(/^of /, '');
  return `| \`${path}\` | ${type} | ${unit} | ${limits} | ${standing.replaceAll('"', '')} | ${description} |`;
}

/** The tables between the headings of the page. */
const TABLES: Record<string, () => string[]> = {
  Fields: () => rows(networkSchema, ''),
  Cells: () => formRows('populations.NAME.cell', {}),
  Receptors: () => formRows('projections.NAME.receptor', {}),
  'Quantities over time': () => [
    ...formRows('populations.NAME.current', {}, 'pA'),
    ...formRows('populations.NAME.current', { from: 0 }, 'pA'),
  ],
  'Initial values': () => formRows('populations.NAME.initial.w', {}, 'pA'),
  Connections: () => formRows('projections.NAME.connect', {}),
};

test.each(Object.entries(TABLES))('the table under "%s" is that of the schema', (heading, generate) => {
  const section = new RegExp(`^##+ ${heading}\\n([\\s\\S]*?)(?=^##|(?![\\s\\S]))`, 'm').exec(doc)?.[1] ?? '';
  const documented = section.split('\n').filter((line) => /^\| `[\w.]+` (\|[^|]*){5}\|$/.test(line));
  expect(documented).toEqual(generate());
});

test('the table of cells is that of the library', () => {
  const header = CELL_PARAMETERS.map(({ symbol, dimension }) => `${symbol} (${boundaryUnit(dimension)})`);
  expect(doc).toContain(`| cell | ${header.join(' | ')} |`);
  for (const cell of CELL_LIBRARY) {
    const numbers = CELL_PARAMETERS.map(({ symbol }) =>
      cell[symbol] === 1e9 ? '1e9' : String(cell[symbol]),
    );
    expect(doc).toContain(`| ${cell.name} | ${numbers.join(' | ')} |`);
  }
});

test('the examples are networks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spikefield-doc-'));
  writeFileSync(join(folder, 'stimulus.csv'), '0\n100\n0\n');
  const examples = [...doc.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  expect(examples.length).toBeGreaterThan(1);
  for (const text of examples) parseNetwork(text, { file: join(folder, 'example.yaml') });
  rmSync(folder, { recursive: true });
});

test('the overrides shown are overrides of config1', () => {
  const shown = [...doc.matchAll(/--set '([^']+)'/g)].map(([, override = '']) => override);
  expect(shown.length).toBeGreaterThan(3);
  for (const override of shown) readNetwork('config1', [override]);
});
