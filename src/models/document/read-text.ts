/**
 * The text of a file that describes something (a network, a cell), or a sentence that says why there is none.
 */
import { readFileSync } from 'node:fs';
import { InputError } from '../../errors.ts';
import { nearestName } from './near-names.ts';

/** What is looked for: how messages call it, and the names under which it is built in. */
export interface Wanted {
  /** "network", "cell" */
  noun: string;
  /** "built-in network", "library cell" */
  builtIn: string;
  names: readonly string[];
}

/**
 * @param path of a file in UTF-8
 * @throws InputError where it is missing, a directory, unreadable or no text
 */
export function readDocumentText(path: string, wanted: Wanted): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new InputError(unreadable(path, (error as NodeJS.ErrnoException).code, wanted));
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(
      `${path} is not text in UTF-8; name a YAML or JSON file that describes a ${wanted.noun}.`,
    );
  }
}

function unreadable(path: string, code: string | undefined, { noun, builtIn, names }: Wanted): string {
  if (code === 'EISDIR') return `${path} is a directory; name a ${noun} file in it.`;
  if (code !== 'ENOENT' && code !== 'ENOTDIR')
    return `${path} cannot be read (${code}); check its permissions.`;
  const near = nearestName(path, names);
  const remedy = near === undefined ? 'check the path or name one of these' : `did you mean ${near}?`;
  const end = remedy.endsWith('?') ? '' : '.';
  return `"${path}" is neither a file nor a ${builtIn} (${names.join(', ')}); ${remedy}${end}`;
}
