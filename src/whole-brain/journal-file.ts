/** One file of a journal: a line of JSON, arrays behind it, and a check sum by which a file that is not whole is known. */
import { createHash } from 'node:crypto';

interface Head {
  format: string;
  head: unknown;
  /** Bytes of the arrays. */
  sizes: number[];
  sha256: string;
}

export function packFile(format: string, head: unknown, arrays: readonly Uint8Array[]): Uint8Array {
  const payload = Buffer.concat(arrays);
  const line: Head = {
    ...{ format, head },
    sizes: arrays.map(({ byteLength }) => byteLength),
    sha256: sumOf(head, payload),
  };
  return Buffer.concat([Buffer.from(`${JSON.stringify(line)}\n`), payload]);
}

/** The arrays are copies that begin where numbers of any size may begin. Undefined where the file is not whole, or of another format. */
export function unpackFile(
  format: string,
  file: Buffer,
): { head: unknown; arrays: Uint8Array<ArrayBuffer>[] } | undefined {
  const end = file.indexOf('\n');
  if (end < 0) return undefined;
  let line: Head;
  try {
    line = JSON.parse(file.toString('utf8', 0, end)) as Head;
  } catch {
    return undefined;
  }
  const payload = file.subarray(end + 1);
  if (line.format !== format || sumOf(line.head, payload) !== line.sha256) return undefined;
  let at = 0;
  const arrays = line.sizes.map((size) => {
    const part = Uint8Array.from(payload.subarray(at, at + size));
    at += size;
    return part;
  });
  return { head: line.head, arrays };
}

function sumOf(head: unknown, payload: Uint8Array): string {
  return createHash('sha256').update(JSON.stringify(head)).update(payload).digest('hex');
}
