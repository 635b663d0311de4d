/** Samples of nodes, which come dispatch by dispatch, gathered into a series for each node. */

export interface Recording {
  every: number;
  names: readonly string[];
  /** `[node, sample]` each, of `samples`. */
  series: Map<string, Float32Array>;
  samples: number;
  /** Number of the first sample, counted from step 0. */
  firstSample: number;
}

/** Samples of a dispatch: the number of the first, counted from step 0, and how many. */
interface Rows {
  first: number;
  count: number;
}

export function rowsOf({ every }: Recording, firstStep: number, steps: number): Rows {
  const first = Math.floor(firstStep / every);
  return { first, count: Math.floor((firstStep + steps) / every) - first };
}

/** @param words `[row, variable, node]` */
export function keepRows(record: Recording, rows: Rows, words: Float32Array, nodes: number): void {
  record.names.forEach((name, variable) => {
    const series = record.series.get(name)!;
    for (let row = 0; row < rows.count; row++) {
      const sample = rows.first + row - record.firstSample;
      const at = (row * record.names.length + variable) * nodes;
      for (let node = 0; node < nodes; node++) series[node * record.samples + sample] = words[at + node]!;
    }
  });
}
