/**
 * The building blocks of the network file's schema: zod types whose values are quantities with units, names from a
 * list, records, dictionaries. Zod carries the shapes and their TypeScript types; the sentences are ours. Each block
 * also leaves an outline of itself, from which overrides learn which fields exist and the documentation its tables.
 */
import { z } from 'zod';
import {
  boundaryUnit,
  type Dimension,
  describeValue,
  dimensionNoun,
  formatQuantity,
  readQuantity,
} from '../../units.ts';
import type { Range } from '../cells.ts';
import { suggestion } from './near-names.ts';

/** A number in the boundary unit, or text with a unit: `5`, `"5 nS"`. */
export type Quantity = number | string;
export type NumberList = readonly Quantity[] | Float64Array | Float32Array | Uint32Array | Int32Array;

/** What a field of the file is, for tables: unit, range and default as text. */
export interface LeafOutline {
  kind: 'leaf';
  type: string;
  unit: string;
  range: string;
  description: string;
}
export type Outline =
  | LeafOutline
  | { kind: 'record'; fields: Readonly<Record<string, z.ZodType>> }
  | { kind: 'dictionary'; of: z.ZodType; open: boolean }
  | { kind: 'list'; of: z.ZodType }
  | { kind: 'choice'; select: (value: unknown) => z.ZodType; shorthand: string | undefined };

const outlines = new WeakMap<z.ZodType, Outline>();

/** The outline of a type made here; optional and defaulted types have that of what they wrap. */
export function outlineOf(type: z.ZodType): Outline {
  const outline = outlines.get(unwrap(type));
  if (!outline) throw new TypeError('the type was not made by fields.ts');
  return outline;
}

/** The type inside `.optional()` and `.default()`. */
export function unwrap(type: z.ZodType): z.ZodType {
  if (type instanceof z.ZodOptional || type instanceof z.ZodDefault)
    return unwrap(type.unwrap() as z.ZodType);
  return type;
}

/** What a leaf's value becomes, or the rest of a sentence that says what is wrong with it. */
type Reading<Output> = { value: Output } | { problem: string; index?: number };

function leaf<Input, Output>(read: (value: unknown) => Reading<Output>, outline: Omit<LeafOutline, 'kind'>) {
  const type = z.custom<Input>().transform((value, context): Output => {
    const result = read(value);
    if ('value' in result) return result.value;
    const path = result.index === undefined ? [] : [result.index];
    context.issues.push({ code: 'custom', message: result.problem, input: value, path });
    return z.NEVER;
  });
  outlines.set(type, { kind: 'leaf', ...outline });
  return type;
}

/** Options of a number: its bounds, and what a message adds when they are overstepped. */
export interface Bounds extends Range {
  hint?: string;
}

/** A number with a unit, in the boundary unit of its dimension. */
export function quantity(dimension: Dimension, bounds: Bounds, description: string) {
  return leaf<Quantity, number>((value) => readBounded(value, dimension, bounds), {
    type: dimension === 'number' ? 'number' : 'quantity',
    unit: boundaryUnit(dimension),
    range: rangeText(dimension, bounds),
    description,
  });
}

/** A whole number without a unit. */
export function integer(bounds: Bounds, description: string) {
  const read = (value: unknown): Reading<number> => {
    const result = readQuantity(value, 'number');
    if ('problem' in result) {
      return { problem: `is ${describeValue(value)} but a whole number is needed; write it without a unit` };
    }
    if (Number.isInteger(result.value) && isWithin(result.value, bounds)) return result;
    return { problem: outOfRange(result.value, 'number', bounds, 'a whole number') };
  };
  return leaf<Quantity, number>(read, {
    type: 'whole number',
    unit: '',
    range: rangeText('number', bounds),
    description,
  });
}

/** A list of quantities, read into one array; the only list that may hold millions. */
export function numbers(dimension: Dimension, bounds: Bounds, description: string) {
  const read = (value: unknown): Reading<Float64Array> => {
    if (!Array.isArray(value) && !isNumberArray(value)) {
      return { problem: `is ${describeValue(value)} but a list of numbers is needed; write [1, 2, 3]` };
    }
    const values = new Float64Array(value.length);
    for (let index = 0; index < value.length; index++) {
      const result = readBounded(value[index], dimension, bounds);
      if ('problem' in result) return { ...result, index };
      values[index] = result.value;
    }
    return { value: values };
  };
  return leaf<NumberList, Float64Array>(read, {
    type: 'list',
    unit: boundaryUnit(dimension),
    range: rangeText(dimension, bounds),
    description,
  });
}

/** One name out of a list. */
export function word<const Word extends string>(words: readonly Word[], what: string, description: string) {
  const read = (value: unknown): Reading<Word> => {
    const known = words.find((candidate) => candidate === value);
    if (known !== undefined) return { value: known };
    const remedy = suggestion(typeof value === 'string' ? value : '', words);
    const given =
      value === undefined || value === null ? 'a name is needed' : `there is no ${what} of this name`;
    return { problem: `is ${describeValue(value)} but ${given}; ${remedy}` };
  };
  return leaf<Word, Word>(read, { type: 'name', unit: '', range: words.join(', '), description });
}

