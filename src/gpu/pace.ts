/** How long to sleep before asking for a piece of work, where all pieces are about as long as those before. */
import { Watch } from './watch.ts';

/** Slept, ms, where more is queued and nothing is known yet: of small networks all that is queued is done soon, and nobody should wait for it. */
const firstSleep = 8;

export class Pace {
  private readonly watch = new Watch();
  /** How long the last two pieces of work took, ms; one alone may be an exception, as the first is, which compiles. */
  private recent: [number, number] = [0, 0];
  /** The same by the device's clock; undefined without one. */
  private timed: [number, number] | undefined;

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
    const expected = Math.min(...(this.timed ?? this.recent));
    const unknown = queued ? firstSleep : 0;
    const sleep = Number.isFinite(expected) ? this.watch.rest(started, expected, queued) : unknown;
    this.recent = [await this.watch.wait(started, sleep, work), this.recent[0]];
  }

  /** Says when the work that was waited for last began and ended by the device's clock, ms. */
  ran(began: number, ended: number): void {
    this.watch.ended(ended);
    this.timed = [ended - began, this.timed?.[0] ?? Number.POSITIVE_INFINITY];
  }
}
