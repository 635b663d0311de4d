/**
 * Reads a tar archive held in memory: enough of the format to take regular files out of an npm package.
 * Format: POSIX.1-2017, pax, "ustar Interchange Format"; GNU's long names besides.
 */

export interface TarEntry {
  name: string;
  data: Buffer;
}

const blockSize = 512;

/**
 * The regular files of an archive, in order.
 * @throws RangeError where the archive is cut off or damaged
 */
export function* readTar(archive: Buffer): Generator<TarEntry> {
  let at = 0;
  let longName: string | undefined;
  while (at + blockSize <= archive.length) {
    const header = archive.subarray(at, at + blockSize);
    if (header.every((byte) => byte === 0)) return;
    checkHeader(header, at);
    const size = readOctal(header, 124, 12);
    const data = archive.subarray(at + blockSize, at + blockSize + size);
    if (data.length < size) throw new RangeError(`the archive is cut off at byte ${archive.length}`);
    at += blockSize * (1 + Math.ceil(size / blockSize));

    const type = String.fromCharCode(header[156]!);
    if (type === 'L') longName = readText(data, 0, size);
    else if (type === 'x') longName = paxPath(data) ?? longName;
    else {
      if (type === '0' || type === '\0') yield { name: longName ?? headerName(header), data };
      longName = undefined;
    }
  }
  throw new RangeError('the archive has no end');
}

/** The header's sum of its own bytes, its checksum field counted as blanks. */
function checkHeader(header: Buffer, at: number): void {
  let sum = 0;
  for (let i = 0; i < blockSize; i++) sum += i >= 148 && i < 156 ? 32 : header[i]!;
  if (sum !== readOctal(header, 148, 8)) throw new RangeError(`the archive is damaged at byte ${at}`);
}

function headerName(header: Buffer): string {
  const prefix = readText(header, 257, 5) === 'ustar' ? readText(header, 345, 155) : '';
  const name = readText(header, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Records are `LENGTH KEY=VALUE\n`. */
function paxPath(data: Buffer): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(data.toString('utf8'))?.[1];
}

function readText(buffer: Buffer, start: number, length: number): string {
  const field = buffer.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? field.length : end);
}

function readOctal(buffer: Buffer, start: number, length: number): number {
  const text = readText(buffer, start, length).trim();
  if (!/^[0-7]+$/.test(text)) throw new RangeError('the archive holds a number that is not octal');
  return Number.parseInt(text, 8);
}
