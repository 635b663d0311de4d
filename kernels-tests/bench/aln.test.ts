/** What `npm run bench -- aln` asks for, before anything is measured. */
import { expect, test } from 'vitest';
import { durationOf, readAlnOptions } from '../../bench/aln.ts';
import { findNeurolib } from '../../bench/peers/neurolib.ts';
import { InputError } from '../../src/errors.ts';

test('options', () => {
  expect(readAlnOptions({})).toEqual({ rounds: 3 });
  expect(() => readAlnOptions({ rounds: 0 })).toThrow(InputError);
});

test('large batches run shorter, by whole steps', () => {
  expect(durationOf(1)).toBe(20_000);
  expect(durationOf(961)).toBeCloseTo(2081.2, 6);
  expect(durationOf(100_000)).toBe(50);
});

test('a Python without neurolib is said to have none', async () => {
  await expect(findNeurolib({ SPIKEFIELD_PYTHON: '/no/such/python' })).rejects.toThrow('cannot be started');
});
