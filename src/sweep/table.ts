/** A finished sweep as a table of points and results: CSV, npz or Parquet by the ending of the file. */
import { InputError } from '../errors.ts';
import { writeNpz } from '../io/npz.ts';
import { writeWhole } from '../io/output-file.ts';
import { writeParquet } from '../io/parquet.ts';
import type { SweepResults } from './folder.ts';

export const TABLE_ENDINGS = ['.csv', '.npz', '.parquet'] as const;

/** Throws InputError where nobody could tell what to write. */
export function requireTableEnding(path: string): void {
  if (!TABLE_ENDINGS.some((ending) => path.endsWith(ending)))
    throw new InputError(
      `${path} is no table that can be written; let its name end in ${TABLE_ENDINGS.join(', ')}`,
    );
}

/** Parameters, then results; points that are not done are left out. */
export function sweepColumns({ plan, done, rows }: SweepResults): Record<string, Float64Array> {
  const { space, results } = plan;
  const finished = Array.from(done.keys()).filter((point) => done[point]);
  const columns = [...space.names, ...results].map(
    (name) => [name, new Float64Array(finished.length)] as const,
  );
  finished.forEach((point, row) => {
    const values = [
      ...space.point(point),
      ...rows.subarray(point * results.length, (point + 1) * results.length),
    ];
    values.forEach((value, k) => {
      columns[k]![1][row] = value;
    });
  });
  return Object.fromEntries(columns);
}

/** Throws OutputError. */
export function writeSweepTable(path: string, results: SweepResults): void {
  requireTableEnding(path);
  const columns = sweepColumns(results);
  if (path.endsWith('.parquet')) writeParquet(path, columns);
  else if (path.endsWith('.npz'))
    writeNpz(
      path,
      Object.fromEntries(
        Object.entries(columns).map(([name, data]) => [name, { data, shape: [data.length] }]),
      ),
    );
  else {
    const names = Object.keys(columns);
    const lines = Array.from({ length: columns[names[0]!]!.length }, (_, row) =>
      names.map((name) => String(columns[name]![row])).join(','),
    );
    writeWhole(path, `${[names.join(','), ...lines].join('\n')}\n`);
  }
}
