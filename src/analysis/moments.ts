/**
 * Mean and fluctuation of a state variable from snapshots of a run, without keeping the snapshots: what is reported
 * as mean_V_mV and sd_V_mV.
 */
import { InputError } from '../errors.ts';
import { mean } from './summary.ts';

export interface Moments {
  /** Mean over neurons of their mean over time; NaN without samples. */
  mean: number;
  /** Mean over neurons of their standard deviation over time (ddof 0); NaN without samples. */
  sd: number;
  /** Neurons that had at least one sample. */
  neurons: number;
}

export class MomentAccumulator {
  private readonly held: number | undefined;
  private readonly samples: Uint32Array;
  /** Sums are taken about the first sample of each neuron: values near -60 mV that vary by 3 lose no digits. */
  private readonly origin: Float64Array;
  private readonly sum: Float64Array;
  private readonly squares: Float64Array;

  /**
   * For snapshots of `size` neurons. Samples exactly equal to `held` (V_r, at which V is held in the refractory
   * period) are left out; in a Float32Array, equal to it in single precision.
   */
  constructor(size: number, options: { held?: number } = {}) {
    this.held = options.held;
    this.samples = new Uint32Array(size);
    this.origin = new Float64Array(size);
    this.sum = new Float64Array(size);
    this.squares = new Float64Array(size);
  }

  /** Adds one snapshot, [neuron]. Throws InputError for another number of neurons. */
  add(values: Float32Array | Float64Array): void {
    if (values.length !== this.samples.length) {
      throw new InputError(
        `A snapshot has ${values.length} values and ${this.samples.length} neurons are averaged; give one value for each.`,
      );
    }
    const held = values instanceof Float32Array ? Math.fround(this.held ?? Number.NaN) : this.held;
    for (let i = 0; i < values.length; i++) {
      if (values[i] === held) continue;
      if (this.samples[i]++ === 0) this.origin[i] = values[i];
      const offset = values[i] - this.origin[i];
      this.sum[i] += offset;
      this.squares[i] += offset * offset;
    }
  }

  /** Mean over time of each neuron, [neuron]; NaN for one without samples. */
  means(): Float64Array {
    return this.origin.map((origin, i) => origin + this.sum[i] / this.samples[i]);
  }

  /** Standard deviation over time (ddof 0) of each neuron, [neuron]; NaN for one without samples. */
  standardDeviations(): Float64Array {
    return this.squares.map((square, i) =>
      Math.sqrt(Math.max(0, square / this.samples[i] - (this.sum[i] / this.samples[i]) ** 2)),
    );
  }

  result(): Moments {
    const sampled = (_: number, i: number): boolean => this.samples[i] > 0;
    const means = this.means().filter(sampled);
    const sds = this.standardDeviations().filter(sampled);
    return { mean: mean(means), sd: mean(sds), neurons: means.length };
  }
}
