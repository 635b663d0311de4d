/** Matrices from MATLAB files, by the name of their variable. */
import { InputError } from '../../errors.ts';
import { readMat } from '../mat.ts';
import type { MatValue } from '../mat-v5.ts';
import type { NumericArray } from '../numeric-array.ts';

/**
 * The matrix `variable`; where it is not there but one other matrix is, or no variable is named, the only one. Throws
 * InputError
 */
export async function matMatrix(path: string, variable?: string): Promise<NumericArray> {
  return matrixIn(await readMat(path), path, variable);
}

/** The same of variables that were read already; `file` is what messages call them. */
export function matrixIn(values: Map<string, MatValue>, file: string, variable?: string): NumericArray {
  const fail = (message: string): never => {
    throw new InputError(message, { at: { file } });
  };
  const named = variable === undefined ? undefined : values.get(variable);
  if (named && named.kind !== 'numbers')
    return fail(
      `${variable} is ${named.kind === 'other' ? named.what : `a ${named.kind}`}, but a matrix is needed`,
    );
  const matrices = [...values].flatMap(([name, value]) =>
    value.kind === 'numbers' ? [{ name, value }] : [],
  );
  const found = named ?? (matrices.length === 1 ? matrices[0]!.value : undefined);
  if (found) return { shape: found.shape, data: found.data };
  const there = [...values.keys()].join(', ') || 'nothing';
  return fail(
    variable === undefined
      ? `it holds ${there}, but one matrix is needed; save it alone`
      : `there is no matrix ${variable}, only ${there}; name it ${variable}, or save it alone`,
  );
}
