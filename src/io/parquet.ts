/** Tables of numbers as Apache Parquet: columns of doubles, one row group, by hyparquet-writer. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import { InputError } from '../errors.ts';
import { type OpenOutput, openOutput, replaceWhole } from './output-file.ts';

/** Throws InputError where columns differ in length, OutputError where the file cannot be written. */
export function writeParquet(
  path: string,
  columns: Readonly<Record<string, ArrayLike<number>>>,
  open: OpenOutput = openOutput,
): void {
  const names = Object.keys(columns);
  const rows = columns[names[0] ?? '']?.length ?? 0;
  if (names.some((name) => columns[name]!.length !== rows))
    throw new InputError('columns of a table need equally many numbers; give each as many');
  const columnData = names.map((name) => ({
    ...{ name, type: 'DOUBLE' as const, nullable: false },
    data: Float64Array.from(columns[name]!),
  }));
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData }));
  replaceWhole(path, open, (file) => file.write(bytes));
}
