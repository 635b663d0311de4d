/**
 * What `manifest.json` of a measured transfer function says: cell, synapses, settings and grid, which arrays there are, and
 * whether the measurement is whole. It is the first file written and the last one replaced.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { cellSchema, inputSchema, notNegative, positive } from './cell-schema.ts';

export const TRANSFER_FORMAT = 'spikefield-transfer';
export const TRANSFER_VERSION = 1;
export const MANIFEST_NAME = 'manifest.json';

const count = z.int().positive();

const settings = z.strictObject({
  dt: positive,
  duration: positive,
  discard: notNegative,
  repeats: count,
  seed: z.int().nonnegative(),
});
const axis = z.array(notNegative).min(2);
const grid = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rectangular'), nu_e: axis, nu_i: axis }),
  z.strictObject({
    kind: z.literal('adaptive'),
    nu_i: axis,
    columns: count,
    max_nu_e: positive,
    max_rate: positive,
  }),
]);
const array = z.object({
  unit: z.string(),
  axes: z.array(z.string()),
  dtype: z.literal('f8'),
  shape: z.array(count),
  bytes: count,
  sha256: z.string(),
});

const manifest = z.object({
  format: z.literal(TRANSFER_FORMAT),
  version: z.literal(TRANSFER_VERSION),
  status: z.enum(['incomplete', 'complete']),
  reason: z.string().optional(),
  created: z.string(),
  spikefield: z.string(),
  /** What computed it; null while it is not known. */
  adapter: z.looseObject({ name: z.string(), driver: z.string() }).nullable(),
  cell: cellSchema,
  input: inputSchema,
  settings,
  grid,
  /** Rows (nu_i) and columns (nu_e); null until it is whole. */
  shape: z.tuple([count, count]).nullable(),
  spikes: z.int().nonnegative().nullable(),
  arrays: z.record(z.string(), array),
});

export type TransferManifest = z.infer<typeof manifest>;

/**
 * @throws InputError where there is none, or one that is not of a measured transfer function, damaged, or of another version
 */
export function readTransferManifest(directory: string): TransferManifest {
  const path = join(directory, MANIFEST_NAME);
  const fail = (message: string): never => {
    throw new InputError(message, { at: { file: path } });
  };
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError)
      return fail('the manifest is not valid JSON; measure the transfer function again');
    return fail(
      'there is no manifest here that can be read; give the folder that spikefield transfer measure wrote',
    );
  }
  const given = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (given.format !== TRANSFER_FORMAT) {
    return fail(
      `this is not the manifest of a measured transfer function (its format is not "${TRANSFER_FORMAT}"); give the folder that spikefield transfer measure wrote`,
    );
  }
  if (given.version !== TRANSFER_VERSION) {
    return fail(
      `the measurement is of version ${JSON.stringify(given.version)} and this Spikefield knows ${TRANSFER_VERSION}; measure again, or use the Spikefield that wrote it`,
    );
  }
  const checked = manifest.safeParse(value);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0]!;
  return fail(
    `${issue.path.map(String).join('.') || 'the manifest'} is damaged (${issue.message}); measure the transfer function again`,
  );
}
