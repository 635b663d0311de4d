/** A measurement that takes too long ends as a failure with a sentence, and its processes end with it. */
import { ChildFailure } from '../child.ts';

export class TimeLimit {
  private readonly controller = new AbortController();
  private readonly limit_s: number;

  constructor(limit_s: number) {
    this.limit_s = limit_s;
  }

  /** For the processes that are to end. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Waits for `work`, which ends when `signal` fires. Throws ChildFailure where it takes longer than the limit. */
  async within<T>(what: string, work: () => Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.controller.abort(), 1000 * this.limit_s);
    try {
      return await work();
    } catch (error) {
      if (!this.signal.aborted) throw error;
      throw new ChildFailure(`${what} took longer than the limit of ${this.limit_s} s`);
    } finally {
      clearTimeout(timer);
    }
  }
}
