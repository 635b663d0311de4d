/**
 * Recordings of voltage-sensitive dye from a file: MATLAB with the struct `matNL` of Zerlaut et al. 2018 (fields stim1, time, space), .npz
 * with the arrays data, time and space, .npy with its axes in files of their own, or .csv with times in the first line and positions in the
 * first column. Data is `[position, time]`; axes come out in ms and mm whatever they were in.
 */
import { readFileSync } from 'node:fs';
import { InputError } from '../errors.ts';
import { readMat } from './mat.ts';
import type { MatValue } from './mat-v5.ts';
import { readNpy } from './npy.ts';
import { readNpz } from './npz-reader.ts';
import { asDoubles, type NumericArray } from './numeric-array.ts';
import { readBytes } from './read-bytes.ts';
import { parseTable } from './table.ts';

export interface RecordingFile {
  /** `[position, time]`, NaN where there is no value. */
  data: Float64Array;
  /** ms */
  times: Float64Array;
  /** mm */
  positions: Float64Array;
  /** What was understood of the file that is not written in it, one sentence each. */
  notes: string[];
}

export interface RecordingOptions {
  /** Which stimulus of the struct (default: stim1). */
  stimulus?: string;
  /** Files of the axes, for .npy. */
  time?: string;
  space?: string;
  /** Units of the axes (default: whichever of the two is plausible). */
  timeUnit?: 'ms' | 's';
  spaceUnit?: 'mm' | 'm';
}

interface Parts {
  data: NumericArray;
  time: NumericArray;
  space: NumericArray;
}

/** Recordings last from 10 ms to 100 s, and cover 0.5 mm to 20 cm of cortex: what is shorter is in seconds, or metres. */
const PLAUSIBLE = { time: [10, 1e5], space: [0.5, 200] } as const;

/** Throws InputError for a file that is missing, damaged, incomplete, or not of `[position, time]`. */
export async function readRecording(path: string, options: RecordingOptions = {}): Promise<RecordingFile> {
  const fail = (message: string): never => {
    throw new InputError(message, { at: { file: path } });
  };
  if (!path.endsWith('.npy') && (options.time !== undefined || options.space !== undefined))
    return fail(
      '--time and --space are files for the axes of an .npy; this file has its own: leave them out',
    );
  const { data, time, space } = await partsOf(path, options, fail);
  const [rows, columns] = [space.data.length, time.data.length];
  const { shape } = data;
  if (rows < 2 || columns < 2)
    return fail(
      `it has ${rows} position${rows === 1 ? '' : 's'} and ${columns} time${columns === 1 ? '' : 's'}, but a recording needs at least 2 of each`,
    );
  if (shape.length !== 2 || shape[0] !== rows || shape[1] !== columns) {
    if (shape.length === 2 && shape[0] === columns && shape[1] === rows)
      return fail(
        `its data is [${shape.join(', ')}], which is [time, position] since there are ${columns} times and ${rows} positions; transpose it`,
      );
    return fail(
      `its data is [${shape.join(', ')}], but ${rows} positions and ${columns} times want [${rows}, ${columns}]; check the axes`,
    );
  }
  const notes: string[] = [];
  const times = inUnit('time', time.data, { small: 's', large: 'ms' }, options.timeUnit, fail, notes);
  const positions = inUnit('space', space.data, { small: 'm', large: 'mm' }, options.spaceUnit, fail, notes);
  return { data: data.data, times, positions, notes };
}

type Fail = (message: string) => never;

