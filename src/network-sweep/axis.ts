/** `projections.ei.weight=4nS:8nS:9`: a field of a network and the values that a sweep gives it. */
import { InputError } from '../errors.ts';
import { type SweepAxis, spaced } from '../sweep/space.ts';

/** The values are numbers of `unit`, as it was written; '' where none was, which means the field's own unit. */
export interface NetworkAxis extends SweepAxis {
  /** As an override names it; `*` stands for every key of its level. */
  path: string;
  unit: string;
}

const MOST_VALUES = 10_000;
const QUANTITY = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(.*?)\s*$/i;

/** Throws InputError. */
export function parseNetworkAxis(text: string): NetworkAxis {
  const equals = text.indexOf('=');
  const path = text.slice(0, Math.max(equals, 0)).trim();
  const parts = text.slice(equals + 1).split(':');
  if (path === '' || parts.length !== 3)
    throw new InputError(
      `--vary is "${text}", but is written path=from:to:n, as projections.ei.weight=4nS:8nS:9`,
      { field: 'vary' },
    );
  const [from, to] = [quantity(parts[0]!, path), quantity(parts[1]!, path)];
  if (from.unit !== to.unit)
    throw new InputError(
      `--vary ${path} runs from ${parts[0]!.trim()} to ${parts[1]!.trim()}; write both in the same unit`,
      { field: path },
    );
  if (!(to.value > from.value))
    throw new InputError(
      `--vary ${path} runs from ${parts[0]!.trim()} to ${parts[1]!.trim()}; let it end above its beginning`,
      { field: path },
    );
  const count = /^\s*\d+\s*$/.test(parts[2]!) ? Number(parts[2]) : Number.NaN;
  if (!(count >= 2 && count <= MOST_VALUES))
    throw new InputError(
      `the count of --vary ${path} is ${parts[2]!.trim()}, but must be a whole number from 2 to ${MOST_VALUES}`,
      { field: path },
    );
  const { unit } = from;
  return {
    name: unit === '' ? path : `${path}_${unit}`,
    values: spaced(from.value, to.value, count),
    path,
    unit,
  };
}

/** What gives the field one of its values: `projections.ei.weight=4.5nS`. */
export function axisOverride({ path, unit }: NetworkAxis, value: number): string {
  return `${path}=${value}${unit}`;
}

function quantity(text: string, path: string): { value: number; unit: string } {
  const [, number = '', unit = ''] = QUANTITY.exec(text) ?? [];
  const value = number === '' ? Number.NaN : Number(number);
  if (!Number.isFinite(value))
    throw new InputError(`--vary ${path} has "${text.trim()}" for an end, but needs a number, as 4nS`, {
      field: path,
    });
  return { value, unit };
}
