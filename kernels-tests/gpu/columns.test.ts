/** Arrays of structs by field, as wide and in the order in which the shader declares them. */
import { expect, test } from 'vitest';
import { ShaderError } from '../../src/errors.ts';
import { packColumns, unpackColumns } from '../../src/gpu/columns.ts';
import { Kernel } from '../../src/gpu/kernel.ts';
import { testDevice } from '../device.ts';

const path = 'whole-brain/aln.wgsl';
const zeros = {
  ...{ least_e: 0, most_e: 0, sum_e: 0, block_e: 0, least_i: 0, most_i: 0, sum_i: 0, block_i: 0 },
  ...{ level: 0, before: 0, crossings: 0, first: 0, last: 0 },
};

test('what is packed comes back', async () => {
  const kernel = await Kernel.create(await testDevice(), path);
  const bytes = packColumns(kernel, 'reduced', 3, { ...zeros, most_e: [1, 2, 3], level: 7 });
  expect(bytes.length).toBe(kernel.sizeOf('reduced', 3));
  const columns = unpackColumns(kernel, 'reduced', 3, bytes.buffer as ArrayBuffer);
  expect([...columns.most_e!]).toEqual([1, 2, 3]);
  expect([...columns.level!]).toEqual([7, 7, 7]);
  expect([...columns.first!]).toEqual([0, 0, 0]);
  expect(columns.most_e).toBeInstanceOf(Float32Array);
});

test('fields that are missing or unknown are faults', async () => {
  const kernel = await Kernel.create(await testDevice(), path);
  const { last: _, ...missing } = zeros;
  expect(() => packColumns(kernel, 'reduced', 1, missing)).toThrow(/reduced.last is not given/);
  expect(() => packColumns(kernel, 'reduced', 1, { ...zeros, other: 1 })).toThrow(/has no field other/);
  expect(() => packColumns(kernel, 'span', 1, {})).toThrow(ShaderError);
});