async function partsOf(path: string, options: RecordingOptions, fail: Fail): Promise<Parts> {
  if (path.endsWith('.mat')) return fromMat(await readMat(path), options.stimulus ?? 'stim1', fail);
  if (options.stimulus !== undefined) return fail('--field names a field of a MATLAB struct; leave it out');
  if (path.endsWith('.npz')) {
    const { arrays } = readNpz(path);
    const missing = ['data', 'time', 'space'].filter((name) => !arrays.has(name));
    if (missing.length > 0)
      return fail(
        `it has no array ${missing.join(' and no ')}, but ${[...arrays.keys()].join(', ') || 'nothing'}; save it with numpy.savez(path, data=..., time=..., space=...)`,
      );
    return { data: arrays.get('data')!, time: arrays.get('time')!, space: arrays.get('space')! };
  }
  if (path.endsWith('.npy')) {
    if (options.time === undefined || options.space === undefined)
      return fail('an .npy has no axes; give them with --time <file> and --space <file>');
    return { data: fromNpy(path), time: fromNpy(options.time), space: fromNpy(options.space) };
  }
  if (path.endsWith('.csv')) {
    readBytes(path);
    const { data, shape, rows, columns } = parseTable(readFileSync(path, 'utf8'), path);
    if (!rows || !columns)
      return fail(
        'its first line must hold the times and its first column the positions, with an empty corner',
      );
    return { data: { data, shape }, time: axis(columns, 'time', fail), space: axis(rows, 'position', fail) };
  }
  return fail('its name says no format that is read; give .mat, .npz, .npy or .csv');
}

function fromNpy(path: string): NumericArray {
  const { shape, data } = readNpy(path);
  return { shape, data: asDoubles(data) };
}

function axis(texts: readonly string[], what: string, fail: Fail): NumericArray {
  const data = Float64Array.from(texts, Number);
  const wrong = data.findIndex(Number.isNaN);
  if (wrong >= 0)
    return fail(`${what} ${wrong + 1} is "${texts[wrong]}", which is no number; write it in plain numbers`);
  return { shape: [data.length], data };
}

/** The struct may be an array of structs or a cell of one, depending on what saved it. */
function fromMat(values: Map<string, MatValue>, stimulus: string, fail: Fail): Parts {
  let value = values.get('matNL');
  if (!value)
    return fail(
      `it has no struct matNL, but ${[...values.keys()].join(', ') || 'nothing'}; save the recording as matNL with the fields stim1, time and space`,
    );
  while (value.kind === 'cell' && value.elements.length > 0) value = value.elements[0]!;
  if (value.kind !== 'struct' || value.elements.length === 0)
    return fail('its matNL is no struct; save it with the fields stim1, time and space');
  const fields = value.elements[0]!;
  const numbers = (name: string): NumericArray => {
    let field = fields.get(name);
    while (field?.kind === 'cell' && field.elements.length === 1) field = field.elements[0]!;
    if (field?.kind === 'numbers') return { shape: field.shape, data: field.data };
    return fail(
      field
        ? `the field ${name} of matNL is not a matrix of real numbers; save it as one`
        : `matNL has no field ${name}, but ${[...fields.keys()].join(', ')}; it needs stim1 (or --field), time and space`,
    );
  };
  return { data: numbers(stimulus), time: numbers('time'), space: numbers('space') };
}

/** Axes in ms and mm. */
function inUnit(
  field: 'time' | 'space',
  values: Float64Array,
  { small, large }: { small: string; large: string },
  given: string | undefined,
  fail: Fail,
  notes: string[],
): Float64Array {
  const wrong = values.findIndex(
    (value, k) => !Number.isFinite(value) || (k > 0 && !(value > values[k - 1]!)),
  );
  if (wrong >= 0)
    return fail(
      `its ${field} axis is ${values[wrong]} at sample ${wrong}${wrong > 0 ? `, after ${values[wrong - 1]}` : ''}, but must be numbers that rise; sort the recording`,
    );
  if (given !== undefined) return given === small ? values.map((value) => 1000 * value) : values;
  const span = values[values.length - 1]! - values[0]!;
  const [least, most] = PLAUSIBLE[field];
  if (span >= least && span <= most) return values;
  if (1000 * span >= least && 1000 * span <= most) {
    notes.push(`the ${field} axis spans ${span}, so it is taken to be in ${small}`);
    return values.map((value) => 1000 * value);
  }
  return fail(
    `its ${field} axis spans ${span}, which can be neither ${small} nor ${large} of a recording; say which with --${field}-unit ${small} or ${large}`,
  );
}
