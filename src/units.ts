/**
 * The one unit table. Inside Spikefield every number is in the boundary unit of its dimension (ms, mV, pA, nS, pF,
 * Hz, mm); this module is the only place where another unit is turned into it, and where numbers are written back
 * with a unit. Unit prefixes are powers of ten, so a quantity is converted by moving its decimal point: "0.1 nS"
 * becomes exactly the double that the literal 0.1 is, whatever the unit it was written in.
 */
import { InputError } from './errors.ts';

export type Dimension =
  | 'time'
  | 'voltage'
  | 'current'
  | 'conductance'
  | 'capacitance'
  | 'rate'
  | 'length'
  | 'velocity'
  | 'diffusion'
  | 'number';

interface DimensionEntry {
  /** What messages call it, with its article. */
  noun: string;
  /** The unit of every number inside Spikefield; '' for plain numbers. */
  boundary: string;
  /** Unit symbol -> power of ten that turns a number in it into the boundary unit. In the order messages list them. */
  units: Readonly<Record<string, number>>;
}

const TABLE: Readonly<Record<Dimension, DimensionEntry>> = {
  time: { noun: 'a time', boundary: 'ms', units: { us: -3, ms: 0, s: 3 } },
  voltage: { noun: 'a voltage', boundary: 'mV', units: { uV: -3, mV: 0, V: 3 } },
  current: { noun: 'a current', boundary: 'pA', units: { pA: 0, nA: 3, A: 12 } },
  conductance: { noun: 'a conductance', boundary: 'nS', units: { pS: -3, nS: 0, uS: 3, S: 9 } },
  capacitance: { noun: 'a capacitance', boundary: 'pF', units: { pF: 0, nF: 3, F: 12 } },
  rate: { noun: 'a rate', boundary: 'Hz', units: { Hz: 0, kHz: 3, '1/s': 0 } },
  length: { noun: 'a length', boundary: 'mm', units: { um: -3, mm: 0, cm: 1, m: 3 } },
  velocity: {
    noun: 'a velocity',
    boundary: 'mm/ms',
    units: { 'um/ms': -3, 'mm/s': -3, 'mm/ms': 0, 'm/s': 0 },
  },
  diffusion: {
    noun: 'a noise amplitude',
    boundary: 'mV/sqrt(ms)',
    units: { 'uV/sqrt(ms)': -3, 'mV/sqrt(ms)': 0 },
  },
  number: { noun: 'a plain number', boundary: '', units: {} },
};

export const DIMENSIONS = Object.keys(TABLE) as readonly Dimension[];

/** The unit of every number of this dimension inside Spikefield; '' for plain numbers. */
export function boundaryUnit(dimension: Dimension): string {
  return TABLE[dimension].boundary;
}

/** The units that may be written for this dimension; none for plain numbers. */
export function unitsOf(dimension: Dimension): readonly string[] {
  return Object.keys(TABLE[dimension].units);
}

/** "a time", "a current": the dimension in a sentence. */
export function dimensionNoun(dimension: Dimension): string {
  return TABLE[dimension].noun;
}

const DECIMAL = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+))?$/;
const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(1\/s|\D.*)?$/;

/**
 * What a quantity means, or the rest of a sentence that says what is wrong with it ("is in mV but ..."), for callers
 * that know the name of the field.
 */
export function readQuantity(value: unknown, dimension: Dimension): { value: number } | { problem: string } {
  if (typeof value === 'number') return finite(value, String(value));
  if (typeof value !== 'string') return { problem: `is ${describeValue(value)} but ${needed(dimension)}` };
  const text = value.trim();
  if (text === '') return { problem: `is empty but ${needed(dimension)}` };
  if (/^[+-]?\.?(nan|inf|infinity)\b/i.test(text)) return finite(Number.NaN, text);
  const parts = QUANTITY.exec(text);
  if (!parts) return { problem: `is ${quoted(value)} but ${needed(dimension)}` };
  const [, decimal = '', written = ''] = parts;
  const unit = written.replace(/^[µμ]/, 'u');
  if (unit === '') return finite(Number(decimal), text);
  const power = lookUp(TABLE[dimension].units, unit);
  if (power === undefined) return { problem: wrongUnit(unit, text, dimension) };
  return finite(Number(shiftPoint(decimal, power)), text);
}