/**
 * Free text; a number is taken as it is written.
 *
 * @param needed what the text is, for messages: "the name of a population"
 */
export function text(description: string, needed = 'text') {
  const read = (value: unknown): Reading<string> =>
    typeof value === 'string' || typeof value === 'number'
      ? { value: String(value) }
      : { problem: `is ${describeValue(value)} but ${needed} is needed; write it as text` };
  return leaf<string, string>(read, { type: 'text', unit: '', range: '', description });
}

/** true or false. */
export function flag(description: string) {
  const read = (value: unknown): Reading<boolean> =>
    typeof value === 'boolean'
      ? { value }
      : { problem: `is ${describeValue(value)} but true or false is needed; write one of the two` };
  return leaf<boolean, boolean>(read, { type: 'true or false', unit: '', range: '', description });
}

/** A group of fields, no others allowed. */
export function record<Fields extends Readonly<Record<string, z.ZodType>>>(fields: Fields) {
  const remedy = `write its fields (${Object.keys(fields).slice(0, 4).join(', ')}) below it`;
  const type = z.strictObject(fields, { error: shapeProblem('a group of fields', remedy) });
  outlines.set(type, { kind: 'record', fields });
  return type;
}

/**
 * Entries under names of the user's choice.
 *
 * @param open whether an override may add an entry: one that is a single value, not one with fields of its own
 */
export function dictionary<Of extends z.ZodType>(of: Of, what: string, open = false) {
  const remedy = `write each ${what} as "name: {...}" below it`;
  const type = z.record(z.string().regex(NAME), of, {
    error: shapeProblem('a group of named entries', remedy),
  });
  outlines.set(type, { kind: 'dictionary', of, open });
  return type;
}

/** Entries in order. */
export function list<Of extends z.ZodType>(of: Of, what: string) {
  const type = z.array(of, { error: shapeProblem('a list', `begin each ${what} with "- "`) });
  outlines.set(type, { kind: 'list', of });
  return type;
}

/**
 * A value whose type depends on how it is written.
 *
 * @param shorthand field for which a bare name stands (with 'base', `RS-cell` means `{base: RS-cell}`), and the names
 *   that say enough by themselves
 */
export function choice<Of extends z.ZodType, const Bare extends string = never>(
  select: (value: unknown) => Of,
  { field: shorthand }: { field?: string; bare?: readonly Bare[] } = {},
) {
  const type = z.custom<z.input<Of> | Bare>().transform((value, context): z.output<Of> => {
    const chosen = select(value);
    const result = chosen.safeParse(expandShorthand(value, chosen, shorthand));
    if (result.success) return result.data;
    for (const issue of result.error.issues)
      context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
    return z.NEVER;
  });
  outlines.set(type, { kind: 'choice', select, shorthand });
  return type;
}

/** `{base: 'RS-cell'}` for `RS-cell`, where the type is a record that has a field of the shorthand's name. */
export function expandShorthand(value: unknown, type: z.ZodType, shorthand: string | undefined): unknown {
  if (shorthand === undefined || typeof value !== 'string') return value;
  return outlineOf(type).kind === 'record' ? { [shorthand]: value } : value;
}

/** Names of populations, projections and receptors: they become names of files, columns and override paths. */
export const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Whether a value is written as a group of fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function isNumberArray(value: unknown): value is Float64Array | Float32Array | Uint32Array | Int32Array {
  return [Float64Array, Float32Array, Uint32Array, Int32Array].some((type) => value instanceof type);
}

function shapeProblem(needed: string, remedy: string) {
  return (issue: z.core.$ZodRawIssue) =>
    issue.code === 'invalid_type'
      ? `is ${describeValue(issue.input)} but ${needed} is needed; ${remedy}`
      : undefined;
}

function readBounded(value: unknown, dimension: Dimension, bounds: Bounds): Reading<number> {
  const result = readQuantity(value, dimension);
  if ('problem' in result) return result;
  if (isWithin(result.value, bounds)) return result;
  return { problem: outOfRange(result.value, dimension, bounds, dimensionNoun(dimension)) };
}

function isWithin(value: number, { above = -Infinity, min = -Infinity, max = Infinity }: Bounds): boolean {
  return value > above && value >= min && value <= max;
}

function outOfRange(value: number, dimension: Dimension, bounds: Bounds, noun: string): string {
  const hint = bounds.hint ? ` (${bounds.hint})` : '';
  return `is ${formatQuantity(value, dimension)}; give ${noun} ${rangeText(dimension, bounds)}${hint}`;
}

/** "above 0 ms", "from -200 mV to 200 mV". */
function rangeText(dimension: Dimension, { above, min, max }: Range): string {
  const show = (value: number) => formatQuantity(value, dimension);
  if (above !== undefined)
    return `above ${show(above)}` + (max === undefined ? '' : ` and up to ${show(max)}`);
  if (min !== undefined && max !== undefined) return `from ${show(min)} to ${show(max)}`;
  if (min !== undefined) return `of at least ${show(min)}`;
  return max === undefined ? '' : `of at most ${show(max)}`;
}
