/**
 * Numbers in columns, from the text of a CSV file that a network file refers to.
 */
import { InputError } from '../../errors.ts';
import { describeValue } from '../../units.ts';

export interface Table {
  /** Names of the columns, where the file's first line gives them. */
  names: readonly string[] | undefined;
  /** One array per column, all of the same length. */
  columns: readonly Float64Array[];
  /** Line of the file in which each row stands, counted from 1. */
  lines?: Uint32Array;
}

/**
 * Columns separated by commas, semicolons, tabs or spaces. Lines that are empty or begin with `#` do not count; the
 * first of the others may name the columns.
 *
 * @param file name used in messages
 * @throws InputError naming the line, when a cell is no finite number or a line has another number of cells
 */
export function parseCsv(text: string, file: string): Table {
  const rows: number[][] = [];
  const lines: number[] = [];
  let names: string[] | undefined;
  let width = 0;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const at = { file, line: index + 1 };
    const cells = splitCells(line);
    const isFirst = width === 0;
    if (isFirst) width = cells.length;
    if (cells.length !== width) {
      throw new InputError(
        `The line has ${cells.length} cells but those above have ${width}; give every line the same number.`,
        { at },
      );
    }
    if (isFirst && cells.every((cell) => /^["']?[A-Za-z]/.test(cell) && !/^(nan|inf)/i.test(cell))) {
      names = cells.map((cell) => cell.replace(/["']/g, ''));
      continue;
    }
    rows.push(cells.map((cell) => parseCell(cell, at)));
    lines.push(at.line);
  }
  if (rows.length === 0)
    throw new InputError('The file has no rows of numbers; write at least one.', { at: { file } });
  const columns = Array.from({ length: width }, (_, column) =>
    Float64Array.from(rows, (row) => row[column]!),
  );
  return { names, columns, lines: Uint32Array.from(lines) };
}

function splitCells(line: string): string[] {
  const separator = [',', ';', '\t'].find((candidate) => line.includes(candidate)) ?? /\s+/;
  return line.split(separator).map((cell) => cell.trim());
}

function parseCell(cell: string, at: { file: string; line: number }): number {
  const value = cell === '' ? Number.NaN : Number(cell);
  if (Number.isFinite(value)) return value;
  throw new InputError(
    `The cell ${describeValue(cell)} is not a finite number; write a plain number in it.`,
    { at },
  );
}
