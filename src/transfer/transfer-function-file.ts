/**
 * Transfer functions as JSON. A file says which version wrote it, which cell and synapses it is of, and which formula its
 * coefficients belong to; whatever is missing, damaged or of another version is refused in a sentence.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { type OpenOutput, openOutput, writeWhole } from '../io/output-file.ts';
import { CELL_PARAMETERS, type Cell } from '../models/cells.ts';
import { boundaryUnit } from '../units.ts';
import { cellSchema, finite, inputSchema, notNegative, positive } from './cell-schema.ts';
import type { SynapseGroup, SynapticInput } from './data.ts';
import { WEIGHTINGS } from './fit-points.ts';
import { LINEAR_TERMS, QUADRATIC_TERMS } from './template.ts';
import { FORMULAS } from './theory.ts';
import { TransferFunction } from './transfer-function.ts';

export const TRANSFER_FUNCTION_FORMAT = 'spikefield-transfer-function';
export const TRANSFER_FUNCTION_VERSION = 1;

/** Two numbers: from and to, or (nu_e, nu_i). */
const pair = z.tuple([finite, finite]);

const report = z.strictObject({
  weighting: z.enum(WEIGHTINGS),
  points: z.int().positive(),
  points_left_out: z.int().nonnegative(),
  points_too_fast: z.int().nonnegative(),
  firing_points: z.int().positive(),
  mse_hz2: notNegative,
  rms_hz: notNegative,
  largest_residual_hz: notNegative,
  rms_below_5hz: notNegative.nullable(),
  condition_number: positive,
  steps: z.int().nonnegative(),
  converged: z.boolean(),
  covariance_mV2: z.array(z.array(finite)),
  region_hz: z.array(pair).min(1),
  range: z.strictObject({ mu_V: pair, sigma_V: pair, tau_V: pair }),
  settings: z.strictObject({
    dt: positive,
    duration: positive,
    discard: notNegative,
    repeats: z.int().positive(),
    seed: z.int(),
  }),
});
const counts = [LINEAR_TERMS, QUADRATIC_TERMS];
const document = z
  .strictObject({
    format: z.literal(TRANSFER_FUNCTION_FORMAT),
    version: z.literal(TRANSFER_FUNCTION_VERSION),
    /** The Spikefield that wrote it. */
    spikefield: z.string().optional(),
    cell: cellSchema,
    input: inputSchema,
    formula: z.enum(FORMULAS),
    coefficients_mV: z.array(finite).refine((list) => counts.includes(list.length), {
      message: `must hold ${counts.join(' or ')} numbers`,
    }),
    fit: report.optional(),
  })
  .refine(({ coefficients_mV, fit }) => !fit || isSquare(fit.covariance_mV2, coefficients_mV.length), {
    path: ['fit', 'covariance_mV2'],
    message: 'must have a row and a column for each coefficient',
  });

function isSquare(matrix: readonly number[][], size: number): boolean {
  return matrix.length === size && matrix.every((row) => row.length === size);
}

/**
 * A transfer function as plain data; the measured points are left out.
 * @param spikefield version of the program that writes it
 */
export function transferFunctionToJSON(
  transfer: TransferFunction,
  spikefield?: string,
): z.infer<typeof document> {
  return {
    format: TRANSFER_FUNCTION_FORMAT,
    version: TRANSFER_FUNCTION_VERSION,
    ...(spikefield === undefined ? {} : { spikefield }),
    cell: transfer.cell,
    input: transfer.input,
    formula: transfer.formula,
    coefficients_mV: [...transfer.coefficients_mV],
    ...(transfer.report ? { fit: transfer.report } : {}),
  };
}

/**
 * The transfer function of a JSON text.
 * @param file what messages call it
 * @throws InputError where it is not one, damaged, or of another version
 */
export function parseTransferFunction(text: string, file: string): TransferFunction {
  const fail = (message: string): never => {
    throw new InputError(message, { at: { file } });
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail('the file is not valid JSON, so it is no transfer function; fit the measurement again');
  }
  const given = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (given.format !== TRANSFER_FUNCTION_FORMAT)
    return fail(
      `this is not a transfer function (its format is not "${TRANSFER_FUNCTION_FORMAT}"); give the file that spikefield transfer fit wrote`,
    );
  if (given.version !== TRANSFER_FUNCTION_VERSION)
    return fail(
      `the transfer function is of version ${JSON.stringify(given.version)} and this Spikefield knows ${TRANSFER_FUNCTION_VERSION}; ` +
        'fit the measurement again, or use the Spikefield that wrote it',
    );
  const checked = document.safeParse(value);
  if (!checked.success) {
    const { path, message } = checked.error.issues[0]!;
    return fail(`${path.join('.') || 'the document'}: ${lowerFirst(message)}; fit the measurement again`);
  }
  const { fit, ...template } = checked.data;
  return new TransferFunction(template, fit);
}

/** Reads a transfer function from a file. Throws InputError. */
export function readTransferFunction(path: string): TransferFunction {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new InputError('no transfer function can be read here; give the file that a fit wrote', {
      at: { file: path },
    });
  }
  return parseTransferFunction(text, path);
}

/** Writes a transfer function to a file, whole or not at all. Throws OutputError. */
export function writeTransferFunction(
  path: string,
  transfer: TransferFunction,
  { spikefield, open = openOutput }: { spikefield?: string; open?: OpenOutput } = {},
): void {
  writeWhole(path, `${JSON.stringify(transferFunctionToJSON(transfer, spikefield), null, 2)}\n`, open);
}

/**
 * Refuses a transfer function of another neuron.
 * @throws InputError naming the first number that differs
 */
export function requireSameNeuron(
  transfer: TransferFunction,
  wanted: Cell,
  input: SynapticInput,
  file: string,
): void {
  const differs = (what: string, found: number, needed: number, unit: string) => {
    if (Math.abs(found - needed) <= 1e-9 * Math.max(Math.abs(found), Math.abs(needed))) return;
    throw new InputError(
      `the transfer function was fitted for ${what} = ${withUnit(found, unit)}, but ${wanted.name} here has ${withUnit(needed, unit)}: ` +
        'measure and fit this cell with these synapses',
      { at: { file } },
    );
  };
  for (const { symbol, dimension } of CELL_PARAMETERS)
    differs(
      `${transfer.cell.name} with ${symbol}`,
      transfer.cell[symbol],
      wanted[symbol],
      boundaryUnit(dimension),
    );
  const units: Record<keyof SynapseGroup, string> = { K: '', Q: 'nS', tau: 'ms', E_rev: 'mV' };
  for (const group of ['exc', 'inh'] as const)
    for (const [symbol, unit] of Object.entries(units) as [keyof SynapseGroup, string][])
      differs(
        `${group === 'exc' ? 'excitatory' : 'inhibitory'} synapses with ${symbol}`,
        transfer.input[group][symbol],
        input[group][symbol],
        unit,
      );
}

function withUnit(value: number, unit: string): string {
  return unit === '' ? String(value) : `${value} ${unit}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
