/**
 * The transfer functions printed with Zerlaut, Chemla, Chavane and Destexhe (J Comput Neurosci 44:45-61, 2018,
 * doi:10.1007/s10827-017-0668-2; notebook of the published program, `modeling_mesoscopic_dynamics`). They were fitted with the
 * slip described in `transfer/theory.ts` and mean something with the formula `as-published` only.
 */
import { CELL_LIBRARY } from '../models/cells.ts';
import type { SynapticInput } from '../transfer/data.ts';
import { TransferFunction } from '../transfer/transfer-function.ts';

/** Coefficients in the order of `transfer/template.ts`, mV. */
const PRINTED: Readonly<Record<string, readonly number[]>> = {
  'RS-cell': [
    -54.7150805, 7.64453782, -4.62722888, 1.71283147, -0.10710902, 0.72054481, -2.00463685, 0.11756368,
    5.61325855, -0.99436164, -2.87604362,
  ],
  'FS-cell': [
    -53.9174436, 4.07642701, 1.69747036, 0.911869386, -0.0343496494, 0.500307136, 0.0652314112, 0.0242498031,
    -2.3432787, -0.115712989, 0.148402587,
  ],
};

/** The synapses of CONFIG1, to which they were fitted. */
const INPUT: SynapticInput = {
  exc: { K: 400, Q: 1, tau: 5, E_rev: 0 },
  inh: { K: 100, Q: 5, tau: 5, E_rev: -80 },
};

/** The printed transfer function of a cell, or undefined. */
export function printedTransferFunction(cell: string): TransferFunction | undefined {
  const coefficients_mV = PRINTED[cell];
  const found = CELL_LIBRARY.find(({ name }) => name === cell);
  if (!coefficients_mV || !found) return undefined;
  return new TransferFunction({
    cell: { ...found },
    input: INPUT,
    formula: 'as-published',
    coefficients_mV,
  });
}
