/** What `npm run bench -- brain` asks for, before anything is measured. */
import { expect, test } from 'vitest';
import { durationOf, readBrainOptions } from '../../bench/brain.ts';
import { InputError } from '../../src/errors.ts';

test('options', () => {
  expect(readBrainOptions({})).toEqual({ rounds: 3, batches: [1, 2, 16, 64] });
  expect(readBrainOptions({ most: 300 }).batches).toEqual([1, 2, 16, 64, 256]);
  expect(() => readBrainOptions({ rounds: 0 })).toThrow(InputError);
  expect(() => readBrainOptions({ most: 'many' })).toThrow(InputError);
});

test('large batches run shorter, by whole seconds', () => {
  expect([1, 2, 16, 64].map(durationOf)).toEqual([20_000, 10_000, 1000, 1000]);
});
