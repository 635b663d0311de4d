/** Looks of Dawn for kept promises are let wait after a while; other callers of `setImmediate` never are. */

import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { beginWait, pollQuietly } from '../../src/gpu/quiet-polling.ts';

/** A function that is native and has no name, as Dawn's callbacks are. */
const look = Function.prototype as unknown as () => void;
const soon = vi.fn();
const later = vi.fn();
const before = globalThis.setImmediate;

beforeAll(() => {
  vi.stubGlobal(
    'setImmediate',
    Object.assign(soon, { [promisify.custom]: before[promisify.custom as never] }),
  );
  vi.stubGlobal('setTimeout', later);
  pollQuietly();
});
beforeEach(() => {
  vi.clearAllMocks();
  beginWait();
});
afterAll(() => {
  vi.unstubAllGlobals();
  globalThis.setImmediate = before;
});

test('the first looks of a wait are eager, those after them a millisecond apart', () => {
  for (let each = 0; each < 100; each++) setImmediate(look);
  expect(soon).toHaveBeenCalledTimes(30);
  expect(later).toHaveBeenCalledTimes(70);
  expect(later).toHaveBeenLastCalledWith(look, 1);
  beginWait();
  setImmediate(look);
  expect(soon).toHaveBeenCalledTimes(31);
});

test('work of others is done as soon as ever, with what it is given', () => {
  for (let each = 0; each < 100; each++) setImmediate(look);
  soon.mockClear();
  const named = () => {};
  const ours = [(given: string) => given][0]!;
  setImmediate(named);
  setImmediate(ours, 'given');
  setImmediate(look as (given: string) => void, 'given');
  expect(soon.mock.calls).toEqual([[named], [ours, 'given'], [look, 'given']]);
});

test('a promise of setImmediate is still to be had', () => {
  expect((setImmediate as unknown as Record<symbol, unknown>)[promisify.custom]).toBe(
    before[promisify.custom as never],
  );
});
