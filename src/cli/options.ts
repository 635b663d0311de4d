/** Reads option values; every complaint names the option and says what it takes. */
import { InputError } from '../errors.ts';
import { type Dimension, parseQuantity } from '../units.ts';

/** What the command line parser gives: a text, a number, a flag, or a list where an option came several times. */
export type OptionValue = string | number | boolean | undefined | (string | number | boolean)[];

function single(value: OptionValue, option: string): string | number | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) throw new InputError(`${option} is given ${value.length} times: give it once`);
  if (typeof value === 'boolean') throw new InputError(`${option} needs a value`);
  return value;
}

/** A quantity in its boundary unit, as `--dt 0.1` or `--dt 100us`. */
export function quantityOption(value: OptionValue, option: string, dimension: Dimension): number | undefined {
  const given = single(value, option);
  return given === undefined ? undefined : parseQuantity(given, dimension, option);
}

/** A whole number from `least` to `most`. */
export function integerOption(
  value: OptionValue,
  option: string,
  { least = 0, most = Number.MAX_SAFE_INTEGER } = {},
): number | undefined {
  const given = single(value, option);
  if (given === undefined) return undefined;
  const number = typeof given === 'number' ? given : Number(given.trim() === '' ? Number.NaN : given);
  if (!Number.isInteger(number) || number < least || number > most) {
    throw new InputError(`${option} is ${given}, but must be a whole number from ${least} to ${most}`);
  }
  return number;
}

export function textOption(value: OptionValue, option: string): string | undefined {
  const given = single(value, option);
  return given === undefined ? undefined : String(given);
}

/** All values of an option that may come several times. */
export function listOption(value: OptionValue, option: string): string[] {
  if (value === undefined) return [];
  const values = Array.isArray(value) ? value : [value];
  if (values.some((each) => typeof each === 'boolean')) throw new InputError(`${option} needs a value`);
  return values.map(String);
}
