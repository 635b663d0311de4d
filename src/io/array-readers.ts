/** Readers of the binary files that a network may refer to, as `readNetwork` takes them: models know no file formats but text. */
import { readNpy } from './npy.ts';
import { openNpyRows } from './npy-rows.ts';
import { readNpz } from './npz-reader.ts';

export const arrayReaders = {
  readNpy: (path: string) => readNpy(path),
  /** Arrays of numbers by name; lists of texts are left out. */
  readNpz: (path: string) => readNpz(path).arrays,
  openRows: openNpyRows,
};
