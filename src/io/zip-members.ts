/** The files inside a .zip or .npz archive. */
import { unzipSync } from 'fflate';
import { InputError } from '../errors.ts';
import { readBytes } from './read-bytes.ts';

/** Archives that would unpack to more are refused before they are: a few bytes can claim anything. */
const LARGEST = 4 * 2 ** 30;

/** Name and bytes of each file, folders left out. Throws InputError for a file that is missing, damaged or no archive. */
export function zipMembers(path: string): Map<string, Uint8Array> {
  const bytes = readBytes(path);
  const fail = (message: string): never => {
    throw new InputError(message, { at: { file: path } });
  };
  if (bytes.length < 4 || bytes[0] !== 0x50 || bytes[1] !== 0x4b)
    return fail('this is not a zip archive, as .npz and .zip files are; check the file');
  const sizes = new Map<string, number>();
  let unpacked: Record<string, Uint8Array>;
  try {
    unpacked = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (name.endsWith('/') || name.startsWith('__MACOSX')) return false;
        sizes.set(name, originalSize);
        return [...sizes.values()].reduce((sum, size) => sum + size, 0) <= LARGEST;
      },
    });
  } catch {
    return fail('the archive is damaged or cut short; copy or save it again');
  }
  const wrong = [...sizes].find(([name, size]) => unpacked[name]?.length !== size);
  if (wrong)
    return fail(
      `the archive says that ${wrong[0]} has ${wrong[1]} bytes, but ${unpacked[wrong[0]]?.length ?? 0} came out; copy or save it again`,
    );
  return new Map(Object.entries(unpacked));
}
