/**
 * Waits for work on the device without asking for it all the time. A pending WebGPU promise in Node is polled as fast as the
 * event loop turns, which takes a core from a driver that computes on the CPU. So a promise is made only when it is about
 * to be kept: until then a timer sleeps, for as long as recent work has needed.
 *
 * Where the device tells by its own clock when work began and ended (`ran`), and more work is queued behind, the sleep is longer
 * than needed: the device is busy meanwhile, and nobody has to poll at all.
 */

/** A wait shorter than this, ms, means that the sleep was too long. */
const shortest = 0.5;
/** Slept, ms, where more is queued and nothing is known yet: of small networks all that is queued is done soon, and nobody should wait for it. */
const firstSleep = 8;

export class Pace {
  /** How long the last two pieces of work took, ms; one alone may be an exception, as the first is, which compiles. */
  private recent: [number, number] = [0, 0];
  private lastDone = 0;
  /** By the device's clock, ms: the end of the last piece of work, and how long the last two took; undefined without such a clock. */
  private last: { end: number; took: [number, number] } | undefined;
  /** Least difference seen between the clock here and the device's, ms: of work that was waited for when it ended. */
  private offset = Number.POSITIVE_INFINITY;

  /** Says that nothing is left to compile: the next piece of work tells how long the one after it takes. */
  compiled(): void {
    this.recent = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  }

  /**
   * Sleeps, then waits for `work`.
   * @param started when the work was submitted, ms; it begins after the work before it is done
   * @param queued whether the device has as much to do behind it
   */
  async wait(started: number, work: () => Promise<void>, queued = false): Promise<void> {
    const { last } = this;
    const began = Math.max(started, last ? last.end + this.offset : this.lastDone);
    const expected = Math.min(...(last?.took ?? this.recent));
    const share = last && queued ? 1.2 : 0.9;
    const sleep = Number.isFinite(expected)
      ? began + share * expected - performance.now()
      : queued
        ? firstSleep
        : 0;
    if (sleep >= 1) await new Promise((resolve) => setTimeout(resolve, sleep));
    const asked = performance.now();
    await work();
    this.lastDone = performance.now();
    const took = this.lastDone - began;
    // Where the work was done before it was asked for, nobody knows when: sleep less the next time.
    const overslept = sleep >= 1 && this.lastDone - asked < shortest;
    this.recent = [overslept ? 0.6 * took : took, this.recent[0]];
  }

  /** Says when the work that was waited for last began and ended by the device's clock, ms. */
  ran(began: number, ended: number): void {
    this.offset = Math.min(this.offset, this.lastDone - ended);
    this.last = { end: ended, took: [ended - began, this.last?.took[0] ?? Number.POSITIVE_INFINITY] };
  }
}
