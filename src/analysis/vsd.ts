/**
 * Recordings of voltage-sensitive dye along a line of cortex, prepared as Zerlaut et al. 2018 prepare theirs before they compare them
 * with a ring: pixels without a value are blanked, noise is smoothed by a box, a stretch of time is cut out, and the largest response
 * becomes the origin of time and space. Times in ms, positions in mm.
 */
import { InputError } from '../errors.ts';
import { smoothed } from './smooth.ts';

export interface Recording {
  /** `[position, time]`, in any unit. */
  data: Float64Array;
  /** ms, ascending. */
  times: Float64Array;
  /** mm, ascending. */
  positions: Float64Array;
}

export interface CentringOptions {
  /** Samples on each side of the box, in space and time (default: 2; 1 smooths nothing). */
  box?: number;
  /** Time that is kept, ms, both ends excluded (default: -100 to 300). */
  from?: number;
  to?: number;
}

/** A recording whose response is largest at 0 ms and 0 mm. */
export interface CentredRecording extends Recording {
  /** Where that was in the recording's own time and space. */
  peakTime: number;
  centre: number;
  /** Values that were no number, and positions that had none at all. */
  blanked: number;
  emptyRows: number[];
}

export const CENTRING = { box: 2, from: -100, to: 300 } as const;
/** Standard deviations of the Gaussians by which the response is smoothed before its maximum is looked for, samples. */
const TIME_SIGMA = 1;
const SPACE_SIGMA = 4;
/** Time around the maximum over which the response is averaged to find its centre, ms. */
const AROUND = 100;

/** @throws InputError for a recording that cannot be compared with anything */
export function centreRecording(recording: Recording, options: CentringOptions = {}): CentredRecording {
  const { box, from, to } = { ...CENTRING, ...options };
  checkRecording(recording);
  if (!Number.isInteger(box) || box < 1 || box > Math.min(recording.times.length, recording.positions.length))
    throw new InputError(
      `the smoothing box is ${box} samples wide, but must be a whole number from 1 to what the recording has`,
      { field: 'box' },
    );
  if (!(to > from))
    throw new InputError(`the window runs from ${from} to ${to} ms; let it end above its beginning`, {
      field: 'window',
    });
  const rows = recording.positions.length;
  const columns = recording.times.length;
  const { data, blanked, emptyRows } = blank(recording.data, rows, columns);
  const smooth = boxSmoothed(data, rows, columns, box);
  const kept = Array.from(recording.times.keys()).filter(
    (k) => recording.times[k]! > from && recording.times[k]! < to,
  );
  if (kept.length < 2)
    throw new InputError(
      `the recording has ${kept.length} samples between ${from} and ${to} ms; it runs from ${recording.times[0]} to ${recording.times[columns - 1]} ms: give a window within that`,
      { field: 'window' },
    );
  const times = Float64Array.from(kept, (k) => recording.times[k]!);
  const cropped = new Float64Array(rows * kept.length);
  for (let row = 0; row < rows; row++)
    kept.forEach((k, column) => {
      cropped[row * kept.length + column] = smooth[row * columns + k]!;
    });
  if (!(cropped.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY) > 0))
    throw new InputError(
      `nothing in the recording rises above 0 between ${from} and ${to} ms, so there is no response to compare; check the sign of the data and the window`,
    );
  const peakTime = times[peakSample(columnMeans(cropped, rows), TIME_SIGMA, 1)]!;
  const near = Array.from(times.keys()).filter((k) => Math.abs(times[k]! - peakTime) < AROUND);
  const profile = Float64Array.from({ length: rows }, (_, row) => {
    const sum = near.reduce((total, k) => total + cropped[row * times.length + k]!, 0);
    return sum / near.length;
  });
  const centre = recording.positions[peakSample(profile, SPACE_SIGMA, Math.min(4, rows - 1))]!;
  return {
    data: cropped,
    times: times.map((time) => time - peakTime),
    positions: recording.positions.map((position) => position - centre),
    peakTime,
    centre,
    blanked,
    emptyRows,
  };
}

/** Where the smoothed series is largest, its last `without` samples left out; the first of equals. */
export function peakSample(values: ArrayLike<number>, sigma: number, without: number): number {
  const smooth = smoothed(values, sigma);
  let best = 0;
  for (let k = 1; k < smooth.length - without; k++) if (smooth[k]! > smooth[best]!) best = k;
  return best;
}

/** Mean over rows of `[row, column]`. */
export function columnMeans(data: ArrayLike<number>, rows: number): Float64Array {
  const columns = data.length / rows;
  const means = new Float64Array(columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) means[column]! += data[row * columns + column]!;
  return means.map((sum) => sum / rows);
}

/** Mean over a box that ends at each sample (odd boxes: around it), with 0 beyond the edges. */
export function boxSmoothed(
  data: ArrayLike<number>,
  rows: number,
  columns: number,
  box: number,
): Float64Array {
  const after = Math.floor((box - 1) / 2);
  const result = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let r = Math.max(0, row + after - box + 1); r <= Math.min(rows - 1, row + after); r++)
        for (let c = Math.max(0, column + after - box + 1); c <= Math.min(columns - 1, column + after); c++)
          sum += data[r * columns + c]!;
      result[row * columns + column] = sum / box ** 2;
    }
  return result;
}

/** @throws InputError for axes or sizes that no recording has */
export function checkRecording({ data, times, positions }: Recording): void {
  const [rows, columns] = [positions.length, times.length];
  const refuse = (field: string, message: string): never => {
    throw new InputError(message, { field });
  };
  if (rows < 2 || columns < 2)
    refuse(
      'data',
      `the recording has ${rows} positions and ${columns} times, but space and time need at least 2 samples each`,
    );
  if (data.length !== rows * columns)
    refuse(
      'data',
      `the recording has ${data.length} values, but ${rows} positions times ${columns} times are ${rows * columns}; give data of shape [position, time]`,
    );
  for (const [field, axis] of [
    ['time', times],
    ['space', positions],
  ] as const) {
    const wrong = Array.from(axis).findIndex(
      (value, k) => !Number.isFinite(value) || (k > 0 && !(value > axis[k - 1]!)),
    );
    if (wrong >= 0)
      refuse(
        field,
        `the ${field} axis is ${axis[wrong]} at sample ${wrong}${wrong > 0 ? `, after ${axis[wrong - 1]}` : ''}, but must be numbers that rise; sort the recording`,
      );
  }
}

function blank(
  values: Float64Array,
  rows: number,
  columns: number,
): Pick<CentredRecording, 'data' | 'blanked' | 'emptyRows'> {
  const data = values.map((value) => (Number.isFinite(value) ? value : 0));
  let blanked = 0;
  const emptyRows: number[] = [];
  for (let row = 0; row < rows; row++) {
    const missing = values
      .subarray(row * columns, (row + 1) * columns)
      .reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
    blanked += missing;
    if (missing === columns) emptyRows.push(row);
  }
  if (emptyRows.length === rows)
    throw new InputError('the recording holds no numbers at all, only NaN; check how it was saved', {
      field: 'data',
    });
  return { data, blanked, emptyRows };
}
