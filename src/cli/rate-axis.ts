/** Reads an axis of rates: `0:20:11` is 11 rates from 0 to 20 Hz, evenly spaced; `0,1,2.5,5` is these. */
import { InputError } from '../errors.ts';
import { evenly } from '../transfer/grid.ts';
import { parseQuantity } from '../units.ts';
import { type OptionValue, textOption } from './options.ts';

/** The most rates that an axis may have. */
const most = 10_000;

/** @returns Hz, as they were given; what rates may be is checked where the grid is made */
export function rateAxis(value: OptionValue, option: string): number[] | undefined {
  const text = textOption(value, option)?.trim();
  if (text === undefined) return undefined;
  const rate = (part: string) => parseQuantity(part.trim(), 'rate', option);
  if (!text.includes(':')) return text === '' ? [] : text.split(',').map(rate);
  const parts = text.split(':');
  const count = Number(parts[2]?.trim() || Number.NaN);
  if (parts.length !== 3 || !Number.isInteger(count) || count < 0 || count > most) {
    throw new InputError(
      `${option} is "${text}", but must be first:last:count, as 0:20:11 for 11 rates from 0 to 20 Hz, or a list, as 0,2,5`,
    );
  }
  const [first, last] = [rate(parts[0]!), rate(parts[1]!)];
  // One value or none is refused where the grid is made, as is a list of as many.
  return count < 2 ? [first].slice(0, count) : evenly(first, last, count);
}
