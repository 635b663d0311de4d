/**
 * Tables of numbers in text: comma, semicolon, tab or blanks between cells, with or without names of rows and columns.
 * A wrong cell is named by its line and column.
 */
import { InputError } from '../errors.ts';
import type { NumericArray } from './numeric-array.ts';

export interface Table extends NumericArray {
  /** Names of rows and columns where the file has them. */
  rows?: string[];
  columns?: string[];
}

interface Line {
  number: number;
  cells: string[];
}

/** `[row, column]` of a text; lines that begin with # are left out. @param file what messages call it. Throws InputError */
export function parseTable(text: string, file: string): Table {
  const lines = linesOf(text);
  const fail = (message: string, line?: number): never => {
    throw new InputError(message, { at: { file, ...(line === undefined ? {} : { line }) } });
  };
  if (lines.length === 0) return fail('the table is empty; check the file');
  // Numbers may be names too, as where pandas counts rows and columns: the corner above such names is empty.
  const isFramed = lines.length > 1 && lines[0]!.cells.length > 1 && lines[0]!.cells[0] === '';
  const columns = isFramed || looksLikeHead(lines) ? lines.shift()!.cells : undefined;
  if (lines.length === 0) return fail('the table has names of columns but no numbers below them');
  const hasRowNames = isFramed || lines.every(({ cells }) => cells.length > 1 && !isNumber(cells[0]!));
  const rows = hasRowNames ? lines.map(({ cells }) => cells.shift()!) : undefined;
  const width = lines[0]!.cells.length;
  const data = new Float64Array(lines.length * width);
  lines.forEach(({ number, cells }, row) => {
    if (cells.length !== width)
      fail(
        `this line has ${cells.length} cells where the first has ${width}; give every row as many`,
        number,
      );
    cells.forEach((cell, column) => {
      if (!isNumber(cell))
        fail(
          `column ${column + 1 + (hasRowNames ? 1 : 0)} is "${cell.slice(0, 30)}", which is no number; write numbers with a decimal point`,
          number,
        );
      data[row * width + column] = numberOf(cell);
    });
  });
  const table: Table = { shape: [lines.length, width], data };
  if (rows) table.rows = rows;
  if (columns) {
    // The corner above the names of rows may be empty, named or left out.
    const named = rows && columns.length === width + 1 ? columns.slice(1) : columns;
    if (named.length !== width)
      fail(`the first line names ${named.length} columns, but there are ${width}; give each column one name`);
    table.columns = named;
  }
  return table;
}

/** One text a line, or the first column; for names of regions. */
export function parseNames(text: string): string[] {
  return linesOf(text).map(({ cells }) => (isNumber(cells[0]!) && cells.length > 1 ? cells[1]! : cells[0]!));
}

function linesOf(text: string): Line[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ number: index + 1, line }))
    .filter(({ line }) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  const first = lines[0]?.line ?? '';
  const separator = first.includes('\t')
    ? '\t'
    : first.includes(';')
      ? ';'
      : first.includes(',')
        ? ','
        : undefined;
  return lines.map(({ number, line }) => ({
    number,
    cells: separator === undefined ? line.trim().split(/\s+/) : line.split(separator).map(tidy),
  }));
}

function tidy(cell: string): string {
  return cell.trim().replace(/^"(.*)"$/, '$1');
}

/** Whether the first line holds names only, but for the corner above names of rows. */
function looksLikeHead([first, second]: Line[]): boolean {
  if (!second) return false;
  const names = first!.cells.length === 1 ? first!.cells : first!.cells.slice(1);
  return names.every((cell) => !isNumber(cell));
}

/** What pandas and numpy write where there is no number. */
const NOTHING = /^(|nan|-nan|na|n\/a|null)$/i;

function isNumber(cell: string): boolean {
  return (
    NOTHING.test(cell) ||
    /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(cell) ||
    /^[+-]?inf(inity)?$/i.test(cell)
  );
}

function numberOf(cell: string): number {
  if (NOTHING.test(cell)) return Number.NaN;
  if (/inf/i.test(cell)) return cell.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(cell);
}