/**
 * The number that a quantity means, in the boundary unit of its dimension.
 *
 *     parseQuantity('5 nS', 'conductance')  // 5
 *     parseQuantity('0.5 s', 'time')        // 500
 *     parseQuantity(20, 'current')          // 20: a bare number is in the boundary unit
 *
 * @param subject what the message calls the value, as `populations.exc.cell.b`; "The value" where not given
 * @throws InputError when it is no finite number, or in a unit of another dimension
 */
export function parseQuantity(value: unknown, dimension: Dimension, subject?: string): number {
  const result = readQuantity(value, dimension);
  if ('value' in result) return result.value;
  throw new InputError(`${subject ?? 'The value'} ${result.problem}.`, subject ? { field: subject } : {});
}

/**
 * A number of the boundary unit written with a unit, so that `parseQuantity` gives back exactly the same number.
 *
 * @param value finite, in the boundary unit of the dimension
 * @param unit one of `unitsOf(dimension)`; the boundary unit where not given
 * @throws InputError when the unit is not one of the dimension's, or the value is not finite
 */
export function formatQuantity(value: number, dimension: Dimension, unit = boundaryUnit(dimension)): string {
  if (!Number.isFinite(value)) throw new InputError(`${value} is not a finite number and has no unit.`);
  if (unit === '') return String(value);
  const power = lookUp(TABLE[dimension].units, unit);
  if (power === undefined) throw new InputError(`The value ${wrongUnit(unit, unit, dimension)}.`);
  const text = String(Number(shiftPoint(String(value), -power)));
  // Near the ends of the double range the number in the other unit is no double: its digits are written out then.
  const exact = Number(shiftPoint(text, power)) === value ? text : shiftPoint(String(value), -power);
  return `${exact} ${unit}`;
}

/** decimal x 10^power as text: the exponent is added, not multiplied in, so that no digit is lost. */
function shiftPoint(decimal: string, power: number): string {
  const [, mantissa = '', exponent = '0'] = DECIMAL.exec(decimal) ?? [];
  return `${mantissa}e${Number(exponent) + power}`;
}

function finite(value: number, text: string): { value: number } | { problem: string } {
  if (Number.isFinite(value)) return { value };
  return { problem: `is ${text}, which is not a finite number; give a finite one` };
}

function wrongUnit(unit: string, text: string, dimension: Dimension): string {
  const other = DIMENSIONS.some((d) => lookUp(TABLE[d].units, unit) !== undefined);
  if (other) {
    const remedy =
      unitsOf(dimension).length > 0 ? `write it in ${orList(unitsOf(dimension))}` : 'leave out the unit';
    return `is in ${unit} but ${dimensionNoun(dimension)} is needed; ${remedy}`;
  }
  return `is ${quoted(text)}, with the unknown unit ${quoted(unit)}, but ${needed(dimension)}`;
}

function needed(dimension: Dimension): string {
  const units = unitsOf(dimension);
  if (units.length === 0) return `${dimensionNoun(dimension)} is needed; write it without a unit`;
  return `${dimensionNoun(dimension)} is needed; write a number in ${orList(units)}`;
}

function lookUp(units: Readonly<Record<string, number>>, unit: string): number | undefined {
  return Object.hasOwn(units, unit) ? units[unit] : undefined;
}

/** A value of any kind as a message shows it. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'empty';
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return 'a list';
  if (typeof value === 'object') return 'a group of fields';
  return typeof value === 'string' ? quoted(value) : String(value);
}

/** A text in quotes, on one line and no longer than a message can bear. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

/** "pA, nA or A" */
export function orList(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
