/**
 * Waits for work on the device without asking for it all the time. A pending WebGPU promise in Node is polled as fast as the
 * event loop turns, which takes a core from a driver that computes on the CPU. So a promise is made only when it is about
 * to be kept: until then a timer sleeps, for as long as recent work has needed.
 */

/** A wait shorter than this, ms, means that the sleep was too long. */
const shortest = 0.5;

export class Pace {
  private nap = 0;
  private lastDone = 0;

  /**
   * Sleeps, then waits for `work`.
   * @param started when the work was submitted, ms; it begins after the work before it is done
   */
  async wait(started: number, work: () => Promise<void>): Promise<void> {
    const sleep = Math.max(started, this.lastDone) + this.nap - performance.now();
    if (sleep >= 1) await new Promise((resolve) => setTimeout(resolve, sleep));
    const asked = performance.now();
    await work();
    this.lastDone = performance.now();
    const waited = this.lastDone - asked;
    // Approach the moment from before; step back at once where it was missed.
    this.nap = waited < shortest ? 0.8 * this.nap : this.nap + 0.6 * (waited - shortest);
  }
}
