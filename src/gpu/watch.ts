/**
 * Waits for work on the device without asking for it all the time. A pending WebGPU promise in Node is polled as fast as the
 * event loop turns, which takes a core from a driver that computes on the CPU. So a promise is made only when it is about
 * to be kept: until then a timer sleeps.
 *
 * Where the device tells by its own clock when work ended, and more work is queued behind, the sleep is longer than needed: the
 * device is busy meanwhile, and nobody has to poll at all.
 */

/** A wait shorter than this, ms, means that the sleep was too long. */
const shortest = 0.5;

export class Watch {
  private lastDone = 0;
  /** The end of the last piece of work by the device's clock, ms; undefined without such a clock. */
  private lastEnd: number | undefined;
  /** Least difference seen between the clock here and the device's, ms: of work that was waited for when it ended. */
  private offset = Number.POSITIVE_INFINITY;

  /** When work that was submitted then began, ms: after the work before it was done. */
  private began(submitted: number): number {
    return Math.max(submitted, this.lastEnd === undefined ? this.lastDone : this.lastEnd + this.offset);
  }

  /**
   * How long to sleep from now, ms.
   * @param expected how long the work is thought to take, ms
   * @param queued whether the device has more to do behind it
   */
  rest(submitted: number, expected: number, queued: boolean): number {
    const share = this.lastEnd !== undefined && queued ? 1.2 : 0.9;
    return this.began(submitted) + share * expected - performance.now();
  }

  /**
   * Sleeps, then waits for `work`.
   * @returns how long it took, ms, as far as can be seen from here
   */
  async wait(submitted: number, sleep: number, work: () => Promise<void>): Promise<number> {
    const began = this.began(submitted);
    if (sleep >= 1) await new Promise((resolve) => setTimeout(resolve, sleep));
    const asked = performance.now();
    await work();
    this.lastDone = performance.now();
    const took = this.lastDone - began;
    // Where the work was done before it was asked for, nobody knows when: sleep less the next time.
    return sleep >= 1 && this.lastDone - asked < shortest ? 0.6 * took : took;
  }

  /** Says when the work that was waited for last ended by the device's clock, ms. */
  ended(end: number): void {
    this.offset = Math.min(this.offset, this.lastDone - end);
    this.lastEnd = end;
  }
}
