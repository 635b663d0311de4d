/** Waiting for work sleeps about as long as work takes, and forgets an exception at once. */
import { expect, test, vi } from 'vitest';
import { Pace } from '../../src/gpu/pace.ts';

/** Waits for pieces of work, one after the other; says how long each was waited for. */
async function waits(durations: number[]): Promise<number[]> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  try {
    const pace = new Pace();
    const waited: number[] = [];
    for (const duration of durations) {
      const started = performance.now();
      const waiting = pace.wait(started, async () => {
        const left = started + duration - performance.now();
        if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
      });
      await vi.runAllTimersAsync();
      await waiting;
      waited.push(performance.now() - started);
    }
    return waited;
  } finally {
    vi.useRealTimers();
  }
}

test('a slow first piece of work does not slow down the next ones', async () => {
  const waited = await waits([4000, ...new Array<number>(20).fill(40)]);
  expect(waited[0]).toBe(4000);
  expect(Math.max(...waited.slice(1))).toBeLessThanOrEqual(41);
});

test('work that becomes quicker is soon waited for as long as it takes', async () => {
  const waited = await waits([100, 100, 100, ...new Array<number>(12).fill(10)]);
  expect(waited.slice(3).reduce((sum, each) => sum + each, 0)).toBeLessThan(12 * 10 + 250);
  expect(waited.slice(-4).every((each) => each < 12)).toBe(true);
});

test('where nothing is left to compile, one piece of work is asked for at once and then sleeping begins', async () => {
  const asked: number[] = [];
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  try {
    const pace = new Pace();
    pace.compiled();
    for (let piece = 0; piece < 3; piece++) {
      const started = performance.now();
      const waiting = pace.wait(started, async () => {
        asked.push(performance.now() - started);
        await new Promise((resolve) => setTimeout(resolve, started + 50 - performance.now()));
      });
      await vi.runAllTimersAsync();
      await waiting;
    }
  } finally {
    vi.useRealTimers();
  }
  expect(asked).toEqual([0, 45, 45]);
});

test('with work queued behind and a clock on the device, nobody asks before work is done, and the device never waits', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  try {
    const pace = new Pace();
    pace.compiled();
    const skew = 12_345;
    let busyUntil = performance.now();
    let idle = 0;
    const submit = (takes: number) => {
      idle += Math.max(0, performance.now() - busyUntil);
      const began = Math.max(performance.now(), busyUntil);
      busyUntil = began + takes;
      return { submitted: performance.now(), began, ended: busyUntil };
    };
    const durations = [40, 40, 44, 38, 52, 36, 40, 60, 45, 40, 40];
    const queue = [submit(44), submit(40)];
    const polled: number[] = [];
    for (const takes of durations) {
      const { submitted, began, ended } = queue.shift()!;
      const waiting = pace.wait(
        submitted,
        async () => {
          const left = ended - performance.now();
          polled.push(Math.max(0, left));
          if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
        },
        true,
      );
      await vi.runAllTimersAsync();
      await waiting;
      pace.ran(began + skew, ended + skew);
      queue.push(submit(takes));
    }
    // Of the first, nothing is known: it is asked for after 8 ms.
    expect(polled[0]).toBe(36);
    expect(polled.slice(2).filter((each) => each > 0).length).toBeLessThanOrEqual(2);
    expect(idle).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
