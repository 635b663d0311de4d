/** Parts of a connectome from a folder of files or an archive of them: tables as text, .npy and MATLAB matrices. */
import { readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { InputError } from '../../errors.ts';
import { readHdf5 } from '../hdf5.ts';
import { decodeMatV5 } from '../mat-v5.ts';
import { decodeNpy } from '../npy-bytes.ts';
import { readNpz } from '../npz-reader.ts';
import { readBytes } from '../read-bytes.ts';
import { parseNames, parseTable } from '../table.ts';
import { zipMembers } from '../zip-members.ts';
import { matMatrix, matrixIn } from './mat-matrix.ts';
import { addPart, type Part, type PartName, type Parts, partNamed } from './parts.ts';

const TEXT_ENDINGS = ['.csv', '.tsv', '.txt', '.dat'];
export const MATRIX_ENDINGS = [...TEXT_ENDINGS, '.npy', '.mat'];

/** Files directly in a folder. Throws InputError. */
export async function partsOfFolder(folder: string): Promise<Parts> {
  const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [entry.name] : [],
  );
  const parts: Parts = {};
  for (const name of names.sort()) {
    const part = partOfFile(name);
    const path = join(folder, name);
    if (part) addPart(parts, part, await partFrom(part, path));
  }
  return parts;
}

/** Files of a zipped connectivity as TVB's, in whatever folder they stand inside it. Throws InputError. */
export function partsOfZip(path: string): Parts {
  const parts: Parts = {};
  for (const [member, bytes] of zipMembers(path)) {
    const from = `${path}, ${member}`;
    if (member.endsWith('.bz2') && partOfFile(member.slice(0, -'.bz2'.length)))
      throw new InputError(
        `${member} is compressed with bzip2 inside the archive; unpack it and zip it again`,
        {
          at: { file: path },
        },
      );
    const part = partOfFile(basename(member));
    if (part) addPart(parts, part, decode(part, bytes, from));
  }
  return parts;
}

/** Throws InputError. */
export function partsOfNpz(path: string): Parts {
  const parts: Parts = {};
  const { arrays, texts } = readNpz(path);
  for (const [name, array] of arrays) take(parts, name, { from: `${path}, ${name}`, ...array });
  for (const [name, list] of texts) take(parts, name, { from: `${path}, ${name}`, texts: list });
  return parts;
}

/** Datasets by the last part of their path, so that groups do not matter. Throws InputError. */
export async function partsOfHdf5(path: string): Promise<Parts> {
  const parts: Parts = {};
  const { arrays, texts } = await readHdf5(path);
  for (const [name, array] of arrays) take(parts, basename(name), { from: `${path}, ${name}`, ...array });
  for (const [name, list] of texts) take(parts, basename(name), { from: `${path}, ${name}`, texts: list });
  return parts;
}

/** One file of weights alone. Throws InputError. */
export async function partsOfMatrix(path: string): Promise<Parts> {
  return { weights: await partFrom('weights', path) };
}

function take(parts: Parts, name: string, part: Part): void {
  const known = partNamed(name);
  if (known) addPart(parts, known, part);
}

function partOfFile(name: string): PartName | undefined {
  const ending = extname(name);
  return MATRIX_ENDINGS.includes(ending.toLowerCase()) ? partNamed(name.slice(0, -ending.length)) : undefined;
}

async function partFrom(part: PartName, path: string): Promise<Part> {
  if (extname(path).toLowerCase() === '.mat') return { from: path, ...(await matMatrix(path)) };
  return decode(part, readBytes(path), path);
}

function decode(part: PartName, bytes: Uint8Array, from: string): Part {
  const ending = extname(from).toLowerCase();
  if (ending === '.npy') return { from, ...decodeNpy(bytes, from) };
  if (ending === '.mat') return { from, ...matrixIn(decodeMatV5(bytes, from), from) };
  const text = new TextDecoder().decode(bytes);
  if (part === 'regions' || part === 'subjects') return { from, texts: parseNames(text) };
  return { from, ...parseTable(text, from) };
}
