/**
 * Waits for work on the device without asking for it all the time. A pending WebGPU promise in Node is polled as fast as the
 * event loop turns, which takes a core from a driver that computes on the CPU. So a promise is made only when it is about
 * to be kept: until then a timer sleeps, for as long as recent work has needed.
 */

/** A wait shorter than this, ms, means that the sleep was too long. */
const shortest = 0.5;

export class Pace {
  /** How long the last two pieces of work took, ms; one alone may be an exception, as the first is, which compiles. */
  private recent: [number, number] = [0, 0];
  private lastDone = 0;

  /** Says that nothing is left to compile: the next piece of work tells how long the one after it takes. */
  compiled(): void {
    this.recent = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  }

  /**
   * Sleeps, then waits for `work`.
   * @param started when the work was submitted, ms; it begins after the work before it is done
   */
  async wait(started: number, work: () => Promise<void>): Promise<void> {
    const began = Math.max(started, this.lastDone);
    const expected = Math.min(...this.recent);
    const sleep = Number.isFinite(expected) ? began + 0.9 * expected - performance.now() : 0;
    if (sleep >= 1) await new Promise((resolve) => setTimeout(resolve, sleep));
    const asked = performance.now();
    await work();
    this.lastDone = performance.now();
    const took = this.lastDone - began;
    // Where the work was done before it was asked for, nobody knows when: sleep less the next time.
    const overslept = sleep >= 1 && this.lastDone - asked < shortest;
    this.recent = [overslept ? 0.6 * took : took, this.recent[0]];
  }
}
