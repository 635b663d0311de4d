/** From a measured and fitted transfer function to what its figures take. */
import type { TransferPanel, TransferRow } from '../figures/transfer-function.ts';
import type { TransferData } from '../transfer/data.ts';
import type { TransferFunction } from '../transfer/transfer-function.ts';

/** Points along a fitted curve. */
const CURVE_POINTS = 200;

/** The panel of one cell: a row for each nu_i, with the fitted curve over the nu_e that were measured. */
export function transferPanel(data: TransferData, fit?: TransferFunction): TransferPanel {
  const [rows, columns] = data.shape;
  return {
    title: data.cell.name,
    ...(fit?.report ? { note: fitNote(fit) } : {}),
    rows: Array.from({ length: rows }, (_, row): TransferRow => {
      const part = (values: Float64Array) => values.subarray(row * columns, (row + 1) * columns);
      const nu_i = data.nu_i[row * columns]!;
      const nu_e = part(data.nu_e);
      const points = { nu_i, nu_e, rate: part(data.rate), rate_sd: part(data.rate_sd) };
      return fit ? { ...points, curve: curveOf(fit, nu_e, nu_i) } : points;
    }),
  };
}

/** What a figure says of a fit. */
export function fitNote({ formula, report, coefficients_mV }: TransferFunction): string {
  const form = coefficients_mV.length === 5 ? 'linear fit' : 'fit';
  const theory = formula === 'corrected' ? '' : ', theory as published';
  return `${form}${theory}, rms error ${report!.rms_hz.toFixed(2)} Hz`;
}

function curveOf(fit: TransferFunction, nu_e: Float64Array, nu_i: number): TransferRow['curve'] {
  const low = nu_e.reduce((least, value) => Math.min(least, value));
  const high = nu_e.reduce((most, value) => Math.max(most, value));
  const along = Float64Array.from(
    { length: CURVE_POINTS },
    (_, index) => low + ((high - low) * index) / (CURVE_POINTS - 1),
  );
  return { nu_e: along, rate: along.map((value) => fit.rate(value, nu_i)) };
}
