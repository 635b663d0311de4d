/** Arrays by name from a .npz file, as numpy.savez writes it. */
import { InputError } from '../errors.ts';
import { decodeNpy } from './npy-bytes.ts';
import { headerExtent, PREFIX_LENGTH } from './npy-header.ts';
import type { NumericArray } from './numeric-array.ts';
import { zipMembers } from './zip-members.ts';

export interface NpzContent {
  arrays: Map<string, NumericArray>;
  /** Lists of texts (dtype U or S). */
  texts: Map<string, string[]>;
}

/** Throws InputError for a file that is missing, damaged or no .npz, or an array that is neither numbers nor texts. */
export function readNpz(path: string): NpzContent {
  const content: NpzContent = { arrays: new Map(), texts: new Map() };
  for (const [member, bytes] of zipMembers(path)) {
    if (!member.endsWith('.npy'))
      throw new InputError(`it holds ${member}, which is no array; save it with numpy.savez`, {
        at: { file: path },
      });
    const name = member.slice(0, -'.npy'.length);
    const texts = decodeTexts(bytes);
    if (texts) content.texts.set(name, texts);
    else content.arrays.set(name, decodeNpy(bytes, `${path}, array ${name}`));
  }
  return content;
}

/** A list of texts (`<U12`, `|S12`); undefined where the array is none. */
function decodeTexts(bytes: Uint8Array): string[] | undefined {
  const extent = headerExtent(bytes.subarray(0, PREFIX_LENGTH));
  if (typeof extent === 'string' || extent.end > bytes.length) return undefined;
  const header = new TextDecoder('latin1').decode(bytes.subarray(extent.start, extent.end));
  const type = /'descr'\s*:\s*'([<|])([US])(\d+)'/.exec(header);
  if (!type) return undefined;
  const [kind, length] = [type[2]!, Number(type[3])];
  const each = length * (kind === 'U' ? 4 : 1);
  if (each === 0) return [];
  const body = new Uint8Array(bytes.subarray(extent.end));
  const view = new DataView(body.buffer);
  return Array.from({ length: Math.floor(body.length / each) }, (_, index) => {
    const codes = Array.from({ length }, (__, k) =>
      kind === 'U' ? view.getUint32(index * each + 4 * k, true) : body[index * each + k]!,
    );
    return codes
      .filter((code) => code > 0 && code <= 0x10ffff)
      .map((code) => String.fromCodePoint(code))
      .join('');
  });
}
