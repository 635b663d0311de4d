/** The bytes of an input file, or one sentence that says why there are none. */
import { readFileSync } from 'node:fs';
import { InputError } from '../errors.ts';

/** Throws InputError where the file is missing, no file, or cannot be read. */
export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'there is no such file; check the path'
        : code === 'EISDIR'
          ? 'this is a folder and not a file; give the path of a file'
          : `the file could not be opened (${code}); check that you may read it`;
    throw new InputError(why, { at: { file: path } });
  }
}
